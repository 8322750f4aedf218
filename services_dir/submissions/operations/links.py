"""Private links: whoever has one may do what the sender may. Only hashes of them are kept."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from services_dir.submissions.models import PrivateLink, Submission, SubmissionState
from services_dir.values import new_token, sha256

# How long a private link works after the last thing sent over it, and while nothing was sent yet.
LINK_LIVES = timedelta(days=365)
DRAFT_LIVES = timedelta(days=30)


def give_link(submission: Submission, at: datetime, token: str | None = None) -> str:
    """Give the submission a new private link and return its token; all links before it end."""
    token = token or new_token()
    submission.token_hash = sha256(token)
    submission.token_expires_at = expiry(submission, at)
    submission.links.clear()
    return token


def add_link(session: Session, submission: Submission, *, at: datetime) -> str:
    """Give a further link, to be mailed, and return its token; those before it stay good."""
    session.execute(delete(PrivateLink).where(PrivateLink.expires_at <= at))
    token = new_token()
    session.add(
        PrivateLink(token_hash=sha256(token), submission_id=submission.id, expires_at=expiry(submission, at))
    )
    session.flush()
    return token


def expiry(submission: Submission, at: datetime) -> datetime:
    """Give until when a link given now works."""
    return at + (DRAFT_LIVES if submission.state is SubmissionState.DRAFT else LINK_LIVES)
