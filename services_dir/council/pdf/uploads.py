"""Taking a PDF that somebody hands in: its name, its size while it is read, its real type, what is in it."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import msgspec

from services_dir.errors import N_, InvalidError

LARGEST = 20_000_000  # bytes
PIECE = 256 * 1024
SECONDS_AT_HAND = 15  # while somebody waits; what takes longer is read by `work`
SECONDS_OF_WORK = 60

_INSPECTOR = Path(__file__).with_name("inspector.py")
_NAME = re.compile(r'[^/\\:*?"<>|\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]+')
# A date or a number may stand before the last dot of a name; another kind of file may not.
_OTHER_TYPE = re.compile(
    r"\.(?:pdf|html?|xhtml|svg|xml|js|mjs|vbs|ps1|exe|com|scr|bat|cmd|msi|dll|jar|apk|app|php\d?|phtml|asp|aspx|jsp|"
    r"cgi|py|sh|zip|rar|7z|gz|tar|docx?|docm|xlsx?|xlsm|pptx?|pptm|rtf|txt|lnk|hta|iso|img)\s*$",
    re.IGNORECASE,
)
_WRONG_NAME = N_("The name of this file holds signs that no name should have. Rename it and choose it again.")
_DOUBLE = N_("The name of this file ends twice, such as “minutes.html.pdf”. Rename it and choose it again.")
_NO_PDF = N_("This is not a PDF. Save it as a PDF and choose it again.")
_TOO_LARGE = N_("This file is larger than {most} megabytes. Save it in a smaller size and choose it again.")
_PROBLEMS = {
    "markup": N_("This file holds parts of a web page. Save it as a PDF anew and choose it again."),
    "script": N_("This PDF holds a script or starts something. Print it into a new PDF and choose that one."),
    "files": N_("This PDF holds other files or media. Print it into a new PDF and choose that one."),
    "bomb": N_("A part of this PDF is packed and becomes far too large. It was not kept."),
    "heavy": N_("This PDF takes too much time or memory to be read. It was not kept."),
    "locked": N_("This PDF is locked with a password. Save it without one and choose it again."),
    "pages": N_("This PDF has no pages, or very many. It was not kept."),
    "broken": N_("This PDF is damaged and cannot be read. Save it anew and choose it again."),
}


@dataclass(frozen=True)
class Found:
    """What is in a PDF: how many pages, and the words of those that could be read in the time, in order."""

    pages: int
    texts: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        """Tell whether every page was read."""
        return len(self.texts) >= self.pages


@dataclass(frozen=True)
class Upload:
    """A PDF that may be kept: its bytes in pieces, their SHA-256, and what is in it."""

    digest: str
    pieces: tuple[bytes, ...]
    found: Found

    @property
    def size(self) -> int:
        """Give the number of bytes."""
        return sum(map(len, self.pieces))


def take(name: str, stream: IO[bytes]) -> Upload:
    """Read a file that was handed in under a name. Keeps nothing; the name is looked at and forgotten.

    Raises InvalidError with a sentence about the first thing wrong with it.
    """
    check_name(name)
    pieces = read_pieces(stream)
    if not pieces or not pieces[0].startswith(b"%PDF-"):
        raise InvalidError(_NO_PDF)
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
    return Upload(digest.hexdigest(), pieces, inspect(b"".join(pieces), seconds=SECONDS_AT_HAND))


def check_name(name: str) -> None:
    """Raise InvalidError if a file should not be called so."""
    stem, dot, ending = name.strip().rpartition(".")
    if not _NAME.fullmatch(name) or ".." in name:
        raise InvalidError(_WRONG_NAME)
    if not dot or ending.casefold() != "pdf":
        raise InvalidError(_NO_PDF)
    if _OTHER_TYPE.search(stem):
        raise InvalidError(_DOUBLE)


def read_pieces(stream: IO[bytes]) -> tuple[bytes, ...]:
    """Read a stream, no further than to the largest size. Raises InvalidError beyond."""
    pieces, size = [], 0
    while piece := stream.read(PIECE):
        size += len(piece)
        if size > LARGEST:
            raise InvalidError(_TOO_LARGE, most=LARGEST // 1_000_000)
        pieces.append(piece)
    return tuple(pieces)


def inspect(content: bytes, *, seconds: int) -> Found:
    """Have a process of its own look into a PDF. Raises InvalidError if it should not be kept."""
    command = [sys.executable, "-I", str(_INSPECTOR), str(seconds)]
    try:
        done = subprocess.run(
            command,
            check=False,  # it may have been ended for its time or memory, and what it said before counts
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=seconds * 2,
        )
        said = done.stdout
    except subprocess.TimeoutExpired as error:  # it waited more than it worked
        said = error.stdout or b""
    lines = [_read(line) for line in said.splitlines()]
    first: dict[str, Any] = lines[0] if lines else {"problem": "heavy"}
    if "pages" not in first:
        raise InvalidError(_PROBLEMS.get(str(first.get("problem")), _PROBLEMS["broken"]))
    return Found(int(first["pages"]), tuple(str(line["text"]) for line in lines[1:] if "text" in line))


def _read(line: bytes) -> dict[str, Any]:
    try:
        return msgspec.json.decode(line, type=dict[str, Any])
    except msgspec.DecodeError:  # it was ended in the middle of a line
        return {}
