"""A codec for Whoosh that puts flat arrays of the postings beside its own, in each segment's compound file.

The arrays are mapped into memory, so that all workers share them, and disappear with their segment.
What is stored in the table of contents is Whoosh's own codec: a process that knows nothing of this one
can open the index. Names inside Whoosh that it does not promise are used here and nowhere else.
"""

from __future__ import annotations

import mmap
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Sequence
from pathlib import Path
from struct import Struct as Layout
from typing import Any, overload

import msgspec
import numpy as np
from msgspec import Struct
from whoosh.codec.whoosh3 import W3Codec, W3FieldWriter, W3PerDocWriter, W3Segment
from whoosh.filedb.filestore import FileStorage
from whoosh.reading import SegmentReader
from whoosh.util.numeric import byte_to_length, length_to_byte
from whoosh.writing import MERGE_SMALL

from services_dir.search.postings import KeyedPostings

_EXTENSION = ".arr"
_HEAD = Layout("<8sII")  # mark, length of the table of fields, its CRC-32
_MARK = b"SDARR001"
_MOST = 255  # a count above, or a position above 65535, is not held: Whoosh's matcher reads that term

LENGTHS = np.array([byte_to_length(byte) for byte in range(256)], dtype=np.float64)


class FieldTable(Struct, frozen=True):
    """Where the arrays of a field begin and how long they are; `most` is the highest count."""

    start: int
    terms: int
    letters: int
    postings: int
    positions: int
    most: int
    not_held: tuple[int, ...]


class Table(Struct, frozen=True):
    """What is at the head of the file: the number of documents, the fields, and the size of what follows."""

    documents: int
    fields: dict[str, FieldTable]
    size: int


class DamagedError(Exception):
    """The arrays of a segment are not what was written."""


class ArraysCodec(W3Codec):
    """Writes what Whoosh's codec writes, and the arrays. One per writer."""

    length_stats = False  # lengths are taken from the documents as they are written, not read back one by one

    def __init__(self) -> None:
        super().__init__()
        self.lengths: dict[str, bytearray] = {}
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
    """Remembers how long each field is, as the one byte that Whoosh stores."""

    def start_doc(self, docnum: int) -> None:
        super().start_doc(docnum)
        self._codec.documents = docnum + 1

    def add_field(self, fieldname: str, fieldobj: Any, value: Any, length: int | None) -> None:
        super().add_field(fieldname, fieldobj, value, length)
        if length:
            held = self._codec.lengths.setdefault(fieldname, bytearray())
            held.extend(bytes(self._docnum - len(held)))  # 0 for those without the field
            held.append(length_to_byte(length))


class _FieldArrays:
    """The postings of one field while they are written."""

    def __init__(self) -> None:
        self.text = bytearray()
        self.text_ends = array("I", [0])
        self.ends = array("Q", [0])
        self.position_ends = array("Q", [0])
        self.numbers = array("I")
        self.counts = array("B")
        self.positions = array("H")
        self.not_held: list[int] = []
        self.is_held = True

    def add(self, number: int, weight: float, positions: Sequence[int]) -> None:
        count = int(weight)
        fits = count == weight and count <= _MOST and len(positions) in (0, count)
        if not fits or (positions and positions[-1] >= 1 << 16):
            self.is_held = False
            return
        self.numbers.append(number)
        self.counts.append(count)
        self.positions.extend(positions)

    def finish(self, text: bytes) -> None:
        if not self.is_held:
            self.not_held.append(len(self.ends) - 1)
            del self.numbers[self.ends[-1] :], self.counts[self.ends[-1] :]
            del self.positions[self.position_ends[-1] :]
            self.is_held = True
        self.text += text
        self.text_ends.append(len(self.text))
        self.ends.append(len(self.numbers))
        self.position_ends.append(len(self.positions))

    def written(self, start: int, lengths: bytes) -> tuple[FieldTable, list[bytes]]:
        """Give where all of it lies, and its bytes, widest numbers first."""
        of_documents = np.frombuffer(lengths, dtype=np.uint8)
        counts = np.frombuffer(self.counts, dtype=np.uint8).astype(np.uint16)
        keys = counts << 8 | of_documents[np.frombuffer(self.numbers, dtype=np.uint32)]
        table = FieldTable(
            start=start,
            terms=len(self.ends) - 1,
            letters=len(self.text),
            postings=len(self.numbers),
            positions=len(self.positions),
            most=max(self.counts, default=0),
            not_held=tuple(self.not_held),
        )
        parts = (self.ends, self.position_ends, self.text_ends, self.numbers, keys, self.positions)
        return table, [*(part.tobytes() for part in parts), bytes(self.text)]


class _FieldWriter(W3FieldWriter):
    """Writes Whoosh's postings, and gathers those of fields that are scored."""

    def __init__(self, codec: ArraysCodec, storage: Any, segment: Any) -> None:
        super().__init__(codec, storage, segment)
        self._arrays: dict[str, _FieldArrays] = {}
        self._current: _FieldArrays | None = None
        self._decode: Any = None

    def start_field(self, fieldname: str, fieldobj: Any) -> None:
        super().start_field(fieldname, fieldobj)
        # Ids are as many as documents, and are looked up through Whoosh.
        self._current = self._arrays.setdefault(fieldname, _FieldArrays()) if fieldobj.scorable else None
        format_ = fieldobj.format
        self._decode = format_.decode_positions if format_.supports("positions") else None

    def add(self, docnum: int, weight: float, vbytes: bytes, length: int) -> None:
        super().add(docnum, weight, vbytes, length)
        if self._current is not None:
            self._current.add(docnum, weight, self._decode(vbytes) if self._decode else ())

    def finish_term(self) -> None:
        super().finish_term()
        if self._current is not None:
            self._current.finish(self._btext)

    def close(self) -> None:
        super().close()
        fields: dict[str, FieldTable] = {}
        content: list[bytes] = []
        size = 0
        for name, arrays in self._arrays.items():
            fields[name], parts = arrays.written(size, bytes(self._codec.lengths.get(name, b"")))
            content += parts
            size += sum(map(len, parts))
        table = msgspec.msgpack.encode(Table(self._codec.documents, fields, size))
        file = self._create_file(_EXTENSION)
        file.write(_HEAD.pack(_MARK, len(table), zlib.crc32(table)))
        file.write(table)
        for part in content:
            file.write(part)
        file.close()


class _Terms(Sequence[bytes]):
    """The terms of a field in their order, as they lie in the file."""

    def __init__(self, ends: Any, text: Any) -> None:
        self._ends = ends
        self._text = text

    def __len__(self) -> int:
        return len(self._ends) - 1

    @overload
    def __getitem__(self, index: int) -> bytes: ...
    @overload
    def __getitem__(self, index: slice) -> list[bytes]: ...
    def __getitem__(self, index: int | slice) -> bytes | list[bytes]:
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(len(self)))]
        return self._text[self._ends[index] : self._ends[index + 1]].tobytes()


class _Field:
    """The arrays of a field, mapped."""

    def __init__(self, data: mmap.mmap, start: int, table: FieldTable, documents: int) -> None:
        self._documents = documents
        self._not_held = frozenset(table.not_held)
        self.most = table.most
        self._at = start + table.start

        def take(kind: Any, length: int) -> Any:
            taken = np.frombuffer(data, dtype=kind, count=length, offset=self._at)
            self._at += taken.nbytes
            return taken

        self._ends = take("<u8", table.terms + 1)
        self._position_ends = take("<u8", table.terms + 1)
        text_ends = take("<u4", table.terms + 1)
        self._numbers = take("<u4", table.postings)
        self._keys = take("<u2", table.postings)
        self._positions = take("<u2", table.positions)
        self.terms = _Terms(text_ends, take("u1", table.letters))

    def postings(self, text: bytes) -> KeyedPostings | None:
        """Give the postings of a term; None if they are not held here. Raises DamagedError."""
        at = bisect_left(self.terms, text)
        if at == len(self.terms) or self.terms[at] != text:
            return KeyedPostings.none()
        if at in self._not_held:
            return None
        numbers = np.array(self._numbers[self._ends[at] : self._ends[at + 1]])
        keys = np.array(self._keys[self._ends[at] : self._ends[at + 1]])
        if not len(numbers) or numbers[-1] >= self._documents or (numbers[1:] <= numbers[:-1]).any():
            raise DamagedError(f"the postings of term {at}")
        if int(keys.max()) >> 8 > self.most:
            raise DamagedError(f"the postings of term {at}")
        return KeyedPostings(
            numbers, keys, self._positions[self._position_ends[at] : self._position_ends[at + 1]]
        )


class Arrays:
    """The arrays of one segment, mapped from its compound file."""

    def __init__(self, folder: Path, segment: Any) -> None:
        """Open them. Raises DamagedError if they are missing or not what was written."""
        try:
            self._open(folder, segment)
        except DamagedError:
            raise
        except Exception as error:
            raise DamagedError(str(error)) from error

    def _open(self, folder: Path, segment: Any) -> None:
        inside = segment.open_compound_file(FileStorage(str(folder)))
        start, length = inside.range(segment.make_filename(_EXTENSION))
        inside.close()
        with (folder / segment.make_filename(segment.COMPOUND_EXT)).open("rb") as file:
            data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        mark, size, crc = _HEAD.unpack_from(data, start)
        encoded = data[start + _HEAD.size : start + _HEAD.size + size]
        if mark != _MARK or zlib.crc32(encoded) != crc:
            raise DamagedError("the table of fields")
        table = msgspec.msgpack.decode(encoded, type=Table)
        if table.documents != segment.doc_count_all() or _HEAD.size + size + table.size != length:
            raise DamagedError("the number of documents or bytes")
        begin = start + _HEAD.size + size
        self._fields = {
            name: _Field(data, begin, field, table.documents) for name, field in table.fields.items()
        }

    def postings(self, field: str, text: str) -> KeyedPostings | None:
        """Give the postings of a term; None if Whoosh must be asked. Raises DamagedError."""
        held = self._fields.get(field)
        return held.postings(text.encode()) if held is not None else KeyedPostings.none()

    def most(self, field: str) -> int:
        """Give the highest count of any term in a field."""
        held = self._fields.get(field)
        return held.most if held is not None else 0

    def terms(self, field: str) -> Sequence[bytes]:
        """Give all terms of a field in their order."""
        held = self._fields.get(field)
        return held.terms if held is not None else ()


def merge_small_and_bare(writer: Any, segments: list[Any]) -> list[Any]:
    """Merge as Whoosh does, and also each segment whose arrays are missing or damaged."""
    kept = []
    for segment in segments:
        try:
            Arrays(Path(writer.storage.folder), segment)
            kept.append(segment)
        except DamagedError:
            reader = SegmentReader(writer.storage, writer.schema, segment)
            writer.add_reader(reader)
            reader.close()
    return list(MERGE_SMALL(writer, kept))
