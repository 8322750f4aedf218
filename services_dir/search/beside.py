"""What else has the words of a search: parts above this one enter what they find, `app.py` registers it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from flask import Flask, current_app

_KEY = "found_beside"


@dataclass(frozen=True)
class Found:
    """Something found: its title and the language of that, short words about it, and where it is."""

    title: str
    lang: str | None
    facts: str
    address: str


@dataclass(frozen=True)
class Beside:
    """A few things found, under a heading; `more` is the address of all of them if there are more."""

    heading: str
    found: tuple[Found, ...]
    more: str | None = None


class Finder(Protocol):
    """Finds what has the words of a search, or gives None. It is asked for every search: it must be quick."""

    def __call__(self, words: str) -> Beside | None:
        """Give what has all of these words."""


def add(app: Flask, finder: Finder) -> None:
    """Have a finder asked for what stands beside the programs of a search."""
    app.extensions.setdefault(_KEY, []).append(finder)


def find(words: str) -> tuple[Beside, ...]:
    """Give what the finders have for some words; nothing without words."""
    if not words:
        return ()
    found = (finder(words) for finder in current_app.extensions.get(_KEY, ()))
    return tuple(one for one in found if one is not None)
