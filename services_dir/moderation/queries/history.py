"""Reads of what happened to a submission: reviews, first approvals, notes, and what its sender may read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from services_dir.accounts.models import Account
from services_dir.catalog.kinds import AssuranceMethod
from services_dir.catalog.models import Assurance, Program
from services_dir.moderation.models import Decision, FirstApproval, Note, RejectReason, Review
from services_dir.moderation.queries.people import name_of
from services_dir.moderation.safeguards import Criterion
from services_dir.submissions.answers import Answer
from services_dir.submissions.models import Revision, Submission


@dataclass(frozen=True)
class Reviewed:
    """A decision in a submission's history."""

    revision: int
    decision: Decision
    note: str
    by: str | None
    at: datetime
    undone_at: datetime | None = None
    reason: RejectReason | None = None
    contact_check: str | None = None
    answered_by: str | None = None
    checked_on: date | None = None
    criteria: tuple[Criterion, ...] = ()
    is_first: bool = False  # the first of two approvals


@dataclass(frozen=True)
class WrittenNote:
    """What a coordinator wrote for the others."""

    text: str
    by: str | None
    at: datetime


@dataclass(frozen=True)
class Assured:
    """A time when somebody confirmed a program: how, who answered (a role or a feed), who asked."""

    on: date
    method: AssuranceMethod
    answered_by: str | None
    by: str | None


def list_assurances(session: Session, program: Program, *, most: int = 50) -> list[Assured]:
    """Give when a program was confirmed, the newest first."""
    rows = session.execute(
        select(Assurance, Account)
        .outerjoin(Account, Account.id == Assurance.by_account_id)
        .where(Assurance.program_id == program.id)
        .order_by(Assurance.on.desc(), Assurance.id.desc())
        .limit(most)
    )
    return [Assured(held.on, held.method, held.role or held.feed, name_of(account)) for held, account in rows]


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
            by=name_of(account),
            at=review.reviewed_at,
            undone_at=review.undone_at,
            reason=review.reason,
            contact_check=review.contact_check,
            answered_by=review.answered_by,
            checked_on=review.checked_on,
            criteria=_criteria(review.criteria),
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
            review.reason.label if review.reason else "",
        )
        for review, number in rows
    ]


def list_first_approvals(session: Session, submission: Submission) -> list[Reviewed]:
    """Give the first approvals of those that needed two, newest first."""
    rows = session.execute(
        select(FirstApproval, Revision.number, Account)
        .join(Revision, Revision.id == FirstApproval.revision_id)
        .join(Account, Account.id == FirstApproval.account_id)
        .where(Revision.submission_id == submission.id)
        .order_by(Revision.number.desc())
    )
    return [
        Reviewed(
            revision=number,
            decision=Decision.APPROVE,
            note="",
            by=name_of(account),
            at=first.approved_at,
            contact_check=first.contact_check,
            answered_by=first.answered_by,
            checked_on=first.checked_on,
            criteria=_criteria(first.criteria),
            is_first=True,
        )
        for first, number, account in rows
    ]


def list_notes(session: Session, submission: Submission) -> list[WrittenNote]:
    """Give what coordinators wrote for each other about a submission, oldest first."""
    rows = session.execute(
        select(Note, Account)
        .join(Account, Account.id == Note.account_id)
        .where(Note.submission_id == submission.id)
        .order_by(Note.id)
    )
    return [WrittenNote(note.text, name_of(account), note.written_at) for note, account in rows]


def _criteria(stored: str | None) -> tuple[Criterion, ...]:
    ticked = set(msgspec.json.decode(stored)) if stored else set()
    return tuple(criterion for criterion in Criterion if criterion.value in ticked)
