"""Documents on disk, so that every engine is filled with the same ones and none is held in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from struct import Struct as Layout

import msgspec

from services_dir.search.document import Document

_SIZE = Layout("<I")
BATCH = 500


class Spool:
    """A file of documents in their order."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.count = 0

    def fill(self, documents: Iterable[Document]) -> None:
        """Write documents, instead of what was in the file."""
        with self._file.open("wb") as file:
            for document in documents:
                encoded = msgspec.msgpack.encode(document)
                file.write(_SIZE.pack(len(encoded)))
                file.write(encoded)
                self.count += 1

    def __iter__(self) -> Iterator[Document]:
        decoder = msgspec.msgpack.Decoder(Document)
        with self._file.open("rb") as file:
            while head := file.read(_SIZE.size):
                yield decoder.decode(file.read(*_SIZE.unpack(head)))

    def batches(self) -> Iterator[list[Document]]:
        """Give the documents, some hundred at a time."""
        documents = iter(self)
        while batch := list(islice(documents, BATCH)):
            yield batch
