"""What is told of imports: sums, accounts of files, rows with their reasons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from services_dir.errors import N_, NotFoundError
from services_dir.exchange.imports.models import (
    ImportNote,
    ImportRow,
    ImportRun,
    RecordKind,
    RowState,
    TermMapping,
    Verdict,
)
from services_dir.hsds.reading.notes import Weight
from services_dir.values import Paged, sha256

T = TypeVar("T")

_STRETCH = 500


@dataclass(frozen=True)
class RunLine:
    """An import as a line of a list, with its sums by verdict."""

    run: ImportRun
    counts: Mapping[Verdict, int]

    @property
    def sentence(self) -> str:
        """Give it in English."""
        sums = ", ".join(
            f"{verdict.label.lower()}: {count}" for verdict, count in self.counts.items() if count
        )
        return f"{self.run.id}  {self.run.feed.name}, {self.run.file_name}: {self.run.state.label} ({sums})"


@dataclass(frozen=True)
class FileLine:
    """What became of the rows of a file."""

    file: str
    rows: int
    taken: int
    left: Mapping[str, int]

    def __str__(self) -> str:
        left = "".join(f"; {count}: {reason}" for reason, count in self.left.items())
        return f"{self.file}: {self.rows} rows, {self.taken} in listings{left}"


@dataclass(frozen=True)
class Summary:
    """An import as the terminal tells it."""

    title: str
    lines: Sequence[str]
    files: Sequence[str]
    terms: Sequence[str]


@dataclass(frozen=True)
class NoteCount:
    """How often a sentence was noted, whatever the values in it."""

    message: str
    weight: Weight
    count: int

    @property
    def key(self) -> str:
        """Name the sentence in an address."""
        return sha256(self.message)[:12]


@dataclass(frozen=True)
class Filter:
    """Which rows of a plan are shown."""

    verdict: Verdict | None = None
    kind: RecordKind | None = None
    state: RowState | None = None
    q: str = ""


def get_run(session: Session, run_id: int) -> ImportRun:
    """Give an import. Raises NotFoundError."""
    run = session.scalars(
        select(ImportRun).where(ImportRun.id == run_id).options(joinedload(ImportRun.feed))
    ).one_or_none()
    if run is None:
        raise NotFoundError(N_("There is no import with the number {number}."), number=run_id)
    return run


def list_runs(session: Session, *, page: int = 1, size: int = 30) -> Paged[RunLine]:
    """List imports, newest first."""
    total = session.scalar(select(func.count()).select_from(ImportRun)) or 0
    rows = session.scalars(
        select(ImportRun)
        .order_by(ImportRun.id.desc())
        .options(joinedload(ImportRun.feed))
        .offset((page - 1) * size)
        .limit(size)
    ).all()
    return Paged([RunLine(run, _sums(run)) for run in rows], page, size, total)


def count_verdicts(run: ImportRun, kind: RecordKind) -> dict[Verdict, int]:
    """Give the sums of a plan for one kind of records."""
    counts = msgspec.json.decode(run.counts, type=dict[str, int])
    return {verdict: counts.get(f"{kind.value}.{verdict.value}", 0) for verdict in Verdict}


def file_lines(run: ImportRun) -> list[FileLine]:
    """Give the account of each file."""
    return [FileLine(**one) for one in msgspec.json.decode(run.files)]


def count_states(session: Session, run_id: int) -> dict[RowState, int]:
    """Count rows by what was done with them."""
    query = select(ImportRow.state, func.count()).where(ImportRow.run_id == run_id).group_by(ImportRow.state)
    return dict(session.execute(query).all())


def list_rows(
    session: Session, run_id: int, chosen: Filter, *, page: int = 1, size: int = 50
) -> Paged[ImportRow]:
    """Give a page of the rows of a plan."""
    query = select(ImportRow).where(ImportRow.run_id == run_id)
    if chosen.verdict is not None:
        query = query.where(ImportRow.verdict == chosen.verdict)
    if chosen.kind is not None:
        query = query.where(ImportRow.kind == chosen.kind)
    if chosen.state is not None:
        query = query.where(ImportRow.state == chosen.state)
    if chosen.q:
        query = query.where(func.lower(ImportRow.name).contains(chosen.q.lower(), autoescape=True))
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = session.scalars(query.order_by(ImportRow.position).offset((page - 1) * size).limit(size)).all()
    return Paged(rows, page, size, total)


def paged_like(paged: Paged[Any], items: Sequence[T]) -> Paged[T]:
    """Give other items for the same stretch of a list."""
    return Paged(items, paged.page, paged.size, paged.total)


def count_notes(session: Session, run_id: int) -> list[NoteCount]:
    """Count what was noted by its sentence: what was refused first, then doubts, then what was left out."""
    rows = session.execute(
        select(ImportNote.message, ImportNote.weight, func.count())
        .where(ImportNote.run_id == run_id)
        .group_by(ImportNote.message, ImportNote.weight)
    )
    weights = list(reversed(Weight))
    found = [NoteCount(message, weight, count) for message, weight, count in rows]
    return sorted(found, key=lambda one: (weights.index(one.weight), -one.count, one.message))


def list_notes(
    session: Session, run_id: int, message: str | None = None, *, page: int = 1, size: int = 50
) -> Paged[ImportNote]:
    """Give a page of what was noted of parts of records, of one sentence or all, by file and line."""
    query = select(ImportNote).where(ImportNote.run_id == run_id)
    if message is not None:
        query = query.where(ImportNote.message == message)
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = session.scalars(
        query.order_by(ImportNote.file, ImportNote.line, ImportNote.id).offset((page - 1) * size).limit(size)
    ).all()
    return Paged(rows, page, size, total)


def summarize_run(session: Session, run_id: int) -> Summary:
    """Give an import as the terminal tells it."""
    run = get_run(session, run_id)
    lines = [
        f"{kind.label}s: "
        + ", ".join(
            f"{verdict.label.lower()} {count}" for verdict, count in count_verdicts(run, kind).items()
        )
        for kind in RecordKind
    ]
    open_terms = session.execute(
        select(func.count(), func.sum(TermMapping.count)).where(
            TermMapping.feed_id == run.feed_id, TermMapping.is_decided.is_(False), TermMapping.count > 0
        )
    ).one()
    terms = [f"Terms that stand for nothing here yet: {open_terms[0]}"] if open_terms[0] else []
    title = f"Import {run.id}: {run.feed.name}, {run.format.label}, {run.state.label.lower()}"
    return Summary(title, lines, [str(line) for line in file_lines(run)], terms)


def each_row(session: Session, run_id: int) -> Iterator[str]:
    """Give every row of a plan with its reasons, then every note, in English."""
    position = 0
    while rows := session.scalars(
        select(ImportRow)
        .where(ImportRow.run_id == run_id, ImportRow.position > position)
        .order_by(ImportRow.position)
        .limit(_STRETCH)
    ).all():
        for row in rows:
            position = row.position
            where = f"{row.file}:{row.line}" if row.file else row.foreign_id
            fields = f" [{row.fields}]" if row.verdict is Verdict.CHANGE else ""
            yield f"{where}  {row.verdict.label}: {row.name}{fields}"
            yield from (f"    {sentence}" for sentence in reasons_of(row))
        session.expunge_all()
    last = 0
    while notes := session.scalars(
        select(ImportNote)
        .where(ImportNote.run_id == run_id, ImportNote.id > last)
        .order_by(ImportNote.id)
        .limit(_STRETCH)
    ).all():
        for note in notes:
            last = note.id
            values = msgspec.json.decode(note.values)
            yield f"{note.file}:{note.line}  {note.column}: {note.message.format(**values)}"
        session.expunge_all()


def reasons_of(row: ImportRow) -> list[str]:
    """Give the reasons of a row in English."""
    return [message.format(**values) for message, values, *_where in read_reasons(row)]


def read_reasons(row: ImportRow) -> list[tuple[str, dict[str, Any], str, int, str]]:
    """Give the reasons of a row: sentence, values, column, line, file."""
    return [tuple(reason) for reason in msgspec.json.decode(row.reasons)]


def _sums(run: ImportRun) -> dict[Verdict, int]:
    sums = dict.fromkeys(Verdict, 0)
    for kind in RecordKind:
        for verdict, count in count_verdicts(run, kind).items():
            sums[verdict] += count
    return sums
