"""What is handed in as a PDF: good ones are read, all others are refused in a sentence."""

from __future__ import annotations

import hashlib
import io
import resource

import pytest

from services_dir.council.pdf import inspector, uploads
from services_dir.errors import InvalidError
from tests.council import papers

REFUSED = {
    "an empty file": (bytes, "not a PDF"),
    "a web page": (lambda: b"<!doctype html><script>alert(1)</script>", "not a PDF"),
    "a program": (lambda: b"MZ\x90\x00" + bytes(500), "not a PDF"),
    "a beginning without an end": (lambda: b"%PDF-1.7\n", "damaged"),
    "rubbish behind a good beginning": (lambda: b"%PDF-1.7\n" + bytes(range(256)) * 50, "damaged"),
    "half of a PDF": (lambda: papers.pdf()[:2000], "damaged"),
    "a script": (papers.with_script, "script or starts something"),
    "a program to start": (papers.with_launch, "script or starts something"),
    "a link that is a script": (papers.with_script_link, "script or starts something"),
    "a file inside": (papers.with_file, "other files"),
    "a web page inside": (papers.with_markup, "parts of a web page"),
    "a password": (papers.locked, "locked"),
    "a part that becomes huge": (papers.bomb, "far too large"),
    "a part that is packed twice": (papers.bomb_in_bomb, "far too large"),
}


class Endless(io.RawIOBase):
    """A gigabyte that is never in memory, and counts how much of it was asked for."""

    def __init__(self) -> None:
        self.given = 0

    def read(self, size: int = -1) -> bytes:
        assert size > 0, "it was asked for as a whole"
        if self.given >= 1_000_000_000:
            return b""
        self.given += size
        return b"%PDF-".ljust(size, b" ")


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_harmless_pdf_is_refused_in_a_sentence(what):
    make, sentence = REFUSED[what]

    with pytest.raises(InvalidError, match=sentence):
        uploads.take("minutes.pdf", io.BytesIO(make()))


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("../minutes.pdf", "signs"),
        ("..\\minutes.pdf", "signs"),
        ("folder/minutes.pdf", "signs"),
        ("minutes\x00.pdf", "signs"),
        ("minutes\u202efdp.pdf", "signs"),
        ("minutes.pdf.exe", "not a PDF"),
        ("minutes", "not a PDF"),
        ("minutes.html", "not a PDF"),
        ("minutes.html.pdf", "ends twice"),
        ("minutes.exe.pdf", "ends twice"),
        ("minutes.pdf.pdf", "ends twice"),
        ("minutes.php .pdf", "ends twice"),
    ],
)
def test_a_name_that_hides_something_is_refused(name, sentence):
    with pytest.raises(InvalidError, match=sentence):
        uploads.take(name, io.BytesIO(papers.pdf()))


@pytest.mark.parametrize("name", ["Minutes 2.11.14.pdf", "Minutes Feb. 11.PDF", "v1.2.pdf", "Actas año.pdf"])
def test_usual_names_are_taken(name):
    uploads.check_name(name)


def test_a_gigabyte_is_refused_as_soon_as_it_is_too_much():
    stream = Endless()

    with pytest.raises(InvalidError, match="larger than 20 megabytes"):
        uploads.take("minutes.pdf", stream)

    assert stream.given <= uploads.LARGEST + uploads.PIECE


def test_the_words_of_each_page_are_read():
    found = papers.upload("Housing for survivors", "Interpreters in Windham").found

    assert found.pages == 2
    assert [text.split("\n")[0] for text in found.texts] == [
        "Housing for survivors",
        "Interpreters in Windham",
    ]


def test_a_file_is_cut_into_pieces_under_its_hash():
    content = papers.pdf() + b"\n%" + b"made up " * 80_000
    taken = uploads.take("long.pdf", io.BytesIO(content))

    assert [len(piece) for piece in taken.pieces] == [262144, 262144, taken.size - 524288]
    assert b"".join(taken.pieces) == content
    assert taken.digest == hashlib.sha256(content).hexdigest()


def test_many_parts_are_too_large_together(monkeypatch):
    monkeypatch.setattr(inspector, "_MOST_INFLATED_IN_ALL", 25_000_000)

    with pytest.raises(inspector.RefusedError, match="bomb"):
        inspector.check(papers.many_parts())


def test_reading_ends_in_time_and_what_was_read_until_then_is_kept():
    reader = inspector.check(papers.pdf("One", "Two", "Three"))
    late = iter([False, False, True])

    said = list(inspector.texts(reader, lambda: next(late)))

    assert said == ["One", "Two"]


def test_a_process_that_is_ended_leaves_a_sentence_and_nothing_else(monkeypatch):
    monkeypatch.setattr(uploads, "_INSPECTOR", "-c0/0")

    with pytest.raises(InvalidError, match="too much time or memory"):
        uploads.inspect(papers.pdf(), seconds=5)


def test_a_bomb_takes_no_memory_of_this_process():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    with pytest.raises(InvalidError):
        uploads.take("minutes.pdf", io.BytesIO(papers.bomb()))

    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # kilobytes
