"""Names by the beginnings of their words, for completions: sorted when a segment is written, then bisected.

"Safe Harbor House" is found by "saf", "harb" and "harbor ho".
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services_dir.search import analyzer, blocks

_LETTERS = 24  # by so many bytes they are in order
_LONGEST = 255  # words of a name that are looked at


def packed(name: str, texts: Iterable[tuple[int, str]]) -> dict[str, NDArray[Any]]:
    """Give numbers and their names as arrays: for each word of each its number, and which word it is."""
    numbers, words = array("I"), array("B")
    starts: list[bytes] = []
    for number, text in texts:
        terms = analyzer.terms(text)[:_LONGEST]
        for at in range(len(terms)):
            numbers.append(number)
            words.append(at)
            starts.append(_start(terms, at))
    order = np.argsort(np.array(starts, dtype=f"S{_LETTERS}"), kind="stable")
    return {
        f"{name}/begin_numbers": np.array(numbers, dtype=np.uint32)[order],
        f"{name}/begin_words": np.array(words, dtype=np.uint8)[order],
    }


class Beginnings:
    """Names in a segment; `text_of` gives that of a number."""

    def __init__(self, arrays: blocks.Arrays, name: str, text_of: Callable[[int], str]) -> None:
        self._numbers = arrays[f"{name}/begin_numbers"]
        self._words = arrays[f"{name}/begin_words"]
        self._text_of = text_of

    def starting(self, start: str) -> Iterator[tuple[int, str]]:
        """Give the numbers and names that go on, from some word, as a text in terms begins."""
        wanted = start.encode()[:_LETTERS]
        first = bisect_left(range(len(self._numbers)), wanted, key=lambda at: _start(*self._terms(at)))
        for at in range(first, len(self._numbers)):
            terms, word = self._terms(at)
            if not _start(terms, word).startswith(wanted):
                return
            if " ".join(terms[word:]).startswith(start):
                number = int(self._numbers[at])
                yield number, self._text_of(number)

    def _terms(self, at: int) -> tuple[list[str], int]:
        return analyzer.terms(self._text_of(int(self._numbers[at])))[:_LONGEST], int(self._words[at])


def _start(terms: list[str], at: int) -> bytes:
    return " ".join(terms[at:]).encode()[:_LETTERS]
