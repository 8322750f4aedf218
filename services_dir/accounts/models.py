"""Tables of accounts, of what they prove themselves with, of their sessions, and of links that work once."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, LargeBinary, String
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
    totp_secret: Mapped[str | None] = mapped_column(String(200))  # encrypted; None until it is set up
    totp_last_step: Mapped[int] = mapped_column(default=0)  # a code is good once
    language: Mapped[str | None] = mapped_column(String(3))  # of the mail we send; None: English
    created_at: Mapped[datetime]


class SignedIn(Base):
    """One session: the cookie holds its token, this row the token's hash.

    Until the second factor is given too (`confirmed_at`) it opens nothing but the page that asks for it.
    """

    __tablename__ = "signed_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]  # written at most once a minute
    proved_at: Mapped[datetime]  # when the password or a passkey was last given
    confirmed_at: Mapped[datetime | None]  # when the second factor was given
    pending_secret: Mapped[str | None] = mapped_column(String(200))  # of an app being set up; encrypted
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


class RecoveryCode(Base):
    """A code that stands in for the app once; the person has the code, this row its hash."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Passkey(Base):
    """A key on a device of an account: its public half."""

    __tablename__ = "passkey"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    credential_id: Mapped[str] = mapped_column(String(1400), unique=True)  # base64url
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int]
    name: Mapped[str] = mapped_column(String(60))
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship(lazy="joined", innerjoin=True)


class UsedChallenge(Base):
    """A challenge that a passkey has answered: it is good once. Rows are of no use after an hour."""

    __tablename__ = "used_challenge"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    used_at: Mapped[datetime] = mapped_column(index=True)
