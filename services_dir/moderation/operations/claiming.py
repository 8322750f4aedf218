"""Claims: who is reading a submission. A claim runs out by itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from services_dir import audit, policy
from services_dir.errors import N_, ConflictError
from services_dir.moderation import rules
from services_dir.submissions.models import Submission


def claim(
    session: Session, submission: Submission, *, by: int, at: datetime, take_over: bool = False
) -> None:
    """Say that an account is reading a submission; the claim runs out by itself.

    The submission is locked. Raises ConflictError if somebody else reads it, unless it is taken over.
    """
    if submission.is_closed:
        raise ConflictError(N_("This submission was decided meanwhile."))
    is_taken = rules.is_claimed_by_other(submission.claimed_by_id, submission.claimed_until, by, at)
    if is_taken and not take_over:
        raise ConflictError(N_("Somebody else is reading this submission."))
    submission.claimed_from_id = submission.claimed_by_id if is_taken else None
    submission.claimed_by_id = by
    submission.claimed_until = at + timedelta(hours=policy.get(session, "claim_hours"))
    deed = "submission.taken-over" if is_taken else "submission.claimed"
    audit.record(session, deed, kind="submission", subject=submission.id, by=by, at=at)


def release(session: Session, submission: Submission, *, by: int, at: datetime) -> None:
    """Give a claim back. The submission is locked."""
    if submission.claimed_by_id == by:
        submission.claimed_by_id = submission.claimed_until = None
        audit.record(session, "submission.released", kind="submission", subject=submission.id, by=by, at=at)


def claim_all(session: Session, ids: Iterable[int], *, by: int, at: datetime) -> tuple[int, int]:
    """Claim several submissions, and give how many were claimed and how many somebody else has or are closed.

    They are locked one after the other in the order of their numbers, so that two of these never wait for
    each other.
    """
    wanted = sorted(set(ids))
    rows = session.scalars(
        select(Submission).where(Submission.id.in_(wanted)).order_by(Submission.id).with_for_update()
    ).all()
    taken = 0
    for submission in rows:
        try:
            claim(session, submission, by=by, at=at)
        except ConflictError:
            continue
        taken += 1
    return taken, len(wanted) - taken
