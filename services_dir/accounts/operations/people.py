"""People: their accounts are added, invited, recovered, changed, closed and opened again."""

from __future__ import annotations

from datetime import datetime

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services_dir import audit
from services_dir.accounts import passwords, queries, rules, tokens
from services_dir.accounts.models import Account, LinkPurpose, Role
from services_dir.accounts.operations.factors import clear_factors
from services_dir.accounts.operations.sessions import end_sessions
from services_dir.accounts.passwords import NewPassword
from services_dir.errors import N_, ConflictError, InvalidError


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
    """Give the token of a link with which somebody chooses a password; a link made before stops working.

    Raises ConflictError if the account has a password or was closed.
    """
    account = queries.get_account_to_change(session, account.id)
    _check_active(account)
    if account.password_hash is not None:
        raise ConflictError(N_("This account has a password already."))
    purpose = tokens.find_last_purpose(session, account.id) or LinkPurpose.INVITATION
    token = tokens.make_link(session, purpose, account.id, at=at)
    audit.record(session, "account.invited", kind="account", subject=account.id, by=by, at=at)
    return token


def recover(session: Session, account: Account, *, by: int | None, at: datetime) -> str:
    """Give the token of a link for a new password and a new second factor.

    Until it is used nobody gets in: sessions, password and second factors end at once. Raises ConflictError
    if the account was closed.
    """
    account = queries.get_account_to_change(session, account.id)
    _check_active(account)
    account.password_hash = None
    clear_factors(session, account)
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
    session: Session, token: str, password: NewPassword, *, at: datetime, email: str = "", name: str = ""
) -> Account:
    """Use a link up: choose a password, and as the first administrator make the account.

    `email` counts only for the first administrator; an empty `name` leaves the name as it is. Raises
    NotFoundError for a dead link, ConflictError if there is an administrator, InvalidError for an e-mail
    that will not do.
    """
    link = tokens.get_link(session, token, at)
    if link.account_id is not None:
        queries.get_account_to_change(
            session, link.account_id
        )  # first, as `invite` does: nobody waits in a circle
    tokens.use_link(session, token, at=at)
    if link.purpose is LinkPurpose.FIRST_ADMINISTRATOR:
        if queries.has_administrator(session):
            raise ConflictError(N_("There is an administrator already. Ask her to invite you."))
        account = _first_administrator(session, email, at=at)
    else:
        assert link.account_id is not None  # every other purpose has one
        account = queries.get_account(session, link.account_id)
        _check_active(account)
    account.password_hash = password.hash
    account.name = name.strip() or account.name
    end_sessions(session, account.id, by=account.id, at=at)
    audit.record(session, "account.password_chosen", kind="account", subject=account.id, by=account.id, at=at)
    return account


def find_account_to_sign_in(session: Session, email: str, password: str) -> int | None:
    """Give the id of the active account with this e-mail and password, or None, always as slowly."""
    account = queries.find_account_by_email(session, email)
    stored = account.password_hash if account is not None and account.is_active else None
    found = account.id if account is not None else None
    session.rollback()  # no transaction stays open while argon2 works
    return found if passwords.is_password(password, stored) else None


def is_own_password(session: Session, account_id: int, password: str) -> bool:
    """Tell whether this is the password of an account."""
    stored = queries.get_account(session, account_id).password_hash
    session.rollback()  # no transaction stays open while argon2 works
    return passwords.is_password(password, stored)


def change_password(
    session: Session, account_id: int, password: NewPassword, *, this_session: int, at: datetime
) -> None:
    """Give an account another password; all its sessions but this one end, and its links die."""
    account = queries.get_account_to_change(session, account_id)
    account.password_hash = password.hash
    end_sessions(session, account_id, by=account_id, at=at, but=this_session)
    tokens.void_links(session, account_id, at=at)
    audit.record(
        session, "account.password_changed", kind="account", subject=account_id, by=account_id, at=at
    )


def change_profile(session: Session, account_id: int, *, name: str, language: str, at: datetime) -> None:
    """Change how an account is called, and the language of its mail."""
    account = queries.get_account_to_change(session, account_id)
    wanted = {"name": name.strip(), "language": language}
    changed = [key for key, value in wanted.items() if getattr(account, key) != value]
    for key in changed:
        setattr(account, key, wanted[key])
    if changed:
        audit.record(
            session,
            "account.changed",
            kind="account",
            subject=account_id,
            by=account_id,
            at=at,
            fields=changed,
        )


def change_role(session: Session, account: Account, role: Role, *, by: int | None, at: datetime) -> None:
    """Give an account another role. Raises ConflictError for the last administrator."""
    if account.role is role:
        return
    if role is not Role.ADMINISTRATOR:
        _check_not_last(session, account)
    account.role = role
    audit.record(
        session, "account.role_changed", kind="account", subject=account.id, by=by, at=at, fields=[role.value]
    )


def revoke_invitation(session: Session, account: Account, *, by: int | None, at: datetime) -> None:
    """Take an invitation back: its link dies and the account is closed.

    Raises ConflictError if the person has chosen a password meanwhile.
    """
    account = queries.get_account_to_change(session, account.id)
    if account.password_hash is not None:
        raise ConflictError(N_("This person has chosen a password meanwhile. Close the account instead."))
    account.is_active = False
    tokens.void_links(session, account.id, at=at)
    audit.record(session, "account.invitation_revoked", kind="account", subject=account.id, by=by, at=at)


def deactivate(session: Session, account: Account, *, by: int | None, at: datetime) -> None:
    """Close an account: its sessions end and its links die.

    Raises ConflictError for the last administrator.
    """
    _check_not_last(session, account)
    account.is_active = False
    end_sessions(session, account.id, by=by, at=at)
    tokens.void_links(session, account.id, at=at)
    audit.record(session, "account.deactivated", kind="account", subject=account.id, by=by, at=at)


def reactivate(session: Session, account: Account, *, by: int | None, at: datetime) -> None:
    """Open a closed account again; its person signs in as before, if she ever chose a password."""
    if account.is_active:
        return
    account.is_active = True
    audit.record(session, "account.reactivated", kind="account", subject=account.id, by=by, at=at)


def _check_not_last(session: Session, account: Account) -> None:
    """Raise ConflictError for the last administrator who can sign in; nobody else leaves meanwhile.

    Locks them all in the order of their ids, so that two who close each other do not wait in a circle.
    """
    administrators = session.scalars(
        select(Account.id)
        .where(Account.role == Role.ADMINISTRATOR, Account.is_active, Account.password_hash.is_not(None))
        .order_by(Account.id)
        .with_for_update()
    ).all()
    if list(administrators) == [account.id]:
        raise ConflictError(N_("This is the last administrator. Add another one first."))


def _first_administrator(session: Session, email: str, *, at: datetime) -> Account:
    """Give the account for the first administrator: new, or the one invited to this e-mail before."""
    account = queries.find_account_by_email(session, email)
    if account is None:
        return add_account(session, email, Role.ADMINISTRATOR, by=None, at=at)
    _check_active(account)
    account.role = Role.ADMINISTRATOR
    return account


def _check_active(account: Account) -> None:
    if not account.is_active:
        raise ConflictError(N_("This account was closed."))
