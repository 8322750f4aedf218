"""Sessions: begun with the password, complete with the second factor, ended one by one or together."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CursorResult, delete, or_, update
from sqlalchemy.orm import Session

from services_dir import audit
from services_dir.accounts import queries, rules, sealing, totp
from services_dir.accounts.models import SignedIn
from services_dir.errors import N_, ConflictError
from services_dir.values import new_token, sha256


def begin_session(session: Session, account_id: int, *, device: str, key: str, at: datetime) -> str:
    """Begin a session after the right password, and give its token.

    It opens nothing yet but the page that asks for the second factor; an account without one is offered
    an app, whose secret is kept sealed with `key`. Raises ConflictError if the account was closed meanwhile.
    """
    has_app = queries.get_account(session, account_id).totp_secret is not None
    offered = None if has_app else sealing.seal(totp.new_secret(), key)
    return _begin(session, account_id, device, at=at, pending_secret=offered)


def sign_in(
    session: Session, account_id: int, *, device: str, at: datetime, instead_of: int | None = None
) -> str:
    """Begin a session of an account that proved itself wholly, and give its token, which is new each time.

    It takes the place of the session `instead_of`. Raises ConflictError if the account was closed meanwhile.
    """
    if instead_of is not None:
        session.execute(delete(SignedIn).where(SignedIn.id == instead_of, SignedIn.account_id == account_id))
    token = _begin(session, account_id, device, at=at, confirmed_at=at)
    audit.record(session, "account.signed_in", kind="account", subject=account_id, by=account_id, at=at)
    return token


def note_seen(session: Session, session_id: int, *, at: datetime) -> None:
    """Remember that a session is in use."""
    session.execute(update(SignedIn).where(SignedIn.id == session_id).values(seen_at=at))


def note_proof(session: Session, session_id: int, *, at: datetime) -> None:
    """Remember that the person of a session gave her password, or a passkey, again."""
    session.execute(update(SignedIn).where(SignedIn.id == session_id).values(proved_at=at))


def end_session(session: Session, account_id: int, session_id: int, *, by: int | None, at: datetime) -> bool:
    """End one session of an account, and tell whether there was one."""
    gone = delete(SignedIn).where(SignedIn.account_id == account_id, SignedIn.id == session_id)
    return _end(session, gone, account_id, by=by, at=at) > 0


def end_sessions(
    session: Session, account_id: int, *, by: int | None, at: datetime, but: int | None = None
) -> int:
    """End every session of an account, or all `but` one, and give how many there were."""
    gone = delete(SignedIn).where(SignedIn.account_id == account_id, SignedIn.id != (but or 0))
    return _end(session, gone, account_id, by=by, at=at)


def _begin(
    session: Session,
    account_id: int,
    device: str,
    *,
    at: datetime,
    confirmed_at: datetime | None = None,
    pending_secret: str | None = None,
) -> str:
    account = queries.get_account(session, account_id)
    if not account.is_active:
        raise ConflictError(N_("This account was closed."))
    _idle, absolute = queries.session_limits(session)
    unconfirmed = SignedIn.confirmed_at.is_(None) & (SignedIn.started_at <= at - rules.UNCONFIRMED_LASTS)
    over = or_(SignedIn.started_at <= at - absolute, unconfirmed)
    session.execute(delete(SignedIn).where(SignedIn.account_id == account_id, over))
    token = new_token()
    session.add(
        SignedIn(
            token_hash=sha256(token),
            account_id=account_id,
            started_at=at,
            seen_at=at,
            proved_at=at,
            confirmed_at=confirmed_at,
            pending_secret=pending_secret,
            device=device[:60],
        )
    )
    session.flush()
    return token


def _end(session: Session, gone: object, account_id: int, *, by: int | None, at: datetime) -> int:
    result = session.execute(gone)  # type: ignore[call-overload]
    assert isinstance(result, CursorResult)
    if result.rowcount:
        audit.record(session, "account.sessions_ended", kind="account", subject=account_id, by=by, at=at)
    return result.rowcount
