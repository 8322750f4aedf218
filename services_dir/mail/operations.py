"""Writes to the outbox: put a mail in, in the transaction of the deed it tells of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from email_validator import EmailNotValidError, validate_email
from sqlalchemy.orm import Session

from services_dir.errors import N_, InvalidError
from services_dir.mail.messages import Message
from services_dir.mail.models import OutgoingMail

_LONGEST_SUBJECT = 300


@dataclass(frozen=True)
class Rendered:
    """A mail in its final words."""

    subject: str
    text: str
    html: str


# `rendering` enters itself here: templates are no matter of operations.
renderers: list[Callable[[Message], Rendered]] = []


def enqueue(session: Session, message: Message, *, at: datetime) -> OutgoingMail:
    """Put a mail into the outbox; it goes out if the caller's transaction is committed, else never.

    Raises InvalidError if the recipient's address cannot be one.
    """
    rendered = renderers[-1](message)
    mail = OutgoingMail(
        uuid=str(uuid4()),
        kind=message.kind,
        language=message.language,
        recipient=checked_address(message.to),
        subject=one_line(rendered.subject)[:_LONGEST_SUBJECT],
        text=rendered.text,
        html=rendered.html,
        made_at=at,
        next_try_at=at,
    )
    session.add(mail)
    session.flush()
    return mail


def checked_address(address: str) -> str:
    """Give a mail address as it is written to. Raises InvalidError if it cannot be one."""
    try:
        return validate_email(address.strip(), check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError as error:
        raise InvalidError(N_("This is not an e-mail address.")) from error


def one_line(text: str) -> str:
    """Give a text without line breaks and control characters, as a header needs it."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
