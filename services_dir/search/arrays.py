"""The postings of a segment as flat arrays: gathered while they are written, and mapped again.

For every scored field its terms in one sorted block; for each term the numbers of its documents (4
bytes), keys (2: how often, and the byte for the length of the field) and positions (2).
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services_dir.search import blocks
from services_dir.search.blocks import DamagedError, Extent, Texts, packed_texts
from services_dir.search.document import SPELLED
from services_dir.search.postings import KeyedPostings
from services_dir.search.spelling import Layer, sound_of
from services_dir.search.stemming import stem

_MARK = b"SDARR003"
_MOST = 255  # a count above, or a position above 65535, is not held: Whoosh's matcher reads that term
_LAST_POSITION = (1 << 16) - 1


class FieldArrays:
    """The postings of one field while they are gathered, term by term in their order."""

    def __init__(self) -> None:
        self._texts: list[bytes] = []
        self._ends = array("Q", [0])
        self._position_ends = array("Q", [0])
        self._numbers = array("I")
        self._counts = array("f")
        self._positions = array("I")

    def add(self, text: bytes, numbers: array[int], counts: array[float], positions: array[int]) -> None:
        """Take in a term: its documents, how often it stands in each, and where, if that is kept."""
        self._texts.append(text)
        self._numbers.extend(numbers)
        self._counts.extend(counts)
        self._positions.extend(positions)
        self._ends.append(len(self._numbers))
        self._position_ends.append(len(self._positions))

    @property
    def texts(self) -> Sequence[bytes]:
        """Give the terms so far."""
        return self._texts

    def packed(self, field: str, lengths: bytes) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
        """Give all of it as arrays and notes; `lengths` has a byte for each document."""
        numbers = np.frombuffer(self._numbers, dtype=np.uint32)
        counts = np.frombuffer(self._counts, dtype=np.float32)
        positions = np.frombuffer(self._positions, dtype=np.uint32)
        ends = np.frombuffer(self._ends, dtype=np.uint64)
        position_ends = np.frombuffer(self._position_ends, dtype=np.uint64)
        whole = np.minimum(counts, _MOST).astype(np.uint16)
        keys = whole << np.uint16(8)
        keys |= np.frombuffer(lengths, dtype=np.uint8)[numbers]
        arrays: dict[str, NDArray[Any]] = {
            f"{field}/ends": ends,
            f"{field}/position_ends": position_ends,
            f"{field}/numbers": numbers,
            f"{field}/keys": keys,
            f"{field}/positions": positions.astype(np.uint16),
        }
        for name, held in packed_texts("terms", self._texts).items():
            arrays[f"{field}/{name}"] = held
        not_held = {
            *_terms_of(np.flatnonzero(counts != whole), ends),
            *_terms_of(np.flatnonzero(positions > _LAST_POSITION), position_ends),
            *_not_all_placed(counts, ends, position_ends),
        }
        return arrays, {"most": int(whole.max(initial=0)), "not_held": sorted(not_held)}


def _terms_of(places: NDArray[Any], ends: NDArray[Any]) -> list[int]:
    """Give the terms in whose stretches some places lie."""
    found: list[int] = (np.unique(np.searchsorted(ends, places, side="right")) - 1).tolist()
    return found


def _not_all_placed(counts: NDArray[Any], ends: NDArray[Any], position_ends: NDArray[Any]) -> list[int]:
    """Give the terms that have positions, but not one each time they stand somewhere."""
    placed = np.diff(position_ends.astype(np.int64))
    if not placed.any():
        return []
    wanted = np.add.reduceat(counts.astype(np.float64), ends[:-1].astype(np.int64))
    found: list[int] = np.flatnonzero((placed > 0) & (placed != wanted)).tolist()
    return found


class _Field:
    """The arrays of a field, mapped."""

    def __init__(self, name: str, arrays: blocks.Arrays, notes: Mapping[str, Any], documents: int) -> None:
        self._documents = documents
        self._not_held = frozenset(notes["not_held"])
        self.most: int = notes["most"]
        self.terms = Texts.of(arrays, f"{name}/terms")
        self.ends = arrays[f"{name}/ends"]
        self._position_ends = arrays[f"{name}/position_ends"]
        self._numbers = arrays[f"{name}/numbers"]
        self._keys = arrays[f"{name}/keys"]
        self._positions = arrays[f"{name}/positions"]

    def postings(self, text: bytes) -> KeyedPostings | None:
        """Give the postings of a term; None if they are not held here. Raises DamagedError."""
        at = bisect_left(self.terms, text)
        if at == len(self.terms) or self.terms[at] != text:
            return KeyedPostings.none()
        return self.postings_of(at) if at not in self._not_held else None

    @property
    def is_whole(self) -> bool:
        """Tell whether the postings of all terms are held."""
        return not self._not_held

    def lengths(self) -> NDArray[np.uint8]:
        """Give for each document the byte for the length of the field, 0 where it has none."""
        found = np.zeros(self._documents, dtype=np.uint8)
        found[self._numbers] = self._keys & 0xFF
        return found

    def postings_of(self, at: int) -> KeyedPostings:
        """Give the postings of a term by its place. Raises DamagedError."""
        numbers = np.array(self._numbers[self.ends[at] : self.ends[at + 1]])
        keys = np.array(self._keys[self.ends[at] : self.ends[at + 1]])
        if not len(numbers) or numbers[-1] >= self._documents or (numbers[1:] <= numbers[:-1]).any():
            raise DamagedError(f"the postings of term {at}")
        if int(keys.max()) >> 8 > self.most:
            raise DamagedError(f"the postings of term {at}")
        return KeyedPostings(
            numbers, keys, self._positions[self._position_ends[at] : self._position_ends[at + 1]]
        )


class Arrays:
    """The arrays of one segment, mapped."""

    def __init__(self, extent: Extent, documents: int, *, is_checked: bool = False) -> None:
        """Map them; with `is_checked` every byte is read. Raises DamagedError if they are not as written."""
        try:
            table, arrays = blocks.read(extent, _MARK, is_checked=is_checked)
            if table.documents != documents:
                raise DamagedError("the number of documents")
            self._arrays = arrays
            self._lengths: dict[str, int] = table.notes["lengths"]
            self._fields = {
                name: _Field(name, arrays, notes, documents) for name, notes in table.notes["fields"].items()
            }
        except DamagedError:
            raise
        except Exception as error:
            raise DamagedError(str(error)) from error

    def postings(self, field: str, text: str) -> KeyedPostings | None:
        """Give the postings of a term; None if Whoosh must be asked. Raises DamagedError."""
        held = self._fields.get(field)
        return held.postings(text.encode()) if held is not None else KeyedPostings.none()

    def most(self, field: str) -> int:
        """Give the highest count of any term in a field."""
        held = self._fields.get(field)
        return held.most if held is not None else 0

    def length(self, field: str) -> int:
        """Give the number of terms in a field of all documents together."""
        return self._lengths.get(field, 0)

    def terms(self, field: str) -> Sequence[bytes]:
        """Give all terms of a field in their order."""
        held = self._fields.get(field)
        return held.terms if held is not None else ()

    @property
    def is_whole(self) -> bool:
        """Tell whether the postings of all terms are held, so that Whoosh need not be asked for any."""
        return all(field.is_whole for field in self._fields.values())

    def lengths(self) -> dict[str, NDArray[np.uint8]]:
        """Give for each field and document the byte for its length, 0 where a document has none."""
        return {name: field.lengths() for name, field in self._fields.items()}

    def all_postings(self) -> Iterator[tuple[str, str, KeyedPostings]]:
        """Give the postings of all terms by field. Raises DamagedError."""
        for name, field in self._fields.items():
            for at, text in enumerate(field.terms):
                yield name, text.decode(), field.postings_of(at)

    def spelling(self) -> Layer:
        """Give the words of the texts as they are spelled."""
        held = self._fields.get(SPELLED)
        if held is None:
            return Layer.of({})
        words = (text.decode() for text in held.terms)
        counts = dict(zip(words, np.diff(held.ends).tolist(), strict=True))
        stems, sounds = (
            (text.decode() for text in Texts.of(self._arrays, name)) for name in ("stems", "sounds")
        )
        return Layer.of_known(counts, stems, sounds)


def write(
    file: Any,
    documents: int,
    fields: Mapping[str, FieldArrays],
    lengths: Mapping[str, bytes],
    totals: Mapping[str, int],
) -> None:
    """Write the postings of all fields; `lengths` has a byte for each document, `totals` their sum."""
    arrays: dict[str, NDArray[Any]] = {}
    notes: dict[str, Any] = {}
    for name, gathered in fields.items():
        held, notes[name] = gathered.packed(name, lengths.get(name, b"").ljust(documents, b"\0"))
        arrays |= held
    words = [text.decode() for text in fields[SPELLED].texts] if SPELLED in fields else []
    arrays |= packed_texts("stems", (stem(word).encode() for word in words))
    arrays |= packed_texts("sounds", (sound_of(word).encode() for word in words))
    blocks.write(file, _MARK, documents, arrays, {"fields": notes, "lengths": dict(totals)})
