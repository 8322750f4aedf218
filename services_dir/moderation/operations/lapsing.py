"""Closing what waits for a sender who does not answer: nobody's name is kept for ever."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services_dir import audit, policy
from services_dir.mail.messages import MailKind, Message
from services_dir.mail.operations import enqueue
from services_dir.moderation.models import Review
from services_dir.submissions.models import FormDraft, Revision, Submission, SubmissionState
from services_dir.submissions.operations import add_link
from services_dir.submissions.queries import get_submission_for_update

# Gives the address of the sender's own page for a token and a language.
MakeLink = Callable[[str, str], str]


def close_silent(session: Session, make_link: MakeLink, *, at: datetime) -> int:
    """Close what was asked back so long ago without an answer as the policy says; give how many.

    What she typed and did not send counts as an answer that is on its way.
    """
    since = at - timedelta(days=policy.get(session, "silence_days"))
    asked = select(func.max(Review.reviewed_at)).join(Revision).where(Revision.submission_id == Submission.id)
    typed = select(FormDraft.submission_id).where(FormDraft.saved_at > since)
    silent = select(Submission.id).where(
        Submission.state == SubmissionState.CHANGES_REQUESTED,
        asked.correlate(Submission).scalar_subquery() <= since,
        Submission.id.not_in(typed),
    )
    closed = 0
    for submission_id in session.scalars(silent.order_by(Submission.id)).all():
        submission = get_submission_for_update(session, submission_id)
        if submission.state is SubmissionState.CHANGES_REQUESTED:  # not answered while it was waited for
            _close(session, submission, make_link, at)
            closed += 1
    return closed


def _close(session: Session, submission: Submission, make_link: MakeLink, at: datetime) -> None:
    submission.state = SubmissionState.LAPSED
    submission.closed_at = at
    submission.form = None
    submission.claimed_by_id = submission.claimed_until = None
    audit.record(session, "submission.lapsed", kind="submission", subject=submission.id, by=None, at=at)
    if submission.submitter_email is None:
        return
    link = make_link(add_link(session, submission, at=at), submission.language)
    values = {"link": link, "label": submission.label}
    enqueue(
        session,
        Message(MailKind.LAPSED, submission.submitter_email, submission.language, values),
        at=at,
    )
