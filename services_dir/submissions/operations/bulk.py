"""Sending many drafts at once: what `open_submission` does for one, in a few statements for all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from services_dir import audit
from services_dir.catalog.draft import FORMAT, Draft, ProgramDraft, to_json
from services_dir.catalog.models import Organization, Program
from services_dir.inserting import insert_all
from services_dir.submissions.models import Revision, Subject, Submission, SubmissionKind, SubmissionState
from services_dir.submissions.operations.sending import Sender
from services_dir.submissions.summary import summarize_all


@dataclass(frozen=True)
class Sending:
    """A draft to send, on which published version it was written, and why it waits."""

    draft: Draft
    kind: SubmissionKind
    base_version: int | None = None
    hold_reason: str | None = None


def open_submissions(
    session: Session,
    sendings: Sequence[Sending],
    sender: Sender,
    *,
    at: datetime,
    state: SubmissionState = SubmissionState.PENDING,
) -> list[Submission]:
    """Open a submission with one revision for each draft; give them in the same order, outside the session.

    They are in the queue, or, for what is published at once, closed in another state.
    """
    programs = _ids(session, Program, sendings)
    organizations = _ids(session, Organization, sendings)
    submissions = [_submission(one, programs, organizations, sender, at) for one in sendings]
    summarize_all(session, submissions, [one.draft for one in sendings])
    for submission in submissions:
        submission.state = state
        submission.closed_at = at if state is not SubmissionState.PENDING else None
    insert_all(session, submissions, numbered=(Revision,))
    insert_all(
        session,
        [
            audit.make_entry(
                "submission.sent", kind="submission", subject=one.id, by=sender.account_id, at=at
            )
            for one in submissions
        ],
    )
    return submissions


def _ids(
    session: Session, table: type[Program] | type[Organization], sendings: Sequence[Sending]
) -> dict[str, int]:
    is_program = table is Program
    uuids = [one.draft.id for one in sendings if isinstance(one.draft, ProgramDraft) is is_program]
    return dict(session.execute(select(table.uuid, table.id).where(table.uuid.in_(uuids))).all())


def _submission(
    one: Sending, programs: dict[str, int], organizations: dict[str, int], sender: Sender, at: datetime
) -> Submission:
    draft = one.draft
    submission = Submission(
        uuid=str(uuid4()),
        subject=Subject.PROGRAM if isinstance(draft, ProgramDraft) else Subject.ORGANIZATION,
        kind=one.kind,
        subject_uuid=draft.id,
        program_id=programs.get(draft.id),
        organization_id=organizations.get(draft.id),
        base_version=one.base_version,
        label=draft.name[:200],
        hold_reason=one.hold_reason,
        entered_by_id=sender.account_id,
        created_at=at,
        sent_at=at,
    )
    submission.revisions.append(
        Revision(
            number=1,
            format=FORMAT,
            document=to_json(draft),
            author=sender.author,
            author_id=sender.account_id,
            created_at=at,
        )
    )
    return submission
