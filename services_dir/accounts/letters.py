"""Mail about accounts, put into the outbox in the transaction of the deed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from services_dir.accounts.models import Account, LinkPurpose
from services_dir.mail.messages import MailKind, Message
from services_dir.mail.operations import enqueue

_KINDS = {
    LinkPurpose.FIRST_ADMINISTRATOR: MailKind.INVITATION,
    LinkPurpose.INVITATION: MailKind.INVITATION,
    LinkPurpose.RECOVERY: MailKind.RECOVERY,
}


def send_link(session: Session, account: Account, purpose: LinkPurpose, link: str, *, at: datetime) -> None:
    """Send somebody her one-time link."""
    _send(session, account, _KINDS[purpose], link, at)


def tell_recovered(session: Session, account: Account, site: str, *, at: datetime) -> None:
    """Tell somebody that her account was opened anew, in case it was not she."""
    _send(session, account, MailKind.RECOVERY_DONE, f"{site}/sign-in", at)


def _send(session: Session, account: Account, kind: MailKind, link: str, at: datetime) -> None:
    message = Message(kind, account.email, account.language or "en", {"link": link})
    enqueue(session, message, at=at)
