"""The index on disk: generations beside each other, one writer, and what a commit says of itself.

`home/index/current` names the generation that answers. A rebuild fills another folder and swaps by
renaming that file. The folder holds pickles: it belongs to its owner alone and can always be made
again from the database. Only what Whoosh 2.7.4 and its forks share is used.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec
from msgspec import Struct
from whoosh import index as whoosh_index
from whoosh.analysis import SpaceSeparatedTokenizer
from whoosh.fields import ID, STORED, TEXT, Schema

from services_dir.search import analyzer, spelling
from services_dir.search.blocks import DamagedError
from services_dir.search.codec import ArraysWriter
from services_dir.search.document import (
    FIELDS,
    TEXTS,
    Card,
    CardPhone,
    CardText,
    Document,
    Facts,
    SitePoint,
    encode,
)
from services_dir.search.segment_files import Commit, SegmentFiles

FOLDER = "index"
STATE = "\x00state"  # id of the document that holds the state of the commit
_CURRENT = "current"
_LOCK = "lock"
_MANIFEST = "manifest.json"
_MEMORY = 1024 * 1024 * 1024  # bytes of postings; beyond that they go to the disk while an index is built
_POLL = 0.05
_FORMAT = 6  # of what is written: one more with every change of our files in a segment


class IndexUnusableError(Exception):
    """The index is missing, damaged or not ours; it must be built anew."""


class IndexBusyError(Exception):
    """Another process writes to the index."""


class State(Struct, frozen=True):
    """What a commit holds: the last catalog change taken up, of which database, by which rules."""

    applied: int
    database_id: str
    fingerprint: str


class Manifest(Struct, frozen=True):
    """Size and CRC-32 of each file of a commit: torn files are noticed (Whoosh never calls fsync)."""

    generation: int
    files: dict[str, tuple[int, int]]


def schema() -> Schema:
    """Give the fields of a document. Texts are analysed before: a field gets its terms, joined by spaces."""
    text = {
        name: TEXT(analyzer=SpaceSeparatedTokenizer(), field_boost=1.0, phrase=name in TEXTS)
        for name in FIELDS
    }
    return Schema(id=ID(unique=True, stored=True), card=STORED, facts=STORED, state=STORED, **text)


@cache
def fingerprint() -> str:
    """Give the mark of everything that decides what an index holds; another one means a rebuild."""
    parts: list[str] = [f"format {_FORMAT}", f"analyzer {analyzer.VERSION}", *sorted(FIELDS)]
    parts.append(f"spelling {spelling.VERSION}")
    for kind in (Card, CardText, CardPhone, Facts, SitePoint):
        parts.append(f"{kind.__name__}: {msgspec.structs.fields(kind)}")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


class Generation:
    """One complete build of the index: a folder with Whoosh's files."""

    def __init__(self, folder: Path) -> None:
        """Open it. Raises IndexUnusableError if that fails for whatever reason."""
        self.folder = folder
        try:
            self._index = whoosh_index.open_dir(str(folder))
        except Exception as error:
            raise IndexUnusableError(str(error)) from error

    @classmethod
    def create(cls, folder: Path) -> Generation:
        """Make an empty one."""
        folder.mkdir(mode=0o700, parents=True)
        whoosh_index.create_in(str(folder), schema())
        return cls(folder)

    @property
    def mark(self) -> tuple[str, int]:
        """Give the name of the folder and the number of its newest commit."""
        try:
            return self.folder.name, self._index.latest_generation()
        except OSError as error:
            raise IndexUnusableError(str(error)) from error

    def commit(self) -> Commit:
        """Read the table of contents of the newest commit. Raises IndexUnusableError."""
        try:
            return Commit.newest(self.folder)
        except Exception as error:
            raise IndexUnusableError(str(error)) from error

    def open(self, commit: Commit, segment: Any) -> SegmentFiles:
        """Map the files of a segment. Raises IndexUnusableError."""
        try:
            return SegmentFiles(self.folder, segment, commit.schema)
        except Exception as error:
            raise IndexUnusableError(str(error)) from error

    def state(self) -> State:
        """Read what the newest commit says of itself. Raises IndexUnusableError."""
        commit = self.commit()
        try:
            held = [(self.open(commit, segment).facts(), segment.is_deleted) for segment in commit.segments]
            return read_state((facts.state, is_deleted) for facts, is_deleted in held)
        except DamagedError as error:
            raise IndexUnusableError(str(error)) from error

    @contextmanager
    def writing(self, state: State, *, clean: bool = False) -> Iterator[Writer]:
        """Change documents and commit them together with the state; all or nothing.

        `clean` rewrites every segment, so that nothing of a document that was replaced or taken out stays
        on the disk. Raises IndexBusyError if another process is writing.
        """
        try:
            writer = ArraysWriter(self._index, _MEMORY)
        except whoosh_index.LockError as error:
            raise IndexBusyError(str(self.folder)) from error
        except Exception as error:
            raise IndexUnusableError(str(error)) from error
        try:
            yield Writer(writer)
            writer.delete(STATE)
            writer.add({"id": (STATE,)}, {"id": STATE, "state": msgspec.json.encode(state)})
            writer.commit(clean=clean)
        except BaseException as error:
            with suppress(Exception):
                writer.cancel()
            if isinstance(error, DamagedError):
                raise IndexUnusableError(str(error)) from error
            raise
        self._seal()

    def verify(self, *, deep: bool = True) -> None:
        """Compare the files with what the last commit wrote. Raises IndexUnusableError if one differs.

        Files never change once written, so their content is read (`deep`) once per process, else only
        their sizes are compared. Only for
        whoever holds the lock: while another process commits they do differ.
        """
        try:
            manifest = msgspec.json.decode((self.folder / _MANIFEST).read_bytes(), type=Manifest)
        except (OSError, msgspec.MsgspecError) as error:
            raise IndexUnusableError("the index was not closed properly") from error
        if manifest.generation != self.mark[1]:
            raise IndexUnusableError("the last commit of the index was interrupted")
        for name, expected in manifest.files.items():
            file = self.folder / name
            if not file.exists() or file.stat().st_size != expected[0]:
                raise IndexUnusableError(f"{name} is missing or cut off")
            if deep and _checksum(file) != expected:
                raise IndexUnusableError(f"{name} is damaged")

    def _seal(self) -> None:
        """Bring the files of a commit to the disk, and write down what they must look like."""
        known = self._sealed_files()
        files: dict[str, tuple[int, int]] = {}
        for file in sorted(self.folder.iterdir()):
            if file.name == _MANIFEST or file.name.endswith(("LOCK", ".tmp")):
                continue
            if file.name in known:
                files[file.name] = known[file.name]
                continue
            with file.open("rb") as handle:
                os.fsync(handle.fileno())
            files[file.name] = _checksum(file)
        manifest = Manifest(self.mark[1], files)
        _replace(self.folder / _MANIFEST, msgspec.json.encode(manifest))

    def _sealed_files(self) -> dict[str, tuple[int, int]]:
        try:
            return msgspec.json.decode((self.folder / _MANIFEST).read_bytes(), type=Manifest).files
        except (OSError, msgspec.MsgspecError):
            return {}


class Writer:
    """Puts documents into a generation and takes them out."""

    def __init__(self, writer: ArraysWriter) -> None:
        self._writer = writer

    def put(self, document: Document) -> None:
        """Add a document, or replace the one of the same id that was committed before."""
        self.remove(document.id)
        self.add(document)

    def add(self, document: Document) -> None:
        """Add a document of which there is none yet."""
        stored = {"id": document.id, "card": encode(document.card), "facts": encode(document.facts)}
        terms = {field: words for field, words in document.terms.items() if words}
        self._writer.add({"id": (document.id,), **terms}, stored)

    def remove(self, document_id: str) -> None:
        """Take out a document that was committed before, if it is there."""
        self._writer.delete(document_id)


def read_state(held: Iterable[tuple[tuple[int, bytes] | None, Callable[[int], bool]]]) -> State:
    """Read the state of a commit from what its segments hold, each with a test for what is deleted.

    Raises IndexUnusableError.
    """
    try:
        newest = next(state for state, is_deleted in held if state is not None and not is_deleted(state[0]))
        return msgspec.json.decode(newest[1], type=State)
    except Exception as error:
        raise IndexUnusableError("the index does not say what it holds") from error


class IndexFolder:
    """The folder of a machine's index, below the home."""

    def __init__(self, home: Path) -> None:
        self.path = home / FOLDER

    def current_name(self) -> str | None:
        """Give the name of the generation that answers, if there is one."""
        try:
            return (self.path / _CURRENT).read_text().strip() or None
        except OSError:
            return None

    def mark(self) -> tuple[int, ...]:
        """Give what is another value whenever a commit or a new generation may be there to take up."""
        found = []
        for path in (self.path / _CURRENT, self.path / (self.current_name() or "")):
            with suppress(OSError):
                held = path.stat()
                found += [held.st_ino, held.st_mtime_ns]
        return tuple(found)

    def current(self) -> Generation:
        """Open the generation that answers. Raises IndexUnusableError."""
        for _attempt in range(3):  # between reading the name and opening it, it may have been swapped
            name = self.current_name()
            if name is None:
                raise IndexUnusableError("there is no index yet")
            if (self.path / name).is_dir():
                return Generation(self.path / name)
        raise IndexUnusableError("the index is missing")

    def create(self) -> Generation:
        """Begin a generation beside the current one."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path.chmod(0o700)
        return Generation.create(self.path / f"generation-{uuid4().hex[:12]}")

    def swap(self, generation: Generation) -> None:
        """Let a generation answer from now on, and remove all others."""
        _replace(self.path / _CURRENT, generation.folder.name.encode())
        self.remove_others(generation.folder.name)

    def remove_others(self, name: str) -> None:
        """Remove every generation but one: former ones, and what a killed rebuild left over."""
        for folder in self.path.glob("generation-*"):
            if folder.name != name:
                shutil.rmtree(folder, ignore_errors=True)

    @contextmanager
    def lock(self, wait: float = 0.0) -> Iterator[None]:
        """Be the one process of this machine that writes. Raises IndexBusyError after `wait` seconds."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self.path / _LOCK).open("w") as handle:
            until = time.monotonic() + wait
            while True:
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError as error:
                    if time.monotonic() >= until:
                        raise IndexBusyError(str(self.path)) from error
                    time.sleep(_POLL)
            yield  # closing the file gives the lock back, also when the process dies


def _checksum(file: Path) -> tuple[int, int]:
    crc = size = 0
    with file.open("rb") as handle:
        while block := handle.read(1 << 20):
            crc = zlib.crc32(block, crc)
            size += len(block)
    return size, crc


def _replace(file: Path, content: bytes) -> None:
    """Write a file as a whole or not at all, and bring it to the disk."""
    draft = file.with_name(f".{file.name}-{uuid4().hex[:8]}")
    with draft.open("wb") as handle:
        handle.write(content)
        handle.flush()
        os.fsync(handle.fileno())
    draft.replace(file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
