"""Looks into a PDF in a process of its own: refuses what could do harm, then gives the words of each page.

It is run as a file, reads the PDF from stdin and writes lines of JSON: first what it found, then one line for
each page. It knows nothing of this program, may use so much memory and time and no more, and cannot write
a file; whatever a PDF does to it, only this process ends.
"""

from __future__ import annotations

import io
import json
import logging
import re
import resource
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from typing import Any

_MEMORY = 1_500_000_000  # bytes
_MOST_OBJECTS = 400_000
_MOST_PAGES = 5_000
_MOST_INFLATED = 100_000_000  # bytes of one part of a file
_MOST_INFLATED_IN_ALL = 1_000_000_000
_LONGEST_PAGE = 200_000  # letters
_DEEPEST = 100

# What makes a reader do something, by where it stands in a dictionary.
_KEYS = frozenset(("/JS", "/JavaScript", "/XFA", "/EmbeddedFiles", "/RichMediaContent"))
_ACTIONS = frozenset(
    "/JavaScript /Launch /SubmitForm /ImportData /Rendition /GoToE /Movie /Sound /RichMediaExecute".split()
)
_PARTS = frozenset("/EmbeddedFile /RichMedia /FileAttachment /Movie /Screen /3D".split())
# In the bytes as they lie there, also of what the file no longer uses. Short marks would turn up by chance.
_RAW_SCRIPT = re.compile(rb"/JavaScript\b|/Launch\b", re.ASCII)
_RAW_MARKUP = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|script|iframe|object|embed)[\s>/]", re.IGNORECASE
)
_SPACE = re.compile(r"[^\S\n]+")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


class RefusedError(Exception):
    """Why this file is not taken, in one word."""


def main(seconds: int) -> None:
    """Look at the PDF on stdin for so many seconds."""
    began = time.monotonic()
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds + 1, seconds + 2))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    logging.disable()
    content = sys.stdin.buffer.read()
    try:
        reader = check(content)
        pages = len(reader.pages)
    except RefusedError as error:
        tell({"problem": str(error)})
        return
    except MemoryError:
        tell({"problem": "heavy"})
        return
    except Exception as error:  # noqa: BLE001 - whatever a broken file raises, it is not taken
        tell({"problem": problem_of(error)})
        return
    tell({"pages": pages})
    for text in texts(reader, lambda: time.monotonic() - began > seconds):
        tell({"text": text})


def check(content: bytes) -> Any:
    """Give a reader of the PDF. Raises RefusedError if it does anything but show pages."""
    from pypdf import PdfReader

    if _RAW_MARKUP.search(content):
        raise RefusedError("markup")
    if _RAW_SCRIPT.search(content):
        raise RefusedError("script")
    reader = PdfReader(io.BytesIO(content))
    inflated = 0
    for held in objects(reader):
        for part in parts(held):
            refuse_deeds(part)
            inflated += inflated_size(part)
            if inflated > _MOST_INFLATED_IN_ALL:
                raise RefusedError("bomb")
    if not 0 < len(reader.pages) <= _MOST_PAGES:
        raise RefusedError("pages")
    return reader


def objects(reader: Any) -> Iterator[Any]:
    """Give every object that the file lists, wherever it lies."""
    from pypdf.generic import IndirectObject

    names = {(number, generation) for generation, found in reader.xref.items() for number in found}
    names |= {(number, 0) for number in reader.xref_objStm}
    if len(names) > _MOST_OBJECTS:
        raise RefusedError("heavy")
    yield reader.trailer
    for number, generation in sorted(names):
        if generation != 65535:  # no object, but the head of the list of free ones
            yield reader.get_object(IndirectObject(number, generation, reader))


def parts(held: Any) -> Iterator[Any]:
    """Give the dictionaries in an object; what it only points at is an object of its own."""
    from pypdf.generic import ArrayObject, DictionaryObject

    waiting = [(held, 0)]
    while waiting:
        part, depth = waiting.pop()
        if depth > _DEEPEST:
            raise RefusedError("heavy")
        if isinstance(part, DictionaryObject):
            yield part
            waiting += [(value, depth + 1) for value in part.values()]
        elif isinstance(part, ArrayObject):
            waiting += [(value, depth + 1) for value in part]


def refuse_deeds(part: Any) -> None:
    """Raise RefusedError for what runs, starts, sends, plays or unpacks something."""
    if not _KEYS.isdisjoint(part):
        raise RefusedError("files" if "/EmbeddedFiles" in part else "script")
    action, uri = part.get("/S"), part.get("/URI")
    if str(action) in _ACTIONS:
        raise RefusedError("script")
    if uri is not None and re.sub(r"[\x00-\x20]", "", str(uri)).lower().startswith(("javascript:", "data:")):
        raise RefusedError("script")
    if str(part.get("/Type")) in _PARTS or str(part.get("/Subtype")) in _PARTS:
        raise RefusedError("files")


def inflated_size(part: Any) -> int:
    """Give how large a packed part becomes; it is never held as a whole. Raises RefusedError if too large."""
    from pypdf.generic import ArrayObject, StreamObject

    if not isinstance(part, StreamObject):
        return 0
    said = part.get("/Filter")
    said = said.get_object() if said is not None else None
    filters = [str(one.get_object()) for one in said] if isinstance(said, ArrayObject) else [str(said)]
    if sum(name in ("/FlateDecode", "/Fl", "/LZWDecode", "/LZW", "/BrotliDecode") for name in filters) > 1:
        raise RefusedError("bomb")
    if filters[0] not in ("/FlateDecode", "/Fl"):
        return 0
    return measure(part._data)  # the packed bytes; every public way unpacks them


def measure(packed: bytes) -> int:
    """Count the bytes that packed ones become."""
    total, unpacker = 0, zlib.decompressobj()
    try:
        while packed:
            total += len(unpacker.decompress(packed, 1 << 20))
            if total > _MOST_INFLATED:
                raise RefusedError("bomb")
            packed = unpacker.unconsumed_tail
    except zlib.error:  # damaged at the end, as some are; what could be unpacked was counted
        return total
    return total


def texts(reader: Any, is_late: Callable[[], bool]) -> Iterator[str]:
    """Give the words of each page until it is late."""
    for page in reader.pages:
        if is_late():
            return
        yield text_of(page)


def text_of(page: Any) -> str:
    """Give the words of a page in their lines; nothing if it cannot be read."""
    try:
        said = page.extract_text()
    except Exception:  # noqa: BLE001 - one page that cannot be read does not keep others from being found
        return ""
    lines = (_SPACE.sub(" ", line).strip() for line in _CONTROLS.sub(" ", said).split("\n"))
    return "\n".join(line for line in lines if line)[:_LONGEST_PAGE]


def problem_of(error: Exception) -> str:
    """Say in a word what an error of the library means."""
    from pypdf.errors import FileNotDecryptedError, LimitReachedError

    if isinstance(error, FileNotDecryptedError):
        return "locked"
    return "bomb" if isinstance(error, LimitReachedError) else "broken"


def tell(line: dict[str, Any]) -> None:
    """Write a line that is there even if this process ends in the next moment."""
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]))
