"""Passwords: hashed with argon2 and compared in the same time whether or not there is an account."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from services_dir.accounts import rules

hasher: Final = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)

# Nobody's password, made with the hasher above: an unknown e-mail takes as long as a wrong password.
DUMMY: Final = (
    "$argon2id$v=19$m=65536,t=3,p=4$nelzYCBySz7WSKUQhYZSxw$gWFnyMLxpyHqnBPIHpXA6CPSOYUtoZQmWv5wDyxR/d8"
)


@dataclass(frozen=True)
class NewPassword:
    """A password that was checked and hashed, so that no transaction waits for argon2."""

    hash: str

    @classmethod
    def of(cls, password: str, email: str) -> NewPassword:
        """Check and hash a password for an e-mail address. Raises InvalidError with a sentence."""
        rules.check_password(password, rules.fold_email(email))
        return cls(hash_password(password))


def hash_password(password: str) -> str:
    """Give the text to store for a password."""
    return hasher.hash(_one_form(password))


def is_password(password: str, stored: str | None) -> bool:
    """Tell whether this is the password stored; with nothing stored, take as long and say no."""
    try:
        return hasher.verify(stored or DUMMY, _one_form(password)) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def _one_form(password: str) -> bytes:
    # Keyboards write "é" in two ways; both are the same password.
    return unicodedata.normalize("NFKC", password).encode(errors="surrogatepass")
