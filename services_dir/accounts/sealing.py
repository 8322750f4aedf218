"""Secrets that the database holds and must not be able to read: sealed with the key of the register."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def seal(text: str, key: str) -> str:
    """Give a text sealed with a key: different each time, at most 200 characters for 60."""
    return _box(key).encrypt(text.encode()).decode()


def unseal(sealed: str | None, key: str) -> str | None:
    """Give the text again, or None if there is none or it was sealed with another key."""
    if sealed is None:
        return None
    try:
        return _box(key).decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


@lru_cache(maxsize=4)
def _box(key: str) -> Fernet:
    # A key of its own: what signs cookies and what seals secrets must not be the same bytes.
    derived = HKDF(SHA256(), 32, salt=None, info=b"services-dir: secrets of accounts").derive(key.encode())
    return Fernet(urlsafe_b64encode(derived))
