"""What coordinators do with submissions and the catalog: claim, decide, undo, withdraw, publish directly.

Each deed is one transaction of the caller: the review, the version, the audit event and the catalog
change come together or not at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services_dir import audit, policy
from services_dir.catalog import past
from services_dir.catalog import queries as catalog
from services_dir.catalog.diff import compare
from services_dir.catalog.draft import (
    Draft,
    OrganizationDraft,
    ProgramDraft,
    read_organization,
    read_program,
)
from services_dir.catalog.kinds import CatalogStatus
from services_dir.catalog.models import Organization, OrganizationVersion, Program, ProgramVersion
from services_dir.catalog.operations import publish_organization, publish_program, withdraw_program
from services_dir.catalog.rules import Problem, check_organization, check_program
from services_dir.errors import N_, ConflictError, InvalidError
from services_dir.moderation import rules
from services_dir.moderation.models import Decision, Review
from services_dir.moderation.rules import Rebased, Verdict
from services_dir.submissions.models import (
    AuthorKind,
    Revision,
    Subject,
    Submission,
    SubmissionKind,
    SubmissionState,
)
from services_dir.submissions.operations import Sender, open_submission, revise
from services_dir.submissions.queries import find_base, read_draft


def find_published(session: Session, submission: Submission) -> tuple[Draft, int] | None:
    """Give the published draft of what a submission is about, and its version; None while withdrawn."""
    if submission.program_id is not None:
        program = session.get_one(Program, submission.program_id)
        if program.status is CatalogStatus.PUBLISHED:
            return catalog.find_published_draft(session, program)
    elif submission.organization_id is not None:
        organization = session.get_one(Organization, submission.organization_id)
        if organization.status is CatalogStatus.PUBLISHED:
            return catalog.find_published_organization_draft(session, organization)
    return None


def list_problems(session: Session, draft: Draft) -> list[Problem]:
    """List what is wrong with a draft, measured against the register as it is now."""
    known = catalog.get_references(session, draft)
    if isinstance(draft, ProgramDraft):
        return check_program(draft, known)
    return check_organization(draft, known)


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
    submission.claimed_by_id = by
    submission.claimed_until = at + timedelta(hours=policy.get(session, "claim_hours"))
    audit.record(session, "submission.claimed", kind="submission", subject=submission.id, by=by, at=at)


def release(session: Session, submission: Submission, *, by: int, at: datetime) -> None:
    """Give a claim back. The submission is locked."""
    if submission.claimed_by_id == by:
        submission.claimed_by_id = submission.claimed_until = None
        audit.record(session, "submission.released", kind="submission", subject=submission.id, by=by, at=at)


def decide(
    session: Session, submission: Submission, verdict: Verdict, *, by: int | None, at: datetime
) -> Review:
    """Record a verdict on the revision the reviewer was looking at; an approval publishes it.

    The submission is locked. Raises ConflictError if it is closed or waits for its sender, if there is
    a newer revision or published version than those seen, or if it was written on an older version;
    InvalidError if an approved draft is not complete.
    """
    _refuse_stale(session, submission, verdict)
    if verdict.decision is not Decision.APPROVE and not verdict.note.strip() and not verdict.questions:
        raise InvalidError(N_("Say in a sentence why, so that the sender knows what to do."))
    review = Review(
        revision_id=submission.latest.id,
        decision=verdict.decision,
        note=verdict.note,
        questions=msgspec.json.encode(verdict.questions).decode(),
        contact_check=verdict.contact_check,
        reviewer_id=by,
        reviewed_at=at,
    )
    session.add(review)
    submission.state = rules.state_after(verdict.decision)
    submission.closed_at = at if submission.is_closed else None
    submission.claimed_by_id = submission.claimed_until = None
    session.flush()
    changed: list[str] = []
    if verdict.decision is Decision.APPROVE:
        changed = _publish(session, submission, review, at)
    deed = f"submission.{submission.state.value.replace('_', '-')}"
    audit.record(session, deed, kind="submission", subject=submission.id, by=by, at=at, fields=changed)
    return review


def publish_directly(
    session: Session,
    draft: Draft,
    *,
    author: AuthorKind,
    by: int | None,
    at: datetime,
    kind: SubmissionKind | None = None,
) -> Review:
    """Publish a draft as one deed: a submission opened and approved at once (seed, undo, import)."""
    table = Program if isinstance(draft, ProgramDraft) else Organization
    published = session.scalar(
        select(table.version).where(table.uuid == draft.id, table.status == CatalogStatus.PUBLISHED)
    )
    submission = open_submission(
        session,
        draft,
        Sender(author, account_id=by),
        kind=kind or (SubmissionKind.NEW if published is None else SubmissionKind.CHANGE),
        at=at,
        base_version=published,
    )
    verdict = Verdict(Decision.APPROVE, note="", seen_revision=1, seen_version=published)
    return decide(session, submission, verdict, by=by, at=at)


def withdraw(session: Session, program: Program, *, by: int, at: datetime) -> Review:
    """Take a program out of the catalog at once. Raises ConflictError if it is not published.

    The program's row is locked.
    """
    if program.status is not CatalogStatus.PUBLISHED:
        raise ConflictError(N_("This program is not in the catalog."))
    published = catalog.find_published_draft(session, program)
    if published is None:
        raise ConflictError(N_("This program is not in the catalog."))
    draft, version = published
    submission = open_submission(
        session,
        draft,
        Sender(AuthorKind.REVIEWER, account_id=by),
        kind=SubmissionKind.WITHDRAWAL,
        at=at,
        base_version=version,
    )
    verdict = Verdict(Decision.APPROVE, note="", seen_revision=1, seen_version=version)
    return decide(session, submission, verdict, by=by, at=at)


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
    _lock_record(session, submission)
    review = session.scalars(
        select(Review).where(Review.revision_id == submission.latest.id, Review.decision == Decision.APPROVE)
    ).first()
    if submission.state is not SubmissionState.APPROVED or review is None:
        raise ConflictError(N_("This submission was not approved."))
    if review.undone_at is not None:
        raise ConflictError(N_("This approval was undone already."))
    review.undone_at = at
    audit.record(session, "submission.undone", kind="submission", subject=submission.id, by=by, at=at)
    if submission.subject is Subject.ORGANIZATION:
        return _undo_organization(session, submission, review, by, at)
    program = session.get_one(Program, submission.program_id)
    versions = _versions_until(session, program, review)
    if submission.kind is SubmissionKind.WITHDRAWAL:
        return _republish(session, versions[0].document, versions[0].format, by, at)
    was_out = len(versions) < 2 or versions[1].valid_to != versions[0].valid_from
    if was_out:
        return withdraw(session, program, by=by, at=at)
    return _republish(session, versions[1].document, versions[1].format, by, at)


def _refuse_stale(session: Session, submission: Submission, verdict: Verdict) -> None:
    if submission.is_closed:
        raise ConflictError(N_("This submission was decided meanwhile."))
    if submission.state is not SubmissionState.PENDING:
        raise ConflictError(N_("This submission waits for its sender."))
    if submission.latest.number != verdict.seen_revision:
        raise ConflictError(N_("The submitter sent a newer version. Please read it first."))
    _lock_record(session, submission)
    published = find_published(session, submission)
    version = published[1] if published else None
    is_approval = verdict.decision is Decision.APPROVE
    if is_approval and version is None and submission.base_version is not None:
        raise ConflictError(N_("This listing was withdrawn meanwhile."))
    if version != verdict.seen_version:
        raise ConflictError(N_("The listing was changed meanwhile. Please read the newer version first."))
    if is_approval and submission.base_version != version:
        raise ConflictError(
            N_("This was written on an older version of the listing. Bring it up to date first.")
        )


def _lock_record(session: Session, submission: Submission) -> None:
    """Lock what the submission is about, as it is now, so that two approvals about it take turns."""
    for table, key in ((Program, submission.program_id), (Organization, submission.organization_id)):
        if key is not None:
            row = select(table).where(table.id == key).with_for_update()
            session.scalars(row.execution_options(populate_existing=True)).one()


def _publish(session: Session, submission: Submission, review: Review, at: datetime) -> list[str]:
    """Do what was approved, and give the names of the fields that changed."""
    draft = read_draft(submission)
    published = find_published(session, submission)
    if submission.kind is SubmissionKind.WITHDRAWAL:
        withdraw_program(session, session.get_one(Program, submission.program_id), at=at)
        return ["status"]
    errors = [problem for problem in list_problems(session, draft) if not problem.is_warning]
    if errors:
        raise InvalidError(errors[0].message, **errors[0].values)
    try:
        if isinstance(draft, OrganizationDraft):
            organization = publish_organization(session, draft, review_id=review.id, at=at)
            submission.organization_id = organization.id
        else:
            version = publish_program(session, draft, review_id=review.id, at=at)
            submission.program_id = version.program_id
    except IntegrityError as error:  # two new listings of one name, approved at once
        raise ConflictError(
            N_("Somebody published a listing of this name at the same moment. Please try again.")
        ) from error
    changes = compare(published[0] if published else None, draft)
    return sorted({change.path.split(".")[0] for change in changes})


def _versions_until(session: Session, program: Program, review: Review) -> list[ProgramVersion]:
    """Give the versions, newest first; the newest must be what the review left."""
    versions = list(
        session.scalars(
            select(ProgramVersion)
            .where(ProgramVersion.program_id == program.id)
            .order_by(ProgramVersion.number.desc())
            .limit(2)
        )
    )
    is_withdrawal = review.revision.submission.kind is SubmissionKind.WITHDRAWAL
    stands = program.status is (CatalogStatus.WITHDRAWN if is_withdrawal else CatalogStatus.PUBLISHED)
    newest = versions[0]
    is_newest = newest.valid_to == review.reviewed_at if is_withdrawal else newest.review_id == review.id
    if not (stands and is_newest):
        raise ConflictError(N_("The listing was changed since. Undo the newer change first."))
    return versions


def _republish(session: Session, document: str, format: int, by: int, at: datetime) -> Review:
    draft = read_program(document, format)
    return publish_directly(session, draft, author=AuthorKind.REVIEWER, by=by, at=at)


def _undo_organization(
    session: Session, submission: Submission, review: Review, by: int, at: datetime
) -> Review:
    versions = session.scalars(
        select(OrganizationVersion)
        .where(OrganizationVersion.organization_id == submission.organization_id)
        .order_by(OrganizationVersion.number.desc())
        .limit(2)
    ).all()
    if versions[0].review_id != review.id:
        raise ConflictError(N_("The listing was changed since. Undo the newer change first."))
    if len(versions) < 2:
        raise ConflictError(N_("A new organization cannot be undone. Withdraw its programs instead."))
    draft = read_organization(versions[1].document, versions[1].format)
    return publish_directly(session, draft, author=AuthorKind.REVIEWER, by=by, at=at)


class _Notes:
    """What reviews hold of a program, for removing an address from the past."""

    def documents(self, session: Session, program: Program) -> Iterable[str]:
        """Reviews hold no documents."""
        return ()

    def rewrite(self, session: Session, program: Program, removal: past.Removal) -> None:
        """Take the addresses out of notes and questions."""
        about = (
            select(Review)
            .join(Review.revision)
            .join(Revision.submission)
            .where(Submission.subject_uuid == program.uuid)
        )
        for review in session.scalars(about):
            review.note = removal.from_text(review.note)
            review.questions = removal.from_text(review.questions)
            review.contact_check = review.contact_check and removal.from_text(review.contact_check)


# Here and not in `app.py`: whatever can publish must also forget an address.
past.register(_Notes())
