"""The outbox: mails that wait, and a trace without content of those that were sent."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services_dir.db import Base, choice
from services_dir.mail.messages import MailKind


class MailError(StrEnum):
    """Why a mail did not go out: a kind, because what servers say names people."""

    UNREACHABLE = "unreachable"  # no connection, or it broke
    REFUSED_US = "refused_us"  # wrong password, no encryption, or the server refuses this sender
    LATER = "later"  # the server asks to try again
    REFUSED = "refused"  # the server will never take it for this recipient


class OutgoingMail(Base):
    """A mail as it goes out. What it says is erased as soon as it is sent or given up."""

    __tablename__ = "outgoing_mail"
    __table_args__ = (Index("ix_outgoing_mail_next_try_at", "next_try_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[str] = mapped_column(String(36), unique=True)  # its Message-ID, the same at every try
    kind: Mapped[MailKind] = mapped_column(choice(MailKind))
    language: Mapped[str] = mapped_column(String(3))
    recipient: Mapped[str | None] = mapped_column(String(254))
    subject: Mapped[str | None] = mapped_column(String(300))
    text: Mapped[str | None] = mapped_column(Text)
    html: Mapped[str | None] = mapped_column(Text)
    made_at: Mapped[datetime]
    next_try_at: Mapped[datetime | None]  # None: sent, or given up
    tries: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    error: Mapped[MailError | None] = mapped_column(choice(MailError))  # of the last try
