"""A whole database copied into a file and back, while others use it."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Final
from uuid import uuid4

import sqlalchemy as sa
from psycopg.conninfo import make_conninfo

from services_dir import demand, throttle
from services_dir.accounts.models import OneTimeLink, SignedIn, UsedChallenge
from services_dir.errors import N_, ConflictError
from services_dir.mail.models import OutgoingMail
from services_dir.settings import Settings

# Their rows are good for a day or a session, could tell who was here, or hold links that open something.
LEFT_EMPTY: Final = (
    *throttle.TABLES_LEFT_OUT_OF_BACKUPS,
    *demand.TABLES_LEFT_OUT_OF_BACKUPS,
    SignedIn.__tablename__,
    OneTimeLink.__tablename__,
    UsedChallenge.__tablename__,
    OutgoingMail.__tablename__,
)

SQLITE, POSTGRESQL = "database.sqlite", "database.pgdump"
_NEW_ID = "UPDATE {table} SET database_id = '{id}'"


def part_name(settings: Settings) -> str:
    """Give the name of the database's file in a backup; it says which system wrote it."""
    return SQLITE if settings.uses_sqlite else POSTGRESQL


def dump(settings: Settings, target: Path) -> str:
    """Copy the database as it is at one moment, and give the revision of its schema.

    Tables of `LEFT_EMPTY` are empty in the copy, and nothing that was deleted is left in it.
    Raises ConflictError if the tools of PostgreSQL are missing or fail.
    """
    if settings.database_file is not None:
        return _dump_sqlite(settings.database_file, target)
    revision = _revision(settings.database_url)
    excluded = [f"--exclude-table-data={table}" for table in LEFT_EMPTY]
    _run(settings, "pg_dump", "--format=custom", "--no-owner", "--no-privileges", *excluded, "--file", target)
    target.chmod(0o600)
    return revision


def _dump_sqlite(file: Path, target: Path) -> str:
    with closing(sqlite3.connect(file, timeout=60, isolation_level=None)) as source:
        source.execute("VACUUM INTO ?", (str(target),))
    with closing(sqlite3.connect(target, isolation_level=None)) as copy:
        copy.execute("PRAGMA secure_delete = ON")
        copy.execute("PRAGMA journal_mode = DELETE")
        for table in LEFT_EMPTY:
            copy.execute(f"DELETE FROM {table}")
        copy.execute("VACUUM")
        [revision] = copy.execute("SELECT version_num FROM alembic_version").fetchone()
    target.chmod(0o600)
    return str(revision)


def _revision(url: str) -> str:
    engine = sa.create_engine(url)
    try:
        with engine.connect() as connection:
            return str(connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar_one())
    finally:
        engine.dispose()


def give_new_id(file: Path) -> None:
    """Give a copied SQLite database an id of its own, so that followers of the former one notice."""
    with closing(sqlite3.connect(file)) as copy, copy:
        copy.execute(_new_id("catalog_state"))


def is_empty(url: str) -> bool:
    """Tell whether a PostgreSQL database has no tables."""
    engine = sa.create_engine(url)
    try:
        return not sa.inspect(engine).get_table_names()
    finally:
        engine.dispose()


def load_postgres(settings: Settings, source: Path) -> None:
    """Fill an empty PostgreSQL database from a dump, with an id of its own, whole or not at all."""
    script, last = source.with_name("restore.sql"), source.with_name("last.sql")
    _run(None, "pg_restore", "--no-owner", "--no-privileges", "--file", script, source)
    last.write_text(_new_id("public.catalog_state") + ";\n")
    quiet = ("--no-psqlrc", "--quiet", "--output", os.devnull, "--set", "ON_ERROR_STOP=1")
    _run(settings, "psql", *quiet, "--single-transaction", "--file", script, "--file", last)


def find_tool(name: str) -> str | None:
    """Give the path of a tool of PostgreSQL, or None if this machine lacks it."""
    debian = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return shutil.which(name) or (str(debian[-1]) if debian else None)


def _new_id(table: str) -> str:
    return _NEW_ID.format(table=table, id=uuid4())


def _run(settings: Settings | None, name: str, *arguments: str | Path) -> None:
    """Run a tool of PostgreSQL, on the database of the settings if there are any."""
    tool = find_tool(name)
    if tool is None:
        raise ConflictError(
            N_("{name} is not on this machine. Install the client tools of PostgreSQL, then try again."),
            name=name,
        )
    environment = dict(os.environ)
    command: list[str | Path] = [tool, *arguments]
    if settings is not None:
        url = sa.make_url(settings.database_url)
        _, connect = url.get_dialect()().create_connect_args(url)
        environment["PGPASSWORD"] = str(connect.pop("password", ""))  # a command line can be read by others
        command.append(f"--dbname={make_conninfo(**connect)}")
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        said = (result.stderr.strip() or "nothing").splitlines()[0]
        raise ConflictError(N_("{name} failed. It said: {said}"), name=name, said=said)
