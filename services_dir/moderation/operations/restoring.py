"""Going back and forth: undo an approval, publish an earlier version again, bring a submission up to date."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace
from sqlalchemy import select
from sqlalchemy.orm import Session

from services_dir import audit
from services_dir.catalog.draft import ProgramDraft, read_organization, read_program
from services_dir.catalog.kinds import CatalogStatus
from services_dir.catalog.models import (
    FormerSlug,
    Organization,
    OrganizationVersion,
    Program,
    ProgramVersion,
)
from services_dir.catalog.queries import find_published_draft
from services_dir.errors import N_, ConflictError
from services_dir.moderation import rules
from services_dir.moderation.models import Decision, Review
from services_dir.moderation.operations.deciding import publish_directly
from services_dir.moderation.operations.publishing import lock_record
from services_dir.moderation.operations.withdrawing import withdraw
from services_dir.moderation.queries import find_published
from services_dir.moderation.rules import Rebased
from services_dir.submissions.models import AuthorKind, Subject, Submission, SubmissionKind, SubmissionState
from services_dir.submissions.operations import Sender, revise
from services_dir.submissions.queries import (
    find_base,
    get_organization_version,
    get_program_version,
    read_draft,
)


def bring_up_to_date(session: Session, submission: Submission, *, by: int, at: datetime) -> Rebased:
    """Put what the sender changed on top of the newest published version, as a reviewer's revision.

    The submission is locked. Raises ConflictError if it is up to date already.
    """
    published = find_published(session, submission)
    if published is None or submission.base_version in (None, published[1]):
        raise ConflictError(N_("This submission is up to date."))
    current, version = published
    base = find_base(session, submission)
    if base is None:
        raise ConflictError(N_("This submission is up to date."))
    rebased = rules.rebase(base, current, read_draft(submission))
    sender = Sender(AuthorKind.REVIEWER, account_id=by)
    revise(session, submission, rebased.draft, sender, seen_revision=submission.latest.number, at=at)
    submission.base_version = version
    return rebased


def undo(session: Session, submission: Submission, *, by: int, at: datetime) -> Review:
    """Take an approval back: publish what was there before, as a new version; nothing before is withdrawn.

    The submission is locked. Raises ConflictError if it was not approved, was undone already, or if the
    listing changed since.
    """
    lock_record(session, submission)
    review = session.scalars(
        select(Review).where(Review.revision_id == submission.latest.id, Review.decision == Decision.APPROVE)
    ).first()
    if submission.state is not SubmissionState.APPROVED or review is None:
        raise ConflictError(N_("This submission was not approved."))
    if submission.kind is SubmissionKind.PROBLEM:
        raise ConflictError(N_("Closing a report changed nothing in the catalog."))
    if review.undone_at is not None:
        raise ConflictError(N_("This approval was undone already."))
    review.undone_at = at
    audit.record(session, "submission.undone", kind="submission", subject=submission.id, by=by, at=at)
    if submission.subject is Subject.PHONE:
        return _undo_number(session, review, by, at)
    if submission.subject is Subject.ORGANIZATION:
        return _undo_organization(session, submission.organization_id, review, by, at)
    program = session.get_one(Program, submission.program_id)
    return _undo_program(session, program, review, by, at)


def publish_version(session: Session, program: Program, number: int, *, by: int, at: datetime) -> Review:
    """Publish an earlier version of a program again, as a new version. The program is locked.

    It was approved once, so nobody is asked again. Raises NotFoundError for an unknown version,
    ConflictError if just this is published.
    """
    draft = get_program_version(session, program.id, number)
    current = find_published_draft(session, program)
    is_out = program.status is not CatalogStatus.PUBLISHED
    if not is_out and current is not None and current[0] == draft:
        raise ConflictError(N_("This is what is published now."))
    audit.record(session, "program.restored", kind="program", subject=program.id, by=by, at=at)
    return _republish(session, program, draft, by, at)


def publish_organization_version(
    session: Session, organization: Organization, number: int, *, by: int, at: datetime
) -> Review:
    """Publish an earlier version of a published organization again, as a new one. It is locked.

    Raises NotFoundError for an unknown version, ConflictError if just this is published.
    """
    if number == organization.version:
        raise ConflictError(N_("This is what is published now."))
    draft = get_organization_version(session, organization.id, number)
    audit.record(session, "organization.restored", kind="organization", subject=organization.id, by=by, at=at)
    return publish_directly(session, draft, author=AuthorKind.REVIEWER, by=by, at=at)


def _undo_program(session: Session, program: Program, review: Review, by: int, at: datetime) -> Review:
    versions = _versions_until(session, program, review)
    if review.revision.submission.kind is SubmissionKind.WITHDRAWAL:
        return _republish(session, program, _read(versions[0]), by, at)
    was_out = len(versions) < 2 or versions[1].valid_to != versions[0].valid_from
    if was_out:
        return withdraw(session, program, by=by, at=at)
    return _republish(session, program, _read(versions[1]), by, at)


def _versions_until(session: Session, program: Program, review: Review) -> Sequence[ProgramVersion]:
    """Give the newest two versions, newest first; the newest must be what the review left."""
    versions = session.scalars(
        select(ProgramVersion)
        .where(ProgramVersion.program_id == program.id)
        .order_by(ProgramVersion.number.desc())
        .limit(2)
    ).all()
    is_withdrawal = review.revision.submission.kind is SubmissionKind.WITHDRAWAL
    stands = program.status is (CatalogStatus.WITHDRAWN if is_withdrawal else CatalogStatus.PUBLISHED)
    newest = versions[0]
    is_newest = newest.valid_to == review.reviewed_at if is_withdrawal else newest.review_id == review.id
    if not (stands and is_newest):
        raise ConflictError(N_("The listing was changed since. Undo the newer change first."))
    return versions


def _republish(session: Session, program: Program, draft: ProgramDraft, by: int, at: datetime) -> Review:
    taken = session.get(FormerSlug, ("program", draft.slug)) if draft.slug else None
    if taken is not None and taken.program_id != program.id:  # it was merged, and its address leads on
        draft = replace(draft, slug=program.slug)
    return publish_directly(session, draft, author=AuthorKind.REVIEWER, by=by, at=at)


def _undo_organization(
    session: Session, organization_id: int | None, review: Review, by: int, at: datetime
) -> Review:
    versions = session.scalars(
        select(OrganizationVersion)
        .where(OrganizationVersion.organization_id == organization_id)
        .order_by(OrganizationVersion.number.desc())
        .limit(2)
    ).all()
    if versions[0].review_id != review.id:
        raise ConflictError(N_("The listing was changed since. Undo the newer change first."))
    if len(versions) < 2:
        raise ConflictError(N_("A new organization cannot be undone. Withdraw its programs instead."))
    draft = read_organization(versions[1].document, versions[1].format)
    return publish_directly(session, draft, author=AuthorKind.REVIEWER, by=by, at=at)


def _undo_number(session: Session, review: Review, by: int, at: datetime) -> Review:
    """Give every listing back the number it had before, if none of them changed since."""
    programs = session.scalars(
        select(Program)
        .join(ProgramVersion, ProgramVersion.program_id == Program.id)
        .where(ProgramVersion.review_id == review.id)
        .order_by(Program.id)
        .with_for_update()
    ).all()
    organizations = session.scalars(
        select(Organization)
        .join(OrganizationVersion, OrganizationVersion.organization_id == Organization.id)
        .where(OrganizationVersion.review_id == review.id)
        .order_by(Organization.id)
        .with_for_update()
    ).all()
    undone = [_undo_organization(session, organization.id, review, by, at) for organization in organizations]
    undone += [_undo_program(session, program, review, by, at) for program in programs]
    return undone[-1]


def _read(version: ProgramVersion) -> ProgramDraft:
    return read_program(version.document, version.format)
