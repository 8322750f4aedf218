"""Cards and facts of a segment's programs as they are shown: written one after another, mapped, checked.

Each record has its own checksum, held to when it is read: a digit of a phone number that turned on the
disk is never shown.
"""

from __future__ import annotations

import zlib
from array import array
from typing import Any

import numpy as np

from services_dir.search import blocks
from services_dir.search.blocks import DamagedError, Extent


class RecordWriter:
    """Writes records to a file while documents come in; keeps 20 bytes of each."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self._ends = array("Q", [0])
        self._checks = array("I")

    def add(self, card: bytes, facts: bytes) -> None:
        """Write the card and the facts of the next document; nothing of one that is no program."""
        for part in (card, facts):
            self._file.write(part)
            self._ends.append(self._ends[-1] + len(part))
        self._checks.append(_checksum(card, facts))

    def close(self) -> dict[str, Any]:
        """Close the file, and give as arrays what is needed to find records again."""
        self._file.close()
        return {
            "record_ends": np.array(self._ends, dtype=np.uint64),
            "record_checks": np.array(self._checks, dtype=np.uint32),
        }


class Records:
    """The records of a segment, mapped."""

    def __init__(self, extent: Extent, arrays: blocks.Arrays) -> None:
        self._data, self._start = extent.data, extent.start
        self._ends = blocks.view_of(arrays["record_ends"])
        self._checks = blocks.view_of(arrays["record_checks"])
        if int(self._ends[-1]) != extent.length:
            raise DamagedError("the length of the records")

    def read(self, number: int) -> tuple[bytes, bytes]:
        """Give the card and the facts of a document. Raises DamagedError if they are not what was written."""
        ends, at = self._ends, 2 * number
        start, middle, end = ends[at], ends[at + 1], ends[at + 2]
        record = self._data[self._start + start : self._start + end]
        if not start <= middle <= end or zlib.crc32(record) != self._checks[number]:
            raise DamagedError(f"the record of document {number}")
        return record[: middle - start], record[middle - start :]


class KeptRecords:
    """The records of a segment in which they lie among Whoosh's stored fields, read once."""

    def __init__(self, held: dict[int, tuple[bytes, bytes]]) -> None:
        self._held = held

    def read(self, number: int) -> tuple[bytes, bytes]:
        """Give the card and the facts of a program. Raises DamagedError if there is none."""
        if number not in self._held:
            raise DamagedError(f"there is no record of document {number}")
        return self._held[number]


def _checksum(card: bytes, facts: bytes) -> int:
    return zlib.crc32(facts, zlib.crc32(card))
