"""Roaring bitmaps from arrays, and arrays from bitmaps, by ways that look at no number by itself."""

from __future__ import annotations

from array import array

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap, FrozenBitMap

# The portable format of Roaring bitmaps (github.com/RoaringBitmap/RoaringFormatSpec), without runs.
_COOKIE = 12346
_CONTAINER = 1 << 16  # numbers in a container
_MOST_LISTED = 4096  # so many or fewer are written one by one, more of them as bits


def numbers_of(found: BitMap | FrozenBitMap) -> NDArray[np.int64]:
    """Give the numbers in a bitmap in their order, as an array."""
    return np.frombuffer(found.to_array(), dtype=np.uint32).astype(np.int64)


def bitmap_of(numbers: NDArray[np.integer]) -> BitMap:
    """Give a set of numbers; through an array of its own kind, which is many times faster."""
    held = array("I")
    held.frombytes(np.ascontiguousarray(numbers, dtype=np.uint32).tobytes())
    return BitMap(held)


def bitmap_where(is_held: NDArray[np.bool_]) -> BitMap:
    """Give the set of numbers at which an array is true."""
    size = -(-len(is_held) // _CONTAINER) * _CONTAINER
    bits = np.zeros(size // 8, dtype=np.uint8)
    packed = np.packbits(is_held, bitorder="little")
    bits[: len(packed)] = packed
    containers = bits.reshape(-1, _CONTAINER // 8)
    counts = np.bitwise_count(containers.view(np.uint64)).sum(axis=1, dtype=np.int64)
    keys = np.flatnonzero(counts)
    contents = [_content(containers[key], int(counts[key])) for key in keys]
    heads = np.empty((len(keys), 2), dtype="<u2")
    heads[:, 0], heads[:, 1] = keys, counts[keys] - 1
    begin = 8 + 8 * len(keys)  # after the cookie, the count, the heads and these places
    places = begin + np.cumsum([0, *map(len, contents)])[:-1]
    start = np.array([_COOKIE, len(keys)], dtype="<u4")
    parts = (start.tobytes(), heads.tobytes(), places.astype("<u4").tobytes(), *contents)
    return BitMap.deserialize(b"".join(parts))


def _content(bits: NDArray[np.uint8], count: int) -> bytes:
    if count > _MOST_LISTED:
        return bits.tobytes()
    return np.flatnonzero(np.unpackbits(bits, bitorder="little")).astype("<u2").tobytes()
