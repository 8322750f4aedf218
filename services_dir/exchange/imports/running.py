"""Imports as a command or a page starts them: files opened, transactions made, rows to mend written."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from services_dir.accounts.models import Account
from services_dir.accounts.rules import PERMISSIONS, Permission
from services_dir.catalog.kinds import Level
from services_dir.catalog.models import Term
from services_dir.catalog.queries import last_change
from services_dir.db import db, transaction
from services_dir.errors import N_, InvalidError
from services_dir.exchange.files.packages import Package
from services_dir.exchange.imports import applying, planning, undoing, watching
from services_dir.exchange.imports.feeds import find_feed
from services_dir.exchange.imports.models import ImportRow, RowState, Verdict
from services_dir.exchange.imports.own import OwnSource, read_existing
from services_dir.exchange.imports.planning import Progress, no_progress
from services_dir.exchange.imports.showing import reasons_of
from services_dir.exchange.imports.sources import open_source
from services_dir.exchange.operations import write_places, write_terms, write_words
from services_dir.exchange.reader import read_folder
from services_dir.search import nudge
from services_dir.settings import SEED_DATA


@dataclass(frozen=True)
class Options:
    """What is said of a feed when it is imported; None leaves it as it is."""

    feed: str
    address: str | None = None
    areas: Sequence[str] | None = None
    level: str | None = None
    zone: str | None = None
    is_complete: bool = False

    def check_level(self) -> Level | None:
        """Give the level. Raises InvalidError if it is none."""
        if self.level is None:
            return None
        try:
            return Level(self.level)
        except ValueError as error:
            message = N_("“{value}” is not one of these: {choices}.")
            raise InvalidError(message, value=self.level, choices=", ".join(Level)) from error


def plan_path(
    path: Path | IO[bytes],
    options: Options,
    *,
    by: int | None,
    at: datetime,
    name: str = "",
    progress: Progress = no_progress,
) -> int:
    """Plan the import of a folder, an archive or a file, and give the number of the run."""
    load_lists()
    with open_source(path, name=name) as opened:
        source = opened
        if isinstance(opened, Package):
            source = OwnSource(opened, read_existing(db.session))
        with transaction() as session:
            feed_id = find_feed(
                session,
                options.feed,
                at=at,
                address=options.address,
                level=options.check_level(),
                areas=options.areas,
                zone=options.zone,
            ).id
        return planning.plan(
            transaction,
            source,  # type: ignore[arg-type]
            feed_id,
            name=name or (path.name if isinstance(path, Path) else ""),
            at=at,
            by=by,
            is_complete=options.is_complete,
            progress=progress,
        )


def load_lists() -> None:
    """Give a register that has no words yet the places and words that come along: records name them."""
    if db.session.scalar(select(Term.id).limit(1)) is not None:
        return
    reading = read_folder(SEED_DATA)
    with transaction() as session:
        write_places(session, reading.places)
        write_terms(session, reading.terms)
        write_words(session, reading.words)


def apply_run(
    run_id: int,
    *,
    by: int | None,
    at: datetime,
    publishes: bool = False,
    progress: Progress = no_progress,
    is_time_up: Callable[[], bool] = applying.never,
) -> dict[RowState, int]:
    """Apply a plan, or a part of it until the time is up, and wake the search when it is done."""
    with _waking():
        return applying.apply(
            transaction,
            run_id,
            at=at,
            by=by,
            publishes=publishes,
            progress=progress,
            is_time_up=is_time_up,
        )


def undo_run(
    run_id: int,
    *,
    by: int | None,
    at: datetime,
    progress: Progress = no_progress,
    is_time_up: Callable[[], bool] = applying.never,
) -> tuple[dict[RowState, int], list[str]]:
    """Take an import back, or a part of it until the time is up, and wake the search when it is done."""
    with _waking():
        return undoing.undo(transaction, run_id, at=at, by=by, progress=progress, is_time_up=is_time_up)


def watch_address(
    options: Options,
    *,
    by: int | None,
    at: datetime,
    publishes: bool = False,
    allows_private: bool = False,
    progress: Progress = no_progress,
) -> tuple[int, dict[RowState, int]]:
    """Read a partner's interface once, and apply what it says."""
    address = watching.check_address(options.address or "", allows_private=allows_private)
    load_lists()
    with transaction() as session:
        feed = find_feed(
            session,
            options.feed,
            at=at,
            address=address,
            areas=options.areas,
            level=options.check_level(),
        )
        feed_id, since = feed.id, feed.modified_after
        known = watching.known_ids(session, feed.name)
    with watching.fetch(
        address, since, known=known, allows_private=allows_private, progress=progress
    ) as fetched:
        run_id = planning.plan(
            transaction, fetched.source, feed_id, name=address, at=at, by=by, publishes=publishes
        )
        watching.plan_gone(transaction, run_id, fetched.ids)
    ends = apply_run(run_id, by=by, at=at, publishes=publishes)
    with transaction() as session:
        watching.note_round(session, feed_id, fetched.newest)
    return run_id, ends


def write_to_mend(session: Session, run_id: int, folder: Path) -> list[Path]:
    """Write the rows that cannot be taken into files, one for each they came from, with what is wrong.

    Cells that tell where a place is are left out: nobody knows of a refused row if its place is secret.
    """
    rows = session.scalars(
        select(ImportRow)
        .where(ImportRow.run_id == run_id, ImportRow.verdict == Verdict.REFUSE)
        .order_by(ImportRow.position)
    ).all()
    by_file: dict[str, list[ImportRow]] = {}
    for row in rows:
        by_file.setdefault(row.file or "records", []).append(row)
    written = []
    for name, held in by_file.items():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = folder / f"{Path(name).stem}.csv"
        with file.open("w", encoding="utf-8", newline="") as text:
            text.writelines(to_mend(held))
        written.append(file)
    return written


def to_mend(rows: Sequence[ImportRow]) -> Iterator[str]:
    """Give lines of CSV of rows that cannot be taken: where, what is wrong, and their cells."""
    cells = [msgspec.json.decode(row.document or "{}", type=dict[str, str]) for row in rows]
    columns = list(dict.fromkeys(name for one in cells for name in one))
    line = _Line()
    writer = csv.writer(line)
    writer.writerow(["line", "problem", *columns])
    yield line.text
    for row, one in zip(rows, cells, strict=True):
        writer.writerow(
            [row.line, " ".join(reasons_of(row)), *(_harmless(one.get(name, "")) for name in columns)]
        )
        yield line.text


class _Line:
    """Keeps the line that was written last."""

    text = ""

    def write(self, text: str) -> None:
        """Keep a line."""
        self.text = text


def _harmless(cell: str) -> str:
    """Keep a spreadsheet from reading a cell as a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t") else cell


def refuse_unless_administrator(session: Session, account_id: int | None, publishes: bool) -> None:
    """Raise InvalidError if somebody else than an administrator wants to publish without review."""
    if not publishes:
        return
    account = session.get(Account, account_id) if account_id is not None else None
    if account is None or Permission.ADMINISTER not in PERMISSIONS[account.role]:
        raise InvalidError(N_("Only an administrator publishes an import without review."))


@contextmanager
def _waking() -> Iterator[None]:
    before = last_change(db.session)
    try:
        yield
    finally:
        if last_change(db.session) != before:
            nudge()
