"""Reads of submissions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from services_dir.errors import N_, NotFoundError
from services_dir.submissions.models import Submission
from services_dir.values import sha256


def get_submission(session: Session, submission_id: int) -> Submission:
    """Give a submission with its revisions. Raises NotFoundError."""
    query = select(Submission).where(Submission.id == submission_id)
    found = session.scalars(query.options(selectinload(Submission.revisions))).first()
    if found is None:
        raise NotFoundError(N_("There is no such submission."))
    return found


def get_submission_for_update(session: Session, submission_id: int) -> Submission:
    """Give a submission as it is now, locked until the transaction ends. Raises NotFoundError."""
    query = select(Submission).where(Submission.id == submission_id)
    locked = query.with_for_update().execution_options(populate_existing=True)
    if session.scalars(locked).first() is None:
        raise NotFoundError(N_("There is no such submission."))
    fresh = query.options(selectinload(Submission.revisions)).execution_options(populate_existing=True)
    return session.scalars(fresh).one()


def find_by_token(session: Session, token: str, at: datetime) -> Submission | None:
    """Give the submission a private link stands for, while the link is valid. Reading changes nothing."""
    query = select(Submission).where(Submission.token_hash == sha256(token), Submission.token_expires_at > at)
    return session.scalars(query.options(selectinload(Submission.revisions))).first()
