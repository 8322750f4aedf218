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
class Postings:
    """The documents in which a term stands, how often, how long the field is there, and at which places.

    `positions` holds those of one document after those of another, as many as its `counts`; it is empty
    where they were not asked for.
    """

    numbers: Numbers
    counts: Floats
    lengths: Floats
    positions: NDArray[np.uint32]

    def scores(self, average: float) -> Floats:
        """Give BM25 without the rarity of the term (Robertson and Zaragoza, 2009)."""
        return self.counts * (K1 + 1) / (self.counts + K1 * ((1 - B) + B * self.lengths / average))

    def places(self, shift: int) -> NDArray[np.uint64]:
        """Give each place as one number: that of the document, then the position, `shift` earlier."""
        documents = np.repeat(self.numbers.astype(np.uint64), self.counts.astype(np.int64))
        return (documents << np.uint64(32)) + self.positions.astype(np.uint64) - np.uint64(shift) + _MARGIN


_MARGIN = np.uint64(1 << 16)  # so that no position goes below 0


def adjoining(terms: Sequence[Postings]) -> Numbers:
    """Give the documents in which terms stand directly after one another."""
    places = reduce(
        lambda one, other: np.intersect1d(one, other, assume_unique=True),
        [postings.places(shift) for shift, postings in enumerate(terms)],
    )
    return np.unique(places >> np.uint64(32)).astype(np.uint32)


def read_by_matcher(reader: Any, field: str, text: str, *, positions: bool = False) -> Postings:
    """Read a term through Whoosh's documented matcher."""
    numbers, counts, places = array("I"), array("d"), array("I")
    if (field, text) in reader:
        matcher = reader.postings(field, text)
        while matcher.is_active():
            numbers.append(matcher.id())
            counts.append(matcher.weight())
            if positions:
                places.extend(matcher.value_as("positions"))
            matcher.next()
    lengths = [reader.doc_field_length(number, field, 1) or 1 for number in numbers]
    return Postings(
        np.frombuffer(numbers, dtype=np.uint32),
        np.frombuffer(counts, dtype=np.float64),
        np.array(lengths, dtype=np.float64),
        np.frombuffer(places, dtype=np.uint32),
    )
