"""What is kept of one segment of the index: it never changes, so every later commit uses it again.

Document numbers here are those within the segment; deletions belong to the commit, not to it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping
from hashlib import blake2b
from pathlib import Path
from threading import RLock
from typing import Any, Generic, TypeVar, cast

import msgspec
import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap, FrozenBitMap

from services_dir.catalog.hours import Timetable
from services_dir.catalog.kinds import ProgramKind
from services_dir.search.codec import Arrays, DamagedError
from services_dir.search.document import SPELLED, Facts
from services_dir.search.postings import Postings, read_by_matcher
from services_dir.search.query import Facet
from services_dir.search.spelling import Layer
from services_dir.values import fold

KeyT = TypeVar("KeyT")
NameKey = tuple[str, bytes]


class Segment:
    """One segment: its postings and the facts of its programs."""

    def __init__(self, reader: Any, folder: Path) -> None:
        """Read all facts. `reader` is Whoosh's for this segment alone, and is kept.

        What it says of deletions is out of date after the next commit and is not asked for.
        """
        self._reader = reader
        self._lock = RLock()  # Whoosh's readers are not for several threads
        self.id: str = reader.segment().segment_id()
        self.size: int = reader.doc_count_all()
        try:
            self.arrays: Arrays | None = Arrays(folder, reader.segment())
        except DamagedError:
            self.arrays = None
        self.facts = SegmentFacts(self.size)
        for number, stored in reader.iter_docs():
            if "facts" in stored:
                self.facts.take(number, stored["id"], msgspec.json.decode(stored["facts"], type=Facts))
        self.facts.finish()
        self._orders: dict[str, NDArray[np.int64]] = {}
        self._smaller: dict[tuple[str, str], NDArray[np.int64]] = {}
        self._spelling: Layer | None = None

    def postings(self, field: str, text: str, *, positions: bool = False) -> Postings:
        """Give where a term stands, from the arrays or else through Whoosh."""
        try:
            found = self.arrays.postings(field, text) if self.arrays is not None else None
        except DamagedError:
            self.arrays = found = None
        if found is not None:
            return found
        with self._lock:
            return read_by_matcher(self._reader, field, text, positions=positions)

    def stored(self, number: int) -> Mapping[str, Any]:
        """Give what is stored of a document."""
        with self._lock:
            return cast("Mapping[str, Any]", self._reader.stored_fields(number))

    def length(self, field: str) -> int:
        """Give the number of terms in a field of all documents together."""
        return int(self._reader.field_length(field))

    def spelling(self) -> Layer:
        """Give the words of its texts as they are spelled, read at the first call."""
        with self._lock:
            if self._spelling is None:
                held = self._reader.iter_field(SPELLED)
                self._spelling = Layer.of({text.decode(): info.doc_frequency() for text, info in held})
            return self._spelling

    def name_order(self, language: str) -> NDArray[np.int64]:
        """Give the programs in the order of their names as shown in a language."""
        if language not in self._orders:
            self._orders[language] = np.array(
                sorted(self.facts.numbers, key=lambda n: self._name_key(n, language)), dtype=np.int64
            )
        return self._orders[language]

    def before(self, other: Segment, language: str) -> NDArray[np.int64]:
        """Give for each program of a smaller segment, in its order of names, how many here come before it."""
        key = (other.id, language)
        if key not in self._smaller:
            mine = self.name_order(language)
            wanted = (other._name_key(int(number), language) for number in other.name_order(language))
            found = [bisect_left(mine, one, key=lambda n: self._name_key(int(n), language)) for one in wanted]
            self._smaller[key] = np.array(found, dtype=np.int64)
        return self._smaller[key]

    def forget_others(self, ids: set[str]) -> None:
        """Drop what was kept about segments that are gone."""
        for key in [key for key in self._smaller if key[0] not in ids]:
            del self._smaller[key]

    def _name_key(self, number: int, language: str) -> NameKey:
        return fold(self.facts.name(number, language)), self.facts.ids[number]


class SegmentFacts:
    """The facts of a segment's programs as bitmaps, arrays and lists, by number of document."""

    def __init__(self, size: int) -> None:
        self.numbers = BitMap()
        self.ids = np.zeros(size, dtype="S36")
        self.assured = np.zeros(size, dtype=np.int32)
        self.names: dict[str, list[str | None]] = defaultdict(lambda: [None] * size)
        self.organizations = [""] * size
        self.listed: dict[Facet, dict[str, BitMap]] = {facet: defaultdict(BitMap) for facet in Facet}
        self.excluded: dict[str, BitMap] = defaultdict(BitMap)
        self.interpreters = BitMap()
        self.kinds: dict[ProgramKind, BitMap] = defaultdict(BitMap)
        self.areas: dict[str, BitMap] = defaultdict(BitMap)
        self.timetables: dict[Timetable, BitMap] = defaultdict(BitMap)
        self.site_documents: Any = []
        self.latitudes: Any = []
        self.longitudes: Any = []
        self._exact: list[tuple[int, int]] = []
        self._spellings: dict[str, str] = {}

    def take(self, number: int, program_id: str, facts: Facts) -> None:
        """Enter the facts of one program."""
        self.numbers.add(number)
        self.ids[number] = program_id.encode()
        self.assured[number] = facts.assured_on.toordinal() if facts.assured_on else 0
        for language, name in facts.names.items():
            self.names[language][number] = name
        self.organizations[number] = self._spellings.setdefault(facts.organization, facts.organization)
        for facet, values in facts.options.items():
            for value in values:
                self.listed[facet][value].add(number)
        for value in facts.excluded:
            self.excluded[value].add(number)
        if facts.has_interpreter:
            self.interpreters.add(number)
        self.kinds[facts.kind].add(number)
        for key in facts.areas:
            self.areas[key].add(number)
        self._exact += [(_digest(text), number) for text in filter(None, (*facts.known_as, *facts.numbers))]
        self.timetables[facts.timetable].add(number)
        for site in facts.sites:
            self.site_documents.append(number)
            self.latitudes.append(site.latitude)
            self.longitudes.append(site.longitude)

    def finish(self) -> None:
        """Turn lists into arrays: nothing is entered any more."""
        self._exact.sort()
        self._exact_digests = np.array([digest for digest, _number in self._exact], dtype=np.uint64)
        self._exact_numbers = np.array([number for _digest, number in self._exact], dtype=np.uint32)
        self._exact.clear()
        self._spellings.clear()
        self._by_id = np.argsort(self.ids)
        self.site_documents = np.array(self.site_documents, dtype=np.int64)
        self.latitudes = np.radians(np.array(self.latitudes, dtype=np.float64))
        self.longitudes = np.radians(np.array(self.longitudes, dtype=np.float64))

    def name(self, number: int, language: str) -> str:
        """Give the name of a program in a language, or the English one."""
        held = self.names.get(language)
        return (held[number] if held is not None else None) or self.names["en"][number] or ""

    def number_of(self, program_id: str) -> int | None:
        """Give the number of a program by its id."""
        wanted = program_id.encode()
        at = int(np.searchsorted(self.ids, np.bytes_(wanted), sorter=self._by_id))
        if at < len(self.ids) and self.ids[self._by_id[at]] == wanted:
            return int(self._by_id[at])
        return None

    def known_as(self, text: str) -> BitMap:
        """Give the programs of which a text is a name or a number, and nothing more."""
        digest = np.uint64(_digest(text))
        first, last = (np.searchsorted(self._exact_digests, digest, side) for side in ("left", "right"))
        return BitMap(self._exact_numbers[first:last].tolist())


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
        order = segment.name_order(language)
        ranks[offset + order] = np.arange(len(order))
    for at, (offset, one) in enumerate(parts):
        for other_offset, other in parts[at + 1 :]:
            bigger, smaller = (one, other) if one.size >= other.size else (other, one)
            big, small = (offset, other_offset) if bigger is one else (other_offset, offset)
            before = bigger.before(smaller, language)
            ranks[small + smaller.name_order(language)] += before
            counted = np.bincount(before, minlength=len(bigger.name_order(language)) + 1)
            ranks[big + bigger.name_order(language)] += np.cumsum(counted)[:-1]
    return ranks


def _digest(text: str) -> int:
    """Give a number for a text, 64 bits of it: far fewer names than would ever share one."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little")
