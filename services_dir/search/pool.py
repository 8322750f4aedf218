"""The postings of a segment while it is written: arrays for each term instead of Whoosh's tuples.

About 12 bytes a posting; beyond a limit they go to a file without a name and are merged at the end.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce
from heapq import merge
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from struct import Struct as Layout
from tempfile import TemporaryFile
from typing import IO, Any

import msgspec
import numpy as np
from numpy.typing import NDArray

_TERM_BYTES = 600  # a term with its arrays
_POSTING_BYTES = 12  # number, count and one position
_LENGTH = Layout("<Q")

Array = NDArray[Any]


class TermPostings:
    """Where a term stands: numbers of documents in their order, how often in each, and at what places."""

    __slots__ = ("counts", "numbers", "positions")

    def __init__(self) -> None:
        self.numbers = array("I")
        self.counts = array("f")
        self.positions = array("I")

    def add(self, number: int, count: float, positions: Iterable[int] = ()) -> None:
        """Enter a document."""
        self.numbers.append(number)
        self.counts.append(count)
        self.positions.extend(positions)

    def extended(self, later: TermPostings) -> TermPostings:
        """Enter documents with higher numbers, and give itself."""
        self.numbers.extend(later.numbers)
        self.counts.extend(later.counts)
        self.positions.extend(later.positions)
        return self


class Pool:
    """Stands in for the pool of Whoosh's writer: `add` takes what that takes in merges."""

    def __init__(self, folder: Path, formats: Mapping[str, Any], limit: int) -> None:
        self._folder = folder
        self._decoders = {
            name: held.decode_positions for name, held in formats.items() if held.supports("positions")
        }
        self._limit = limit
        self._size = 0
        self._fields: dict[str, dict[str, TermPostings]] = {name: {} for name in formats}
        self._runs: list[IO[bytes]] = []

    def add_terms(self, field: str, number: int, terms: Sequence[str]) -> None:
        """Enter the terms of a field of a document, in their order."""
        held = self._fields[field]
        has_positions = field in self._decoders
        for position, term in enumerate(terms):
            postings = held.get(term)
            if postings is None:
                postings = held[term] = TermPostings()
                self._size += _TERM_BYTES
            if postings.numbers and postings.numbers[-1] == number:
                postings.counts[-1] += 1
            else:
                postings.numbers.append(number)
                postings.counts.append(1)
            if has_positions:
                postings.positions.append(position)
        self._grow(len(terms))

    def add(self, item: tuple[str, bytes, int, float, bytes]) -> None:
        """Enter a posting as Whoosh's readers give it."""
        field, text, number, count, value = item
        decode = self._decoders.get(field)
        positions = decode(value) if decode else ()
        postings = self._fields[field].setdefault(text.decode(), TermPostings())
        postings.add(number, len(positions) or count, positions)
        self._grow(1)

    def add_postings(self, field: str, text: str, numbers: Array, counts: Array, positions: Array) -> None:
        """Enter the postings of a term in documents with higher numbers than before."""
        postings = self._fields[field].setdefault(text, TermPostings())
        postings.numbers.frombytes(numbers.astype(np.uint32).tobytes())
        postings.counts.frombytes(counts.astype(np.float32).tobytes())
        postings.positions.frombytes(positions.astype(np.uint32).tobytes())
        self._grow(len(numbers))

    def iter_postings(self) -> Iterator[tuple[str, bytes, TermPostings]]:
        """Give all postings by field and term."""
        runs = [_read(run) for run in self._runs]
        for (field, text), parts in groupby(merge(*runs, self._sorted(), key=_key), key=_key):
            yield field, text, reduce(TermPostings.extended, (postings for *_, postings in parts))

    def cleanup(self) -> None:
        """Give all of it back."""
        for run in self._runs:
            run.close()
        self._runs.clear()
        self._fields.clear()

    def _grow(self, postings: int) -> None:
        self._size += postings * _POSTING_BYTES
        if self._size > self._limit:
            self._runs.append(TemporaryFile(dir=self._folder))  # noqa: SIM115 - open until `cleanup`
            for field, text, held in self._sorted():
                _write(self._runs[-1], field, text, held)
            self._fields = {name: {} for name in self._fields}
            self._size = 0

    def _sorted(self) -> Iterator[tuple[str, bytes, TermPostings]]:
        for field in sorted(self._fields):
            held = self._fields[field]
            for text, term in sorted((term.encode(), term) for term in held):
                yield field, text, held.pop(term)


_key = itemgetter(0, 1)


def _write(run: IO[bytes], field: str, text: bytes, postings: TermPostings) -> None:
    held = (postings.numbers, postings.counts, postings.positions)
    encoded = msgspec.msgpack.encode((field, text, *(part.tobytes() for part in held)))
    run.write(_LENGTH.pack(len(encoded)))
    run.write(encoded)


def _read(run: IO[bytes]) -> Iterator[tuple[str, bytes, TermPostings]]:
    run.seek(0)
    while head := run.read(_LENGTH.size):
        field, text, *held = msgspec.msgpack.decode(run.read(*_LENGTH.unpack(head)))
        postings = TermPostings()
        postings.numbers.frombytes(held[0])
        postings.counts.frombytes(held[1])
        postings.positions.frombytes(held[2])
        yield field, text, postings
