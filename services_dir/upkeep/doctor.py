"""What is wrong with an installation, in words, and what to do; nothing is changed by looking."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from alembic.util import CommandError
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from services_dir.accounts.queries import has_administrator
from services_dir.catalog.freshness import get_freshness
from services_dir.catalog.kinds import ChangeKind, ProgramKind
from services_dir.catalog.models import CatalogChange, CatalogState
from services_dir.catalog.queries import list_public_programs
from services_dir.db import db
from services_dir.errors import ServicesDirError
from services_dir.mail.queries import count_stuck
from services_dir.search import sync
from services_dir.settings import Settings
from services_dir.upkeep import dumps, schema, secret, start
from services_dir.upkeep.backup import Backup, list_backups

BACKUP_EVERY = timedelta(days=7)
MAIL_WAITS = timedelta(hours=1)
LEAST_SPACE = 500 * 1024 * 1024


class Level(StrEnum):
    """How a finding is meant."""

    GOOD = "good"
    NOTE = "note"  # worth knowing; nothing has to be done
    FAULT = "fault"


@dataclass(frozen=True)
class Finding:
    """One thing looked at: how it is, and what to do about it."""

    level: Level
    what: str
    advice: str = ""


def good(what: str) -> Finding:
    """Say that something is as it should be."""
    return Finding(Level.GOOD, what)


def note(what: str, advice: str = "") -> Finding:
    """Say something worth knowing."""
    return Finding(Level.NOTE, what, advice)


def fault(what: str, advice: str) -> Finding:
    """Say that something needs doing, and what."""
    return Finding(Level.FAULT, what, advice)


def examine(settings: Settings, open_app: Callable[[Settings], Flask], *, at: datetime) -> list[Finding]:
    """Look at everything, from the folder to the listings.

    What rests on something broken is not looked at. `open_app` makes the application; where the home has
    no secret yet, it gets another one, so that looking makes none.
    """
    findings = [good("The settings can be read."), *_home(settings), *_tools(settings)]
    file = settings.database_file
    if not settings.home.is_dir() or (file is not None and not file.exists()):
        return [*findings, fault("There is no database yet.", "Start with: services-dir serve")]
    if file is not None:
        try:
            start.check_file(file)
        except ServicesDirError as error:
            return [*findings, fault("The database is damaged.", str(error))]
    app = open_app(settings if _has_secret(settings) else replace(settings, secret_key="-" * 32))
    with app.app_context():
        try:
            findings += _database(app)
            if all(finding.level is not Level.FAULT for finding in findings[-2:]):
                findings += _inside(app, at)
        except DBAPIError:
            findings.append(
                fault(
                    "The database does not answer.",
                    "See that its server runs, and that SERVICES_DIR_DATABASE_URL is right.",
                )
            )
        finally:
            db.session.close()
            for engine in db.engines.values():
                engine.dispose()
    return findings


def old_backups(settings: Settings, session: Session) -> list[Backup]:
    """List the backups in the home that were made before an address was last removed."""
    removed = session.scalar(
        select(func.max(CatalogChange.at)).where(CatalogChange.kind == ChangeKind.HIDE_PLACE)
    )
    if removed is None:
        return []
    return [backup for backup in list_backups(settings) if backup.created <= removed]


def _home(settings: Settings) -> Iterator[Finding]:
    home = settings.home
    if not home.is_dir():
        yield fault(f"The folder {home} is not there.", "services-dir serve makes it.")
        return
    if not os.access(home, os.W_OK | os.X_OK):
        yield fault(f"The folder {home} cannot be written.", "Give it to the user who runs this program.")
        return
    if open_to_others := [path for path in _kept_private(home) if path.stat().st_mode & 0o077]:
        names = ", ".join(str(path) for path in open_to_others)
        yield fault(f"Others on this machine can read {names}.", f"Run: chmod -R go= {home}")
    else:
        yield good(f"The folder {home} is there, for its owner only.")
    free = shutil.disk_usage(home).free
    if free < LEAST_SPACE:
        yield fault(
            f"Only {free // 2**20} MB are free on the disk of {home}.", "Delete what is not needed there."
        )
    else:
        yield good(f"{free // 2**30} GB are free on the disk.")
    if leftovers := [*home.glob(".restore-*"), *(home / "backups").glob(".backup-*")]:
        names = ", ".join(str(path) for path in leftovers)
        yield fault(f"A backup or restore was interrupted and left {names}.", "Delete these folders.")


def _kept_private(home: Path) -> Iterator[Path]:
    """Give the home and what lies in it that tells something: database, secret, index, backups."""
    yield home
    for pattern in ("*", "backups/*", "index/*"):
        yield from sorted(path for path in home.glob(pattern) if not path.is_symlink())


def _has_secret(settings: Settings) -> bool:
    return settings.secret_key is not None or (settings.home / secret.FILE).exists()


def _tools(settings: Settings) -> Iterator[Finding]:
    if not _has_secret(settings) and (settings.database_file is None or settings.database_file.exists()):
        yield fault(
            f"The file {settings.home / secret.FILE} is not there; the next start makes another one.",
            "Put it back from a backup, or start anew: everybody is signed out then.",
        )
    if not settings.base_url:
        yield note("SERVICES_DIR_BASE_URL is not set.", "Set it to the address that people use.")
    if not settings.uses_sqlite:
        missing = [name for name in ("pg_dump", "pg_restore", "psql") if dumps.find_tool(name) is None]
        if missing:
            yield fault(
                f"{', '.join(missing)} cannot be found, so there can be no backup.",
                "Install the client tools of PostgreSQL.",
            )
        else:
            yield good("The tools for backups of PostgreSQL are there.")


def _database(app: Flask) -> Iterator[Finding]:
    """Look at the database as a whole; the last two findings tell whether one can look into it."""
    settings: Settings = app.config["SETTINGS"]
    if settings.uses_sqlite:
        verdict = db.session.scalar(text("PRAGMA integrity_check(1)"))
        broken = db.session.execute(text("PRAGMA foreign_key_check")).first()
        if verdict != "ok" or broken is not None:
            yield fault("The database contradicts itself.", "Restore a backup into a new home.")
        else:
            yield good("The database is whole.")
    else:
        db.session.execute(text("SELECT 1"))
        yield good("The database answers.")
    try:
        is_old = schema.needs_upgrade(app)
    except CommandError:  # the database is at a revision that is not known here
        yield fault("A newer version of this program wrote the database.", "Install that version.")
        return
    if is_old:
        yield fault("The tables are those of an older version.", "Run: services-dir database upgrade")
    else:
        yield good("The tables are those of this version.")


def _inside(app: Flask, at: datetime) -> Iterator[Finding]:
    """Look at what the database holds, and at what is made from it."""
    settings: Settings = app.config["SETTINGS"]
    state = db.session.get(CatalogState, 1)
    if state is None:
        yield fault("The database was never started with.", "Start with: services-dir serve")
        return
    if state.key_fingerprint is not None and settings.secret_key is not None:
        if state.key_fingerprint != start.key_fingerprint(settings.secret_key):
            yield fault("SERVICES_DIR_SECRET_KEY is not the key of this database.", "Set the right one.")
        else:
            yield good("The secret key is that of this database.")
    if has_administrator(db.session):
        yield good("There is an administrator.")
    else:
        yield fault(
            "Nobody looks after this register.",
            "Start with services-dir serve and use the link it prints, or run: "
            "services-dir account add EMAIL --role administrator",
        )
    yield _index(app)
    yield from _mail(settings, at)
    yield from _backups(settings, at)
    yield from _listings(at)


def _mail(settings: Settings, at: datetime) -> Iterator[Finding]:
    waiting = count_stuck(db.session, since=at - MAIL_WAITS)
    if waiting:
        yield fault(
            f"{waiting} mails have waited for more than an hour.",
            "Is serve running, or services-dir work? Does SERVICES_DIR_MAIL_URL name a server that answers "
            "and takes our mail? Nothing is lost: they go out as soon as it does.",
        )
    elif settings.mail_url is None:
        yield note(
            "No mail server is set: mails are written into the folder outbox of the home.",
            "Set SERVICES_DIR_MAIL_URL.",
        )
    else:
        yield good("No mail is stuck.")
    if settings.mail_url is not None and not settings.base_url:
        yield fault("Links in mails lead to this machine only.", "Set SERVICES_DIR_BASE_URL.")


def _index(app: Flask) -> Finding:
    status = sync.status(app)
    if status.problem is not None:
        return fault(f"The search index cannot be used: {status.problem}.", "Run: services-dir index rebuild")
    if status.behind:
        return note(
            f"The search index is behind by this many changes: {status.behind}.",
            "It catches up while serving; otherwise run: services-dir index catch-up",
        )
    return good("The search index is up to date.")


def _backups(settings: Settings, at: datetime) -> Iterator[Finding]:
    newest = next(iter(list_backups(settings)), None)
    folder = settings.home / "backups"
    if newest is None:
        yield fault(f"There is no backup in {folder}.", "Run: services-dir backup create")
    elif at - newest.created > BACKUP_EVERY:
        days = (at - newest.created).days
        yield fault(f"The newest backup in {folder} is {days} days old.", "Run: services-dir backup create")
    else:
        yield good(f"The newest backup is of {newest.created:%Y-%m-%d %H:%M} UTC.")
    if old := old_backups(settings, db.session):
        names = ", ".join(backup.file.name for backup in old)
        yield fault(
            f"An address was removed after these backups were made, and they still hold it: {names}.",
            "Make a new backup, then run: services-dir doctor --delete-old-backups. "
            "Delete copies elsewhere as well.",
        )


def _listings(at: datetime) -> Iterator[Finding]:
    programs = [p for p in list_public_programs(db.session) if p.kind is ProgramKind.PROGRAM]
    unreachable = [program.slug for program in programs if not program.has_way_to_reach]
    if unreachable:
        some = ", ".join(unreachable[:5]) + (" …" if len(unreachable) > 5 else "")
        yield note(
            f"{len(unreachable)} programs say no way to reach them: {some}", "Find one and propose it."
        )
    else:
        yield good("Every program says how to reach it.")
    freshness = get_freshness(db.session)
    overdue = sum(
        freshness.is_overdue(p.assured.on if p.assured else None, at.date(), is_grave=p.is_grave)
        for p in programs
    )
    if overdue:
        yield note(
            f"{overdue} of {len(programs)} programs were never confirmed, or too long ago.",
            "The page “Verification” of the workspace lists whom to ask.",
        )
    else:
        yield good("Every program was confirmed not long ago.")
