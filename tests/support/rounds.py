"""Makes a round of verification, as a provider finds it over the link of a mail."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from services_dir import clock
from services_dir.catalog.models import Organization
from services_dir.db import transaction
from services_dir.values import sha256
from services_dir.verification import operations
from services_dir.verification.models import Round, RoundLink
from services_dir.verification.rules import LINK_LIVES
from tests.support.factories import TOKEN, make_account


def make_round(session: Session, organization: Organization, *, at: datetime | None = None) -> Round:
    """Ask an organization over a contact that a coordinator keeps; its page opens with TOKEN."""
    at = at or clock.now()
    account = make_account(session)
    with transaction(session):
        contact = operations.save_contact(
            session,
            organization,
            None,
            name="Robin Made-up",
            email="robin@example.org",
            role="program manager",
            language="en",
            by=account.id,
            at=at,
        )
        round = operations.start_round(
            session,
            organization,
            contact,
            lambda token, language: f"https://services.example.org/{language}/verify/{token}",
            by=account.id,
            at=at,
        )
        session.add(RoundLink(token_hash=sha256(TOKEN), round_id=round.id, expires_at=at + LINK_LIVES))
    return round
