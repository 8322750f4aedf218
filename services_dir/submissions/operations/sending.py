"""Sending: something new, what was drafted, a newer version; taking it back; forgetting an address."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from msgspec.structs import replace
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from services_dir import audit
from services_dir.catalog import past
from services_dir.catalog.draft import FORMAT, Draft, OrganizationDraft, ProgramDraft, read_program, to_json
from services_dir.catalog.kinds import ChangeKind
from services_dir.catalog.models import Organization, Program, ProgramVersion
from services_dir.catalog.operations import record_change
from services_dir.errors import N_, ConflictError
from services_dir.submissions import typed
from services_dir.submissions.models import (
    AuthorKind,
    Revision,
    Subject,
    Submission,
    SubmissionKind,
    SubmissionState,
)
from services_dir.submissions.operations.links import LINK_LIVES
from services_dir.submissions.summary import summarize


@dataclass(frozen=True)
class Sender:
    """Who sends: kind of author, account if there is one, and what an outsider says of herself."""

    author: AuthorKind
    account_id: int | None = None
    name: str | None = None
    email: str | None = None
    language: str = "en"
    role: str | None = None
    may_be_kept: bool = False  # coordinators may keep name and mail and ask again


def open_submission(
    session: Session,
    draft: Draft,
    sender: Sender,
    *,
    kind: SubmissionKind,
    at: datetime,
    base_version: int | None = None,
    message: str = "",
    hold_reason: str | None = None,
    flags: str = "",
) -> Submission:
    """Put a draft into the queue as a new submission with one revision."""
    submission = Submission(
        uuid=str(uuid4()),
        subject=Subject.PROGRAM if isinstance(draft, ProgramDraft) else Subject.ORGANIZATION,
        kind=kind,
        base_version=base_version,
        hold_reason=hold_reason,
        entered_by_id=sender.account_id,
        created_at=at,
    )
    session.add(submission)
    _send(session, submission, draft, sender, at=at, message=message, flags=flags)
    return submission


def send_started(
    session: Session,
    submission: Submission,
    draft: Draft,
    sender: Sender,
    *,
    at: datetime,
    message: str = "",
    flags: str = "",
) -> None:
    """Put into the queue what was only drafted so far. The submission is locked.

    Pressed twice it is sent once: nothing happens to what was sent already.
    """
    if submission.state is not SubmissionState.DRAFT:
        return
    _send(session, submission, draft, sender, at=at, message=message, flags=flags)
    submission.form = None
    submission.token_expires_at = at + LINK_LIVES


def _send(
    session: Session,
    submission: Submission,
    draft: Draft,
    sender: Sender,
    *,
    at: datetime,
    message: str,
    flags: str,
) -> None:
    submission.state = SubmissionState.PENDING
    submission.subject_uuid = draft.id
    submission.label = draft.name[:200]
    submission.language = sender.language
    submission.message = message
    submission.flags = flags
    submission.sent_at = at
    _say_who(submission, sender, at)
    if isinstance(draft, ProgramDraft):
        submission.program_id = session.scalar(select(Program.id).where(Program.uuid == draft.id))
    else:
        submission.organization_id = session.scalar(
            select(Organization.id).where(Organization.uuid == draft.id)
        )
    session.flush()
    _add_revision(session, submission, draft, sender, at)
    audit.record(
        session, "submission.sent", kind="submission", subject=submission.id, by=sender.account_id, at=at
    )


def _say_who(submission: Submission, sender: Sender, at: datetime) -> None:
    """Keep what a sender says of herself; what she leaves out stays as it was."""
    submission.submitter_name = sender.name or submission.submitter_name
    submission.submitter_email = sender.email or submission.submitter_email
    submission.submitter_role = sender.role or submission.submitter_role
    if sender.author is AuthorKind.SUBMITTER:
        submission.contact_consent_at = at if sender.may_be_kept else None


def revise(
    session: Session,
    submission: Submission,
    draft: Draft,
    sender: Sender,
    *,
    seen_revision: int,
    at: datetime,
    message: str | None = None,
    flags: str | None = None,
) -> Revision:
    """Add a newer version; it waits for review again.

    What a sender says of herself and her message replace what she said before. How long it waits is
    counted from what the sender sent, not from a reviewer's own edits. The submission is locked. Raises
    ConflictError if it is closed, or if there is a newer version than the one this was written on.
    """
    if submission.is_closed:
        raise ConflictError(N_("This submission was decided meanwhile."))
    if submission.latest.number != seen_revision:
        raise ConflictError(N_("There is a newer version of this submission. Please read it first."))
    if draft.id != submission.subject_uuid:
        raise ConflictError(N_("This is not the listing that was submitted."))
    if message is not None:
        submission.message = message
    if flags is not None:
        submission.flags = flags
    _forget_addresses(session, submission, draft, at)
    revision = _add_revision(session, submission, draft, sender, at)
    submission.state = SubmissionState.PENDING
    submission.label = draft.name[:200]
    if sender.author is not AuthorKind.REVIEWER:
        submission.sent_at = at
        submission.language = sender.language
        submission.form = None
        _say_who(submission, sender, at)
    audit.record(
        session, "submission.revised", kind="submission", subject=submission.id, by=sender.account_id, at=at
    )
    return revision


def withdraw(session: Session, submission: Submission, *, at: datetime) -> None:
    """Take a submission back, for its sender. The submission is locked. Raises ConflictError if closed."""
    if submission.is_closed:
        raise ConflictError(N_("This submission was decided meanwhile."))
    submission.state = SubmissionState.WITHDRAWN
    submission.closed_at = at
    submission.form = None
    submission.claimed_by_id = submission.claimed_until = None
    audit.record(session, "submission.withdrawn", kind="submission", subject=submission.id, by=None, at=at)


def _add_revision(
    session: Session, submission: Submission, draft: Draft, sender: Sender, at: datetime
) -> Revision:
    number = submission.revisions[-1].number + 1 if submission.revisions else 1
    revision = Revision(
        number=number,
        format=FORMAT,
        document=to_json(draft),
        author=sender.author,
        author_id=sender.account_id,
        created_at=at,
    )
    submission.revisions.append(revision)
    summarize(session, submission, draft)
    session.flush()
    return revision


def _forget_addresses(session: Session, submission: Submission, draft: Draft, at: datetime) -> None:
    """An address the sender now calls confidential is forgotten at once, also before any decision.

    If it was published, that is the reviewer's decision: approval removes it from the past.
    """
    if isinstance(draft, OrganizationDraft):
        return
    versions = select(ProgramVersion).where(ProgramVersion.program_id == submission.program_id)
    published = {
        site.id
        for version in (session.scalars(versions) if submission.program_id is not None else ())
        for site in read_program(version.document, version.format).sites
    }
    never_published = tuple(site for site in draft.sites if site.id not in published)
    documents = [revision.document for revision in submission.revisions]
    removal = past.removal_for(replace(draft, sites=never_published), documents)
    if removal is not None:
        _rewrite(submission, removal)
        record_change(session, ChangeKind.HIDE_PLACE, None, at)


def _rewrite(submission: Submission, removal: past.Removal) -> None:
    for revision in submission.revisions:
        revision.document = removal.from_document(revision.document)
    submission.message = removal.from_text(submission.message)
    submission.label = removal.from_text(submission.label)[:200]
    if submission.hold_reason is not None:
        submission.hold_reason = removal.from_text(submission.hold_reason)
    if submission.form is not None:
        kept = typed.without_removed(typed.read(submission.form.typed), removal)
        submission.form.typed = typed.write(kept)


class _Revisions:
    """What submissions hold of a program, for removing an address from the past."""

    def documents(self, session: Session, program: Program) -> Iterable[str]:
        """Give every revision's document about the program."""
        about = select(Revision.document).join(Revision.submission)
        return session.scalars(about.where(Submission.subject_uuid == program.uuid))

    def rewrite(self, session: Session, program: Program, removal: past.Removal) -> None:
        """Take the addresses out of every submission about the program."""
        about = select(Submission).where(Submission.subject_uuid == program.uuid)
        for submission in session.scalars(about.options(selectinload(Submission.revisions))):
            _rewrite(submission, removal)


# Here and not in `app.py`: whatever can write a submission must also forget an address.
past.register(_Revisions())
