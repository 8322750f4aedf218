"""From a tree to the programs it finds and their scores, by array work over postings.

Where postings come from is not known here: `read` gives those of a term in a field.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap, FrozenBitMap

from services_dir.search.tree import And, DisjunctionMax, Not, Or, Phrase, Term, Tree

Floats: TypeAlias = NDArray[np.float64]
Numbers: TypeAlias = NDArray[np.uint32]

# From here on it is faster to look up each number than to spread the scores over all documents.
_FEW = 16


@dataclass(frozen=True)
class Matches:
    """Documents in the order of their numbers, each with a score above 0."""

    numbers: Numbers
    scores: Floats

    @cached_property
    def bitmap(self) -> FrozenBitMap:
        """Give the documents as a set."""
        return FrozenBitMap(bitmap_of(self.numbers))

    @property
    def size(self) -> int:
        """Give the bytes that are held."""
        return 24 * len(self.numbers) + 256

    def weighted(self, weight: float) -> Matches:
        """Give the same documents with all scores multiplied."""
        return self if weight == 1.0 else Matches(self.numbers, self.scores * weight)

    def scores_at(self, numbers: NDArray[np.integer], documents: int) -> Floats:
        """Give the scores of some documents, 0 for those that are not found."""
        if not len(self.numbers):
            return np.zeros(len(numbers))
        if len(numbers) * _FEW < len(self.numbers):
            at = np.minimum(np.searchsorted(self.numbers, numbers), len(self.numbers) - 1)
            return np.where(self.numbers[at] == numbers, self.scores[at], 0.0)
        spread = np.zeros(documents)
        spread[self.numbers] = self.scores
        return spread[numbers]


NOTHING = Matches(np.empty(0, dtype=np.uint32), np.empty(0))


class Scores:
    """The scores of what a tree found, computed for those that are asked for: `scores[numbers]`."""

    def __init__(self, parts: Sequence[Matches], documents: int) -> None:
        self._parts = parts
        self._documents = documents

    def __getitem__(self, numbers: NDArray[np.integer]) -> Floats:
        """Give the score of each of some documents that were found, by their numbers in ascending order."""
        total = np.zeros(len(numbers))
        for part in self._parts:
            total += part.scores_at(numbers, self._documents)
        return total


class Keeper(Protocol):
    """Keeps what trees found."""

    def get(self, tree: Tree, make: Callable[[], Matches]) -> Matches:
        """Give what a tree found, computed if it is not held."""


class Matcher:
    """Finds what a tree asks for among documents with numbers below `documents`."""

    def __init__(
        self,
        documents: int,
        live: FrozenBitMap,
        read: Callable[[Term], Matches],
        read_phrase: Callable[[Phrase], Matches],
        keep: Keeper,
    ) -> None:
        self._documents = documents
        self._live = live
        self._read = read
        self._read_phrase = read_phrase
        self._keep = keep

    def evaluate(self, tree: Tree) -> tuple[BitMap, Scores]:
        """Give the live documents that a tree finds, and their scores."""
        parts = tree.parts if isinstance(tree, And) else (tree,)
        wanted = [self._kept(part) for part in parts if not isinstance(part, Not)]
        left_out = [self._kept(part.part) for part in parts if isinstance(part, Not)]
        found = BitMap(self._live)
        for matches in sorted(wanted, key=lambda one: len(one.numbers)):
            found &= matches.bitmap
        for matches in left_out:
            found -= matches.bitmap
        return found, Scores(wanted, self._documents)

    def _kept(self, tree: Tree) -> Matches:
        return self._keep.get(tree, lambda: self._find(tree))

    def _find(self, tree: Tree) -> Matches:
        match tree:
            case Term():
                return self._read(tree)
            case Phrase():
                return self._read_phrase(tree)
            case Or(parts):
                return united([self._find(part) for part in parts], np.add, self._documents)
            case DisjunctionMax(parts):
                return united([self._find(part) for part in parts], np.maximum, self._documents)
            case And():
                found, scores = self.evaluate(tree)
                numbers = np.frombuffer(found.to_array(), dtype=np.uint32)
                return Matches(numbers, scores[numbers])


def united(parts: Sequence[Matches], combine: np.ufunc, documents: int) -> Matches:
    """Give the documents of any part, their scores combined by a function such as `np.add`."""
    parts = [part for part in parts if len(part.numbers)]
    if len(parts) < 2:
        return parts[0] if parts else NOTHING
    if sum(len(part.numbers) for part in parts) * _FEW < documents:
        numbers = np.concatenate([part.numbers for part in parts])
        scores = np.concatenate([part.scores for part in parts])
        order = np.argsort(numbers, kind="stable")
        numbers = numbers[order]
        starts = np.flatnonzero(np.concatenate(([True], numbers[1:] != numbers[:-1])))
        return Matches(numbers[starts], combine.reduceat(scores[order], starts))
    spread, held = np.zeros(documents), np.zeros(documents, dtype=bool)
    for part in parts:
        spread[part.numbers] = combine(spread[part.numbers], part.scores)
        held[part.numbers] = True
    numbers = np.flatnonzero(held).astype(np.uint32)
    return Matches(numbers, spread[numbers])


def bitmap_of(numbers: Numbers) -> BitMap:
    """Give a set of numbers; through an array of its own kind, which is many times faster."""
    held = array("I")
    held.frombytes(np.ascontiguousarray(numbers, dtype=np.uint32).tobytes())
    return BitMap(held)
