"""Small values and helpers that every feature may use."""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Generic, TypeVar
from uuid import UUID, uuid5

import phonenumbers

T = TypeVar("T")

# Of most numbers here; the library takes ten times as long for them.
_AMERICAN = re.compile(r"\+1([2-9][0-9]{2})([0-9]{3})([0-9]{4})")
_TOLL_FREE = ("800", "833", "844", "855", "866", "877", "888")

# Namespace of the UUIDs of seed records: the same kind and slug give the same UUID everywhere.
SEED_NAMESPACE = UUID("6f1c2f7e-0d5b-5c57-9a0e-2b8f5a3c4d10")

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_NOT_IN_SLUG = re.compile(r"[^a-z0-9]+")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u2028\u2029\ufeff\ud800-\udfff]")


def seed_uuid(kind: str, *parts: object) -> str:
    """Give the UUIDv5 of a seed row, from its kind and what names it."""
    return str(uuid5(SEED_NAMESPACE, "/".join([kind, *map(str, parts)])))


def fold(text: str) -> str:
    """Lower a text and take its accents off, for comparing names."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()


def slugify(text: str) -> str:
    """Give the lower-case ASCII words of a text joined by hyphens, at most 80 characters."""
    return _NOT_IN_SLUG.sub("-", fold(text)).strip("-")[:80].rstrip("-")


def one_edit(word: str, kept: int | None = None) -> list[str]:
    """Give everything one letter away: added, dropped, changed, or swapped with the next.

    With `kept`, only what keeps at most so many letters of its beginning as they are.
    """
    most = len(word) if kept is None else kept
    cuts = [(word[:i], word[i:]) for i in range(most + 1)]
    return [
        *(before + letter + after for before, after in cuts for letter in _LETTERS),
        *(before + letter + after[1:] for before, after in cuts if after for letter in _LETTERS),
        *(before + after[1:] for before, after in cuts if after),
        *(before + after[1] + after[0] + after[2:] for before, after in cuts if len(after) > 1),
    ]


def without_controls(text: str) -> str:
    """Drop control characters and lone surrogates, keeping tabs and line ends."""
    return _CONTROLS.sub("", text)


def months_later(day: date, months: int) -> date:
    """Give the day some months later, or earlier; the last of a month that has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def new_token() -> str:
    """Give 192 random bits as text that fits into an address."""
    return secrets.token_urlsafe(24)


def sha256(text: str) -> str:
    """Give the SHA-256 of a text as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def spoken_number(number: str) -> str:
    """Write an E.164 number as people read it; a short code stays as it is."""
    if american := _AMERICAN.fullmatch(number):
        spoken = "-".join(american.groups())
        return f"1-{spoken}" if american[1] in _TOLL_FREE else spoken
    if not number.startswith("+"):
        return number
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    if parsed.country_code == 1:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


class Labelled(StrEnum):
    """A value of a closed list with a label that `web` translates."""

    _label: str

    def __new__(cls, value: str, label: str = "") -> Labelled:
        """Keep the label beside the value; it is left out where a value is looked up."""
        item = str.__new__(cls, value)
        item._value_ = value
        item._label = label
        return item

    @property
    def label(self) -> str:
        """Give the English label, marked for translation."""
        return self._label


@dataclass(frozen=True)
class Paged(Generic[T]):
    """One stretch of a longer list: its items, the page's number from 1, and the total."""

    items: Sequence[T]
    page: int
    size: int
    total: int

    @property
    def pages(self) -> int:
        """Give the number of pages, at least 1."""
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        """Give the number of the first item shown, from 1; 0 when there is none."""
        return (self.page - 1) * self.size + 1 if self.items else 0

    @property
    def last(self) -> int:
        """Give the number of the last item shown."""
        return (self.page - 1) * self.size + len(self.items)

    def __iter__(self) -> Iterator[T]:
        return iter(self.items)
