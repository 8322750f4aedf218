"""Whom coordinators may ask about a listing later: kept only once it is approved, and only if allowed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services_dir.catalog.models import PrivateContact
from services_dir.submissions.models import Subject, Submission


def keep_contact(session: Session, submission: Submission, *, at: datetime) -> PrivateContact | None:
    """Keep the sender of an approved submission as a private contact of its listing, if she agreed.

    Without consent, a mail address or a listing nothing is kept. Somebody who is known by her mail address
    is not kept twice: what she says of herself now replaces what she said before.
    """
    email, consented_at = submission.submitter_email, submission.contact_consent_at
    is_program = submission.subject is Subject.PROGRAM
    owner = submission.program_id if is_program else submission.organization_id
    if consented_at is None or not email or owner is None or consented_at > at:
        return None
    column = PrivateContact.program_id if is_program else PrivateContact.organization_id
    known = select(PrivateContact).where(column == owner, func.lower(PrivateContact.email) == email.lower())
    contact = session.scalars(known).first()
    if contact is None:
        contact = PrivateContact(**{column.key: owner}, name="")
        session.add(contact)
    contact.name = submission.submitter_name or contact.name
    contact.role = submission.submitter_role or contact.role
    contact.email, contact.language = email, submission.language
    contact.consented_at, contact.bounced_at = consented_at, None
    session.flush()
    return contact
