"""What the templates of phone numbers are given."""

from __future__ import annotations

from dataclasses import dataclass

from services_dir.moderation.forms import NumberForm
from services_dir.moderation.numbers import ListingWith


@dataclass(frozen=True)
class NumberLine:
    """A number that listings name, as it is spoken, and how many name it."""

    number: str
    spoken: str
    count: int


@dataclass(frozen=True)
class NumbersPage:
    """Numbers that several listings name, and those found by their digits."""

    title: str
    q: str
    lines: list[NumberLine]


@dataclass(frozen=True)
class NumberPage:
    """One number: who names it, and the form for another one."""

    title: str
    number: str
    spoken: str
    listings: list[ListingWith]
    is_hotline: bool
    form: NumberForm
