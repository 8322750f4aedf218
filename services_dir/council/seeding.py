"""The files a library begins with: reading them, and putting them into an empty one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from services_dir import audit
from services_dir.council import operations, queries
from services_dir.council.kinds import ActKind, Approval, DocumentKind
from services_dir.council.models import Act, Document, Duty, Meeting, Member
from services_dir.council.rules import free_slug, slug_of
from services_dir.errors import N_, ConflictError, InvalidError
from services_dir.exchange.rows import Row, RowError, Table, Text, read_table
from services_dir.values import seed_uuid

DUTIES = Table("duties.csv", ("number", "answer", "name_en", "text_en"), per_language=("name", "text"))
ACTS = Table("acts.csv", ("kind", "name", "effect_en"), ("year", "url", "source", "source_url"), ("effect",))
MEMBERS = Table("members.csv", ("seat",), ("name", "since", "until"))
MEETINGS = Table("meetings.csv", ("held_on",), ("listed_as",))
DOCUMENTS = Table(
    "documents.csv", ("title", "kind"), ("meeting", "period", "approval", "url", "source"), ("note",)
)
TABLES = (DUTIES, ACTS, MEMBERS, MEETINGS, DOCUMENTS)


@dataclass(frozen=True)
class LibraryReport:
    """How many meetings and documents were put into the library."""

    meetings: int
    documents: int


def load_library(session: Session, folder: Path, *, at: datetime) -> LibraryReport:
    """Fill an empty library from a folder of CSV files (`seed_data/README.md`); without it nothing is put in.

    Raises ConflictError if it holds something already, InvalidError if a file cannot be read whole.
    """
    if not queries.is_empty(session):
        raise ConflictError(
            N_("The Council’s library holds something already. It is filled only when empty.")
        )
    errors: list[RowError] = []
    rows = {table: _read(folder, table, errors) for table in TABLES}
    _add(session, rows[DUTIES], _duty)
    _add(session, rows[ACTS], _act)
    _add(session, rows[MEMBERS], _member)
    meetings = {row.cells["held_on"]: _meeting(session, row, at) for row in rows[MEETINGS]}
    for number, row in enumerate(rows[DOCUMENTS], 1):
        _document(session, row, meetings, number, at)
    if errors:
        raise InvalidError(N_("The seed cannot be read. The first error: {error}"), error=errors[0])
    report = LibraryReport(len(meetings), len(rows[DOCUMENTS]))
    if any(rows.values()):
        audit.record(session, "library.seeded", kind="council_library", subject=None, by=None, at=at)
    return report


def _read(folder: Path, table: Table, errors: list[RowError]) -> list[Row]:
    file = folder / table.file
    return read_table(Text(file.read_bytes()) if file.exists() else None, table, errors) or []


def _add(session: Session, rows: list[Row], build: Callable[[Row, int], Duty | Act | Member]) -> None:
    session.add_all([build(row, number) for number, row in enumerate(rows)])
    session.flush()


def _duty(row: Row, _number: int) -> Duty:
    return Duty(
        number=row.whole("number", 1, 100),
        answer=row.needed("answer"),
        names=row.languages("name"),
        texts=row.languages("text"),
    )


def _act(row: Row, _number: int) -> Act:
    return Act(
        kind=row.one_of("kind", ActKind, ActKind.ACT),
        year=row.whole("year", 1600, 2200),
        name=row.needed("name"),
        effects=row.languages("effect"),
        url=row.text("url"),
        source=row.text("source"),
        source_url=row.text("source_url"),
    )


def _member(row: Row, number: int) -> Member:
    return Member(
        seat=row.needed("seat"),
        name=row.text("name"),
        since=row.day("since"),
        until=row.day("until"),
        position=number,
    )


def _meeting(session: Session, row: Row, at: datetime) -> Meeting:
    day = row.day("held_on")
    meeting = Meeting(
        uuid=seed_uuid("meeting", day),
        slug=str(day),
        held_on=day or at.date(),
        listed_as=row.text("listed_as"),
        changed_at=at,
    )
    session.add(meeting)
    session.flush()
    return meeting


def _document(session: Session, row: Row, meetings: dict[str, Meeting], number: int, at: datetime) -> None:
    kind = row.one_of("kind", DocumentKind, DocumentKind.OTHER) or DocumentKind.OTHER
    title, period, said = row.needed("title") or "", row.text("period"), row.text("meeting")
    meeting = meetings.get(said) if said else None
    if said and meeting is None:
        row.error("meeting", N_("“{value}” is not in our list."), value=said)
    wanted = slug_of(kind, title, day=meeting.held_on if meeting else None, period=period)
    document = Document(
        slug=free_slug(wanted, queries.list_slugs(session, wanted)),
        kind=kind,
        title=title,
        period=period,
        meeting=meeting,
        approval=row.one_of("approval", Approval),
        url=row.text("url"),
        notes=row.languages("note"),
        source=row.text("source"),
        position=number,
        changed_at=at,
    )
    session.add(document)
    session.flush()
    operations.index(session, document)
