"""What segments hold, put together for one commit: each from the number of its first document on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap, FrozenBitMap

from services_dir.search.bitmaps import numbers_of
from services_dir.search.facts import SegmentFacts
from services_dir.search.matching import Floats
from services_dir.search.options import NOBODY
from services_dir.search.query import Facet
from services_dir.search.segments import Segment
from services_dir.search.terms import Part

KeyT = TypeVar("KeyT")


@dataclass(frozen=True)
class Sites:
    """Public sites of all programs: document, latitude and longitude in radians."""

    documents: NDArray[np.int64]
    latitudes: Floats
    longitudes: Floats


class Ids(Mapping[str, int]):
    """Number of document by id of program."""

    def __init__(self, parts: tuple[Part, ...], live: FrozenBitMap) -> None:
        self._parts = parts
        self._live = live

    def __getitem__(self, program_id: str) -> int:
        for part in self._parts:
            number = part.segment.facts.number_of(program_id)
            if number is not None and part.offset + number in self._live:
                return part.offset + number
        raise KeyError(program_id)

    def of(self, number: int) -> str:
        """Give the id of the program with a number."""
        part = next(part for part in reversed(self._parts) if part.offset <= number)
        return part.segment.facts.id_of(number - part.offset)

    def __iter__(self) -> Iterator[str]:
        for part in self._parts:
            for number in part.segment.facts.numbers:
                if part.offset + number in self._live:
                    yield part.segment.facts.id_of(number)

    def __len__(self) -> int:
        return len(self._live)


class Joiner:
    """Puts together what segments hold, each from the number of its first document on."""

    def __init__(self, parts: tuple[Part, ...]) -> None:
        self._parts = parts
        live = BitMap()
        for part in parts:
            live |= part.live.shift(part.offset)
        self.live = FrozenBitMap(live)

    def sets(self, of: Callable[[SegmentFacts], Mapping[KeyT, BitMap]]) -> Joined[KeyT]:
        """Give sets under keys."""
        return Joined([(part.offset, of(part.segment.facts)) for part in self._parts], self.live)

    def listed(self, facet: Facet) -> Joined[str]:
        """Give the options of a facet as they are listed."""
        return self.sets(lambda facts: facts.listed[facet])

    def one(self, of: Callable[[SegmentFacts], BitMap]) -> FrozenBitMap:
        """Give one set."""
        return self.sets(lambda facts: {"": of(facts)}).get("", NOBODY)

    def sites(self) -> Sites:
        """Give the sites as arrays."""
        documents = [part.segment.facts.site_documents + part.offset for part in self._parts]
        numbers = np.concatenate([np.empty(0, np.int64), *documents])
        live = np.zeros(sum(part.segment.size for part in self._parts), dtype=bool)
        live[numbers_of(self.live)] = True
        is_live = live[numbers]
        return Sites(
            numbers[is_live],
            np.concatenate([np.empty(0), *(part.segment.facts.latitudes for part in self._parts)])[is_live],
            np.concatenate([np.empty(0), *(part.segment.facts.longitudes for part in self._parts)])[is_live],
        )


class Joined(Mapping[KeyT, FrozenBitMap], Generic[KeyT]):
    """Bitmaps of all segments under the same keys, joined when they are first asked for.

    Only live documents are in them; a key without any is not there.
    """

    def __init__(self, parts: list[tuple[int, Mapping[KeyT, BitMap]]], live: FrozenBitMap) -> None:
        self._parts = parts
        self._live = live
        self._joined: dict[KeyT, FrozenBitMap] = {}

    def __getitem__(self, key: KeyT) -> FrozenBitMap:
        found = self._joined.get(key)
        if found is None:
            held = BitMap()
            for offset, part in self._parts:
                if key in part:
                    held |= part[key].shift(offset)
            found = self._joined[key] = FrozenBitMap(held & self._live)
        if not found:
            raise KeyError(key)
        return found

    def __iter__(self) -> Iterator[KeyT]:
        return (
            key for key in dict.fromkeys(key for _offset, part in self._parts for key in part) if key in self
        )

    def __len__(self) -> int:
        return sum(1 for _key in self)


def name_ranks(parts: list[tuple[int, Segment]], size: int, language: str) -> NDArray[np.int64]:
    """Give the place of each program, by its number, in the order of names of all segments.

    Each segment keeps its own order; a new one of few programs is only put between the others.
    """
    ranks = np.zeros(size, dtype=np.int64)
    for offset, segment in parts:
        order = segment.facts.name_order(language)
        ranks[offset + order] = np.arange(len(order))
    for at, (offset, one) in enumerate(parts):
        for other_offset, other in parts[at + 1 :]:
            bigger, smaller = (one, other) if one.size >= other.size else (other, one)
            big, small = (offset, other_offset) if bigger is one else (other_offset, offset)
            before = bigger.before(smaller, language)
            ranks[small + smaller.facts.name_order(language)] += before
            counted = np.bincount(before, minlength=len(bigger.facts.name_order(language)) + 1)
            ranks[big + bigger.facts.name_order(language)] += np.cumsum(counted)[:-1]
    return ranks
