"""From text to terms. One function for what is indexed and what is typed, so that both agree.

Stemming, prefixes and spelling come in here; nothing else knows how a term is made.
"""

from __future__ import annotations

import re

from services_dir.values import fold

# Part of the fingerprint: another value means that every index is built anew.
VERSION = 1

_WORD = re.compile(r"[a-z0-9]+(?:['\u2019][a-z0-9]+)*")
# Seven digits and more, however they are grouped, and short codes written with hyphens (2-1-1).
_NUMBER = re.compile(r"(?<![\w.-])\+?\(?\d[\d\s().\-]{5,}\d(?![\w-])|(?<![\w-])\d-\d-\d(?![\w-])")
_LONGEST = 64


def terms(text: str) -> list[str]:
    """Give the terms of a text in their order: words in lower case without accents."""
    return [_bare(word) for word in _WORD.findall(fold(text))]


def query_terms(text: str) -> list[str]:
    """Give the terms of what was typed, each once; a phone number in any notation is one term."""
    found: list[str] = []

    def take(match: re.Match[str]) -> str:
        digits = national_digits(match[0])
        if len(digits) not in (3, 7, 10):
            return match[0]
        found.append(digits)
        return " "

    rest = _NUMBER.sub(take, fold(text))
    return list(dict.fromkeys([*found, *terms(rest)]))


def typed_number(text: str) -> str | None:
    """Give the digits if what was typed is one phone number and nothing else."""
    plain = fold(text).strip()
    if not plain or not all(c.isdecimal() or c in "+()-. " for c in plain):
        return None
    digits = national_digits(plain)
    return digits if len(digits) >= 3 else None


def national_digits(number: str) -> str:
    """Give the digits of a number without the country code that is left out in national use."""
    digits = "".join(c for c in number if c in "0123456789")
    return digits[1:] if len(digits) == 11 and digits.startswith("1") else digits


def number_terms(number: str) -> list[str]:
    """Give the terms under which a stored number is found: its digits, and those dialled locally."""
    digits = national_digits(number)
    return [digits, digits[3:]] if len(digits) == 10 else [digits]


def _bare(word: str) -> str:
    return word.replace("'", "").replace("\u2019", "")[:_LONGEST]
