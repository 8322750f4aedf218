"""Planning: what an import would do to each record, written down row by row; the catalog stays as it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from services_dir.catalog.draft import to_json
from services_dir.catalog.kinds import CatalogStatus, Visibility
from services_dir.catalog.models import Location, Organization
from services_dir.catalog.models.programs import ForeignId
from services_dir.catalog.rules import References
from services_dir.errors import InvalidError
from services_dir.exchange.imports import judging, terms
from services_dir.exchange.imports.contexts import make_context
from services_dir.exchange.imports.judging import Judge, Judged
from services_dir.exchange.imports.ledger import TORN
from services_dir.exchange.imports.matching import index_organizations, index_programs
from services_dir.exchange.imports.models import (
    Feed,
    ImportNote,
    ImportRow,
    ImportRun,
    RecordKind,
    RowState,
    RunState,
    Verdict,
)
from services_dir.exchange.imports.own import READ
from services_dir.exchange.imports.sources import Source
from services_dir.exchange.imports.surveying import Survey, survey
from services_dir.hsds.reading.context import Context
from services_dir.hsds.reading.notes import Note, Weight
from services_dir.hsds.reading.organizations import read_organization
from services_dir.hsds.reading.programs import read_service
from services_dir.hsds.reading.records import ReadRecord
from services_dir.hsds.reading.tabular import Record
from services_dir.hsds.reading.texts import said

BATCH = 250

# Opens a transaction that writes; called again for every stretch, so that nobody waits long.
Transaction = Callable[[], AbstractContextManager[Session]]
# Is told how many services were looked at, and of how many (0: not known).
Progress = Callable[[int, int], None]


def no_progress(_done: int, _total: int) -> None:
    """Tell nobody."""


@dataclass
class _Plan:
    """A plan in the making."""

    run_id: int
    feed: Feed
    context: Context
    source: Source
    judge: Judge
    at: datetime
    position: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    owners: dict[str, str | None] = field(default_factory=dict)  # the feed's ids of organizations to ours
    seen: set[int] = field(default_factory=set)


def plan(
    transaction: Transaction,
    source: Source,
    feed_id: int,
    *,
    name: str,
    at: datetime,
    by: int | None = None,
    publishes: bool = False,
    is_complete: bool = False,
    progress: Progress = no_progress,
) -> int:
    """Write down what an import would do, and give the number of its run.

    `is_complete`: what the feed held before and does not hold now would be withdrawn. Raises InvalidError
    if a file breaks off; then nothing of the plan is kept but the reason.
    """
    with transaction() as session:
        session.execute(
            delete(ImportRun).where(ImportRun.feed_id == feed_id, ImportRun.state == RunState.PLANNING)
        )
        run = ImportRun(
            feed_id=feed_id,
            state=RunState.PLANNING,
            format=source.format,
            file_name=name[:200],
            publishes=publishes,
            made_by_id=by,
            made_at=at,
        )
        session.add(run)
        session.flush()
        made = _begin(session, run, source, at)
    try:
        _plan_all(transaction, made, progress)
        _finish(transaction, made, is_complete)
    except InvalidError as error:
        with transaction() as session:
            session.execute(delete(ImportRow).where(ImportRow.run_id == made.run_id))
            session.execute(delete(ImportNote).where(ImportNote.run_id == made.run_id))
            broken = session.get_one(ImportRun, made.run_id)
            broken.state, broken.problem = RunState.BROKEN, str(error)
        raise
    return made.run_id


def _begin(session: Session, run: ImportRun, source: Source, at: datetime) -> _Plan:
    feed = session.get_one(Feed, run.feed_id)
    context = make_context(session, feed)
    organizations = frozenset(
        session.scalars(select(Organization.uuid).where(Organization.status == CatalogStatus.PUBLISHED))
    )
    references = References(
        context.categories, context.populations, frozenset(context.gazetteer.places), organizations
    )
    judge = Judge(
        feed.name,
        feed.address or "",
        references,
        {RecordKind.PROGRAM: index_programs(session), RecordKind.ORGANIZATION: index_organizations(session)},
        at,
        frozenset(session.scalars(select(ForeignId.uuid).where(ForeignId.feed == feed.name))),
    )
    session.flush()
    session.expunge(feed)
    return _Plan(run.id, feed, context, source, judge, at)


def _plan_all(transaction: Transaction, made: _Plan, progress: Progress) -> None:
    with transaction() as session:
        hidden = frozenset(
            session.scalars(select(Location.uuid).where(Location.visibility == Visibility.AREA_ONLY))
        )
    found = survey(made.source.services(), made.context, hidden)
    organizations = _organizations(made, found)
    for some in _stretches(organizations):
        _judge(transaction, made, RecordKind.ORGANIZATION, some)
    done = 0
    for some in _stretches(_services(made, found)):
        _judge(transaction, made, RecordKind.PROGRAM, some)
        done += len(some)
        progress(done, made.source.size)


def _organizations(made: _Plan, found: Survey) -> Iterator[tuple[Record, ReadRecord]]:
    for record in made.source.organizations():
        streets = found.by_owner.get(said(record, "id"), ())
        read = record.get(READ) or read_organization(record, made.context, streets=streets)
        yield record, read


def _services(made: _Plan, found: Survey) -> Iterator[tuple[Record, ReadRecord]]:
    for record in made.source.services():
        read = record.get(READ) or read_service(record, made.context, found.secrets_of(record))
        judging.name_owner(read, made.owners)
        yield record, read


def _judge(
    transaction: Transaction, made: _Plan, kind: RecordKind, some: list[tuple[Record, ReadRecord]]
) -> None:
    """Judge a stretch of records and write down their rows and notes."""
    with transaction() as session:
        judged = made.judge.judge(session, kind, [read for _record, read in some], made.seen)
        rows, notes = [], []
        for (record, read), one in zip(some, judged, strict=True):
            if kind is RecordKind.ORGANIZATION:
                made.owners[read.foreign_id] = one.owner
                if one.heir is not None:
                    made.owners[read.id] = one.heir  # our own format names it by our identity
            if one.verdict is Verdict.REFUSE:
                made.source.ledger.refuse(record)
            else:
                made.source.ledger.use(record)
                for note in read.notes.found:
                    if note.is_drop and (note.file, note.line) != read.notes.origin:
                        made.source.ledger.drop(note.file, note.line, note.message)
            made.position += 1
            made.counts[f"{kind.value}.{one.verdict.value}"] += 1
            rows.append(_row(made, kind, record, read, one))
            notes += [_note(made.run_id, note) for note in read.notes.found]
        if rows:
            session.execute(insert(ImportRow), rows)
        if notes:
            session.execute(insert(ImportNote), notes)


def _row(made: _Plan, kind: RecordKind, record: Record, read: ReadRecord, one: Judged) -> dict[str, Any]:
    file, line = read.notes.origin
    is_idle = one.verdict is Verdict.REFUSE or (one.verdict is Verdict.LEAVE and one.base is None)
    return {
        "run_id": made.run_id,
        "position": made.position,
        "file": file[:200],
        "line": line,
        "kind": kind,
        "verdict": one.verdict,
        "state": RowState.NOTHING if is_idle and not one.assures else RowState.WAITING,
        "name": (one.name or read.name)[:200],
        "foreign_id": read.foreign_id[:200],
        "uuid": one.uuid,
        "reasons": msgspec.json.encode(one.reasons).decode(),
        "fields": ",".join(one.fields),
        "document": judging.cells_to_mend(record) if one.verdict is Verdict.REFUSE else one.document,
        "base": one.base,
        "fingerprint": one.fingerprint,
        "terms": msgspec.json.encode([[t.taxonomy, t.code, t.name] for t in read.unmapped]).decode(),
        "version_before": one.version,
        "version_after": None,
        "assured_on": read.assured_on if one.assures else None,
        "modified_at": read.modified_at,
        "submission_id": None,
    }


def _note(run_id: int, note: Note) -> dict[str, Any]:
    return {
        "run_id": run_id,
        "file": note.file[:200],
        "line": note.line,
        "column": note.column[:60],
        "weight": note.weight,
        "message": note.message,
        "values": msgspec.json.encode(note.values).decode(),
    }


def _finish(transaction: Transaction, made: _Plan, is_complete: bool) -> None:
    if is_complete:
        _plan_withdrawals(transaction, made)
    torn = [Note(file, line, "", TORN, weight=Weight.ERROR) for file, line in made.source.ledger.torn]
    with transaction() as session:
        if torn:
            session.execute(insert(ImportNote), [_note(made.run_id, note) for note in torn])
        terms.keep_met(session, made.feed.id, made.context.terms)
        run = session.get_one(ImportRun, made.run_id)
        run.state, run.planned_at = RunState.PLANNED, made.at
        run.counts = msgspec.json.encode(made.counts).decode()
        run.files = msgspec.json.encode(made.source.ledger.totals()).decode()


def _plan_withdrawals(transaction: Transaction, made: _Plan) -> None:
    """Plan to withdraw what the feed held at an earlier import and does not hold now."""
    with transaction() as session:
        links = session.execute(
            select(ForeignId.foreign_id, ForeignId.uuid).where(
                ForeignId.feed == made.feed.name,
                ForeignId.kind == RecordKind.PROGRAM.value,
                ForeignId.fingerprint.is_not(None),
            )
        ).all()
        gone = {uuid: foreign for foreign, uuid in links if hash(foreign) not in made.seen}
        plan_withdrawals(session, made.run_id, gone, made.position, made.counts)


def plan_withdrawals(
    session: Session, run_id: int, gone: dict[str, str], position: int, counts: Counter[str]
) -> None:
    """Write down that programs (their ids of the feed by ours) are in the feed no more."""
    held = judging.find_published(session, gone)
    rows = []
    for number, one in enumerate(held, position + 1):
        counts[f"{RecordKind.PROGRAM.value}.{Verdict.WITHDRAW.value}"] += 1
        rows.append(
            {
                "run_id": run_id,
                "position": number,
                "file": "",
                "line": 0,
                "kind": RecordKind.PROGRAM,
                "verdict": Verdict.WITHDRAW,
                "state": RowState.WAITING,
                "name": one.draft.name[:200],
                "foreign_id": gone[one.uuid],
                "uuid": one.uuid,
                "reasons": msgspec.json.encode([judging.GONE]).decode(),
                "document": to_json(one.draft),
                "version_before": one.version,
            }
        )
    if rows:
        session.execute(insert(ImportRow), rows)


def _stretches(records: Iterable[tuple[Record, ReadRecord]]) -> Iterator[list[tuple[Record, ReadRecord]]]:
    some: list[tuple[Record, ReadRecord]] = []
    for record in records:
        some.append(record)
        if len(some) == BATCH:
            yield some
            some = []
    if some:
        yield some
