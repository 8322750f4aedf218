"""Changing a number that several listings name, in one deed: one review, one version of each."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from sqlalchemy.orm import Session

from services_dir import audit
from services_dir.catalog.draft import FORMAT
from services_dir.catalog.rules import normal_number
from services_dir.errors import N_, ConflictError, InvalidError
from services_dir.moderation import numbers
from services_dir.moderation.models import Decision, FirstApproval, Review
from services_dir.moderation.operations.deciding import approve_first, record_review
from services_dir.moderation.queries import leads_of, list_listings_with, may_decide_alone
from services_dir.moderation.rules import Verdict
from services_dir.moderation.safeguards import ContactCheck
from services_dir.submissions.models import (
    AuthorKind,
    Revision,
    Subject,
    Submission,
    SubmissionKind,
    SubmissionState,
)
from services_dir.values import spoken_number


def change_number(
    session: Session, number: str, typed: str, check: ContactCheck, *, by: int, at: datetime
) -> Review | FirstApproval:
    """Change a number in every published listing that names it; of a hotline this is the first approval.

    Raises InvalidError if the new number cannot be dialled or it is not said how it was checked,
    ConflictError if no listing names the old one, or the new one is the same.
    """
    new = normal_number(typed)
    if new is None:
        raise InvalidError(N_("“{value}” is not a phone number we can dial."), value=typed)
    listings = list_listings_with(session, number, for_update=True)
    if not listings:
        raise ConflictError(N_("No listing names this number any more."))
    if new == number:
        raise ConflictError(N_("This is the number that is published now."))
    if not check.is_complete:
        raise InvalidError(
            N_("Say how you checked it: where you found the contact yourself, who answered there, and when.")
        )
    submission = _open(session, numbers.change_of(number, new, listings), by, at)
    verdict = Verdict(Decision.APPROVE, note="", seen_revision=1, check=check)
    is_alone = may_decide_alone(session)
    needs_two = bool(leads_of(session, submission, for_two=True))
    if needs_two and not is_alone:
        return approve_first(session, submission, verdict, by=by, at=at)
    return record_review(session, submission, verdict, by=by, at=at, is_alone=needs_two)


def _open(session: Session, change: numbers.NumberChange, by: int, at: datetime) -> Submission:
    submission = Submission(
        uuid=str(uuid4()),
        subject=Subject.PHONE,
        phone_number=change.number,
        kind=SubmissionKind.CHANGE,
        state=SubmissionState.PENDING,
        label=spoken_number(change.number),
        entered_by_id=by,
        created_at=at,
        sent_at=at,
    )
    revision = Revision(
        number=1,
        format=FORMAT,
        document=numbers.to_json(change),
        author=AuthorKind.REVIEWER,
        author_id=by,
        created_at=at,
    )
    submission.revisions.append(revision)
    session.add(submission)
    session.flush()
    audit.record(session, "submission.sent", kind="submission", subject=submission.id, by=by, at=at)
    return submission
