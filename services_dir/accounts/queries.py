"""Reads of accounts, sessions and links."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from services_dir import policy
from services_dir.accounts import rules
from services_dir.accounts.models import Account, Role, SignedIn
from services_dir.errors import N_, NotFoundError
from services_dir.values import sha256


def get_account(session: Session, account_id: int) -> Account:
    """Give an account by its id. Raises NotFoundError."""
    account = session.get(Account, account_id)
    if account is None:
        raise NotFoundError(N_("There is no such account."))
    return account


def get_account_by_email(session: Session, email: str) -> Account:
    """Give an account by its e-mail address, however it is written. Raises NotFoundError."""
    account = find_account_by_email(session, email)
    if account is None:
        raise NotFoundError(N_("There is no account for {email}."), email=email)
    return account


def find_account_by_email(session: Session, email: str) -> Account | None:
    """Give the account of an e-mail address, however it is written, or None."""
    return session.scalar(select(Account).where(Account.email == rules.fold_email(email)))


def has_administrator(session: Session) -> bool:
    """Tell whether there is an active administrator who has chosen a password."""
    found = select(Account.id).where(
        Account.role == Role.ADMINISTRATOR, Account.is_active, Account.password_hash.is_not(None)
    )
    return session.scalars(found.limit(1)).first() is not None


def find_session(session: Session, token: str, at: datetime) -> SignedIn | None:
    """Give the session that a token opens, with its account, or None if it is over or was ended."""
    row = session.scalar(select(SignedIn).where(SignedIn.token_hash == sha256(token)))
    if row is None or not row.account.is_active:
        return None
    idle, absolute = session_limits(session)
    if rules.is_over(row.started_at, row.seen_at, idle=idle, absolute=absolute, at=at):
        return None
    return row


def session_limits(session: Session) -> tuple[timedelta, timedelta]:
    """Give how long a session lives without a click, and at most."""
    idle = timedelta(minutes=policy.get(session, "session_idle_minutes"))
    return idle, timedelta(hours=policy.get(session, "session_absolute_hours"))


def list_sessions(session: Session, account_id: int, at: datetime) -> Sequence[SignedIn]:
    """List the sessions of an account that are not over, the one used last first."""
    idle, absolute = session_limits(session)
    found = select(SignedIn).where(
        SignedIn.account_id == account_id,
        SignedIn.started_at > at - absolute,
        SignedIn.seen_at > at - idle,
    )
    return session.scalars(found.order_by(SignedIn.seen_at.desc(), SignedIn.id)).all()
