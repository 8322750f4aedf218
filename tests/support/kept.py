"""What is slow to make and the same for every test: engines, applications, compiled templates.

Databases and homes are made anew for each test, at the same place. What an application remembers of them is
put back to what it was when the application was made.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import argon2
import pytest
import sqlalchemy as sa
from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache

from services_dir import demand, search
from services_dir.accounts import passwords
from services_dir.app import create_app
from services_dir.db import db
from services_dir.settings import Settings
from tests.support import databases


class CompiledTemplates(BytecodeCache):
    """Compiled templates that the applications of all tests share: compiling is slower than rendering."""

    def __init__(self) -> None:
        self.compiled: dict[tuple[str | None, str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill in what was compiled before from the same text."""
        if self._name(bucket) in self.compiled:
            bucket.bytecode_from_string(self.compiled[self._name(bucket)])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self.compiled[self._name(bucket)] = bucket.bytecode_to_string()

    def _name(self, bucket: Bucket) -> tuple[str | None, str, str]:
        return bucket.environment.language, bucket.key, bucket.checksum


templates = CompiledTemplates()


@cache
def engine(url: str) -> sa.Engine:
    """Give the engine of an address. It must be disposed of after each test."""
    return databases.make_engine(url)


@contextmanager
def quick_passwords() -> Iterator[None]:
    """Have argon2 take a thousandth of its time; also for the password that nobody has."""
    quick = argon2.PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "hasher", quick)
        patch.setattr(passwords, "DUMMY", quick.hash("nobody has this password"))
        yield


@dataclass
class Kept:
    """An application with what its settings and extensions were when it was made."""

    app: Flask
    config: dict[str, Any]
    extensions: dict[str, Any]

    def put_back(self) -> None:
        """Make the application what it was when it was made."""
        self.app.config.clear()
        self.app.config.update(self.config)
        self.app.extensions.clear()
        self.app.extensions.update(self.extensions)
        heard = self.extensions["search"].on_change
        demand.init_app(self.app)
        search.init_app(self.app)  # a new searcher, which has opened nothing
        self.app.extensions["search"].on_change.extend(heard)


@lru_cache(maxsize=4)
def _kept(settings: Settings) -> Kept:
    app = make_application(settings)
    return Kept(app, dict(app.config), dict(app.extensions))


def make_application(settings: Settings) -> Flask:
    """Make an application for tests."""
    app = create_app(settings)
    app.testing = True
    app.jinja_env.bytecode_cache = templates
    return app


@contextmanager
def application(settings: Settings) -> Iterator[Flask]:
    """Give the application of some settings, as if it had just been made."""
    kept = _kept(settings)
    kept.put_back()
    with closing_connections(kept.app):
        yield kept.app


@contextmanager
def closing_connections(app: Flask) -> Iterator[None]:
    """Close all connections of an application at the end."""
    try:
        yield
    finally:
        with app.app_context():
            for engine in db.engines.values():
                engine.dispose()
