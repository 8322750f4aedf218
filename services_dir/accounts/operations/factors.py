"""Second factors: the app with its codes, and recovery codes on paper. Each code is good once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CursorResult, delete, update
from sqlalchemy.orm import Session

from services_dir import audit
from services_dir.accounts import queries, recovery, sealing, totp
from services_dir.accounts.models import Account, Passkey, RecoveryCode, SignedIn
from services_dir.accounts.operations.sessions import end_sessions


def offer_app(session: Session, session_id: int, *, key: str) -> str:
    """Give the secret for an app that a session sets up, and keep it, sealed with `key`, until then."""
    secret = totp.new_secret()
    kept = update(SignedIn).where(SignedIn.id == session_id)
    session.execute(kept.values(pending_secret=sealing.seal(secret, key)))
    return secret


def set_up_app(
    session: Session, account_id: int, session_id: int, code: str, *, key: str, at: datetime
) -> bool:
    """Make the app that was offered to a session the account's own, if the code shows that it works.

    All other sessions of the account end, and codes of a former app are worth nothing. Gives False, and
    changes nothing, if the code is wrong, or if a session without a second factor would replace an app.
    """
    account = queries.get_account_to_change(session, account_id)
    signed_in = session.get(SignedIn, session_id)
    secret = sealing.unseal(signed_in.pending_secret, key) if signed_in is not None else None
    step = totp.find_step(secret, code, at) if secret is not None else None
    if signed_in is None or secret is None or step is None:
        return False
    if signed_in.confirmed_at is None and account.totp_secret is not None:
        return False
    account.totp_secret = sealing.seal(secret, key)
    account.totp_last_step = step
    signed_in.pending_secret = None
    end_sessions(session, account_id, by=account_id, at=at, but=session_id)
    audit.record(session, "account.app_set_up", kind="account", subject=account_id, by=account_id, at=at)
    return True


def check_app_code(session: Session, account_id: int, code: str, *, key: str, at: datetime) -> bool:
    """Tell whether this is a code of the account's app that was not used before, and use it up.

    The database decides which of two is first.
    """
    secret = sealing.unseal(queries.get_account(session, account_id).totp_secret, key)
    step = totp.find_step(secret, code, at) if secret is not None else None
    if step is None:
        return False
    used = update(Account).where(Account.id == account_id, Account.totp_last_step < step)
    return _count(session, used.values(totp_last_step=step)) == 1


def make_recovery_codes(session: Session, account_id: int, *, at: datetime) -> tuple[str, ...]:
    """Give ten new recovery codes; those before are worth nothing. Only their hashes are kept."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    codes = recovery.new_codes()
    session.add_all(
        RecoveryCode(account_id=account_id, code_hash=recovery.hash_code(code, account_id), made_at=at)
        for code in codes
    )
    audit.record(
        session, "account.recovery_codes_made", kind="account", subject=account_id, by=account_id, at=at
    )
    return codes


def use_recovery_code(session: Session, account_id: int, code: str, *, at: datetime) -> bool:
    """Tell whether this is an unused recovery code of the account, and use it up."""
    used = update(RecoveryCode).where(
        RecoveryCode.account_id == account_id,
        RecoveryCode.code_hash == recovery.hash_code(code, account_id),
        RecoveryCode.used_at.is_(None),
    )
    if _count(session, used.values(used_at=at)) != 1:
        return False
    audit.record(
        session, "account.recovery_code_used", kind="account", subject=account_id, by=account_id, at=at
    )
    return True


def clear_factors(session: Session, account: Account) -> None:
    """Take every second factor from an account."""
    account.totp_secret = None
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    session.execute(delete(Passkey).where(Passkey.account_id == account.id))


def _count(session: Session, statement: object) -> int:
    result = session.execute(statement)  # type: ignore[call-overload]
    assert isinstance(result, CursorResult)
    return result.rowcount
