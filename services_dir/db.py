"""The database: base of the tables, engine hooks, and transactions that write."""

from __future__ import annotations

import sqlite3
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from inspect import iscoroutinefunction
from pathlib import Path
from threading import Lock
from typing import Any

from flask_sqlalchemy_lite import SQLAlchemy
from sqlalchemy import DateTime, Dialect, Engine, Enum, MetaData, event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

_PRAGMAS = (
    "busy_timeout = 15000",
    "journal_mode = WAL",
    "synchronous = FULL",  # NORMAL may lose the last commits on a power cut: an emergency withdrawal
    "foreign_keys = ON",
    "secure_delete = ON",
    "cache_size = -8192",  # KiB: what 10,000 waiting submissions are counted by stays in memory
)


class Database(SQLAlchemy):
    """Flask-SQLAlchemy-Lite without its async half, of which nothing is used here."""

    def init_app(self, app: Any) -> None:
        """Register the database. Closing async sessions would start an event loop after every request."""
        super().init_app(app)
        app.teardown_appcontext_funcs[:] = [
            close for close in app.teardown_appcontext_funcs if not iscoroutinefunction(close)
        ]


db = Database()


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware on the way in, aware and in UTC on the way out, on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive moment and give the same moment in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone was written")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the moment aware: SQLite forgets the zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Base of every table."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: UtcDateTime}


def prepare(engine: Engine) -> None:
    """Give a SQLite engine real transactions, WAL, foreign keys, and deletion that overwrites."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # SQLAlchemy says BEGIN, not sqlite3
        try:
            for line in _PRAGMAS:
                connection.execute(f"PRAGMA {line}")
        except sqlite3.Error:  # a damaged file: nobody else would close the connection
            connection.close()
            raise

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    if engine.url.database:
        _follow_file(engine, engine.url.database)


def _follow_file(engine: Engine, file: str) -> None:
    """Use the file that is there now, and never make an empty one in the stead of one that is gone.

    An open connection keeps a file that was moved away, and a new one would make an empty database: after
    both, what is put back would never be read.
    """
    is_known = False

    @event.listens_for(engine, "do_connect")
    def _refuse(*_args: Any) -> None:
        if is_known and _identity(file) is None:
            raise sqlite3.OperationalError("the database file is gone")

    @event.listens_for(engine, "connect")
    def _note(_connection: Any, record: Any) -> None:
        nonlocal is_known
        is_known = True
        record.info["file"] = _identity(file)

    @event.listens_for(engine, "checkout")
    def _look(_connection: Any, record: Any, _proxy: Any) -> None:
        if record.info.get("file") != _identity(file):
            raise DisconnectionError("another file is there now")


def _identity(file: str) -> tuple[int, int] | None:
    try:
        found = Path(file).stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


class CommitMarks:
    """Marks of a SQLite database, another one after each commit by anybody; they cost some microseconds.

    For what asks before each answer whether anything happened. A connection of its own is needed, for the
    number tells one connection what others did.
    """

    def __init__(self, engine: Engine) -> None:
        self._file = engine.url.database if engine.dialect.name == "sqlite" else None
        self._lock = Lock()
        self._opened = 0
        self._identity: tuple[int, int] | None = None
        self._connection: sqlite3.Connection | None = None

    def newest(self) -> Hashable:
        """Give the mark of this moment; None if there is none, and nothing is known but by reading."""
        if self._file is None:
            return None
        with self._lock:
            try:
                found = Path(self._file).stat()
                connection = self._connected(self._file, (found.st_dev, found.st_ino))
                [version] = connection.execute("PRAGMA data_version").fetchone()
            except (OSError, sqlite3.Error):
                self._identity = None
                return None
            return self._opened, version, found.st_size, found.st_mtime_ns

    def __del__(self) -> None:
        """Close the connection with whoever asked."""
        if self._connection is not None:
            self._connection.close()

    def _connected(self, file: str, identity: tuple[int, int]) -> sqlite3.Connection:
        if self._connection is None or self._identity != identity:
            if self._connection is not None:
                self._connection.close()
            address = f"{Path(file).absolute().as_uri()}?mode=rw"  # which makes no file where there is none
            self._connection = sqlite3.connect(
                address, uri=True, timeout=0, isolation_level=None, check_same_thread=False
            )
            self._identity = identity
            self._opened += 1
        return self._connection


@contextmanager
def transaction(session: Session | None = None) -> Iterator[Session]:
    """Open a transaction that writes; commit at the end of the block, roll back on any error.

    What the session had read before is forgotten and read again. Raises RuntimeError if something
    was changed outside a transaction.
    """
    current = db.session if session is None else session
    if current.new or current.dirty or current.deleted:
        raise RuntimeError("something was changed outside a transaction")
    current.rollback()  # ends the guard's read; what it loaded is read again
    current.connection(execution_options={"writes": True})
    try:
        yield current
        current.commit()
    except BaseException:
        current.rollback()
        raise


@contextmanager
def snapshot(session: Session) -> Iterator[Session]:
    """Open a transaction that sees one moment of the database throughout (repeatable read)."""
    session.rollback()
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    try:
        yield session
    finally:
        session.rollback()


def choice(values: type[StrEnum], length: int = 30) -> Enum:
    """Give the column type of a closed list, stored as the text of its value."""
    return Enum(
        values, native_enum=False, length=length, values_callable=lambda kind: [item.value for item in kind]
    )
