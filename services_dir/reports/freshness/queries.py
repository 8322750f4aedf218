"""Reads of freshness: programs by how they stand, now and at the end of months, and deeds by month."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from threading import Lock

from sqlalchemy import ColumnElement, Subquery, and_, case, exists, func, or_, select, true
from sqlalchemy.orm import Session

from services_dir.audit import AuditEvent
from services_dir.catalog import queries
from services_dir.catalog.kinds import CatalogStatus, Level, ProgramKind, Vocabulary
from services_dir.catalog.models import Assurance, Program, ProgramTerm, ProgramVersion, Term
from services_dir.errors import N_
from services_dir.values import Labelled, months_later
from services_dir.verification.queries import get_deadlines, is_grave_program
from services_dir.verification.rules import Deadlines, Standing, standing_of

MONTHS = 12
Standings = Mapping[Standing, int]


class Work(Labelled):
    """What coordinators do to keep the catalog true."""

    APPROVED = "approved", N_("Proposals approved")
    RETURNED = "returned", N_("Sent back with a question")
    REJECTED = "rejected", N_("Rejected")
    RESTORED = "restored", N_("Merged, undone or restored")
    ASKED = "asked", N_("Organizations asked by mail")
    CALLED = "called", N_("Organizations called")
    CONFIRMED = "confirmed", N_("Programs confirmed on a call")


# The deeds of the audit that are counted, if an account did them.
_DEEDS = {
    "submission.approved": Work.APPROVED,
    "submission.approved-alone": Work.APPROVED,
    "submission.changes-requested": Work.RETURNED,
    "submission.rejected": Work.REJECTED,
    "submission.undone": Work.RESTORED,
    "program.merged": Work.RESTORED,
    "program.restored": Work.RESTORED,
    "organization.restored": Work.RESTORED,
    "verification.started": Work.ASKED,
    "call.recorded": Work.CALLED,
    "program.confirmed": Work.CONFIRMED,
}


@dataclass(frozen=True)
class Freshness:
    """Numbers of published programs by how they stand: in all, by main kind of help, by level, over time.

    `months` has the last day of each month, and then today.
    """

    total: Standings
    categories: Mapping[str, Standings]
    levels: Mapping[str, Standings]
    months: Mapping[date, Standings]
    deadlines: Deadlines


_kept: dict[tuple[str, int, date, Deadlines], Freshness] = {}
_lock = Lock()


def get_freshness(session: Session, today: date) -> Freshness:
    """Count how the programs stand; counted once a day and after each change of the catalog."""
    deadlines = get_deadlines(session)
    key = (queries.database_id(session), queries.last_change(session), today, deadlines)
    with _lock:
        known = _kept.get(key)
    if known is None:
        known = _count(session, today, deadlines)
        with _lock:
            _kept.clear()
            _kept[key] = known
    return known


def count_deeds(session: Session, today: date) -> dict[date, Counter[Work]]:
    """Count what coordinators did in each of the last months, the running one last, by its first day.

    Months before the first event of the audit are left out: nothing is known of them.
    """
    begun = session.scalar(select(func.min(AuditEvent.at)))
    earliest = min(begun.date(), today).replace(day=1) if begun is not None else today.replace(day=1)
    months = (months_later(today.replace(day=1), back) for back in range(1 - MONTHS, 1))
    counted: dict[date, Counter[Work]] = {}
    for first in (month for month in months if month >= earliest):
        rows = session.execute(
            select(AuditEvent.deed, func.count())
            .where(
                AuditEvent.at >= _start(first),
                AuditEvent.at < _start(months_later(first, 1)),
                AuditEvent.by_account_id.is_not(None),
                AuditEvent.deed.in_(_DEEDS),
            )
            .group_by(AuditEvent.deed)
        )
        counted[first] = Counter()
        for deed, number in rows:
            counted[first][_DEEDS[deed]] += number
    return counted


def _count(session: Session, today: date, deadlines: Deadlines) -> Freshness:
    listed = _listed(today, None)
    first = today.replace(day=1)
    ends = [months_later(first, back) - timedelta(days=1) for back in range(1 - MONTHS, 1)]
    months = {
        day: _of_all(session, _listed(day, _start(day + timedelta(days=1))), day, deadlines) for day in ends
    }
    total = _of_all(session, listed, today, deadlines)
    return Freshness(
        total=total,
        categories=_by_category(session, listed, today, deadlines),
        levels=_by_level(session, listed, today, deadlines),
        months={day: held for day, held in months.items() if any(held.values())} | {today: total},
        deadlines=deadlines,
    )


def _listed(day: date, at: datetime | None) -> Subquery:
    """Give the programs listed at a moment, or now: level, gravity, newest assurance until a day.

    Of the past it is known what was listed and confirmed; the gravity is that of today.
    """
    newest = (
        select(Assurance.program_id, func.max(Assurance.on).label("on"))
        .where(Assurance.on <= day, true() if at is None else _was_known(at))
        .group_by(Assurance.program_id)
        .subquery()
    )
    is_listed = Program.status == CatalogStatus.PUBLISHED
    if at is not None:
        is_listed = exists().where(
            ProgramVersion.program_id == Program.id,
            ProgramVersion.valid_from < at,
            or_(ProgramVersion.valid_to.is_(None), ProgramVersion.valid_to >= at),
        )
    return (
        select(Program.id, Program.level, newest.c.on, is_grave_program().label("is_grave"))
        .outerjoin(newest, newest.c.program_id == Program.id)
        .where(Program.kind == ProgramKind.PROGRAM, is_listed)
        .subquery()
    )


def _was_known(at: datetime) -> ColumnElement[bool]:
    return or_(Assurance.recorded_at.is_(None), Assurance.recorded_at < at)


def _of_all(session: Session, listed: Subquery, day: date, deadlines: Deadlines) -> Standings:
    rows = session.execute(
        select(listed.c.on, listed.c.is_grave, func.count()).group_by(listed.c.on, listed.c.is_grave)
    )
    return _grouped(((None, *row) for row in rows), day, deadlines)[None]


def _by_level(session: Session, listed: Subquery, day: date, deadlines: Deadlines) -> dict[str, Standings]:
    columns = (listed.c.level, listed.c.on, listed.c.is_grave)
    grouped = _grouped(session.execute(select(*columns, func.count()).group_by(*columns)), day, deadlines)
    return {level.value: grouped[level] for level in Level}


def _by_category(session: Session, listed: Subquery, day: date, deadlines: Deadlines) -> dict[str, Standings]:
    """Count by the main kinds of help; a program of several kinds counts in each of them."""
    roots = _roots(session)
    main = case(roots, value=ProgramTerm.term_id)
    columns = (main.label("main"), listed.c.on, listed.c.is_grave)
    rows = session.execute(
        select(*columns, func.count(listed.c.id.distinct()))
        .join(ProgramTerm, and_(ProgramTerm.program_id == listed.c.id, ProgramTerm.term_id.in_(roots)))
        .group_by(*columns)
    )
    grouped = _grouped(rows, day, deadlines)
    return {slug: grouped[slug] for slug in dict.fromkeys(roots.values())}


def _roots(session: Session) -> dict[int, str]:
    """Give for each kind of help the main one that it belongs to, in the order of these."""
    rows = session.execute(
        select(Term.id, Term.slug, Term.parent_id)
        .where(Term.vocabulary == Vocabulary.CATEGORY)
        .order_by(Term.position)
    ).all()
    slugs, parents = {row.id: row.slug for row in rows}, {row.id: row.parent_id for row in rows}

    def root(term_id: int) -> int:
        above = parents[term_id]
        return term_id if above is None else root(above)

    return {row.id: slugs[root(row.id)] for row in sorted(rows, key=lambda row: row.parent_id is not None)}


def _grouped(
    rows: Iterable[tuple[object, date | None, bool, int]], day: date, deadlines: Deadlines
) -> defaultdict[object, Counter[Standing]]:
    counted: defaultdict[object, Counter[Standing]] = defaultdict(Counter)
    for key, on, is_grave, number in rows:
        counted[key][standing_of(on, deadlines, day, is_grave=bool(is_grave))] += number
    return counted


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
