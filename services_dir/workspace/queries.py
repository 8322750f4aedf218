"""Reads of the workspace: the audit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services_dir.audit import AuditEvent
from services_dir.moderation.queries import account_names
from services_dir.values import Paged

PAGE_SIZE = 50


@dataclass(frozen=True)
class Deed:
    """One line of the audit: ids and names of fields, and what the account is called now."""

    at: datetime
    by: str | None
    deed: str
    kind: str
    subject: int | None
    fields: tuple[str, ...]


def list_deeds(session: Session, *, page: int = 1, size: int = PAGE_SIZE) -> Paged[Deed]:
    """Give a page of the audit, newest first."""
    total = session.scalar(select(func.count()).select_from(AuditEvent)) or 0
    events = session.scalars(
        select(AuditEvent).order_by(AuditEvent.id.desc()).limit(size).offset((page - 1) * size)
    ).all()
    names = account_names(session, [event.by_account_id for event in events])
    deeds = [
        Deed(
            at=event.at,
            by=names.get(event.by_account_id),
            deed=event.deed,
            kind=event.kind,
            subject=event.subject_id,
            fields=tuple(event.fields),
        )
        for event in events
    ]
    return Paged(deeds, page, size, total)
