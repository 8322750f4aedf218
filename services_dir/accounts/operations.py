"""What can be done with accounts: add, invite, sign in and out, recover, deactivate."""

from __future__ import annotations

from datetime import datetime, timedelta

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services_dir import audit, throttle
from services_dir.accounts import passwords, queries, rules, tokens
from services_dir.accounts.models import Account, LinkPurpose, Role, SignedIn
from services_dir.errors import N_, ConflictError, InvalidError
from services_dir.values import new_token, sha256

# How often sign-in may be tried: for one e-mail address, and from one address of the network.
_TRIES = (("sign-in-minutes", 5, timedelta(minutes=5)), ("sign-in-day", 20, timedelta(days=1)))
_NETWORK_TRIES = (("sign-in-network", 60, timedelta(minutes=5)),)


def add_account(
    session: Session, email: str, role: Role, *, by: int | None, at: datetime, name: str = ""
) -> Account:
    """Add an account without a password.

    Raises InvalidError if this is no e-mail address, ConflictError if it has an account.
    """
    try:
        validate_email(email.strip(), check_deliverability=False)
    except EmailNotValidError as error:
        raise InvalidError(N_("This is not an e-mail address.")) from error
    account = Account(email=rules.fold_email(email), name=name.strip(), role=role, created_at=at)
    try:
        with session.begin_nested():
            session.add(account)
    except IntegrityError as error:
        raise ConflictError(N_("There is an account for this e-mail address already.")) from error
    audit.record(session, "account.added", kind="account", subject=account.id, by=by, at=at)
    return account


def invite(session: Session, account: Account, *, by: int | None, at: datetime) -> str:
    """Give the token of a link with which somebody chooses a first password.

    Raises ConflictError if the account has a password or was deactivated.
    """
    _check_active(account)
    if account.password_hash is not None:
        raise ConflictError(N_("This account has a password already."))
    token = tokens.make_link(session, LinkPurpose.INVITATION, account.id, at=at)
    audit.record(session, "account.invited", kind="account", subject=account.id, by=by, at=at)
    return token


def recover(session: Session, account: Account, *, by: int | None, at: datetime) -> str:
    """Give the token of a link for a new password; end the sessions and void the old password.

    Raises ConflictError if the account was deactivated.
    """
    _check_active(account)
    account.password_hash = None
    account.totp_secret = None
    end_sessions(session, account.id, by=by, at=at)
    token = tokens.make_link(session, LinkPurpose.RECOVERY, account.id, at=at)
    audit.record(session, "account.recovered", kind="account", subject=account.id, by=by, at=at)
    return token


def first_administrator_link(session: Session, base_url: str, at: datetime) -> str | None:
    """Give a link with which the first administrator makes her account, or None if there is one.

    A link made before and not used stops working.
    """
    if queries.has_administrator(session):
        return None
    token = tokens.make_link(session, LinkPurpose.FIRST_ADMINISTRATOR, None, at=at)
    return link_address(base_url, token)


def link_address(base_url: str, token: str) -> str:
    """Give the address of a one-time link."""
    return f"{base_url.rstrip('/')}/sign-in/link/{token}"


def choose_password(
    session: Session, token: str, password: str, *, at: datetime, email: str = "", name: str = ""
) -> Account:
    """Use a link up: choose a password, and as the first administrator make the account.

    `email` counts only for the first administrator; an empty `name` leaves the name as it is. Raises
    NotFoundError for a dead link, ConflictError if there is an administrator, InvalidError for a password
    or e-mail that will not do.
    """
    link = tokens.use_link(session, token, at=at)
    if link.purpose is LinkPurpose.FIRST_ADMINISTRATOR:
        if queries.has_administrator(session):
            raise ConflictError(N_("There is an administrator already. Ask her to invite you."))
        account = _first_administrator(session, email, at=at)
    else:
        assert link.account_id is not None  # every other purpose has one
        account = queries.get_account(session, link.account_id)
        _check_active(account)
    rules.check_password(password, account.email)
    account.password_hash = passwords.hash_password(password)
    account.name = name.strip() or account.name
    end_sessions(session, account.id, by=account.id, at=at)
    audit.record(session, "account.password_chosen", kind="account", subject=account.id, by=account.id, at=at)
    return account


def count_try(session: Session, email: str, network_address: str, *, at: datetime) -> timedelta | None:
    """Count a try to sign in; give None if it may go on, else for how long to wait.

    The caller commits before the password is looked at, so that a failed try stays counted and guessing
    costs us nothing.
    """
    for address, limits in ((network_address, _NETWORK_TRIES), (rules.fold_email(email), _TRIES)):
        for scope, limit, within in limits:
            if not throttle.allow(session, scope, address, limit=limit, within=within, at=at):
                return within
    return None


def find_account_to_sign_in(session: Session, email: str, password: str) -> int | None:
    """Give the id of the active account with this e-mail and password, or None, always as slowly."""
    account = queries.find_account_by_email(session, email)
    stored = account.password_hash if account is not None and account.is_active else None
    found = account.id if account is not None else None
    session.rollback()  # no transaction stays open while argon2 works
    return found if passwords.is_password(password, stored) else None


def sign_in(session: Session, account_id: int, *, device: str, at: datetime) -> str:
    """Begin a session of an account that proved itself, and give its token, which is new each time.

    Raises ConflictError if the account was deactivated meanwhile.
    """
    account = queries.get_account(session, account_id)
    _check_active(account)
    for scope, _limit, _within in _TRIES:
        throttle.forget(session, scope, account.email, at=at)
    _idle, absolute = queries.session_limits(session)
    session.execute(
        delete(SignedIn).where(SignedIn.account_id == account_id, SignedIn.started_at <= at - absolute)
    )
    token = new_token()
    session.add(
        SignedIn(
            token_hash=sha256(token),
            account_id=account_id,
            started_at=at,
            seen_at=at,
            proved_at=at,
            device=device[:60],
        )
    )
    audit.record(session, "account.signed_in", kind="account", subject=account_id, by=account_id, at=at)
    return token


def note_seen(session: Session, session_id: int, *, at: datetime) -> None:
    """Remember that a session is in use."""
    session.execute(update(SignedIn).where(SignedIn.id == session_id).values(seen_at=at))


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


def deactivate(session: Session, account: Account, *, by: int | None, at: datetime) -> None:
    """Close an account: its sessions end and its links die.

    Raises ConflictError for the last administrator.
    """
    administrators = session.scalars(
        select(Account.id)
        .where(Account.role == Role.ADMINISTRATOR, Account.is_active, Account.password_hash.is_not(None))
        .with_for_update()
    ).all()
    if list(administrators) == [account.id]:
        raise ConflictError(N_("This is the last administrator. Add another one first."))
    account.is_active = False
    end_sessions(session, account.id, by=by, at=at)
    tokens.void_links(session, account.id, at=at)
    audit.record(session, "account.deactivated", kind="account", subject=account.id, by=by, at=at)


def _first_administrator(session: Session, email: str, *, at: datetime) -> Account:
    """Give the account for the first administrator: new, or the one invited to this e-mail before."""
    account = queries.find_account_by_email(session, email)
    if account is None:
        return add_account(session, email, Role.ADMINISTRATOR, by=None, at=at)
    _check_active(account)
    account.role = Role.ADMINISTRATOR
    return account


def _end(session: Session, gone: object, account_id: int, *, by: int | None, at: datetime) -> int:
    result = session.execute(gone)  # type: ignore[call-overload]
    assert isinstance(result, CursorResult)
    if result.rowcount:
        audit.record(session, "account.sessions_ended", kind="account", subject=account_id, by=by, at=at)
    return result.rowcount


def _check_active(account: Account) -> None:
    if not account.is_active:
        raise ConflictError(N_("This account was closed."))
