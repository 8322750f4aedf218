"""How often one may try: counted and committed before anything is compared, so that guessing costs nothing.

What counts first is an account together with the network the try comes from, so that nobody who merely
knows an e-mail address keeps its owner out. What counts for an account alone is much higher, and neither
stops an open session nor a passkey.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from services_dir import throttle
from services_dir.accounts import rules

_MINUTES: Final = timedelta(minutes=5)
_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)

# Scope, how often, within what time.
_Limits = Sequence[tuple[str, int, timedelta]]
_NETWORK: Final[_Limits] = (("sign-in-network", 60, _MINUTES),)
_PASSKEY: Final[_Limits] = (("passkey-network", 60, _MINUTES),)
_PASSWORD_HERE: Final[_Limits] = (("sign-in-minutes", 5, _MINUTES), ("sign-in-day", 20, _DAY))
_PASSWORD: Final[_Limits] = (("sign-in-account", 100, _HOUR),)
_CODE_HERE: Final[_Limits] = (("code-minutes", 5, _MINUTES),)
_CODE: Final[_Limits] = (("code-account", 60, _DAY),)  # of a million codes three are good at a time
_RECOVERY_HERE: Final[_Limits] = (("recovery-minutes", 5, _MINUTES),)
_RECOVERY: Final[_Limits] = (("recovery-account", 60, _DAY),)
_PROOF: Final[_Limits] = (("proof-minutes", 5, _MINUTES),)


def count_try(session: Session, email: str, network_address: str, *, at: datetime) -> timedelta | None:
    """Count a try to sign in with a password; give None if it may go on, else for how long to wait.

    The caller commits before the password is looked at, so that a failed try stays counted.
    """
    folded = rules.fold_email(email)
    network = throttle.network(network_address)
    return (
        _count(session, network, _NETWORK, at)
        or _count(session, _pair(folded, network), _PASSWORD_HERE, at)
        or _count(session, folded, _PASSWORD, at)
    )


def count_passkey_try(session: Session, network_address: str, *, at: datetime) -> timedelta | None:
    """Count a try with a passkey, apart from passwords, so that tries of these stop no passkey."""
    return _count(session, throttle.network(network_address), _PASSKEY, at)


def count_code_try(
    session: Session, account_id: int, network_address: str, *, at: datetime
) -> timedelta | None:
    """Count a try with a code of the app: as `count_try`."""
    pair = _pair(account_id, throttle.network(network_address))
    return _count(session, pair, _CODE_HERE, at) or _count(session, str(account_id), _CODE, at)


def count_recovery_try(
    session: Session, account_id: int, network_address: str, *, at: datetime
) -> timedelta | None:
    """Count a try with a recovery code: as `count_try`."""
    pair = _pair(account_id, throttle.network(network_address))
    return _count(session, pair, _RECOVERY_HERE, at) or _count(session, str(account_id), _RECOVERY, at)


def count_proof_try(session: Session, session_id: int, *, at: datetime) -> timedelta | None:
    """Count a password given again in an open session: only that session can use its tries up."""
    return _count(session, str(session_id), _PROOF, at)


def forget_tries(
    session: Session, account_id: int, email: str, network_address: str, *, at: datetime
) -> None:
    """Take back what was counted for an account from a network, because it signed in from there."""
    network = throttle.network(network_address)
    for scope, _limit, _within in _PASSWORD_HERE:
        throttle.forget(session, scope, _pair(rules.fold_email(email), network), at=at)
    for scope, _limit, _within in (*_CODE_HERE, *_RECOVERY_HERE):
        throttle.forget(session, scope, _pair(account_id, network), at=at)


def _pair(account: str | int, network: str) -> str:
    return f"{account}\0{network}"


def _count(session: Session, address: str, limits: _Limits, at: datetime) -> timedelta | None:
    for scope, limit, within in limits:
        if not throttle.allow(session, scope, address, limit=limit, within=within, at=at):
            return within
    return None
