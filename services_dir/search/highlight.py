"""Which words of a text match what was typed, whatever their endings, accents and case."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache, lru_cache
from typing import NamedTuple

from services_dir.search import analyzer
from services_dir.search.stemming import stem
from services_dir.values import fold

# Letters and digits of any script with the accents that may follow them; letters with dots are one word.
_ACCENTS = r"[\u0300-\u036f]"
_LETTERS = rf"[^\W_]*(?:{_ACCENTS}+[^\W_]*)*"
_REST = rf"(?:{_ACCENTS}*(?:\.[^\W_]{_ACCENTS}*)+\.?|{_LETTERS}(?:['\u2019][^\W_]{_LETTERS})*)"
_BETWEEN = r"\u0300-\u036f.'\u2019"  # what may stand after the first letter of a word
_VOWELS = "aeiouy"
_LATIN = range(0xC0, 0x250)


class Piece(NamedTuple):
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

    Stemming keeps the first letter of a word, and changes the second one only from vowel to vowel, so no
    word that begins otherwise is looked at.
    """

    def __init__(self, stems: Collection[str]) -> None:
        self._stems = frozenset(filter(None, stems))
        first = _alike({text[0] for text in self._stems})
        is_long = all(len(text) > 1 for text in self._stems)
        second = (
            _alike({letter for text in self._stems for letter in _second_letters(text)}) if is_long else ""
        )
        # Letters go before what lies behind them: they are sought faster than ends of words.
        start = rf"[{first}](?<!\w.)(?=[{second}{_BETWEEN}])" if second else rf"[{first}](?<!\w.)"
        self._word = re.compile(start + _REST) if first else None

    def matches(self, text: str) -> list[Match]:
        """Give each word that matches."""
        found = []
        for word in self._word.finditer(text) if self._word is not None else ():
            stems = _stems_of(word[0])
            if not stems.isdisjoint(self._stems):
                found.append(Match(*word.span(), stems & self._stems))
        return found


def marked(text: str, understood_stems: Collection[str]) -> tuple[Piece, ...]:
    """Cut one text into pieces that match and pieces that do not; together they are the text."""
    return pieces(text, Highlighter(understood_stems).matches(text))


def pieces(text: str, matches: Iterable[Match]) -> tuple[Piece, ...]:
    """Cut a text by its matches; matching words with only spaces or hyphens between them are one piece."""
    spans: list[tuple[int, int]] = []
    for match in matches:
        if spans and text[spans[-1][1] : match.start].replace("-", " ").isspace():
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


def _second_letters(text: str) -> str:
    """Give the letters that may come second in words with a stem."""
    return _VOWELS if text[1] in _VOWELS else text[1]


def _alike(letters: Iterable[str]) -> str:
    """Give some letters with those that differ by case and accents alone, as they stand in a pattern."""
    return "".join(letter + letter.upper() + "".join(_accented()[letter]) for letter in sorted(letters))


@cache
def _accented() -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for letter in map(chr, _LATIN):
        found[fold(letter)[:1]].append(letter)
    return found
