"""The tables as they should be, and the migrations that bring a database there."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

from alembic.util import CommandError
from flask import Flask
from flask_alembic import Alembic
from sqlalchemy import Connection, Enum, MetaData, text

from services_dir.db import Base, UtcDateTime
from services_dir.errors import N_, ConflictError

FOLDER = Path(__file__).resolve().parent.parent / "migrations"

# Every module that declares tables: what is not imported would be missing from the metadata.
MODELS = (
    "services_dir.accounts.models",
    "services_dir.audit",
    "services_dir.catalog.models",
    "services_dir.council.models",
    "services_dir.demand.models",
    "services_dir.exchange.imports.models",
    "services_dir.indicators.models",
    "services_dir.mail.models",
    "services_dir.moderation.models",
    "services_dir.policy",
    "services_dir.reports.annual.models",
    "services_dir.submissions.models",
    "services_dir.throttle",
    "services_dir.upkeep.models",
    "services_dir.verification.models",
)

# Any number will do, as long as no other program uses it in the same database.
_LOCK = 7_241_804


def metadata() -> MetaData:
    """Give the description of all tables."""
    for name in MODELS:
        import_module(name)
    return Base.metadata


class Migrations(Alembic):
    """Alembic with one upgrade at a time, all or nothing, that may rebuild a table on SQLite."""

    def rev_id(self) -> str:
        """Give the number of the next migration."""
        return f"{len(list(self.script_directory.walk_revisions())) + 1:04d}"

    def run_migrations(self, fn: Callable[..., Any], **kwargs: Any) -> None:
        """Run migrations with nobody else doing so.

        On SQLite a table is changed by dropping it and making it anew. Foreign keys are off meanwhile,
        because the rows of other tables would be dropped along with it; at the end they are checked.
        """
        connection = self.migration_contexts["default"].connection
        assert connection is not None
        if connection.in_transaction():
            connection.rollback()  # what was read before decides nothing, and the pragma needs it
        alone = _alone_on_sqlite if connection.dialect.name == "sqlite" else _alone_on_postgres
        with alone(connection):
            super().run_migrations(fn, **kwargs)


@contextmanager
def _alone_on_sqlite(connection: Connection) -> Iterator[None]:
    raw = connection.connection.driver_connection
    assert raw is not None
    raw.execute("PRAGMA foreign_keys = OFF")
    connection.execution_options(writes=True)
    try:
        yield
        broken = raw.execute("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise RuntimeError(f"rows that point nowhere after the migration: {broken[:3]}")
    finally:
        if connection.in_transaction():
            connection.rollback()
        raw.execute("PRAGMA foreign_keys = ON")


@contextmanager
def _alone_on_postgres(connection: Connection) -> Iterator[None]:
    connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _LOCK})
    connection.commit()
    try:
        yield
    finally:
        if connection.in_transaction():
            connection.rollback()
        connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _LOCK})
        connection.commit()


migrations = Migrations(metadatas=Base.metadata, run_mkdir=False, command_name="")

# Flask-Alembic gives these loggers a handler and a level of its own; ours decide for the whole program.
for _name in ("alembic", "sqlalchemy"):
    logging.getLogger(_name).handlers.clear()
    logging.getLogger(_name).setLevel(logging.WARNING)


def init_app(app: Flask) -> None:
    """Make migrations known to an application; its database must be set up already."""
    metadata()
    app.config["ALEMBIC"] = {"script_location": str(FOLDER)}
    app.config["ALEMBIC_CONTEXT"] = {
        "render_as_batch": True,
        "compare_type": True,
        "transactional_ddl": True,
        "render_item": _render,
    }
    migrations.init_app(app)


def _render(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Write our own column types into a new migration as what the database sees of them."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Enum):
        return f"sa.String(length={item.length})"
    return False


def upgrade(app: Flask, target: str = "heads") -> None:
    """Bring the database to the newest schema, or to a named revision; no change if it is there.

    A migration that fails leaves the database as it was. Raises ConflictError if a newer version of
    this program wrote the database.
    """
    with app.app_context():
        try:
            migrations.upgrade(target)
        except CommandError as error:
            if "Can't locate revision" not in str(error):
                raise
            raise ConflictError(
                N_("A newer version of this program wrote this database. Please install that version.")
            ) from error


def needs_upgrade(app: Flask) -> bool:
    """Tell whether the database is older than this program, or empty."""
    with app.app_context():
        return migrations.needs_upgrade()
