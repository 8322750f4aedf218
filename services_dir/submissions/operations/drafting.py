"""What is typed and not sent yet: begun, saved at each step, thrown away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from services_dir.catalog.kinds import ChangeKind
from services_dir.catalog.operations import record_change
from services_dir.errors import N_, ConflictError
from services_dir.submissions import typed
from services_dir.submissions.models import (
    FormDraft,
    PrivateLink,
    Subject,
    Submission,
    SubmissionKind,
    SubmissionState,
)
from services_dir.submissions.operations.links import DRAFT_LIVES, give_link
from services_dir.submissions.typed import Typed
from services_dir.values import sha256


@dataclass(frozen=True)
class Beginning:
    """What somebody begins to write about: something new, or a record as it is published in a version."""

    subject: Subject
    program_id: int | None = None
    organization_id: int | None = None
    uuid: str | None = None
    version: int | None = None
    label: str = ""

    @property
    def kind(self) -> SubmissionKind:
        """Tell whether it is something new or a change."""
        return SubmissionKind.NEW if self.version is None else SubmissionKind.CHANGE


def start(
    session: Session,
    beginning: Beginning,
    content: Typed,
    *,
    token: str,
    at: datetime,
    language: str,
    email: str | None = None,
) -> Submission:
    """Begin a draft that opens with a token; pressed twice there is one."""
    begun = session.scalars(select(Submission).where(Submission.token_hash == sha256(token))).first()
    if begun is not None:
        return begun
    submission = Submission(
        uuid=str(uuid4()),
        subject=beginning.subject,
        kind=beginning.kind,
        state=SubmissionState.DRAFT,
        program_id=beginning.program_id,
        organization_id=beginning.organization_id,
        subject_uuid=beginning.uuid,
        base_version=beginning.version,
        label=beginning.label[:200],
        language=language,
        submitter_email=email,
        created_at=at,
    )
    submission.form = FormDraft(typed=typed.write(content), saved_at=at)
    session.add(submission)
    give_link(submission, at, token)
    session.flush()
    return submission


def save(
    session: Session,
    submission: Submission,
    before: Typed,
    after: Typed,
    *,
    is_known: Callable[[str, str], bool],
    at: datetime,
    step: str | None = None,
) -> FormDraft:
    """Keep what was typed, without addresses that must not be known. The submission is locked.

    A street that was kept before and is confidential now is wiped out of the files as well. Raises
    ConflictError if the submission is closed, or if it is too much to keep.
    """
    if submission.is_closed:
        raise ConflictError(N_("This submission was decided meanwhile."))
    kept = typed.without_addresses(after, is_known)
    if typed.size(kept) > typed.MOST:
        raise ConflictError(N_("This is too long to be kept. Please write less."))
    form = submission.form
    if form is None:
        newest = submission.revisions[-1].number if submission.revisions else 0
        form = submission.form = FormDraft(seen_revision=newest)
    form.typed, form.saved_at = typed.write(kept), at
    if step is not None:
        form.steps = ",".join(dict.fromkeys([*filter(None, (form.steps or "").split(",")), step]))
    if submission.state is SubmissionState.DRAFT:
        name = (kept.get("name") or [""])[0].strip()
        submission.label = name[:200] or submission.label
        submission.token_expires_at = at + DRAFT_LIVES
    session.flush()
    if typed.streets_that_hide(before, kept):
        record_change(session, ChangeKind.HIDE_PLACE, None, at)
    return form


def discard(session: Session, submission: Submission) -> None:
    """Throw away what was typed and never sent. The submission is locked."""
    if submission.state is SubmissionState.DRAFT:
        session.delete(submission)
    else:
        submission.form = None
    session.flush()


def drop_old_drafts(session: Session, *, at: datetime) -> int:
    """Throw away what nobody went on with for 30 days, and links that ended; give how many drafts."""
    old = select(FormDraft.submission_id).where(FormDraft.saved_at <= at - DRAFT_LIVES)
    never_sent = select(Submission).where(Submission.state == SubmissionState.DRAFT, Submission.id.in_(old))
    drafts = session.scalars(never_sent).all()
    for submission in drafts:
        session.delete(submission)
    session.flush()
    dropped = session.execute(delete(FormDraft).where(FormDraft.saved_at <= at - DRAFT_LIVES))
    session.execute(delete(PrivateLink).where(PrivateLink.expires_at <= at))
    session.expire_all()
    return len(drafts) + int(getattr(dropped, "rowcount", 0))
