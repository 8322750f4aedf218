"""A folder, an archive or a single file, opened as named files that can be read again and again.

What an archive holds is unpacked into files without a name: when the process ends, however it ends, nothing
of an address that must not be known is left on the disk.
"""

from __future__ import annotations

import os
import stat
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryFile
from typing import IO

from services_dir.errors import N_, InvalidError
from services_dir.exchange.files.limits import LIMITS, Limits

_ENDINGS = (".csv", ".tsv", ".txt", ".json", ".ndjson", ".jsonl", ".xlsx")
_PACKED = (".zip", ".gz", ".bz2", ".xz", ".7z", ".rar", ".tar", ".tgz", ".zst")
_PIECE = 1_000_000
_NOTHING = N_("There is no file here that can be imported. We read CSV, JSON, NDJSON, XLSX and ZIP.")


Keep = Callable[[IO[bytes]], IO[bytes]]


def _not_kept(content: IO[bytes]) -> IO[bytes]:
    return content


@dataclass(frozen=True)
class File:
    """A file of a package: its name without folders, its bytes, and how many they are."""

    name: str
    content: IO[bytes]
    size: int
    keep: Keep = _not_kept  # takes a file that has to be closed along with the package

    @property
    def ending(self) -> str:
        """Give the ending of the name, in small letters: `.csv`."""
        return PurePosixPath(self.name.lower()).suffix


@dataclass(frozen=True)
class Package:
    """What is to be imported: its files by name, and those that are of no kind we read."""

    name: str
    files: tuple[File, ...]
    left: tuple[str, ...] = ()


@contextmanager
def open_package(path: Path, *, name: str = "", limits: Limits = LIMITS) -> Iterator[Package]:
    """Open a folder, an archive or a file. Raises InvalidError with the reason if that must not be done."""
    title = name or path.name
    with ExitStack() as stack:
        if path.is_dir():
            yield _of_folder(path, title, stack, limits)
        elif not path.exists():
            raise InvalidError(N_("There is no file or folder “{name}”."), name=title)
        elif zipfile.is_zipfile(path) and PurePosixPath(title.lower()).suffix != ".xlsx":
            yield _of_archive(path, title, stack, limits)
        else:
            if PurePosixPath(title.lower()).suffix not in _ENDINGS:
                raise InvalidError(_NOTHING)
            yield Package(title, (_opened(path, title, stack, limits),))


@contextmanager
def open_upload(content: IO[bytes], name: str, *, limits: Limits = LIMITS) -> Iterator[Package]:
    """Open what was sent to us as a file without a path. Raises InvalidError as `open_package` does."""
    with ExitStack() as stack:
        if zipfile.is_zipfile(content) and PurePosixPath(name.lower()).suffix != ".xlsx":
            yield _of_archive(content, name, stack, limits)
            return
        if PurePosixPath(name.lower()).suffix not in _ENDINGS:
            raise InvalidError(_NOTHING)
        size = content.seek(0, os.SEEK_END)
        content.seek(0)
        yield Package(name, (File(name, content, size, stack.enter_context),))


def _of_folder(folder: Path, title: str, stack: ExitStack, limits: Limits) -> Package:
    entries = sorted(entry for entry in folder.iterdir() if entry.is_file() and entry.name[0] != ".")
    wanted = [entry for entry in entries if entry.suffix.lower() in _ENDINGS]
    if not wanted:
        raise InvalidError(_NOTHING)
    if len(wanted) > limits.files:
        raise InvalidError(N_("This holds more than {count} files."), count=limits.files)
    files = tuple(_opened(entry, entry.name, stack, limits) for entry in wanted)
    left = tuple(entry.name for entry in entries if entry not in wanted)
    return Package(title, files, left)


def _opened(path: Path, name: str, stack: ExitStack, limits: Limits) -> File:
    size = path.stat().st_size
    if size > limits.bytes:
        raise InvalidError(N_("“{name}” is larger than {size} MB."), name=name, size=limits.bytes // _PIECE)
    return File(name, stack.enter_context(path.open("rb")), size, stack.enter_context)


def _of_archive(path: Path | IO[bytes], title: str, stack: ExitStack, limits: Limits) -> Package:
    try:
        archive = stack.enter_context(zipfile.ZipFile(path))
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise InvalidError(N_("This archive is broken: {reason}"), reason=str(error)) from error
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > limits.files:
        raise InvalidError(N_("This holds more than {count} files."), count=limits.files)
    files: dict[str, File] = {}
    left, total = [], 0
    for entry in entries:
        name = _safe_name(entry)
        if PurePosixPath(name.lower()).suffix not in _ENDINGS or name[0] in "._":
            left.append(name)
            continue
        if name.lower() in files:
            raise InvalidError(N_("The archive holds the file “{name}” twice."), name=name)
        file = _unpacked(archive, entry, name, stack, limits=limits, room=limits.bytes - total)
        total += file.size
        files[name.lower()] = file
    if not files:
        raise InvalidError(_NOTHING)
    return Package(title, tuple(files.values()), tuple(left))


def _safe_name(entry: zipfile.ZipInfo) -> str:
    """Give the name without folders. Raises InvalidError for one that leads out, a link, or an archive."""
    path = PurePosixPath(entry.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in entry.filename:
        raise InvalidError(N_("The archive holds a file whose name leads out of it: “{name}”."), name=path)
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise InvalidError(N_("The archive holds a link instead of a file: “{name}”."), name=path)
    if path.suffix.lower() in _PACKED:
        raise InvalidError(N_("The archive holds another archive, “{name}”. Unpack it first."), name=path)
    if entry.flag_bits & 1:
        raise InvalidError(N_("The archive is locked with a password."))
    return path.name


def _unpacked(
    archive: zipfile.ZipFile,
    entry: zipfile.ZipInfo,
    name: str,
    stack: ExitStack,
    *,
    limits: Limits,
    room: int,
) -> File:
    """Unpack one file. What the archive says of sizes is not believed: the bytes are counted."""
    held = stack.enter_context(TemporaryFile())  # noqa: SIM115 - the stack closes it
    size = 0
    try:
        with archive.open(entry) as packed:
            while piece := packed.read(_PIECE):
                size += len(piece)
                if size > room:
                    message = N_("Unpacked, this archive is larger than {size} MB.")
                    raise InvalidError(message, size=limits.bytes // _PIECE)
                is_bomb = size > max(1, entry.compress_size) * limits.ratio
                if is_bomb and size > limits.ratio_counts_from:
                    raise InvalidError(
                        N_("“{name}” grows more than {ratio} times when it is unpacked."),
                        name=name,
                        ratio=limits.ratio,
                    )
                held.write(piece)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, RuntimeError) as error:
        raise InvalidError(N_("This archive is broken: {reason}"), reason=str(error)) from error
    held.seek(0)
    return File(name, held, size, stack.enter_context)
