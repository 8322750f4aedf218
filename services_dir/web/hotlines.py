"""The round-the-clock lines last published, kept in a file in the home for when the database fails."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

FILE = "hotlines.json"


@dataclass(frozen=True)
class HotlineNumber:
    """A number of a line, as the phone component shows it."""

    kind: str
    number: str
    label: str | None = None
    language: str | None = None
    instruction: str | None = None
    extension: str | None = None


@dataclass(frozen=True)
class Hotline:
    """A line that answers at any hour: the program it belongs to, and its numbers to call or text."""

    slug: str
    name: str
    numbers: tuple[HotlineNumber, ...]


def remember_hotlines(home: Path, lines: Sequence[Hotline]) -> None:
    """Keep the lines in the home, whole or not at all; write only if they differ from those kept."""
    content = msgspec.json.encode(list(lines))
    target = home / FILE
    with contextlib.suppress(OSError):
        if target.read_bytes() == content:
            return
    handle, name = tempfile.mkstemp(dir=home, prefix=".hotlines-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def remembered_hotlines(home: Path) -> tuple[Hotline, ...]:
    """Read the lines kept; none if there is no file, or if it cannot be read."""
    try:
        return msgspec.json.decode((home / FILE).read_bytes(), type=tuple[Hotline, ...])
    except (OSError, msgspec.MsgspecError):
        return ()
