"""Contacts: whom coordinators may write to; kept by them, never public."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services_dir import audit
from services_dir.catalog.models import Organization, PrivateContact
from services_dir.verification.models import Round
from services_dir.verification.operations.rounds import close


def save_contact(
    session: Session,
    organization: Organization,
    contact: PrivateContact | None,
    *,
    name: str,
    email: str | None,
    role: str | None,
    language: str,
    by: int,
    at: datetime,
) -> PrivateContact:
    """Add a contact of an organization, or change one; the coordinator vouches for it.

    A new mail address makes links sent to the old one useless.
    """
    is_new = contact is None
    if contact is None:
        contact = PrivateContact(organization_id=organization.id, language=language)
        session.add(contact)
    elif contact.email != email:
        _end_rounds_of(session, contact, at)
    if is_new or contact.email != email:
        contact.bounced_at = None
    contact.name, contact.email, contact.role, contact.language = name, email, role, language
    contact.recorded_by_id = by
    session.flush()
    deed = "contact.added" if is_new else "contact.changed"
    audit.record(session, deed, kind="contact", subject=contact.id, by=by, at=at)
    return contact


def remove_contact(session: Session, contact: PrivateContact, *, by: int, at: datetime) -> None:
    """Forget a contact; links that were sent to it end."""
    _end_rounds_of(session, contact, at)
    audit.record(session, "contact.removed", kind="contact", subject=contact.id, by=by, at=at)
    session.flush()
    session.delete(contact)


def flag_bounced(session: Session, address: str, at: datetime, *, by: int | None = None) -> None:
    """Mark every contact whose address takes no mail: its server refused one, or `by` saw one return."""
    bounced = select(PrivateContact).where(func.lower(PrivateContact.email) == address.lower())
    for contact in session.scalars(bounced):
        contact.bounced_at = at
        audit.record(session, "contact.bounced", kind="contact", subject=contact.id, by=by, at=at)


def _end_rounds_of(session: Session, contact: PrivateContact, at: datetime) -> None:
    theirs = select(Round).where(Round.contact_id == contact.id)
    for round in session.scalars(theirs):
        close(round, at)
