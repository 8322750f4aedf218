"""The start: whatever a home and a database lack is made, and what is damaged is left as it is."""

from __future__ import annotations

import fcntl
import hmac
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from alembic.util import CommandError
from flask import Flask
from sqlalchemy import inspect, select, text
from sqlalchemy.orm import Session

from services_dir import clock
from services_dir.accounts.operations import first_administrator_link
from services_dir.catalog.models import CatalogState, Program
from services_dir.council.queries import is_empty
from services_dir.council.seeding import LibraryReport, load_library
from services_dir.db import db, transaction
from services_dir.errors import N_, ConflictError, InvalidError, SettingsError
from services_dir.exchange.operations import SeedReport
from services_dir.exchange.operations import load_seed as load
from services_dir.exchange.reader import read_folder
from services_dir.search import sync
from services_dir.settings import SEED_DATA, Settings
from services_dir.upkeep import schema

COUNCIL = SEED_DATA / "council"

# Any number will do, as long as it is not the one that migrations use.
_ADVISORY_LOCK = 7_241_805
_DAMAGED = N_(
    "The database {file} is damaged. It was left as it is. Move it away and restore a backup: "
    "services-dir backup restore FILE."
)
_NOT_THERE = N_("There is no database yet. Start with: services-dir serve")


@dataclass(frozen=True)
class Started:
    """What a start did: the seed it loaded, and the link for the first administrator, where needed."""

    seed: SeedReport | None
    link: str | None


def prepare(app: Flask, address: str) -> Started:
    """Make everything ready to serve at an address; several starts at once take turns.

    Raises SettingsError or ConflictError with a sentence about what stands in the way.
    """
    prepare_home(app.config["SETTINGS"])
    with _alone(app):
        prepare_database(app)
        seed = load_seed(app) if _is_empty(app) else None
        prepare_index(app)
        with app.app_context(), transaction() as session:
            link = first_administrator_link(session, address, clock.now())
    return Started(seed, link)


def prepare_home(settings: Settings) -> None:
    """Make the folder for all that is written, for its owner only. Raises SettingsError if that fails."""
    try:
        settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=settings.home):
            pass
    except OSError as error:
        raise SettingsError(N_("The folder {home} cannot be written."), home=settings.home) from error


def prepare_database(app: Flask) -> None:
    """Bring the tables up to date and make sure that this database and this key belong together.

    Raises ConflictError if the database is damaged, of another program or of a newer version of this one,
    SettingsError if it was used with another key.
    """
    settings: Settings = app.config["SETTINGS"]
    prepare_home(settings)
    if settings.database_file is not None:
        check_file(settings.database_file)
    with app.app_context():
        _refuse_foreign()
        schema.upgrade(app)
        with transaction() as session:
            _ensure_state(session, None if settings.uses_sqlite else settings.secret_key)


def load_seed(app: Flask) -> SeedReport:
    """Load the seed. Raises ConflictError if there are programs, InvalidError if its files are broken."""
    reading = read_folder(SEED_DATA)
    broken = [error for error in reading.errors if not error.is_warning]
    if broken:
        raise InvalidError(N_("The seed cannot be read. The first error: {error}"), error=broken[0])
    with app.app_context(), transaction() as session:
        report = load(session, reading, at=clock.now())
        if is_empty(session):
            load_library(session, COUNCIL, at=clock.now())
        return report


def load_council(app: Flask) -> LibraryReport:
    """Fill the Council's library. Raises ConflictError if it holds something."""
    with app.app_context(), transaction() as session:
        return load_library(session, COUNCIL, at=clock.now())


def describe_seed(report: SeedReport) -> str:
    """Say in a sentence what a load of the seed did."""
    return f"Loaded {report.published} programs; {report.waiting} more wait for review."


def prepare_index(app: Flask) -> None:
    """Build the search index, or bring it up to date; if another process does so, leave it to that one."""
    sync.catch_up(app)


def check_exists(settings: Settings) -> None:
    """See that there is a database to work with. Raises ConflictError; makes nothing."""
    file = settings.database_file
    if file is not None and not file.exists():
        raise ConflictError(_NOT_THERE)


def check_ready(app: Flask) -> None:
    """See that the tables are those of this version. Raises ConflictError."""
    settings: Settings = app.config["SETTINGS"]
    if settings.database_file is not None:
        check_file(settings.database_file)
    try:
        is_old = schema.needs_upgrade(app)
    except CommandError as error:  # the database is at a revision that is not known here
        raise ConflictError(
            N_("A newer version of this program wrote this database. Please install that version.")
        ) from error
    if is_old:
        raise ConflictError(N_("The database is older than this program. Run: services-dir database upgrade"))


def check_file(file: Path) -> None:
    """See that a SQLite file, if there is one, is whole. Raises ConflictError and changes nothing."""
    if not file.exists():
        return
    connection = sqlite3.connect(file)
    try:
        [verdict] = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        raise ConflictError(_DAMAGED, file=file) from error
    finally:
        connection.close()
    if verdict != "ok":
        raise ConflictError(_DAMAGED, file=file)


def key_fingerprint(key: str) -> str:
    """Give what a database keeps of the secret key: enough to recognize it, not enough to use it."""
    return hmac.digest(key.encode(), b"services-dir: which key is this?", "sha256").hex()


def _refuse_foreign() -> None:
    tables = inspect(db.engine).get_table_names()
    if tables and "alembic_version" not in tables:
        raise ConflictError(N_("This database holds the tables of another program. Choose an empty one."))


def _ensure_state(session: Session, key: str | None) -> None:
    """Give the database its own id, and keep the fingerprint of a key that several machines share."""
    state = session.get(CatalogState, 1, with_for_update=True)
    if state is None:
        state = CatalogState(id=1, database_id=str(uuid4()), last_change=0)
        session.add(state)
    if key is None:
        return
    fingerprint = key_fingerprint(key)
    if state.key_fingerprint is None:
        state.key_fingerprint = fingerprint
    elif state.key_fingerprint != fingerprint:
        raise SettingsError(
            N_(
                "This database was started with another SERVICES_DIR_SECRET_KEY. "
                "Set the same key on every machine."
            )
        )


def _is_empty(app: Flask) -> bool:
    with app.app_context():
        return db.session.scalar(select(Program.id).limit(1)) is None


@contextmanager
def _alone(app: Flask) -> Iterator[None]:
    """Have other starts wait: those in the same home, and on PostgreSQL those of other machines."""
    settings: Settings = app.config["SETTINGS"]
    with (settings.home / "start.lock").open("w") as handle, app.app_context():
        fcntl.flock(handle, fcntl.LOCK_EX)
        if settings.uses_sqlite:
            yield
            return
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _ADVISORY_LOCK})
            try:
                yield
            finally:
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _ADVISORY_LOCK})
