"""One segment of the index as it lies on the disk: our files in it, mapped, and Whoosh's where need be.

Names inside Whoosh that it does not promise are used in `codec` and here, and nowhere else.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC
from whoosh.reading import SegmentReader

from services_dir.search.arrays import Arrays
from services_dir.search.blocks import DamagedError, Extent
from services_dir.search.document import Facts
from services_dir.search.facts import GatheredFacts, SegmentFacts
from services_dir.search.records import KeptRecords, Records

# Our files in a segment, and the stored fields that lie in them instead of among Whoosh's.
POSTINGS_FILE, FACTS_FILE, RECORDS_FILE = ".arr", ".fac", ".rec"
CARD, FACTS = "card", "facts"


@dataclass(frozen=True)
class Commit:
    """What the table of contents of a commit says: its number, its segments, and the fields."""

    number: int
    segments: tuple[Any, ...]
    schema: Any

    @classmethod
    def newest(cls, folder: Path) -> Commit:
        """Read the newest one."""
        toc = TOC.read(FileStorage(str(folder)), "MAIN")
        return cls(toc.generation, tuple(toc.segments), toc.schema)


class SegmentFiles:
    """The files of a segment."""

    def __init__(self, folder: Path, segment: Any, schema: Any) -> None:
        """Map what is ours. `segment` comes from a table of contents, or from a writer."""
        self._storage = FileStorage(str(folder))
        self._segment = segment
        self._schema = schema
        self._data: mmap.mmap | None = None
        self._extents: dict[str, Extent] = {}
        self._read: tuple[SegmentFacts, Records | KeptRecords] | None = None
        self.id: str = segment.segment_id()
        self.size: int = segment.doc_count_all()
        if segment.is_compound():
            self._map(folder)

    @property
    def is_intact(self) -> bool:
        """Tell whether the file is as long as when it was mapped: reading what is cut off kills a process."""
        return self._data is None or self._data.size() == len(self._data)

    @property
    def is_ours(self) -> bool:
        """Tell whether the segment holds facts and cards in our files."""
        return FACTS_FILE in self._extents

    def arrays(self, *, is_checked: bool = False) -> Arrays | None:
        """Give the postings as arrays, None if they are missing or damaged."""
        extent = self._extents.get(POSTINGS_FILE)
        try:
            return Arrays(extent, self.size, is_checked=is_checked) if extent is not None else None
        except DamagedError:
            return None

    def facts(self) -> SegmentFacts:
        """Give the facts of the programs. Raises DamagedError."""
        return self._contents()[0]

    def records(self) -> Records | KeptRecords:
        """Give the cards and facts as they are stored. Raises DamagedError."""
        return self._contents()[1]

    def number_of(self, document_id: str) -> int | None:
        """Give the number of a document by its id. Raises DamagedError."""
        return self.facts().number_of(document_id)

    @contextmanager
    def reader(self) -> Iterator[Any]:
        """Open Whoosh's reader for the segment, which copies most of it into memory while it is open."""
        reader = _Reader(self._storage, self._schema, self._segment)
        reader.records = self.records() if self.is_ours else None
        try:
            yield reader
        finally:
            reader.close()

    def _map(self, folder: Path) -> None:
        segment = self._segment
        inside = segment.open_compound_file(self._storage)
        names = {kind: segment.make_filename(kind) for kind in (POSTINGS_FILE, FACTS_FILE, RECORDS_FILE)}
        places = {kind: inside.range(name) for kind, name in names.items() if inside.file_exists(name)}
        inside.close()
        with (folder / segment.make_filename(segment.COMPOUND_EXT)).open("rb") as file:
            self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        for kind, (start, length) in places.items():
            if start + length > len(self._data):
                raise DamagedError("a file of a segment is cut off")
            self._extents[kind] = Extent(self._data, start, length)

    def _contents(self) -> tuple[SegmentFacts, Records | KeptRecords]:
        if self._read is None:
            self._read = self._mapped() if self.is_ours else self._gathered()
        return self._read

    def _mapped(self) -> tuple[SegmentFacts, Records]:
        facts = SegmentFacts.mapped(self._extents[FACTS_FILE], self.size)
        return facts, Records(self._extents[RECORDS_FILE], facts.arrays)

    def _gathered(self) -> tuple[SegmentFacts, KeptRecords]:
        """Gather what lies among the stored fields alone: another program wrote this segment."""
        gathered = GatheredFacts()
        records = {}
        with self.reader() as reader:
            for number in range(self.size):
                stored = reader.stored_fields(number)
                if FACTS in stored:
                    records[number] = stored[CARD], stored[FACTS]
                known = msgspec.json.decode(stored[FACTS], type=Facts) if FACTS in stored else None
                gathered.take(stored.get("id", ""), known, stored.get("state"))
        return SegmentFacts.of(gathered), KeptRecords(records)


class _Reader(SegmentReader):
    """Gives cards and facts among the stored fields, when segments are merged."""

    records: Records | KeptRecords | None = None

    def iter_docs(self) -> Iterator[tuple[int, dict[str, Any]]]:
        for number, stored in super().iter_docs():
            if self.records is not None:
                card, facts = self.records.read(number)
                yield number, {**stored, CARD: card, FACTS: facts} if facts else stored
            else:
                yield number, stored
