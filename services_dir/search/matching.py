"""From a tree to the programs it finds and their scores, by array work over postings.

Where postings come from is not known here: `read` gives those of a term in a field.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property, partial
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap, FrozenBitMap

from services_dir.search.bitmaps import bitmap_of, bitmap_where
from services_dir.search.tree import And, DisjunctionMax, Not, Or, Phrase, Term, Tree

Floats: TypeAlias = NDArray[np.float64]
Numbers: TypeAlias = NDArray[np.uint32]

# Where one in so many documents is found, a score for every document takes less time, and not much more room.
_DENSE = 8
# Where a part is so many times as long as what is asked of it, each number is looked up in it.
_FEW = 16
# Where so few are found, numbers are sorted instead of spread over all documents.
_RARE = 256


class Rows:
    """Rows of zeros that are used again and again, as many as threads use at the same time."""

    def __init__(self) -> None:
        self._free: list[Floats] = []

    @contextmanager
    def zeros(self, size: int) -> Iterator[Floats]:
        """Lend a row, which must be all zeros again when it is given back."""
        try:
            row = self._free.pop()
        except IndexError:
            row = np.zeros(size)
        if len(row) < size:
            row = np.zeros(size)
        yield row[:size]
        self._free.append(row)


_rows = Rows()


class Matches:
    """Documents, each with its score: by their numbers in order, or for every document, 0 where not found.

    Scores are above 0, but for what is found only because something else is not: that is never dense.
    """

    def __init__(self, numbers: Numbers, scores: Floats) -> None:
        self._numbers: Numbers | None = numbers
        self._scores = scores
        self.count = len(numbers)
        self.is_dense = False

    @classmethod
    def dense(cls, scores: Floats) -> Matches:
        """Give those with a score above 0 of all documents; in the shape that takes less room."""
        is_found = scores > 0
        count = int(np.count_nonzero(is_found))
        if count * _DENSE < len(scores):
            numbers = np.flatnonzero(is_found).astype(np.uint32)
            return cls(numbers, scores[numbers])
        made = cls(NOTHING.numbers, scores)
        made.count, made.is_dense, made._numbers = count, True, None
        return made

    @property
    def numbers(self) -> Numbers:
        """Give the numbers of the documents in their order."""
        if self._numbers is not None:
            return self._numbers
        return np.flatnonzero(self._scores > 0).astype(np.uint32)

    @cached_property
    def bitmap(self) -> FrozenBitMap:
        """Give the documents as a set."""
        return FrozenBitMap(bitmap_where(self._scores > 0) if self.is_dense else bitmap_of(self.numbers))

    @property
    def _places(self) -> NDArray[np.intp]:
        """Give the numbers as what arrays are indexed by soonest."""
        return self.numbers.astype(np.intp)

    @property
    def nbytes(self) -> int:
        """Give the bytes that are held."""
        return self._scores.nbytes + (0 if self.is_dense else 4 * self.count) + 2 * self.count + 256

    def scores_at(self, numbers: NDArray[np.integer], documents: int) -> Floats:
        """Give the scores of some documents, 0 for those that are not found."""
        if self.is_dense:
            return self._scores.take(numbers)
        if not self.count:
            return np.zeros(len(numbers))
        if len(numbers) * _FEW < self.count:
            held = self.numbers
            at = np.minimum(np.searchsorted(held, numbers), self.count - 1)
            return np.where(held[at] == numbers, self._scores[at], 0.0)
        places = self._places
        with _rows.zeros(documents) as spread:
            spread[places] = self._scores
            found = spread.take(numbers)
            spread[places] = 0
        return found

    def raise_in(self, total: Floats) -> None:
        """Put the scores in the place of lower ones."""
        if self.is_dense:
            np.maximum(total, self._scores, out=total)
        else:
            places = self._places
            total[places] = np.maximum(total[places], self._scores)

    @cached_property
    def is_all_scored(self) -> bool:
        """Tell whether every score is above 0."""
        return self.is_dense or bool(self._scores.all())

    def pairs(self) -> tuple[Numbers, Floats]:
        """Give the numbers, and the score of each."""
        return self.numbers, self._scores[self.numbers] if self.is_dense else self._scores


NOTHING = Matches(np.empty(0, dtype=np.uint32), np.empty(0))


class Scores:
    """The scores of what trees found, computed for those that are asked for: `scores[numbers]`."""

    def __init__(self, parts: Sequence[Matches], documents: int) -> None:
        self._parts = parts
        self._documents = documents

    def __getitem__(self, numbers: NDArray[np.integer]) -> Floats:
        """Give the score of each of some documents, by their numbers in ascending order."""
        if not self._parts:
            return np.zeros(len(numbers))
        first, *others = self._parts
        total = first.scores_at(numbers, self._documents)
        for part in others:
            total += part.scores_at(numbers, self._documents)
        return total


# Gives what is kept of a tree, computed if there is nothing.
Keeper: TypeAlias = Callable[[Tree, Callable[[], "Matches"]], "Matches"]


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
        wanted = [self.find(part) for part in parts if not isinstance(part, Not)]
        left_out = [self.find(part.part) for part in parts if isinstance(part, Not)]
        found = BitMap(self._live)
        for matches in wanted:
            found &= matches.bitmap
        for matches in left_out:
            found -= matches.bitmap
        return found, Scores(wanted, self._documents)

    def score(self, trees: Iterable[Tree]) -> Scores:
        """Give what each of some trees adds to the score of any document."""
        return Scores([self.find(tree) for tree in trees], self._documents)

    def find(self, tree: Tree) -> Matches:
        """Give what a tree finds, deleted documents included, and keep it."""
        return self._keep(tree, partial(self._find, tree))

    def _find(self, tree: Tree) -> Matches:
        match tree:
            case Term():
                return self._read(tree)
            case Phrase():
                return self._read_phrase(tree)
            case Or(parts):
                return united([self._find(part) for part in parts], self._documents)
            case DisjunctionMax(parts):
                return united([self._find(part) for part in parts], self._documents, is_best=True)
            case And():
                found, scores = self.evaluate(tree)
                numbers = np.frombuffer(found.to_array(), dtype=np.uint32)
                return Matches(numbers, scores[numbers])


def united(parts: Sequence[Matches], documents: int, *, is_best: bool = False) -> Matches:
    """Give the documents of any part, with the sum of their scores, or the best of them."""
    parts = [part for part in parts if part.count]
    if len(parts) < 2:
        return parts[0] if parts else NOTHING
    if sum(part.count for part in parts) * _RARE < documents:
        return _united_by_order([part.pairs() for part in parts], np.maximum if is_best else np.add)
    if is_best:
        total = np.zeros(documents)
        for part in parts:
            part.raise_in(total)
    else:
        total = _added([part.pairs() for part in parts], documents)
    if all(part.is_all_scored for part in parts):
        return Matches.dense(total)
    numbers = np.frombuffer(BitMap.union(*(part.bitmap for part in parts)).to_array(), dtype=np.uint32)
    return Matches(numbers, total[numbers])


def _added(pairs: Sequence[tuple[Numbers, Floats]], documents: int) -> Floats:
    """Add up scores in a row for all documents."""
    numbers, scores = (np.concatenate(held) for held in zip(*pairs, strict=True))
    return np.bincount(numbers, weights=scores, minlength=documents).astype(np.float64, copy=False)


def _united_by_order(pairs: Sequence[tuple[Numbers, Floats]], combine: np.ufunc) -> Matches:
    numbers = np.concatenate([numbers for numbers, _scores in pairs])
    scores = np.concatenate([scores for _numbers, scores in pairs])
    order = np.argsort(numbers, kind="stable")
    numbers = numbers[order]
    starts = np.flatnonzero(np.concatenate(([True], numbers[1:] != numbers[:-1])))
    return Matches(numbers[starts], combine.reduceat(scores[order], starts))
