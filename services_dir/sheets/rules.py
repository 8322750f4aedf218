"""What may stand on a sheet: how many programs, and which words a discreet one leaves out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from services_dir.values import fold, slugify

MOST_PROGRAMS = 12
PER_PAGE = 3

# Beginnings of words that tell what a sheet is about to whoever finds it; English and Spanish, folded.
_TELLING = (
    "abus",
    "asylum",
    "advoca",
    "agres",
    "assault",
    "asilo",
    "batter",
    "crisis",
    "defens",
    "domestic",
    "escap",
    "exploit",
    "explot",
    "freedom",
    "hotline",
    "immigra",
    "inmigra",
    "maltrat",
    "protect",
    "proteg",
    "rape",
    "refug",
    "rescue",
    "runaway",
    "safe",
    "sex",
    "shelter",
    "slave",
    "sobreviv",
    "surviv",
    "traff",
    "trafic",
    "trauma",
    "victim",
    "violen",
)
_TELLS = re.compile(rf"\b(?:{'|'.join(_TELLING)}|trata\b)")
_SMALL = frozenset("a and at de del el en for in la las los of on para por the to y".split())
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Chosen:
    """The slugs that were sent, each once; how many cannot be one, and how many were too many."""

    slugs: tuple[str, ...]
    unreadable: int = 0
    too_many: int = 0


def read_chosen(values: Iterable[str]) -> Chosen:
    """Read what was sent as programs, in the order of choosing. Whatever was sent, nothing is raised."""
    sent = tuple(dict.fromkeys(value.strip() for value in values if value.strip()))
    slugs = tuple(value for value in sent if value == slugify(value))
    kept = slugs[:MOST_PROGRAMS]
    return Chosen(kept, unreadable=len(sent) - len(slugs), too_many=len(slugs) - len(kept))


def is_telling(text: str) -> bool:
    """Tell whether a text says what kind of help this is."""
    return _TELLS.search(fold(text)) is not None


def initials(name: str) -> str:
    """Give the first letters of a name's words, small words left out: "House of Made-up Light" is "HMUL"."""
    words = [word for word in _WORD.findall(name) if fold(word) not in _SMALL]
    return "".join(word if word.isdigit() else word[0].upper() for word in words)
