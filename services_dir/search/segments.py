"""What is kept of one segment of the index: it never changes, so every later commit uses it again.

Document numbers here are those within the segment; deletions belong to the commit, not to it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping
from threading import RLock

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from pyroaring import BitMap

from services_dir.search.arrays import Arrays
from services_dir.search.blocks import DamagedError
from services_dir.search.document import SPELLED, SitePoint
from services_dir.search.postings import Postings, read_by_matcher
from services_dir.search.segment_files import SegmentFiles
from services_dir.search.spelling import Layer


class _Sited(Struct, frozen=True):
    """Of the facts of a program its sites; nothing else is decoded."""

    sites: tuple[SitePoint, ...]


_SITED = msgspec.json.Decoder(_Sited)


class Segment:
    """One segment: its postings, the facts of its programs, and their cards."""

    def __init__(self, files: SegmentFiles) -> None:
        """Map what is ours. Raises DamagedError if facts or cards are not what was written."""
        self._files = files
        self._lock = RLock()
        self.id = files.id
        self.size = files.size
        self.arrays: Arrays | None = files.arrays()
        self.facts = files.facts()
        self.records = files.records()
        self._lengths: dict[str, int] = {}
        self._smaller: dict[tuple[str, str], NDArray[np.int64]] = {}
        self._spelling: Layer | None = None
        self._towns: dict[str, BitMap] | None = None

    @property
    def is_intact(self) -> bool:
        """Tell whether what is mapped can still be read."""
        return self._files.is_intact

    def postings(self, field: str, text: str) -> Postings:
        """Give where a term stands, from the arrays or else through Whoosh, which takes its time."""
        try:
            found = self.arrays.postings(field, text) if self.arrays is not None else None
        except DamagedError:
            self.arrays = found = None
        if found is not None:
            return found
        with self._files.reader() as reader:
            return read_by_matcher(reader, field, text)

    def length(self, field: str) -> int:
        """Give the number of terms in a field of all documents together."""
        if self.arrays is not None:
            return self.arrays.length(field)
        with self._lock:
            if field not in self._lengths:
                with self._files.reader() as reader:
                    self._lengths[field] = int(reader.field_length(field))
            return self._lengths[field]

    def spelling(self) -> Layer:
        """Give the words of its texts as they are spelled, put together at the first call."""
        with self._lock:
            if self._spelling is None and self.arrays is not None:
                self._spelling = self.arrays.spelling()
            elif self._spelling is None:
                with self._files.reader() as reader:
                    held = {text.decode(): info.doc_frequency() for text, info in reader.iter_field(SPELLED)}
                self._spelling = Layer.of(held)
            return self._spelling

    def towns(self) -> Mapping[str, BitMap]:
        """Give the programs with a public site by the name of its town, or "", read at the first call."""
        with self._lock:
            if self._towns is None:
                towns: dict[str, BitMap] = defaultdict(BitMap)
                for number in np.unique(self.facts.site_documents).tolist():
                    for site in _SITED.decode(self.records.read(number)[1]).sites:
                        towns[site.town or ""].add(number)
                self._towns = dict(towns)
            return self._towns

    def before(self, other: Segment, language: str) -> NDArray[np.int64]:
        """Give for each program of a smaller segment, in its order of names, how many here come before it."""
        key = (other.id, language)
        if key not in self._smaller:
            mine, theirs = self.facts, other.facts
            order = mine.name_order(language)
            wanted = (theirs.name_key(int(number), language) for number in theirs.name_order(language))
            found = [bisect_left(order, one, key=lambda n: mine.name_key(int(n), language)) for one in wanted]
            self._smaller[key] = np.array(found, dtype=np.int64)
        return self._smaller[key]

    def forget_others(self, ids: set[str]) -> None:
        """Drop what was kept about segments that are gone."""
        for key in [key for key in self._smaller if key[0] not in ids]:
            del self._smaller[key]
