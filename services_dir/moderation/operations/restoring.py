"""Going back and forth: undo an approval, publish an earlier version again, bring a submission up to date."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from services_dir import audit
from services_dir.catalog.draft import ProgramDraft, read_organization, read_program
from services_dir.catalog.kinds import CatalogStatus
from services_dir.catalog.merging import take_back
from services_dir.catalog.models import (
    Assurance,
    Organization,
    OrganizationVersion,
    Program,
    ProgramVersion,
)
from services_dir.catalog.queries import count_programs_of, find_published_draft
from services_dir.errors import N_, ConflictError
from services_dir.moderation import rules
from services_dir.moderation.models import Decision, Review
from services_dir.moderation.operations.deciding import publish_directly
from services_dir.moderation.operations.publishing import lock_record
from services_dir.moderation.operations.withdrawing import withdraw, withdraw_organization
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

Version = ProgramVersion | OrganizationVersion


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


def undo(session: Session, submission: Submission, *, by: int | None, at: datetime) -> Review:
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
    _forget_assurances(session, review)
    audit.record(session, "submission.undone", kind="submission", subject=submission.id, by=by, at=at)
    if submission.subject is Subject.PHONE:
        return _undo_number(session, review, by, at)
    if submission.subject is Subject.ORGANIZATION:
        organization = session.get_one(Organization, submission.organization_id)
        return _undo_organization(session, organization, review, by, at)
    program = session.get_one(Program, submission.program_id)
    return _undo_program(session, program, review, by, at)


def _forget_assurances(session: Session, review: Review) -> None:
    """What an approval confirmed is not confirmed any more, if the approval is taken back."""
    for assurance in session.scalars(select(Assurance).where(Assurance.review_id == review.id)):
        session.delete(assurance)


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
    """Publish an earlier version of an organization again, as a new one. It is locked.

    Programs that were withdrawn stay so. Raises NotFoundError for an unknown version, ConflictError if just
    this is published.
    """
    if number == organization.version and organization.status is CatalogStatus.PUBLISHED:
        raise ConflictError(N_("This is what is published now."))
    draft = get_organization_version(session, organization.id, number)
    audit.record(session, "organization.restored", kind="organization", subject=organization.id, by=by, at=at)
    return publish_directly(session, draft, author=AuthorKind.REVIEWER, by=by, at=at)


def _undo_program(session: Session, program: Program, review: Review, by: int | None, at: datetime) -> Review:
    own = select(ProgramVersion).where(ProgramVersion.program_id == program.id)
    versions = session.scalars(own.order_by(ProgramVersion.number.desc()).limit(2)).all()
    _refuse_changed(program, versions[0], review)
    if _took_out(review):
        return _republish(session, program, _read(versions[0]), by, at)
    if _came_from_nothing(versions):
        return withdraw(session, program, by=by, at=at)
    return _republish(session, program, _read(versions[1]), by, at)


def _undo_organization(
    session: Session, organization: Organization, review: Review, by: int | None, at: datetime
) -> Review:
    own = select(OrganizationVersion).where(OrganizationVersion.organization_id == organization.id)
    versions = session.scalars(own.order_by(OrganizationVersion.number.desc()).limit(2)).all()
    _refuse_changed(organization, versions[0], review)
    is_back = _took_out(review)
    if not is_back and _came_from_nothing(versions):
        if count_programs_of(session, organization):
            raise ConflictError(
                N_("This organization has programs by now. Withdraw it instead, if they should go too.")
            )
        return withdraw_organization(session, organization, by=by, at=at)
    before = versions[0 if is_back else 1]
    draft = read_organization(before.document, before.format)
    heir = session.get(Organization, organization.merged_into_id) if organization.merged_into_id else None
    done = publish_directly(session, draft, author=AuthorKind.REVIEWER, by=by, at=at)
    if heir is not None:
        take_back(session, organization, heir, merged_by=review.id, review_id=done.id, at=at)
    if is_back:
        for program, version in _withdrawn_with(session, organization, review):
            _republish(session, program, _read(version), by, at)
    return done


def _took_out(review: Review) -> bool:
    return review.revision.submission.kind is SubmissionKind.WITHDRAWAL


def _came_from_nothing(versions: Sequence[Version]) -> bool:
    """Tell whether nothing was published right before the newest of two versions."""
    return len(versions) < 2 or versions[1].valid_to != versions[0].valid_from


def _refuse_changed(record: Program | Organization, newest: Version, review: Review) -> None:
    """Raise ConflictError unless the newest version is what the review left."""
    if _took_out(review):
        stands = record.status is CatalogStatus.WITHDRAWN and newest.valid_to == review.reviewed_at
    else:
        stands = record.status is CatalogStatus.PUBLISHED and newest.review_id == review.id
    if not stands:
        raise ConflictError(N_("The listing was changed since. Undo the newer change first."))


def _withdrawn_with(
    session: Session, organization: Organization, review: Review
) -> Sequence[tuple[Program, ProgramVersion]]:
    """Give the programs that went with their organization and are still out, with their last versions."""
    rows = session.execute(
        select(Program, ProgramVersion)
        .join(
            ProgramVersion,
            (ProgramVersion.program_id == Program.id) & (ProgramVersion.number == Program.version),
        )
        .where(
            Program.organization_id == organization.id,
            Program.status == CatalogStatus.WITHDRAWN,
            ProgramVersion.valid_to == review.reviewed_at,
        )
        .order_by(Program.id)
        .with_for_update(of=Program)
    )
    return [(program, version) for program, version in rows]


def _republish(
    session: Session, program: Program, draft: ProgramDraft, by: int | None, at: datetime
) -> Review:
    return publish_directly(session, draft, author=AuthorKind.REVIEWER, by=by, at=at)


def _undo_number(session: Session, review: Review, by: int | None, at: datetime) -> Review:
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
    undone = [_undo_organization(session, organization, review, by, at) for organization in organizations]
    undone += [_undo_program(session, program, review, by, at) for program in programs]
    return undone[-1]


def _read(version: ProgramVersion) -> ProgramDraft:
    return read_program(version.document, version.format)
