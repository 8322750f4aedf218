"""Reads of moderation: the queue, a submission's history, the programs and their versions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from services_dir import policy
from services_dir.accounts.models import Account
from services_dir.catalog.kinds import CatalogStatus
from services_dir.catalog.models import Organization, Program, ProgramText, ProgramVersion
from services_dir.errors import N_, NotFoundError
from services_dir.moderation.models import Decision, Review
from services_dir.submissions.answers import Answer
from services_dir.submissions.models import Revision, Submission, SubmissionKind, SubmissionState
from services_dir.values import Paged, fold, slugify

WAITING = (SubmissionState.PENDING, SubmissionState.CHANGES_REQUESTED)
PAGE_SIZE = 25


@dataclass(frozen=True)
class QueueLine:
    """A submission in the queue."""

    id: int
    label: str
    kind: SubmissionKind
    state: SubmissionState
    since: datetime
    is_late: bool
    claimed_by_id: int | None
    claimed_by: str | None


@dataclass(frozen=True)
class Reviewed:
    """A decision in a submission's history."""

    revision: int
    decision: Decision
    note: str
    contact_check: str | None
    by: str | None
    at: datetime
    undone_at: datetime | None


@dataclass(frozen=True)
class ProgramLine:
    """A program in the coordinators' list."""

    slug: str
    name: str
    organization: str
    status: CatalogStatus
    modified_at: datetime


@dataclass(frozen=True)
class VersionLine:
    """A version of a program, with the submission that made it."""

    number: int
    valid_from: datetime
    valid_to: datetime | None
    submission_id: int | None
    by: str | None


def target_of(session: Session) -> dict[SubmissionKind, timedelta]:
    """Give in what time each kind of submission should be read: a policy."""
    new = timedelta(days=policy.get(session, "review_days_new"))
    change = timedelta(days=policy.get(session, "review_days_change"))
    is_new = (SubmissionKind.NEW, SubmissionKind.IMPORT)
    return {kind: new if kind in is_new else change for kind in SubmissionKind}


def list_queue(
    session: Session,
    *,
    state: SubmissionState | None = SubmissionState.PENDING,
    page: int = 1,
    at: datetime,
    size: int = PAGE_SIZE,
) -> Paged[QueueLine]:
    """Give a page of the submissions in a state, or of all, the longest waiting first."""
    targets = target_of(session)
    since = func.coalesce(Submission.sent_at, Submission.created_at)
    query = select(Submission, Account).outerjoin(Account, Account.id == Submission.claimed_by_id)
    counted = select(func.count()).select_from(Submission)
    if state is not None:
        query, counted = query.where(Submission.state == state), counted.where(Submission.state == state)
    total = session.scalar(counted) or 0
    rows = session.execute(query.order_by(since, Submission.id).limit(size).offset((page - 1) * size))
    lines = [_line(submission, claimer, targets, at) for submission, claimer in rows]
    return Paged(lines, page, size, total)


def count_by_state(session: Session) -> dict[SubmissionState, int]:
    """Count the submissions of each state."""
    rows = session.execute(select(Submission.state, func.count()).group_by(Submission.state))
    return dict(rows.all())


def count_late(session: Session, *, at: datetime) -> int:
    """Count the submissions that wait for a review longer than they should."""
    since = func.coalesce(Submission.sent_at, Submission.created_at)
    overdue = (
        and_(Submission.kind == kind, since < at - target) for kind, target in target_of(session).items()
    )
    query = select(func.count()).select_from(Submission)
    return session.scalar(query.where(Submission.state == SubmissionState.PENDING, or_(*overdue))) or 0


def list_reviews(session: Session, submission: Submission) -> list[Reviewed]:
    """Give the decisions on a submission, newest first."""
    rows = session.execute(
        select(Review, Revision.number, Account)
        .join(Review.revision)
        .outerjoin(Account, Account.id == Review.reviewer_id)
        .where(Revision.submission_id == submission.id)
        .order_by(Revision.number.desc())
    )
    return [
        Reviewed(
            revision=number,
            decision=review.decision,
            note=review.note,
            contact_check=review.contact_check,
            by=_name(account),
            at=review.reviewed_at,
            undone_at=review.undone_at,
        )
        for review, number, account in rows
    ]


def list_answers(session: Session, submission: Submission) -> Sequence[Answer]:
    """Give what a sender may read of the decisions on her submission."""
    rows = session.execute(
        select(Review, Revision.number)
        .join(Review.revision)
        .where(Revision.submission_id == submission.id)
        .order_by(Revision.number.desc())
    )
    return [
        Answer(
            number,
            review.reviewed_at,
            review.decision.said,
            review.note,
            msgspec.json.decode(review.questions, type=dict[str, str]),
        )
        for review, number in rows
    ]


def account_names(session: Session, ids: Iterable[int | None]) -> dict[int | None, str]:
    """Give what accounts are called."""
    wanted = {number for number in ids if number is not None}
    if not wanted:
        return {}
    accounts = session.scalars(select(Account).where(Account.id.in_(wanted)))
    return {account.id: account.name or account.email for account in accounts}


def list_programs(
    session: Session, *, q: str = "", page: int = 1, size: int = PAGE_SIZE
) -> Paged[ProgramLine]:
    """Give a page of all programs, published or withdrawn, by name; `q` is part of a name."""
    rows = session.execute(
        select(Program.slug, ProgramText.name, Organization.name, Program.status, Program.modified_at)
        .join(Program.organization)
        .join(ProgramText, and_(ProgramText.program_id == Program.id, ProgramText.language == "en"))
    )
    sought = fold(q)
    lines = [ProgramLine(*row) for row in rows if sought in fold(f"{row[1]} {row[2]} {row[0]}")]
    lines.sort(key=lambda line: fold(line.name))
    return Paged(lines[(page - 1) * size : page * size], page, size, len(lines))


def get_program(session: Session, slug: str) -> Program:
    """Give a program, published or withdrawn. Raises NotFoundError."""
    found = session.scalars(select(Program).where(Program.slug == slug)) if slug == slugify(slug) else None
    program = found.first() if found is not None else None
    if program is None:
        raise NotFoundError(N_("There is no program with this address."))
    return program


def list_versions(session: Session, program: Program) -> list[VersionLine]:
    """Give the versions of a program, newest first."""
    rows = session.execute(
        select(ProgramVersion, Revision.submission_id, Account)
        .outerjoin(Review, Review.id == ProgramVersion.review_id)
        .outerjoin(Revision, Revision.id == Review.revision_id)
        .outerjoin(Account, Account.id == Review.reviewer_id)
        .where(ProgramVersion.program_id == program.id)
        .order_by(ProgramVersion.number.desc())
    )
    return [
        VersionLine(version.number, version.valid_from, version.valid_to, submission_id, _name(account))
        for version, submission_id, account in rows
    ]


def list_submissions_about(session: Session, program: Program) -> list[Submission]:
    """Give the submissions about a program that wait, oldest first."""
    query = select(Submission).where(
        or_(Submission.program_id == program.id, Submission.subject_uuid == program.uuid),
        Submission.state.in_(WAITING),
    )
    return list(session.scalars(query.order_by(Submission.sent_at, Submission.id)))


def find_last_deed(session: Session, program: Program) -> Submission | None:
    """Give the submission whose approval made a program what it is now, if it can still be undone."""
    query = (
        select(Submission, Review)
        .join(Revision, Revision.submission_id == Submission.id)
        .join(Review, Review.revision_id == Revision.id)
        .where(Submission.program_id == program.id, Review.decision == Decision.APPROVE)
        .order_by(Review.id.desc())
        .limit(1)
    )
    row = session.execute(query).first()
    return row[0] if row is not None and row[1].undone_at is None else None


def _line(
    submission: Submission, claimer: Account | None, targets: dict[SubmissionKind, timedelta], at: datetime
) -> QueueLine:
    since = submission.sent_at or submission.created_at
    is_claimed = submission.claimed_until is not None and submission.claimed_until > at
    return QueueLine(
        id=submission.id,
        label=submission.label,
        kind=submission.kind,
        state=submission.state,
        since=since,
        is_late=submission.state is SubmissionState.PENDING and at - since > targets[submission.kind],
        claimed_by_id=submission.claimed_by_id if is_claimed else None,
        claimed_by=_name(claimer) if is_claimed else None,
    )


def _name(account: Account | None) -> str | None:
    return (account.name or account.email) if account is not None else None
