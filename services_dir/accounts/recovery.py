"""Recovery codes: made, folded and hashed. Each stands in for the app once."""

from __future__ import annotations

import secrets
from typing import Final

from services_dir.values import fold, sha256

HOW_MANY: Final = 10
# Without signs that are taken for one another on paper: 0 and o, 1 and i and l.
_ALPHABET: Final = "23456789abcdefghjkmnpqrstuvwxyz"
_LENGTH: Final = 16  # 79 bits: nobody guesses one


def new_codes() -> tuple[str, ...]:
    """Give ten codes such as "k7fq-2mzn-8xwd-4c9h"."""
    return tuple(_new_code() for _ in range(HOW_MANY))


def hash_code(typed: str, account_id: int) -> str:
    """Give the hash of a code of an account; capitals, spaces and hyphens do not matter."""
    folded = "".join(c for c in fold(typed) if c.isalnum())
    return sha256(f"{account_id}:{folded}")


def _new_code() -> str:
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
    return "-".join(letters[i : i + 4] for i in range(0, _LENGTH, 4))
