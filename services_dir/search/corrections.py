"""Typed words that nobody has, by what they may be: another spelling, a beginning, two words, a slip."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from services_dir.search.meanings import Meanings
from services_dir.search.small_words import CASE_WORDS, EVERYDAY_WORDS, PEOPLE_WORDS, STOP_WORDS, WEAK_WORDS
from services_dir.search.spelling import Spelling, distance

_BEGINNING = 0.7
_NEAR = 0.6
_MOST_BEGINNINGS = 6
_MOST_NEAR = 3
_MOST_CORRECTED = 3
_SHORTEST_BEGINNING = 3
_SHORTEST_PART = 3  # of two words typed as one
_NO_SLIPS = WEAK_WORDS | PEOPLE_WORDS | CASE_WORDS | EVERYDAY_WORDS
# "I am 15", "girl 15", "15 years old", but not "tengo 2 hijos".
_AGED = (
    "aged?|im|i am|shes|hes|is|turned|girl|boy|kid|child|daughter|son|teen|tengo|tiene|hija|hijo|nina|nino"
)
_AGE = re.compile(
    rf"\b(?:(?:{_AGED}) )(\d{{1,2}})\b(?! *(?:kids|children|hijos|ninos))"
    r"|\b(\d{1,2})[ -]*(?=y/?o\b|(?:years?|yrs?)[ -]*old|anos)"
)
_ADULT = 18
_MINOR = " minor "


@dataclass(frozen=True)
class Word:
    """A typed word, by what it is looked up, and what it may also be, each with a weight."""

    typed: str
    text: str
    others: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Corrector:
    """Corrects words by the words of the catalog and by what words mean."""

    spelling: Spelling
    meanings: Meanings

    def corrected(self, typed: Sequence[str], *, is_open: bool) -> Iterator[Word]:
        """Give the words without small ones, few of them guessed; with `is_open` the last one may go on."""
        spelled = list(self._without_slips(typed))
        said = [word for word in spelled if word.text not in STOP_WORDS] or spelled
        tries = _MOST_CORRECTED
        for position, word in enumerate(said):
            if self._is_known(word.text) or self._is_joined(said, position):
                yield word
                continue
            tries -= 1
            if tries < 0:
                yield word
            else:
                yield from self._guessed(word.text, is_open and position == len(said) - 1)

    def _without_slips(self, typed: Sequence[str]) -> Iterator[Word]:
        """Give each word as it is meant, but leave alone what means something as it is: "u visa"."""
        for position, word in enumerate(typed):
            meant = self.meanings.slips.get(word)
            if not meant or any(map(self.meanings.knows, self._pairs(typed, position))):
                yield Word(word, word)
            else:
                yield Word(word, meant[0])
                yield from (Word("", other) for other in meant[1:])

    def _pairs(self, typed: Sequence[str], position: int) -> Iterator[tuple[str, ...]]:
        """Give a word with the one before it and the one after it, as typed and as meant."""
        word = typed[position]
        for other in typed[max(0, position - 1) : position]:
            yield from ((one, word) for one in (other, *self.meanings.slips.get(other, ())))
        for other in typed[position + 1 : position + 2]:
            yield from ((word, one) for one in (other, *self.meanings.slips.get(other, ())))

    def _guessed(self, word: str, is_open: bool) -> Iterator[Word]:
        parts = self._parts(word)
        if parts and not self._is_slip(word, parts):
            yield from (Word(word, parts[0]), Word("", parts[1]))
            return
        if is_open and len(word) >= _SHORTEST_BEGINNING:
            begun = self.spelling.starting(word, _MOST_BEGINNINGS)
            if begun:
                yield Word(word, word, tuple((one, _BEGINNING) for one in begun))
                return
        near = self.spelling.near(word, _MOST_NEAR)
        yield Word(word, near[0], tuple((one, _NEAR) for one in near)) if near else Word(word, word)

    def _is_slip(self, word: str, parts: tuple[str, str]) -> bool:
        """Tell whether a word with a short part is rather another one with a letter wrong: "hat-ford"."""
        if min(map(len, parts)) > _SHORTEST_PART:
            return False
        near = self.spelling.near(word, 1)
        return bool(near) and near[0][0] == word[0] and distance(word, near[0]) == 1

    def _parts(self, word: str) -> tuple[str, str] | None:
        """Give the two words of the catalog that a word is made of."""
        for cut in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1):
            if self.spelling.has(word[:cut]) and self.spelling.has(word[cut:]):
                return word[:cut], word[cut:]
        return None

    def _is_known(self, word: str) -> bool:
        if not word.isalpha() or word in _NO_SLIPS:
            return True
        return self.spelling.knows(word) or self.meanings.knows((word,))

    def _is_joined(self, said: Sequence[Word], position: int) -> bool:
        """Tell whether a word is one with its neighbour: "hot line"."""
        around = [word.text for word in said[max(0, position - 1) : position + 2]]
        return any(self.spelling.knows(one + other) for one, other in pairwise(around))


def ages_in_words(text: str) -> str:
    """Give a text in lower case with "minor" for an age under 18, and without other ages."""
    return _AGE.sub(_of_age, text)


def _of_age(match: re.Match[str]) -> str:
    age = match[1] or match[2]
    return match[0].replace(age, _MINOR if int(age) < _ADULT else " ")
