"""Reads of the queue: what waits, in the order it came, and how much of what kind.

They read the columns that `submissions.summary` fills, never a document, in a number of statements that
does not grow with what waits.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, exists, func, not_, or_, select
from sqlalchemy.orm import Mapped, Session

from services_dir import policy
from services_dir.accounts.models import Account
from services_dir.moderation import rules
from services_dir.moderation.filters import Age, QueueFilter, Reader
from services_dir.moderation.models import FirstApproval, SavedFilter
from services_dir.submissions.models import Revision, Subject, Submission, SubmissionKind, SubmissionState
from services_dir.submissions.rules import Flag, read_flags
from services_dir.submissions.summary import split
from services_dir.values import Paged

WAITING = (SubmissionState.PENDING, SubmissionState.CHANGES_REQUESTED)
PAGE_SIZE = 25
_NEW = (SubmissionKind.NEW, SubmissionKind.IMPORT)
_OTHERS = tuple(kind for kind in SubmissionKind if kind not in _NEW)
# What a line shows; a document or a message is never read for it.
_SHOWN = (
    Submission.id,
    Submission.label,
    Submission.subject,
    Submission.kind,
    Submission.state,
    Submission.sent_at,
    Submission.created_at,
    Submission.flags,
    Submission.claimed_by_id,
    Submission.claimed_until,
    func.coalesce(func.nullif(Account.name, ""), Account.email).label("claimer"),
)


@dataclass(frozen=True)
class Targets:
    """In how many working days something should be read: something new, and everything else."""

    new: int
    change: int

    def days(self, kind: SubmissionKind) -> int:
        """Give the working days for a kind."""
        return self.new if kind in _NEW else self.change


@dataclass(frozen=True)
class QueueLine:
    """A submission in the queue; `left` are the working days left, negative when it is late."""

    id: int
    label: str
    subject: Subject
    kind: SubmissionKind
    state: SubmissionState
    since: datetime
    age: Age | None
    left: int
    flags: tuple[Flag, ...]
    claimed_by_id: int | None
    claimed_by: str | None
    needs_second: bool

    @property
    def is_late(self) -> bool:
        """Tell whether it waits longer than it should."""
        return self.age is Age.LATE


@dataclass(frozen=True)
class Counts:
    """How much of the queue there is of everything, whatever else is chosen."""

    states: Mapping[SubmissionState, int]
    kinds: Mapping[SubmissionKind, int]
    ages: Mapping[Age, int]
    categories: Mapping[str, int]
    regions: Mapping[str, int]
    flags: Mapping[Flag, int]
    readers: Mapping[Reader, int]

    @property
    def total(self) -> int:
        """Give how much there is."""
        return sum(self.kinds.values())


def get_targets(session: Session) -> Targets:
    """Give in what time submissions should be read: a policy."""
    return Targets(policy.get(session, "review_days_new"), policy.get(session, "review_days_change"))


def list_queue(
    session: Session,
    view: QueueFilter | None = None,
    *,
    reader: int | None = None,
    below: Mapping[str, Sequence[str]] | None = None,
    page: int = 1,
    at: datetime,
    size: int = PAGE_SIZE,
    total: int | None = None,
) -> Paged[QueueLine]:
    """Give a page of what a view shows, the longest waiting first; what is closed, the newest first.

    `below` gives the slugs of a kind of help and those under it; `total` is how many there are, if that
    is known.
    """
    view = view or QueueFilter()
    targets = get_targets(session)
    criteria = list(_criteria(view, targets, reader, below or {}, at))
    if total is None:
        total = session.scalar(select(func.count()).select_from(Submission).where(*criteria)) or 0
    is_open = view.state is None or view.state in WAITING
    order = (Submission.sent_at, Submission.id)
    query = (
        select(*_SHOWN)
        .outerjoin(Account, Account.id == Submission.claimed_by_id)
        .where(*criteria)
        .order_by(*(order if is_open else (column.desc() for column in order)))
    )
    rows = session.execute(query.limit(size).offset((page - 1) * size)).all()
    first = _first_approved(session, [row.id for row in rows])
    lines = [_line(row, targets, row.id in first, at) for row in rows]
    return Paged(lines, page, size, total)


def count_queue(session: Session, state: SubmissionState | None, *, reader: int, at: datetime) -> Counts:
    """Count what is in a state by everything one can choose; of every state only the states."""
    if state is None:
        return Counts({waiting: _count_in(session, waiting) for waiting in WAITING}, {}, {}, {}, {}, {}, {})
    kinds: Counter[SubmissionKind] = Counter()
    words: dict[str, Counter[str]] = {name: Counter() for name in ("categories", "regions", "flags")}
    for row in _combinations(session, state):
        kinds[row.kind] += row.number
        for name, counter in words.items():
            counter.update(dict.fromkeys(split(getattr(row, name)), row.number))
    total = kinds.total()
    states = {waiting: total if waiting is state else _count_in(session, waiting) for waiting in WAITING}
    targets = get_targets(session)
    late, soon = (_count_older(session, state, targets, at, but=but) for but in (0, 1))
    return Counts(
        states=states,
        kinds=kinds,
        ages={Age.LATE: late, Age.SOON: soon - late, Age.IN_TIME: total - soon},
        categories=words["categories"],
        regions=words["regions"],
        flags={flag: words["flags"][flag.value] for flag in Flag if words["flags"][flag.value]},
        readers=_count_readers(session, state, total, reader, at),
    )


def count_late(session: Session, *, at: datetime) -> int:
    """Count the submissions that wait for a review longer than they should."""
    return _count_older(session, SubmissionState.PENDING, get_targets(session), at)


def count_by_state(session: Session) -> dict[SubmissionState, int]:
    """Count the submissions of each state."""
    rows = session.execute(select(Submission.state, func.count()).group_by(Submission.state))
    return dict(rows.all())


def list_saved_filters(session: Session, account_id: int) -> list[SavedFilter]:
    """Give the views that an account keeps, by name."""
    query = select(SavedFilter).where(SavedFilter.account_id == account_id)
    return list(session.scalars(query.order_by(func.lower(SavedFilter.name))))


def _criteria(
    view: QueueFilter,
    targets: Targets,
    reader: int | None,
    below: Mapping[str, Sequence[str]],
    at: datetime,
) -> Iterable[ColumnElement[bool]]:
    shown = Submission.state == view.state
    yield shown if view.state is not None else Submission.state != SubmissionState.DRAFT
    if view.kind is not None:
        yield Submission.kind == view.kind
    if view.age is not None:
        yield _aged(view.age, targets, at)
    if view.category is not None:
        yield or_(
            *(_holds(Submission.categories, slug) for slug in below.get(view.category, (view.category,)))
        )
    if view.region is not None:
        yield _holds(Submission.regions, view.region)
    if view.flag is not None:
        yield ("," + Submission.flags + ",").contains(f",{view.flag.value},", autoescape=True)
    if view.reader is not None:
        yield _read_by(view.reader, reader, at)
    if view.q:
        yield _named(view.q)


def _named(q: str) -> ColumnElement[bool]:
    """A number is that of a submission, or part of a name or of a phone."""
    digits = q.removeprefix("#")
    named = func.lower(Submission.label).contains(q.lower(), autoescape=True)
    if digits.isascii() and digits.isdecimal() and len(digits) < 10:
        return or_(named, Submission.id == int(digits))
    return named


def _holds(column: Mapped[str | None], word: str) -> ColumnElement[bool]:
    return column.contains(f",{word},", autoescape=True)


def _aged(age: Age, targets: Targets, at: datetime) -> ColumnElement[bool]:
    late, soon = _older_than(targets, at), _older_than(targets, at, but=1)
    if age is Age.LATE:
        return late
    return and_(soon, not_(late)) if age is Age.SOON else not_(soon)


def _older_than(targets: Targets, at: datetime, *, but: int = 0) -> ColumnElement[bool]:
    """What waits for longer than its target, or longer than so many working days less."""
    new, change = (
        rules.working_days_before(at, max(days - but, 0)) for days in (targets.new, targets.change)
    )
    limit = case((Submission.kind.in_(_NEW), new), else_=change)
    return Submission.sent_at < limit


def _read_by(reader: Reader, account_id: int | None, at: datetime) -> ColumnElement[bool]:
    is_claimed = Submission.claimed_until > at
    if reader is Reader.SECOND:
        return _has_first_approval()
    if reader is Reader.NOBODY:
        return or_(Submission.claimed_until.is_(None), Submission.claimed_until <= at)
    is_mine = Submission.claimed_by_id == account_id
    return and_(is_claimed, is_mine if reader is Reader.ME else not_(is_mine))


def _has_first_approval() -> ColumnElement[bool]:
    newest = select(func.max(Revision.number)).where(Revision.submission_id == Submission.id)
    # There are few first approvals: the database begins with these, not with all that waits.
    held = select(Revision.submission_id).join(FirstApproval, FirstApproval.revision_id == Revision.id)
    return Submission.id.in_(held) & exists(
        select(FirstApproval.id)
        .join(Revision, Revision.id == FirstApproval.revision_id)
        .where(
            Revision.submission_id == Submission.id,
            Revision.number == newest.correlate(Submission).scalar_subquery(),
        )
    )


def _count_in(session: Session, state: SubmissionState) -> int:
    return session.scalar(select(func.count()).select_from(Submission).where(Submission.state == state)) or 0


def _combinations(
    session: Session, state: SubmissionState
) -> Sequence[Row[SubmissionKind, str | None, str | None, str, int]]:
    """Count by all that is chosen by at once: an index holds it, and there are few combinations."""
    words = (Submission.kind, Submission.categories, Submission.regions, Submission.flags)
    query = select(*words, func.count().label("number")).where(Submission.state == state)
    return session.execute(query.group_by(*words)).all()


def _count_older(
    session: Session, state: SubmissionState, targets: Targets, at: datetime, *, but: int = 0
) -> int:
    """Count what waits longer than its target, or longer than so many working days less.

    Each part is one stretch of an index; a CASE in its stead would be worked out for all that waits.
    """
    new, others = (
        select(func.count())
        .select_from(Submission)
        .where(
            Submission.state == state,
            Submission.kind.in_(kinds),
            Submission.sent_at < rules.working_days_before(at, max(days - but, 0)),
        )
        .scalar_subquery()
        for kinds, days in ((_NEW, targets.new), (_OTHERS, targets.change))
    )
    return session.scalar(select(new + others)) or 0


def _count_readers(
    session: Session, state: SubmissionState, total: int, reader: int, at: datetime
) -> dict[Reader, int]:
    claims = dict(
        session.execute(
            select(Submission.claimed_by_id, func.count())
            .where(Submission.state == state, Submission.claimed_until > at)
            .group_by(Submission.claimed_by_id)
        ).all()
    )
    mine, all_claims = claims.get(reader, 0), sum(claims.values())
    seconds = select(func.count()).select_from(Submission).where(_has_first_approval())
    second = session.scalar(seconds.where(Submission.state == state))
    return {
        Reader.ME: mine,
        Reader.OTHERS: all_claims - mine,
        Reader.NOBODY: total - all_claims,
        Reader.SECOND: second or 0,
    }


def _first_approved(session: Session, ids: Sequence[int]) -> set[int]:
    """Give those of some submissions whose newest revision has the first of two approvals."""
    return set(session.scalars(select(Submission.id).where(Submission.id.in_(ids), _has_first_approval())))


def _line(row: Row[*tuple[Any, ...]], targets: Targets, needs_second: bool, at: datetime) -> QueueLine:
    since = row.sent_at or row.created_at
    is_claimed = row.claimed_until is not None and row.claimed_until > at
    days = targets.days(row.kind)
    is_late = since < rules.working_days_before(at, days)
    is_soon = since < rules.working_days_before(at, max(days - 1, 0))
    is_pending = row.state is SubmissionState.PENDING
    return QueueLine(
        id=row.id,
        label=row.label,
        subject=row.subject,
        kind=row.kind,
        state=row.state,
        since=since,
        age=(Age.LATE if is_late else Age.SOON if is_soon else Age.IN_TIME) if is_pending else None,
        left=days - rules.working_days_between(since, at),
        flags=tuple(read_flags(row.flags)),
        claimed_by_id=row.claimed_by_id if is_claimed else None,
        claimed_by=row.claimer if is_claimed else None,
        needs_second=needs_second and is_pending,
    )
