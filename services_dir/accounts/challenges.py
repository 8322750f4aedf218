"""What a passkey is asked to sign: made without writing anything, known again, and good for a few minutes."""

from __future__ import annotations

import hmac
import secrets
from datetime import UTC, datetime, timedelta
from typing import Final

LASTS: Final = timedelta(minutes=15)
_STAMP, _RANDOM, _SEAL = 8, 24, 32


def new_challenge(key: str, browser: str, *, at: datetime) -> bytes:
    """Give a challenge for one browser, which is known by the CSRF secret in its cookie."""
    body = int(at.timestamp()).to_bytes(_STAMP, "big") + secrets.token_bytes(_RANDOM)
    return body + _seal(key, browser, body)


def is_ours(challenge: bytes, key: str, browser: str, *, at: datetime) -> bool:
    """Tell whether a challenge was made for this browser, with this key, not too long ago."""
    if len(challenge) != _STAMP + _RANDOM + _SEAL:
        return False
    body, seal = challenge[:-_SEAL], challenge[-_SEAL:]
    if not hmac.compare_digest(seal, _seal(key, browser, body)):
        return False
    made_at = datetime.fromtimestamp(int.from_bytes(body[:_STAMP], "big"), UTC)
    return -LASTS <= at - made_at <= LASTS


def _seal(key: str, browser: str, body: bytes) -> bytes:
    return hmac.digest(key.encode(), b"passkey challenge\0" + browser.encode() + b"\0" + body, "sha256")
