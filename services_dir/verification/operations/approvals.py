"""What an approval adds when a provider's answer is approved: an assurance, in the same transaction."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from services_dir.catalog.kinds import AssuranceMethod
from services_dir.catalog.models import Program
from services_dir.catalog.operations import assure_program
from services_dir.moderation.models import Decision, Review
from services_dir.moderation.operations.deciding import followers
from services_dir.submissions.models import Submission, SubmissionKind


def assure_approved(session: Session, submission: Submission, review: Review, at: datetime) -> None:
    """Record that a program was confirmed when what its provider answered is approved."""
    is_answer = submission.kind is SubmissionKind.VERIFICATION and submission.program_id is not None
    if not is_answer or review.decision is not Decision.APPROVE:
        return
    assure_program(
        session,
        session.get_one(Program, submission.program_id),
        AssuranceMethod.MAIL_LINK,
        on=at.date(),
        role=submission.submitter_role,
        by=review.reviewer_id,
        at=at,
        review_id=review.id,
    )


# Here and not in `app.py`: whatever can ask providers must also count their answers.
followers.append(assure_approved)
