"""Reads of accounts, sessions, links and second factors."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services_dir import policy
from services_dir.accounts import rules
from services_dir.accounts.models import Account, OneTimeLink, Passkey, RecoveryCode, Role, SignedIn
from services_dir.errors import N_, NotFoundError
from services_dir.values import sha256


def get_account(session: Session, account_id: int) -> Account:
    """Give an account by its id. Raises NotFoundError."""
    account = session.get(Account, account_id)
    if account is None:
        raise NotFoundError(N_("There is no such account."))
    return account


def get_account_to_change(session: Session, account_id: int) -> Account:
    """Give an account that nobody else changes until the transaction ends. Raises NotFoundError."""
    account = session.get(Account, account_id, with_for_update=True, populate_existing=True)
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
    """Give the complete session that a token opens, with its account, or None if it is over or was ended."""
    row = _find_signed_in(session, token)
    if row is None or row.confirmed_at is None:
        return None
    idle, absolute = session_limits(session)
    if rules.is_over(row.started_at, row.seen_at, idle=idle, absolute=absolute, at=at):
        return None
    return row


def find_unconfirmed(session: Session, token: str, at: datetime) -> SignedIn | None:
    """Give the session of a token in which the second factor is still to be given, or None."""
    row = _find_signed_in(session, token)
    if row is None or row.confirmed_at is not None or at - row.started_at >= rules.UNCONFIRMED_LASTS:
        return None
    return row


def _find_signed_in(session: Session, token: str) -> SignedIn | None:
    row = session.scalar(select(SignedIn).where(SignedIn.token_hash == sha256(token)))
    return row if row is not None and row.account.is_active else None


def session_limits(session: Session) -> tuple[timedelta, timedelta]:
    """Give how long a session lives without a click, and at most."""
    idle = timedelta(minutes=policy.get(session, "session_idle_minutes"))
    return idle, timedelta(hours=policy.get(session, "session_absolute_hours"))


def list_sessions(session: Session, account_id: int, at: datetime) -> Sequence[SignedIn]:
    """List the sessions of an account that are not over, the one used last first."""
    idle, absolute = session_limits(session)
    found = select(SignedIn).where(
        SignedIn.account_id == account_id,
        SignedIn.confirmed_at.is_not(None),
        SignedIn.started_at > at - absolute,
        SignedIn.seen_at > at - idle,
    )
    return session.scalars(found.order_by(SignedIn.seen_at.desc(), SignedIn.id)).all()


def list_passkeys(session: Session, account_id: int) -> Sequence[Passkey]:
    """List the passkeys of an account, the oldest first."""
    return session.scalars(select(Passkey).where(Passkey.account_id == account_id).order_by(Passkey.id)).all()


def count_recovery_codes(session: Session, account_id: int) -> int:
    """Give how many recovery codes of an account were not used yet."""
    unused = (RecoveryCode.account_id == account_id) & RecoveryCode.used_at.is_(None)
    return session.scalar(select(func.count()).select_from(RecoveryCode).where(unused)) or 0


def list_accounts(session: Session) -> Sequence[Account]:
    """List all accounts by name, then those that have none yet by e-mail, and closed ones last."""
    return session.scalars(
        select(Account).order_by(
            Account.is_active.desc(), Account.name == "", func.lower(Account.name), Account.email
        )
    ).all()


def links_until(session: Session, at: datetime) -> dict[int, datetime]:
    """Give, for each account with a link that still works, until when it does."""
    works = OneTimeLink.used_at.is_(None) & (OneTimeLink.expires_at > at)
    found = select(OneTimeLink.account_id, OneTimeLink.expires_at).where(
        works, OneTimeLink.account_id.is_not(None)
    )
    return {account_id: until for account_id, until in session.execute(found) if account_id is not None}


def last_seen(session: Session) -> dict[int, datetime]:
    """Give, for each account with a session, when it was last used."""
    found = (
        select(SignedIn.account_id, func.max(SignedIn.seen_at))
        .where(SignedIn.confirmed_at.is_not(None))
        .group_by(SignedIn.account_id)
    )
    return {row[0]: row[1] for row in session.execute(found)}
