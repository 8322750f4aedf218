"""Which words of a text match what was typed, whatever their endings, accents and case."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from markupsafe import Markup, escape

from services_dir.search import analyzer
from services_dir.search.stemming import stem

# Letters and digits of any script with the accents that may follow them; letters with dots are one word.
_ACCENTS = r"[\u0300-\u036f]"
_LETTERS = rf"[^\W_]*(?:{_ACCENTS}+[^\W_]*)*"
_WORD = re.compile(
    rf"[^\W_](?:{_ACCENTS}*(?:\.[^\W_]{_ACCENTS}*)+\.?|{_LETTERS}(?:['\u2019][^\W_]{_LETTERS})*)"
)
_VOWELS = "aeiouy"
_BETWEEN = ".'"  # beside letters, what may stand after the first letter of a word
_FIRST_BEYOND_ASCII = 0x80


class Piece(NamedTuple):
    """A stretch of a text, and whether it matches."""

    text: str
    is_match: bool


class Match(NamedTuple):
    """A word of a text, from where to where it goes, and the stems it was found by."""

    start: int
    end: int
    stems: frozenset[str]

    def moved(self, by: int) -> Match:
        """Give it as it stands in a text that begins elsewhere."""
        return Match(self.start + by, self.end + by, self.stems)


class Highlighter:
    """Finds in many texts the words that have one of some stems, and phrases where they stand together.

    Stemming keeps the first letter of a word, and changes the second one only from vowel to vowel, so no
    word that begins otherwise is looked at.
    """

    def __init__(self, stems: Collection[str], phrases: Iterable[frozenset[str]] = ()) -> None:
        self._alone = frozenset(filter(None, stems))
        self._phrases = tuple(phrase for phrase in phrases if not phrase <= self._alone)
        self._stems = self._alone.union(*self._phrases)
        first = frozenset(text[0] for text in self._stems)
        is_long = all(len(text) > 1 for text in self._stems)
        second = frozenset("".join(map(_second_letters, self._stems)) if is_long else "")
        self._start = _starting_with(first, second) if first else None

    def matches(self, text: str) -> list[Match]:
        """Give each word that matches."""
        found = []
        for start in self._start.finditer(text) if self._start is not None else ():
            word = _WORD.match(text, start.start())
            if word is not None:
                stems = _stems_of(word[0])
                if not stems.isdisjoint(self._stems):
                    found.append(Match(*word.span(), stems & self._stems))
        return self._together(text, found) if self._phrases else found

    def _together(self, text: str, found: list[Match]) -> list[Match]:
        """Leave out words that mean what was typed only with others, where these do not stand beside them."""
        kept = []
        for run in _runs(text, found):
            held = frozenset[str]().union(*(match.stems for match in run))
            said = self._alone.union(*(phrase for phrase in self._phrases if phrase <= held))
            kept += [Match(m.start, m.end, m.stems & said) for m in run if not m.stems.isdisjoint(said)]
        return kept


def marked(text: str, understood_stems: Collection[str]) -> tuple[Piece, ...]:
    """Cut one text into pieces that match and pieces that do not; together they are the text."""
    return pieces(text, Highlighter(understood_stems).matches(text))


def as_markup(text: str, matches: Sequence[Match]) -> Markup:
    """Give a text as markup in which what matches is marked."""
    if not matches:
        return escape(text)
    held = (
        f"<mark>{escape(piece.text)}</mark>" if piece.is_match else escape(piece.text)
        for piece in pieces(text, matches)
    )
    return Markup("".join(held))  # noqa: S704 - each piece is escaped


def pieces(text: str, matches: Iterable[Match]) -> tuple[Piece, ...]:
    """Cut a text by its matches; matching words with only spaces or hyphens between them are one piece."""
    return tuple(_pieces(text, [(run[0].start, run[-1].end) for run in _runs(text, matches)]))


def _runs(text: str, matches: Iterable[Match]) -> Iterator[list[Match]]:
    """Give the matches that have only spaces or hyphens between them together."""
    run: list[Match] = []
    for match in matches:
        if run and not text[run[-1].end : match.start].replace("-", " ").isspace():
            yield run
            run = []
        run.append(match)
    if run:
        yield run


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


@lru_cache(maxsize=1 << 10)
def _starting_with(first: frozenset[str], second: frozenset[str]) -> re.Pattern[str]:
    """Give the pattern of where a word may start with one of some letters, followed by one of others.

    Letters go before what lies behind them: they are sought faster than ends of words.
    """
    after = f"(?={_one_of(second.union(_BETWEEN))})" if second else ""
    return re.compile(rf"{_one_of(first)}(?<!\w.){after}")


def _one_of(letters: frozenset[str]) -> str:
    """Give the pattern of some letters in either case, and of all beyond ASCII, accented ones among them.

    It says what it is not, in a few ranges: that takes a fifth of the time to compile.
    """
    held = sorted({ord(case) for letter in letters if letter.isascii() for case in letter + letter.upper()})
    starts, ends = [0, *(code + 1 for code in held)], [*held, _FIRST_BEYOND_ASCII]
    ranges = (rf"\x{low:02x}-\x{high - 1:02x}" for low, high in zip(starts, ends, strict=True) if low < high)
    return f"[^{''.join(ranges)}]"
