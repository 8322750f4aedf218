"""Named arrays in one file that lies inside a segment's compound file: written once, then only mapped.

At the head is a table that says where each array lies; it and, where asked for, all that follows is held
to its CRC-32. What is mapped is shared by all workers.
"""

from __future__ import annotations

import mmap
import zlib
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from struct import Struct as Layout
from typing import Any, overload

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

_HEAD = Layout("<8sII")  # mark, length of the table, its CRC-32

Arrays = Mapping[str, NDArray[Any]]


class DamagedError(Exception):
    """A file of a segment is not what was written."""


class Table(Struct, frozen=True):
    """What is at the head: the number of documents, where the arrays lie, and notes for who reads them.

    An array is its kind, where it begins and how many values it has; `size` and `crc` are of all of them.
    """

    documents: int
    arrays: dict[str, tuple[str, int, int]]
    notes: dict[str, Any]
    size: int
    crc: int


class Extent(Struct, frozen=True):
    """A stretch of a mapped file."""

    data: mmap.mmap
    start: int
    length: int


def write(file: Any, mark: bytes, documents: int, arrays: Arrays, notes: Mapping[str, Any]) -> None:
    """Write arrays and notes to a file."""
    crc = size = 0
    places: dict[str, tuple[str, int, int]] = {}
    contents = [np.ascontiguousarray(held).view(np.uint8).data for held in arrays.values() if held.size]
    for name, held in arrays.items():
        places[name] = (held.dtype.newbyteorder("<").str, size, held.size)
        size += held.nbytes
    for content in contents:
        crc = zlib.crc32(content, crc)
    table = msgspec.msgpack.encode(Table(documents, places, dict(notes), size, crc))
    file.write(_HEAD.pack(mark, len(table), zlib.crc32(table)))
    file.write(table)
    for content in contents:
        file.write(content)


def read(extent: Extent, mark: bytes, *, is_checked: bool) -> tuple[Table, dict[str, NDArray[Any]]]:
    """Map arrays. With `is_checked` every byte is read and held to the CRC-32. Raises DamagedError."""
    data, start = extent.data, extent.start
    if extent.length < _HEAD.size:
        raise DamagedError("the head is missing")
    found, size, crc = _HEAD.unpack_from(data, start)
    encoded = data[start + _HEAD.size : start + _HEAD.size + size]
    if found != mark or zlib.crc32(encoded) != crc:
        raise DamagedError("the table of arrays")
    table = msgspec.msgpack.decode(encoded, type=Table)
    begin = start + _HEAD.size + size
    if _HEAD.size + size + table.size != extent.length:
        raise DamagedError("the number of bytes")
    with memoryview(data) as whole, whole[begin : begin + table.size] as content:
        if is_checked and zlib.crc32(content) != table.crc:
            raise DamagedError("the content of the arrays")
    arrays = {
        name: np.frombuffer(data, dtype=kind, count=count, offset=begin + at)
        for name, (kind, at, count) in table.arrays.items()
    }
    return table, arrays


def view_of(held: NDArray[Any]) -> Sequence[Any]:
    """Give the values of an array, wherever it lies, in a shape that gives single ones much sooner."""
    octets: Any = held.view(np.uint8).data
    return octets.cast(held.dtype.char)


class Texts(Sequence[bytes]):
    """Texts one after another in an array, each up to where it ends."""

    def __init__(self, ends: NDArray[Any], letters: NDArray[Any]) -> None:
        self._ends = view_of(ends)
        self._letters = view_of(letters)

    @classmethod
    def of(cls, arrays: Arrays, name: str) -> Texts:
        """Give those that were packed under a name."""
        return cls(arrays[f"{name}/ends"], arrays[f"{name}/letters"])

    def __len__(self) -> int:
        return len(self._ends) - 1

    @overload
    def __getitem__(self, index: int) -> bytes: ...
    @overload
    def __getitem__(self, index: slice) -> list[bytes]: ...
    def __getitem__(self, index: int | slice) -> bytes | list[bytes]:
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(len(self)))]
        return bytes(self._letters[self._ends[index] : self._ends[index + 1]])


def packed_texts(name: str, texts: Iterable[bytes]) -> dict[str, NDArray[Any]]:
    """Give texts as arrays under a name, for `Texts.of`."""
    held = list(texts)
    return {
        f"{name}/ends": np.fromiter(accumulate(map(len, held), initial=0), dtype=np.uint32),
        f"{name}/letters": np.frombuffer(b"".join(held), dtype=np.uint8),
    }
