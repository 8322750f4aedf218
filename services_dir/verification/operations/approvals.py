"""What approvals add, in their transaction: an assurance for an answer, a new home for what was asked."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from services_dir.catalog.kinds import AssuranceMethod
from services_dir.catalog.models import Organization, Program
from services_dir.catalog.operations import assure_program
from services_dir.moderation.models import Decision, Review
from services_dir.moderation.operations.deciding import followers
from services_dir.submissions.models import Submission, SubmissionKind
from services_dir.verification.models import PhoneCall, Round


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


def follow_merger(session: Session, submission: Submission, review: Review, at: datetime) -> None:
    """Let rounds and calls go with the programs of an organization that is merged; their links stay good."""
    if submission.kind is not SubmissionKind.WITHDRAWAL or submission.organization_id is None:
        return
    organization = session.get_one(Organization, submission.organization_id)
    if organization.merged_into_id is None:
        return
    for table in (Round, PhoneCall):
        theirs = update(table).where(table.organization_id == organization.id)
        session.execute(theirs.values(organization_id=organization.merged_into_id))


# Here and not in `app.py`: whatever can ask providers must also count their answers.
followers += (assure_approved, follow_merger)
