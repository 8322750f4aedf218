"""Passkeys of an account: added, used, removed. What was signed once is not accepted twice."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services_dir import audit
from services_dir.accounts import passkeys, queries
from services_dir.accounts.models import Passkey, UsedChallenge
from services_dir.accounts.passkeys import Answer, Ceremony, NewKey
from services_dir.errors import N_, ConflictError, InvalidError
from services_dir.values import sha256

MOST: Final = 20
_KEPT: Final = timedelta(hours=1)  # longer than a challenge is good


def add_passkey(
    session: Session, account_id: int, key: NewKey, challenge: bytes, *, name: str, at: datetime
) -> Passkey:
    """Give an account a passkey.

    Raises ConflictError if it is known already or the account has very many, InvalidError if the answer
    was sent before.
    """
    if not _use_challenge(session, challenge, at):
        raise InvalidError(N_("This was sent before. Please try again."))
    account = queries.get_account_to_change(session, account_id)
    total = session.scalar(select(func.count()).where(Passkey.account_id == account.id)) or 0
    if total >= MOST:
        raise ConflictError(N_("An account may have {most} passkeys. Remove one first."), most=MOST)
    passkey = Passkey(
        account_id=account.id,
        credential_id=key.credential_id,
        public_key=key.public_key,
        sign_count=key.sign_count,
        name=name.strip()[:60],
        made_at=at,
    )
    try:
        with session.begin_nested():
            session.add(passkey)
    except IntegrityError as error:
        raise ConflictError(N_("This passkey is known already.")) from error
    audit.record(session, "account.passkey_added", kind="account", subject=account.id, by=account.id, at=at)
    return passkey


def answer_passkey(
    session: Session,
    ceremony: Ceremony,
    answer: Answer,
    *,
    verified: bool,
    at: datetime,
    account_id: int | None = None,
) -> int | None:
    """Give the id of the active account whose passkey answered, or None; of `account_id` alone if given.

    `verified`: only an answer counts for which the device asked for a finger, a face or a PIN.
    """
    passkey = session.scalar(
        select(Passkey).where(Passkey.credential_id == answer.credential_id).with_for_update(of=Passkey)
    )
    if passkey is None or not passkey.account.is_active or account_id not in (None, passkey.account_id):
        return None
    count = passkeys.new_count(
        ceremony,
        answer,
        public_key=passkey.public_key,
        sign_count=passkey.sign_count,
        verified=verified,
    )
    if count is None or not _use_challenge(session, answer.challenge, at):
        return None
    passkey.sign_count, passkey.used_at = count, at
    return passkey.account_id


def remove_passkey(session: Session, account_id: int, passkey_id: int, *, at: datetime) -> bool:
    """Take a passkey from its account, and tell whether there was one."""
    gone = delete(Passkey).where(Passkey.account_id == account_id, Passkey.id == passkey_id)
    if session.scalar(gone.returning(Passkey.id)) is None:
        return False
    audit.record(session, "account.passkey_removed", kind="account", subject=account_id, by=account_id, at=at)
    return True


def _use_challenge(session: Session, challenge: bytes, at: datetime) -> bool:
    session.execute(delete(UsedChallenge).where(UsedChallenge.used_at < at - _KEPT))
    try:
        with session.begin_nested():
            session.add(UsedChallenge(digest=sha256(challenge.hex()), used_at=at))
    except IntegrityError:
        return False
    return True
