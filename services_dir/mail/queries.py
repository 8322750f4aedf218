"""Reads of the outbox."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services_dir.mail.models import OutgoingMail


def count_stuck(session: Session, *, since: datetime) -> int:
    """Count the mails that have waited since before a moment."""
    waiting = select(func.count()).select_from(OutgoingMail)
    stuck = waiting.where(OutgoingMail.next_try_at.is_not(None), OutgoingMail.made_at < since)
    return session.scalar(stuck) or 0
