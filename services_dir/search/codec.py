"""A codec for Whoosh that puts files of ours beside its own, in each segment's compound file.

They hold postings as flat arrays, the facts of programs, and their cards; they are mapped into memory, so
that all workers share them, and disappear with their segment. What is stored in the table of contents is
Whoosh's own codec: a process that knows nothing of this one can open the index and search it. Names inside
Whoosh that it does not promise are used here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from whoosh.codec.whoosh3 import W3Codec, W3FieldWriter, W3PerDocWriter, W3PostingsWriter, W3Segment
from whoosh.system import pack_uint
from whoosh.util.numeric import byte_to_length, length_to_byte

from services_dir.search import arrays, facts
from services_dir.search.arrays import Arrays, FieldArrays
from services_dir.search.document import Facts
from services_dir.search.facts import GatheredFacts
from services_dir.search.pool import Pool, TermPostings
from services_dir.search.records import RecordWriter
from services_dir.search.segment_files import (
    CARD,
    FACTS,
    FACTS_FILE,
    POSTINGS_FILE,
    RECORDS_FILE,
    SegmentFiles,
)

_BLOCK = 128  # postings in a block of Whoosh's
_FEW_SEGMENTS = 6

LENGTHS = np.array([byte_to_length(byte) for byte in range(256)], dtype=np.float64)


class ArraysCodec(W3Codec):
    """Writes what Whoosh's codec writes, and our files. One per writer."""

    length_stats = False  # lengths are taken from the documents as they are written, not read back one by one

    def __init__(self) -> None:
        super().__init__()
        self.lengths: dict[str, bytearray] = {}
        self.totals: dict[str, int] = {}
        self.documents = 0

    def new_segment(self, storage: Any, indexname: str) -> Any:
        """Give a segment that names Whoosh's codec as its own."""
        return W3Segment(W3Codec(), indexname)

    def per_document_writer(self, storage: Any, segment: Any) -> Any:
        """Give the writer of what belongs to a document."""
        return _DocumentWriter(self, storage, segment)

    def field_writer(self, storage: Any, segment: Any) -> Any:
        """Give the writer of postings."""
        return _FieldWriter(self, storage, segment)


class _DocumentWriter(W3PerDocWriter):
    """Keeps cards and facts for our files, and how long each field is, as the one byte that Whoosh stores."""

    def __init__(self, codec: ArraysCodec, storage: Any, segment: Any) -> None:
        super().__init__(codec, storage, segment)
        self._records = RecordWriter(self._create_file(RECORDS_FILE))
        self._facts = GatheredFacts()
        self._values: dict[str, Any] | None = None

    def start_doc(self, docnum: int) -> None:
        super().start_doc(docnum)
        self._codec.documents = docnum + 1
        self._values = {}

    def add_field(self, fieldname: str, fieldobj: Any, value: Any, length: int | None) -> None:
        is_ours = fieldname in (CARD, FACTS)
        super().add_field(fieldname, fieldobj, None if is_ours else value, length)
        if value is not None and self._values is not None:
            self._values[fieldname] = value
        if length:
            held = self._codec.lengths.setdefault(fieldname, bytearray())
            held.extend(bytes(self._docnum - len(held)))  # 0 for those without the field
            held.append(length_to_byte(length))
            self._codec.totals[fieldname] = self._codec.totals.get(fieldname, 0) + length

    def finish_doc(self) -> None:
        super().finish_doc()
        if self._values is not None:  # Whoosh calls this once more at the end
            card, encoded = self._values.get(CARD, b""), self._values.get(FACTS, b"")
            known = msgspec.json.decode(encoded, type=Facts) if encoded else None
            self._facts.take(self._values.get("id", ""), known, self._values.get("state"))
            self._records.add(card, encoded)
            self._values = None

    def close(self) -> None:
        super().close()
        file = self._create_file(FACTS_FILE)
        facts.write(file, self._facts, self._records.close())
        file.close()


class _FieldWriter(W3FieldWriter):
    """Writes the blocks of a term at once, and the arrays of fields that are scored."""

    def __init__(self, codec: ArraysCodec, storage: Any, segment: Any) -> None:
        super().__init__(codec, storage, segment)
        self._encoded: dict[tuple[int, ...], bytes] = {}

    def add_postings(
        self, schema: Any, lengths: Any, items: Iterator[tuple[str, bytes, TermPostings]]
    ) -> None:
        """Write the postings of our pool, which come by field and term."""
        fields: dict[str, FieldArrays] = {}
        for field, text, postings in items:
            if field != self._fieldname:
                if self._fieldname is not None:
                    self.finish_field()
                self.start_field(field, schema[field])
            self.start_term(text)
            _write_blocks(self._postwriter, postings, self._values(postings))
            self.finish_term()
            if schema[field].scorable:  # ids are as many as documents, and are found by the facts
                gathered = fields.setdefault(field, FieldArrays())
                gathered.add(text, postings.numbers, postings.counts, postings.positions)
        if self._fieldname is not None:
            self.finish_field()
        file = self._create_file(POSTINGS_FILE)
        arrays.write(file, self._codec.documents, fields, self._codec.lengths, self._codec.totals)
        file.close()

    def start_field(self, fieldname: str, fieldobj: Any) -> None:
        super().start_field(fieldname, fieldobj)
        if not fieldobj.scorable:  # a block of one id is not worth compressing
            self._postwriter = W3PostingsWriter(self._postfile, _BLOCK, compression=0)

    def _values(self, postings: TermPostings) -> list[bytes]:
        """Give for each document what the format of the field keeps: how often, and where."""
        if self._format.fixed_value_size() == 0:
            return []
        if not self._format.supports("positions"):
            return [pack_uint(int(count)) for count in postings.counts]
        values, start = [], 0
        for count in postings.counts:
            end = start + int(count)
            key = tuple(postings.positions[start:end])
            value = self._encoded.get(key)
            if value is None:
                value = self._format.encode(key)
                if end - start == 1:
                    self._encoded[key] = value
            values.append(value)
            start = end
        return values


def _write_blocks(writer: Any, postings: TermPostings, values: list[bytes]) -> None:
    """Fill the blocks of a term as `add_posting` would, one posting after another."""
    last = len(postings.numbers)
    for start in range(0, last, _BLOCK):
        end = min(start + _BLOCK, last)
        if start:
            writer._write_block()
        writer._ids = postings.numbers[start:end]
        writer._weights = postings.counts[start:end]
        writer._values = values[start:end]
        writer._maxweight = max(writer._weights)


class ArraysWriter:
    """One of Whoosh's writers, given documents of which the terms are known."""

    def __init__(self, index: Any, limit: int) -> None:
        """Open it; up to `limit` bytes of postings are kept in memory. Raises Whoosh's LockError."""
        self._writer = index.writer(timeout=0, codec=ArraysCodec())
        self._folder = Path(self._writer.storage.folder)
        formats = {name: field.format for name, field in self._writer.schema.items() if field.indexed}
        self._writer.pool = Pool(self._folder, formats, limit)
        self._opened: dict[str, SegmentFiles] = {}

    def add(self, terms: Mapping[str, Sequence[str]], stored: Mapping[str, Any]) -> None:
        """Add a document, as Whoosh's `add_document` does when it has found the terms."""
        for name, held in terms.items():
            self._writer.pool.add_terms(name, self._writer.docnum, held)
        self._enter(stored, {name: len(held) for name, held in terms.items()})

    def delete(self, document_id: str) -> None:
        """Delete a document that was committed before, if there is one of this id. Raises DamagedError."""
        for segment in self._writer.segments:
            number = self._open(segment).number_of(document_id)
            if number is not None and not segment.is_deleted(number):
                segment.delete_document(number)

    def commit(self, *, clean: bool) -> None:
        """Commit. `clean` merges all segments, else small ones and those without arrays are merged."""
        self._writer.commit(mergetype=self._merge_all if clean else self._merge_some)

    def cancel(self) -> None:
        """Leave everything as it was."""
        self._writer.cancel()

    def _open(self, segment: Any) -> SegmentFiles:
        files = self._opened.get(segment.segment_id())
        if files is None:
            files = self._opened[segment.segment_id()] = SegmentFiles(
                self._folder, segment, self._writer.schema
            )
        return files

    def _enter(self, stored: Mapping[str, Any], lengths: Mapping[str, int]) -> None:
        """Enter what belongs to the next document, apart from its postings."""
        writer = self._writer
        documents, schema = writer.perdocwriter, writer.schema
        documents.start_doc(writer.docnum)
        for name in {**lengths, **stored}:
            length = lengths.get(name, 0) if schema[name].scorable else 0
            documents.add_field(name, schema[name], stored.get(name), length)
        documents.finish_doc()
        writer.docnum += 1
        writer._added = True

    def _merge_all(self, writer: Any, segments: list[Any]) -> list[Any]:
        for segment in segments:
            files = self._open(segment)
            arrays = files.arrays(is_checked=True) if files.is_ours else None
            if arrays is not None and arrays.is_whole:
                self._merge_arrays(files, arrays, segment)
                continue
            with files.reader() as reader:
                writer.add_reader(reader)
        return []

    def _merge_arrays(self, files: SegmentFiles, arrays: Arrays, segment: Any) -> None:
        """Take over what is not deleted of a segment, without Whoosh's readers."""
        is_kept = np.ones(files.size, dtype=bool)
        is_kept[list(segment.deleted_docs())] = False
        numbers = self._writer.docnum + np.cumsum(is_kept) - 1
        lengths = {name: LENGTHS[held].astype(int) for name, held in arrays.lengths().items()}
        facts, records, pool = files.facts(), files.records(), self._writer.pool
        for number in np.flatnonzero(is_kept).tolist():
            document_id = facts.id_of(number)
            card, encoded = records.read(number)
            stored = {CARD: card, FACTS: encoded} if encoded else {}
            pool.add_terms("id", self._writer.docnum, (document_id,))
            held = {name: int(of_all[number]) for name, of_all in lengths.items() if of_all[number]}
            self._enter({"id": document_id, **stored}, held)
        for field, text, postings in arrays.all_postings():
            kept = is_kept[postings.numbers]
            if kept.any():
                positions = postings.positions
                if len(positions):
                    positions = positions[np.repeat(kept, postings.counts)]
                pool.add_postings(
                    field, text, numbers[postings.numbers[kept]], postings.counts[kept], positions
                )

    def _merge_some(self, writer: Any, segments: list[Any]) -> list[Any]:
        bare = [segment for segment in segments if self._open(segment).arrays() is None]
        kept = [segment for segment in segments if segment not in bare]
        kept.sort(key=lambda segment: segment.doc_count_all())
        count = count_small([segment.doc_count_all() for segment in kept])
        self._merge_all(writer, [*bare, *kept[:count]])
        return kept[count:]


def count_small(sizes: Sequence[int]) -> int:
    """Tell how many of some segments, the smallest first, are to be merged into one.

    Where there are many: as far as one is at most twice as large as all before it together. So a large one
    is written again only when it grows by half, and their number grows as a logarithm.
    """
    if len(sizes) <= _FEW_SEGMENTS:
        return 0
    before = accumulate(sizes, initial=0)
    small = [at for at, (size, total) in enumerate(zip(sizes, before, strict=False)) if size <= 2 * total]
    return small[-1] + 1 if small else 0
