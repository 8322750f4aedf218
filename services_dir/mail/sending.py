"""Sending what waits: one mail at a time, each claimed, sent and marked.

A mail is claimed by a short transaction that puts its next try ten minutes off, so that two senders
never take the same one, on either database. A process killed after the server took a mail and before
that was written down sends it once more, under the same Message-ID; none is ever lost.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from services_dir.db import transaction
from services_dir.mail import envelope
from services_dir.mail.models import MailError, OutgoingMail
from services_dir.mail.transport import DeliveryError, Transport

_CLAIMED_FOR = timedelta(minutes=10)
_NEXT_TRY = tuple(
    timedelta(minutes=minutes) for minutes in (1, 5, 30, 2 * 60, 6 * 60, 24 * 60, 24 * 60, 24 * 60)
)
# What the server asks to send later is given up after the last of these; what never reached it never is.
_NAME = "Services directory"

_log = structlog.get_logger()

# Told the address, in the transaction that gives the mail up.
OnRefused = Callable[[Session, str, datetime], None]


@dataclass
class Outcome:
    """How many mails went out, were put off, and were given up."""

    sent: int = 0
    put_off: int = 0
    refused: int = 0
    errors: set[MailError] = field(default_factory=set)


def send_due(
    session: Session, transport: Transport, *, now: Callable[[], datetime], on_refused: OnRefused
) -> Outcome:
    """Send what is due, the longest waiting first, until nothing is or the server cannot be reached."""
    outcome = Outcome()
    try:
        while (mail_id := _claim(session, now())) is not None:
            error = _send(session, transport, mail_id)
            with transaction(session):
                _mark(session, mail_id, error, on_refused, now())
            _count(outcome, error)
            if error in (MailError.UNREACHABLE, MailError.REFUSED_US):
                break  # the others would fare no better
    finally:
        transport.close()
    return outcome


def next_try(tries: int) -> timedelta:
    """Give how long to wait after this many tries."""
    return _NEXT_TRY[min(tries, len(_NEXT_TRY)) - 1]


def _claim(session: Session, at: datetime) -> int | None:
    with transaction(session):
        due = select(OutgoingMail).where(OutgoingMail.next_try_at <= at).order_by(OutgoingMail.next_try_at)
        mail = session.scalars(due.limit(1).with_for_update(skip_locked=True)).first()
        if mail is None:
            return None
        mail.next_try_at = at + _CLAIMED_FOR
        mail.tries += 1
        return mail.id


def _send(session: Session, transport: Transport, mail_id: int) -> MailError | None:
    mail = session.get_one(OutgoingMail, mail_id)
    message = envelope.write(mail, sender=transport.sender, name=_NAME)
    session.rollback()  # nothing is locked or open while the server takes its time
    try:
        transport.send(message)
    except DeliveryError as error:
        return error.kind
    return None


def _mark(
    session: Session, mail_id: int, error: MailError | None, on_refused: OnRefused, at: datetime
) -> None:
    mail = session.get_one(OutgoingMail, mail_id)
    mail.error = error
    if error is None:
        mail.sent_at = at
        _erase(mail)
    elif error is MailError.REFUSED or (error is MailError.LATER and mail.tries > len(_NEXT_TRY)):
        mail.failed_at = at
        on_refused(session, mail.recipient or "", at)
        _erase(mail)
    else:
        mail.next_try_at = at + next_try(mail.tries)


def _erase(mail: OutgoingMail) -> None:
    mail.next_try_at = mail.recipient = mail.subject = mail.text = mail.html = None


def _count(outcome: Outcome, error: MailError | None) -> None:
    if error is None:
        outcome.sent += 1
        return
    _log.warning("a mail did not go out", kind=error.value)
    outcome.errors.add(error)
    if error is MailError.REFUSED:
        outcome.refused += 1
    else:
        outcome.put_off += 1
