"""What accounts are called on pages of moderation, and whether there is one only."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services_dir import policy
from services_dir.accounts.models import Account


def account_names(session: Session, ids: Iterable[int | None]) -> dict[int | None, str]:
    """Give what accounts are called."""
    wanted = {number for number in ids if number is not None}
    if not wanted:
        return {}
    accounts = session.scalars(select(Account).where(Account.id.in_(wanted)))
    return {account.id: account.name or account.email for account in accounts}


def name_of(account: Account | None) -> str | None:
    """Give what an account is called, None for none."""
    return (account.name or account.email) if account is not None else None


def is_only_account(session: Session) -> bool:
    """Tell whether there is one account only, so that nobody else can approve anything."""
    return session.scalar(select(func.count()).select_from(Account).where(Account.is_active)) == 1


def may_decide_alone(session: Session) -> bool:
    """Tell whether there is one account only and the policy lets it decide what needs others."""
    return bool(policy.get(session, "approve_alone")) and is_only_account(session)
