"""Databases for tests: a SQLite file and a PostgreSQL server of their own, each test with a fresh copy.

The schema and the basics every test may rely on are made once per process, as a file and as a template
database; a test gets a copy of either.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, NoReturn

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from services_dir.db import prepare


def missing(what: str) -> NoReturn:
    """Skip the test because this machine lacks something; in CI, where nothing may be lacking, fail."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what}, and in CI nothing may be left out")
    pytest.skip(what)


def make_engine(url: str) -> sa.Engine:
    """Give an engine with the hooks of the application."""
    engine = sa.create_engine(url)
    prepare(engine)
    return engine


@contextmanager
def open_session(url: str) -> Iterator[Session]:
    """Open a session on a database, and close all connections at the end."""
    engine = make_engine(url)
    try:
        with Session(engine) as session:
            yield session
    finally:
        engine.dispose()


def build(url: str) -> None:
    """Make the tables in an empty database and add the basics."""
    from services_dir.upkeep import schema
    from tests.support.basics import add_basics

    engine = make_engine(url)
    try:
        schema.metadata().create_all(engine)
        with Session(engine) as session:
            add_basics(session)
            session.commit()
    finally:
        engine.dispose()


@dataclass
class Server:
    """A running PostgreSQL server, reached through a socket in its own folder."""

    folder: Path
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def url(self, name: str) -> str:
        """Give the address of one of its databases."""
        return f"postgresql+psycopg://postgres@/{name}?host={self.folder}"

    def execute(self, statement: str) -> None:
        """Run one statement outside any database of a test."""
        where: dict[str, Any] = {"host": str(self.folder), "user": "postgres", "dbname": "postgres"}
        with psycopg.connect(autocommit=True, **where) as connection:
            connection.execute(statement)

    @contextmanager
    def database(self, template: str | None = None, name: str | None = None) -> Iterator[str]:
        """Give the address of a new database, empty or a copy of a template; drop it at the end."""
        name = name or f"test_{next(self.numbers)}"
        copy = f" template {template} strategy file_copy" if template else ""
        self.execute(f"create database {name}{copy}")
        try:
            yield self.url(name)
        finally:
            self.execute(f"drop database {name} with (force)")


@contextmanager
def postgres_server(more: str = "") -> Iterator[Server]:
    """Start a PostgreSQL server that only this process can reach, and end it; `more` are options of it.

    As root it belongs to another user, because initdb refuses root.
    """
    who = _server_user()
    initdb, pg_ctl = _tool("initdb"), _tool("pg_ctl")
    # Not below pytest's folder: that is root's own, and the path of a socket has at most 107 bytes.
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    if who:
        os.chown(folder, who["user"], who["group"])

    def run(*args: str | Path) -> None:
        environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.STDOUT}
        subprocess.run(args, check=True, cwd=folder, env=environment, **quiet, **who)

    data = folder / "data"
    options = f"-k {folder} -c listen_addresses='' -c fsync=off -c full_page_writes=off {more}"
    try:
        run(initdb, "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
        run(pg_ctl, "-D", data, "-w", "-l", folder / "log", "-o", options, "start")
        try:
            yield Server(folder)
        finally:
            run(pg_ctl, "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _server_user() -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    users = {user.pw_name: user for user in pwd.getpwall()}
    user = users.get("postgres") or users["nobody"]
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _tool(name: str) -> str:
    debian = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    found = str(debian[-1]) if debian else shutil.which(name)
    if found is None:
        missing(f"no PostgreSQL here ({name} was not found)")
    return str(found)
