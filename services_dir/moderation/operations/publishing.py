"""What an approval does to the catalog: one review makes one version, or one of each listing it is about."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services_dir.catalog.diff import compare
from services_dir.catalog.draft import Draft, OrganizationDraft
from services_dir.catalog.merging import hand_over
from services_dir.catalog.models import Organization, Program
from services_dir.catalog.operations import (
    publish_organization,
    publish_program,
    withdraw_organization,
    withdraw_program,
)
from services_dir.errors import N_, ConflictError, InvalidError
from services_dir.moderation import numbers
from services_dir.moderation.models import Review
from services_dir.moderation.queries import find_published, list_listings_with, list_problems
from services_dir.submissions.models import Subject, Submission, SubmissionKind
from services_dir.submissions.queries import read_draft


def lock_record(session: Session, submission: Submission) -> None:
    """Lock what the submission is about, as it is now, so that two approvals about it take turns."""
    for table, key in ((Program, submission.program_id), (Organization, submission.organization_id)):
        if key is not None:
            row = select(table).where(table.id == key).with_for_update()
            session.scalars(row.execution_options(populate_existing=True)).one()


def publish(session: Session, submission: Submission, review: Review, at: datetime) -> list[str]:
    """Do what was approved, and give the names of the fields that changed.

    Raises InvalidError if the listing is not complete, ConflictError if its name was just taken or if
    listings with the number that changes are others than those seen.
    """
    if submission.kind is SubmissionKind.PROBLEM:
        return []
    if submission.kind is SubmissionKind.WITHDRAWAL:
        if submission.subject is Subject.ORGANIZATION:
            organization = session.get_one(Organization, submission.organization_id)
            if organization.merged_into_id is not None:
                heir = session.get_one(Organization, organization.merged_into_id)
                hand_over(session, organization, heir, review_id=review.id, at=at)
            withdraw_organization(session, organization, at=at)
        else:
            withdraw_program(session, session.get_one(Program, submission.program_id), at=at)
        return ["status"]
    if submission.subject is Subject.PHONE:
        return _publish_number(session, submission, review, at)
    published = find_published(session, submission)
    draft = read_draft(submission)
    _refuse_incomplete(session, draft)
    try:
        record = _publish_draft(session, draft, review, at)
    except IntegrityError as error:  # two new listings of one name, approved at once
        raise ConflictError(
            N_("Somebody published a listing of this name at the same moment. Please try again.")
        ) from error
    if isinstance(record, Organization):
        submission.organization_id = record.id
    else:
        submission.program_id = record.id
    changes = compare(published[0] if published else None, draft)
    return sorted({change.path.split(".")[0] for change in changes})


def _publish_draft(session: Session, draft: Draft, review: Review, at: datetime) -> Program | Organization:
    if isinstance(draft, OrganizationDraft):
        return publish_organization(session, draft, review_id=review.id, at=at)
    version = publish_program(session, draft, review_id=review.id, at=at)
    return session.get_one(Program, version.program_id)


def _publish_number(session: Session, submission: Submission, review: Review, at: datetime) -> list[str]:
    change = numbers.read(submission.latest.document)
    listings = list_listings_with(session, change.number, for_update=True)
    if {(listing.uuid, listing.version) for listing in listings} != set(change.listings):
        raise ConflictError(N_("Listings with this number changed meanwhile. Please begin again."))
    for listing in listings:
        draft = numbers.with_number(listing.draft, change.number, change.new_number)
        _refuse_incomplete(session, draft)
        _publish_draft(session, draft, review, at)
    return ["phones"]


def _refuse_incomplete(session: Session, draft: Draft) -> None:
    errors = [problem for problem in list_problems(session, draft) if not problem.is_warning]
    if errors:
        raise InvalidError(errors[0].message, **errors[0].values)
