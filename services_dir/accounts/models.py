"""Tables of accounts, of their sessions, and of links that work once."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services_dir.db import Base, choice
from services_dir.errors import N_
from services_dir.values import Labelled


class Role(Labelled):
    """What an account is for."""

    COORDINATOR = "coordinator", N_("Coordinator")
    ADMINISTRATOR = "administrator", N_("Administrator")


class LinkPurpose(StrEnum):
    """What a link is good for."""

    FIRST_ADMINISTRATOR = "first_administrator"  # makes the account when it is used
    INVITATION = "invitation"
    RECOVERY = "recovery"


class Account(Base):
    """A person who may open the workspace. Never deleted: reviews name it; deactivated instead."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)  # folded by rules.fold_email
    name: Mapped[str] = mapped_column(String(100), default="")  # "" until the invitation is used
    role: Mapped[Role] = mapped_column(choice(Role))
    password_hash: Mapped[str | None] = mapped_column(String(200))  # None until one is chosen
    is_active: Mapped[bool] = mapped_column(default=True)
    totp_secret: Mapped[str | None] = mapped_column(String(200))  # encrypted
    totp_last_step: Mapped[int] = mapped_column(default=0)  # a code is good once
    created_at: Mapped[datetime]


class SignedIn(Base):
    """One session: the cookie holds its token, this row the token's hash."""

    __tablename__ = "signed_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]  # written at most once a minute
    proved_at: Mapped[datetime]  # when the password was last given
    device: Mapped[str] = mapped_column(String(60))  # such as "Firefox on Windows"

    account: Mapped[Account] = relationship(lazy="joined", innerjoin=True)


class OneTimeLink(Base):
    """A link that works once: showing it changes nothing, sending its form uses it up."""

    __tablename__ = "one_time_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[LinkPurpose] = mapped_column(choice(LinkPurpose))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
