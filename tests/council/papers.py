"""PDFs for tests: good ones with words, and ones that hold what must not be taken."""

from __future__ import annotations

import io
import zlib
from functools import cache

import typst
from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    StreamObject,
    TextStringObject,
)

from services_dir.council.pdf import uploads
from services_dir.council.pdf.uploads import Upload


@cache
def pdf(*pages: str) -> bytes:
    """Give a PDF with these words, each on a page of its own."""
    body = "\n#pagebreak()\n".join(pages or ("A made-up paper.",))
    source = f"#set page(width: 12cm, height: 12cm)\n{body}".encode()
    return typst.compile(source, format="pdf")


@cache
def upload(*pages: str) -> Upload:
    """Give a good PDF as if it had been handed in."""
    return uploads.take("made-up.pdf", io.BytesIO(pdf(*pages)))


def _written(writer: PdfWriter) -> bytes:
    writer.add_blank_page(200, 200)
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def with_script() -> bytes:
    """A PDF that runs a script when it is opened, under a name that no plain search finds."""
    writer = PdfWriter()
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(
        {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")}
    )
    return _written(writer).replace(b"/JavaScript", b"/Java#53cript")


def with_launch() -> bytes:
    """A PDF that starts a program, which no plain search for its name finds."""
    writer = PdfWriter()
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(
        {NameObject("/S"): NameObject("/Launch"), NameObject("/F"): TextStringObject("made-up.exe")}
    )
    return _written(writer).replace(b"/Launch", b"/L#61unch")


def with_script_link() -> bytes:
    """A PDF with a link that is a script."""
    writer = PdfWriter()
    writer.root_object[NameObject("/Made")] = ArrayObject(
        [DictionaryObject({NameObject("/URI"): TextStringObject(" java\nscript:alert(1)")})]
    )
    return _written(writer)


def with_file() -> bytes:
    """A PDF with a file inside."""
    writer = PdfWriter()
    writer.add_attachment("made-up.txt", b"made up")
    return _written(writer)


def with_markup() -> bytes:
    """A PDF that is a web page as well."""
    return pdf() + b"\n<script>alert(1)</script>\n"


def locked() -> bytes:
    """A PDF with a password."""
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.encrypt("made up", algorithm="AES-256")
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def _with_stream(packed: bytes, *filters: str) -> bytes:
    writer = PdfWriter()
    held = StreamObject()
    held[NameObject("/Filter")] = ArrayObject([NameObject(name) for name in filters])
    held._data = packed
    writer.root_object[NameObject("/Made")] = writer._add_object(held)
    return _written(writer)


@cache
def bomb() -> bytes:
    """A small PDF one part of which becomes 120 MB."""
    packer = zlib.compressobj(9)
    block = bytes(1_000_000)
    packed = b"".join(packer.compress(block) for _ in range(120)) + packer.flush()
    return _with_stream(packed, "/FlateDecode")


@cache
def bomb_in_bomb() -> bytes:
    """A small PDF one part of which is packed twice."""
    return _with_stream(zlib.compress(zlib.compress(bytes(5_000_000))), "/FlateDecode", "/FlateDecode")


def many_parts() -> bytes:
    """A PDF with three parts that become 10 MB each."""
    writer = PdfWriter()
    packed = zlib.compress(bytes(10_000_000))
    made = ArrayObject()
    for _ in range(3):
        held = StreamObject()
        held[NameObject("/Filter")] = NameObject("/FlateDecode")
        held._data = packed
        made.append(writer._add_object(held))
    writer.root_object[NameObject("/Made")] = made
    return _written(writer)
