"""Which words of a text match what was typed, whatever their endings, accents and case."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

from services_dir.search import analyzer
from services_dir.search.stemming import stem
from services_dir.values import fold

# Letters and digits of any script with the accents that may follow them; letters with dots are one word.
_ACCENTS = r"[\u0300-\u036f]"
_LETTERS = rf"[^\W_]*(?:{_ACCENTS}+[^\W_]*)*"
_REST = rf"(?:{_ACCENTS}*(?:\.[^\W_]{_ACCENTS}*)+\.?|{_LETTERS}(?:['\u2019][^\W_]{_LETTERS})*)"
_LATIN = range(0xC0, 0x250)


@dataclass(frozen=True)
class Piece:
    """A stretch of a text, and whether it matches."""

    text: str
    is_match: bool


class Match(NamedTuple):
    """A word of a text, from where to where it goes, and the stems it was found by."""

    start: int
    end: int
    stems: frozenset[str]


class Highlighter:
    """Finds in many texts the words that have one of some stems.

    Stemming never changes the first letter of a word, so only words that begin like a stem are looked at.
    """

    def __init__(self, stems: Collection[str]) -> None:
        self._stems = frozenset(stems)
        first = "".join(sorted({letter for text in self._stems for letter in _letters(text[:1])}))
        # The letter goes before the look behind it: letters are sought faster than ends of words.
        self._word = re.compile(rf"[{re.escape(first)}](?<!\w.){_REST}") if first else None

    def matches(self, text: str) -> list[Match]:
        """Give each word that matches."""
        words = self._word.finditer(text) if self._word is not None else ()
        found = ((word, self._stems & _stems_of(word[0])) for word in words)
        return [Match(word.start(), word.end(), stems) for word, stems in found if stems]


def marked(text: str, understood_stems: Collection[str]) -> tuple[Piece, ...]:
    """Cut one text into pieces that match and pieces that do not; together they are the text."""
    return pieces(text, Highlighter(understood_stems).matches(text))


def pieces(text: str, matches: Iterable[Match]) -> tuple[Piece, ...]:
    """Cut a text by its matches; matching words with nothing but spaces between them are one piece."""
    spans: list[tuple[int, int]] = []
    for match in matches:
        if spans and text[spans[-1][1] : match.start].isspace():
            spans[-1] = (spans[-1][0], match.end)
        else:
            spans.append((match.start, match.end))
    return tuple(_pieces(text, spans))


def _pieces(text: str, spans: list[tuple[int, int]]) -> Iterator[Piece]:
    end = 0
    for start, stop in spans:
        if end < start:
            yield Piece(text[end:start], is_match=False)
        yield Piece(text[start:stop], is_match=True)
        end = stop
    if end < len(text):
        yield Piece(text[end:], is_match=False)


@lru_cache(maxsize=1 << 14)
def _stems_of(word: str) -> frozenset[str]:
    return frozenset(map(stem, analyzer.terms(word)))


def _letters(first: str) -> str:
    """Give the letters that a word may begin with whose stem begins with one."""
    return first + first.upper() + "".join(_accented()[first])


@cache
def _accented() -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for letter in map(chr, _LATIN):
        found[fold(letter)[:1]].append(letter)
    return found
