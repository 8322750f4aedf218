"""Names of documents and files, the words by which they are found, and the lines of a page."""

from __future__ import annotations

from datetime import date

import pytest

from services_dir.council import rules
from services_dir.council.kinds import DocumentKind

DAY = date(2026, 3, 4)


@pytest.mark.parametrize(
    ("kind", "title", "day", "period", "slug"),
    [
        (DocumentKind.MINUTES, "Whatever", DAY, None, "minutes-2026-03-04"),
        (DocumentKind.ANNUAL_REPORT, "Whatever", None, "2009-2010", "annual-report-2009-2010"),
        (DocumentKind.GUIDE, "A guide, made up", DAY, None, "a-guide-made-up"),
        (DocumentKind.OUTSIDE_REPORT, "Their report", None, "2014", "their-report-2014"),
        (DocumentKind.GUIDE, "?!", None, None, "guide"),
    ],
)
def test_a_document_is_named_by_what_tells_it_from_others(kind, title, day, period, slug):
    assert rules.slug_of(kind, title, day=day, period=period) == slug


def test_a_name_that_others_have_gets_a_number():
    assert rules.free_slug("a", ["b"]) == "a"
    assert rules.free_slug("a", ["a", "a-2"]) == "a-3"
    assert len(rules.free_slug("a" * 80, ["a" * 80])) <= 80


def test_the_name_of_a_file_says_nothing_of_what_it_is_about():
    assert rules.file_name(DocumentKind.MINUTES, DAY, None, 7) == "minutes-2026-03-04.pdf"
    assert rules.file_name(DocumentKind.ANNUAL_REPORT, None, "2009-2010", 7) == "annual-report-2009-2010.pdf"
    assert rules.file_name(DocumentKind.GUIDE, None, None, 7) == "guide-7.pdf"
    assert rules.file_name(DocumentKind.GUIDE, None, '../"x', 7) == "guide-x.pdf"


def test_a_date_is_found_however_it_is_written():
    words = rules.title_words(DocumentKind.MINUTES, "TIP Minutes", day=DAY, period=None)

    for asked in ("minutes of March 4, 2026", "2026-03-04", "acta 4 de marzo de 2026", "tip minute"):
        assert set(rules.asked_words(asked)) <= words, asked


def test_lines_of_a_page_become_paragraphs_again():
    text = (
        "A heading\nThe first line of a paragraph that\ngoes on over the margin and ends\nhere.\nAnother one."
    )

    assert rules.paragraphs(text) == [
        "A heading",
        "The first line of a paragraph that goes on over the margin and ends here.",
        "Another one.",
    ]
    assert rules.paragraphs("") == []
