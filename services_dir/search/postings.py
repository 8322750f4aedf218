"""Where a term stands in a field: read from the index, scored, and checked for phrases."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services_dir.search.matching import Floats, Numbers

# BM25 as Whoosh counts it: how soon repetition stops to matter, how much a long text is held against it.
K1 = 1.2
B = 0.75


@dataclass(frozen=True)
class KeyedPostings:
    """Postings of one segment as its arrays hold them.

    A key is the count of the term, then the byte for the length of the field. `positions` holds those
    of one document after those of another.
    """

    numbers: Numbers
    keys: NDArray[np.uint16]
    positions: NDArray[np.uint16]

    @classmethod
    def none(cls) -> KeyedPostings:
        """Give the postings of a term that nobody has."""
        return _NONE

    @property
    def frequency(self) -> int:
        """Give the number of documents, deleted ones included."""
        return len(self.numbers)

    @property
    def nbytes(self) -> int:
        """Give the bytes that are held; positions stay mapped."""
        return self.numbers.nbytes + self.keys.nbytes

    @property
    def counts(self) -> NDArray[np.uint16]:
        """Give how often the term stands in each document."""
        return np.right_shift(self.keys, np.uint16(8))

    def scores(self, field: FieldScores) -> Floats:
        """Give the score of the term in each document."""
        if len(self.keys) < len(field.by_key):
            return field.by_key.take(self.keys) * field.factor
        return (field.by_key * field.factor).take(self.keys)


@dataclass(frozen=True)
class CountedPostings:
    """Postings of one segment as Whoosh's matcher gives them: without deleted documents."""

    numbers: Numbers
    counts: Floats
    lengths: Floats
    positions: NDArray[np.uint32]
    frequency: int

    @property
    def nbytes(self) -> int:
        """Give the bytes that are held."""
        return 20 * len(self.numbers) + self.positions.nbytes

    def scores(self, field: FieldScores) -> Floats:
        """Give the score of the term in each document."""
        return field.factor * bm25(self.counts, self.lengths, field.average)


Postings = KeyedPostings | CountedPostings


@dataclass(frozen=True)
class FieldScores:
    """A field in one commit: its average length, and BM25 without rarity for each key there is.

    `factor` is the rarity of a term times its weight; 1 as long as no term is looked at.
    """

    average: float
    by_key: Floats
    factor: float = 1.0

    @classmethod
    def of(cls, average: float, most: int, lengths: Floats) -> FieldScores:
        """Compute the table for counts up to `most` and the lengths that the bytes stand for."""
        counts = np.arange(most + 1, dtype=np.float64)
        return cls(average, bm25(counts[:, None], lengths[None, :], average).ravel())

    def times(self, factor: float) -> FieldScores:
        """Give the same for a term."""
        return FieldScores(self.average, self.by_key, factor)


def bm25(counts: Floats, lengths: Floats, average: float) -> Floats:
    """Give BM25 without the rarity of the term (Robertson and Zaragoza, 2009)."""
    return counts * (K1 + 1) / (counts + K1 * ((1 - B) + B * lengths / average))


def adjoining(terms: Sequence[Postings], documents: int) -> Numbers:
    """Give the documents of a segment in which terms stand directly after one another."""
    if not terms or not all(postings.frequency for postings in terms):
        return np.empty(0, dtype=np.uint32)
    holds = np.ones(documents, dtype=bool)
    for postings in terms:
        here = np.zeros(documents, dtype=bool)
        here[postings.numbers] = True
        holds &= here
    places = reduce(_in_both, [_places(postings, shift, holds) for shift, postings in enumerate(terms)])
    numbers = (places >> np.uint64(32)).astype(np.uint32)
    return numbers[np.concatenate(([True], numbers[1:] != numbers[:-1]))] if len(numbers) else numbers


def _in_both(one: NDArray[np.uint64], other: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Give the numbers that stand in two ascending rows."""
    if len(one) > len(other):
        one, other = other, one
    if not len(one):
        return one
    at = np.minimum(np.searchsorted(other, one), len(other) - 1)
    return one[other[at] == one]


def _places(postings: Postings, shift: int, holds: NDArray[np.bool_]) -> NDArray[np.uint64]:
    """Give each place as one number: that of the document, then the position, `shift` earlier.

    Only documents that hold all terms are looked at.
    """
    counts = postings.counts.astype(np.int64)
    wanted = holds[postings.numbers]
    documents = np.repeat(postings.numbers[wanted].astype(np.uint64), counts[wanted])
    positions = postings.positions[np.repeat(wanted, counts)].astype(np.uint64)
    return (documents << np.uint64(32)) + positions + np.uint64(_MARGIN - shift)


_MARGIN = 1 << 16  # so that no position goes below 0
_NONE = KeyedPostings(np.empty(0, np.uint32), np.empty(0, np.uint16), np.empty(0, np.uint16))


def read_by_matcher(reader: Any, field: str, text: str) -> CountedPostings:
    """Read a term from one segment through Whoosh's documented matcher."""
    numbers, counts, places = array("I"), array("d"), array("I")
    frequency = 0
    if (field, text) in reader:
        frequency = reader.doc_frequency(field, text)
        matcher = reader.postings(field, text)
        has_positions = matcher.supports("positions")
        while matcher.is_active():
            numbers.append(matcher.id())
            counts.append(matcher.weight())
            if has_positions:
                places.extend(matcher.value_as("positions"))
            matcher.next()
    lengths = [reader.doc_field_length(number, field, 1) or 1 for number in numbers]
    return CountedPostings(
        np.frombuffer(numbers, dtype=np.uint32),
        np.frombuffer(counts, dtype=np.float64),
        np.array(lengths, dtype=np.float64),
        np.frombuffer(places, dtype=np.uint32),
        frequency,
    )
