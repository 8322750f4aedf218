"""Text files as they come: any of the usual encodings and line ends, brought to UTF-8 with line feeds."""

from __future__ import annotations

import codecs
import re
from tempfile import TemporaryFile
from typing import IO

from services_dir.errors import N_, InvalidError
from services_dir.exchange.files.packages import File

_PIECE = 1_000_000
_QUOTED = re.compile(rb'"[^"]*"')
_BARE_RETURN = re.compile(rb"\r(?=.)", re.DOTALL)  # before the first line feed, but not right before it
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def find_encoding(content: IO[bytes]) -> str:
    """Tell how a file is written: by its mark, as UTF-8 if it is that throughout, else as Windows-1252."""
    content.seek(0)
    start = content.read(4)
    for mark, encoding in _MARKS:
        if start.startswith(mark):
            return encoding
    content.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while piece := content.read(_PIECE):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    finally:
        content.seek(0)
    return "utf-8"


def as_utf8(file: File) -> tuple[IO[bytes], str]:
    """Give a file in UTF-8 without mark, with line feeds at the ends of lines, and how it was written.

    The file itself if it is so already; otherwise a file without a name. Raises InvalidError for bytes
    that are no text.
    """
    content, name = file.content, file.name
    encoding = find_encoding(content)
    content.seek(0)
    if encoding == "utf-8" and not _has_bare_returns(content):
        return content, encoding
    held: IO[bytes] = file.keep(TemporaryFile())  # noqa: SIM115 - closed with its package
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while piece := content.read(_PIECE):
            held.write(decoder.decode(piece).encode())
        held.write(decoder.decode(b"", final=True).encode())
    except UnicodeDecodeError as error:
        raise InvalidError(N_("“{name}” is no text in an encoding we know."), name=name) from error
    if _has_bare_returns(held):
        held = _with_newlines(held, file.keep(TemporaryFile()))  # noqa: SIM115
    held.seek(0)
    return held, encoding


def _has_bare_returns(content: IO[bytes]) -> bool:
    """Tell whether lines end with CR alone, as on old machines; quoted cells may hold any line end."""
    content.seek(0)
    start = _QUOTED.sub(b"", content.read(_PIECE))
    content.seek(0)
    return _BARE_RETURN.search(start.partition(b"\n")[0]) is not None


def _with_newlines(content: IO[bytes], held: IO[bytes]) -> IO[bytes]:
    content.seek(0)
    while piece := content.read(_PIECE):
        if piece.endswith(b"\r"):
            piece += content.read(1)
        held.write(piece.replace(b"\r\n", b"\n").replace(b"\r", b"\n"))
    return held
