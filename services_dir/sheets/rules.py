"""How a sheet is laid out, and which words a discreet one leaves out."""

from __future__ import annotations

import re

from services_dir.values import fold

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


def is_telling(text: str) -> bool:
    """Tell whether a text says what kind of help this is."""
    return _TELLS.search(fold(text)) is not None


def initials(name: str) -> str:
    """Give the first letters of a name's words, small words left out: "House of Made-up Light" is "HMUL"."""
    words = [word for word in _WORD.findall(name) if fold(word) not in _SMALL]
    return "".join(word if word.isdigit() else word[0].upper() for word in words)
