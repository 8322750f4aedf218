"""The printed directory: every program once, found by kind of help, by town and by name."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

from services_dir.db import db
from services_dir.sheets.directory import directory_pdf
from tests.support.factories import NOON, draft_hidden_site, draft_phone, draft_site, make_program

pytestmark = pytest.mark.sqlite


@pytest.fixture
def printed(app):
    """Print the directory."""

    def printed(path="/"):
        with app.test_request_context(path):
            return PdfReader(io.BytesIO(directory_pdf(db.session, NOON)))

    return printed


def pages(pdf):
    return [" ".join(page.extract_text().split()) for page in pdf.pages]


def outline(pdf):
    """Give the entries of the outline, those below another one as a list after it."""
    return [[one.title for one in held] if isinstance(held, list) else held.title for held in pdf.outline]


def test_programs_stand_under_their_kind_of_help_and_town(printed, session):
    town = draft_site(town="town/new-haven", city="New Haven")
    make_program(
        session, name="Made-up House", categories=("emergency-shelter", "legal-assistance"), sites=(town,)
    )
    make_program(session, name="Made-up Clinic", categories=("health-care",), sites=(draft_site(),))
    make_program(
        session,
        name="Made-up Refuge",
        categories=("housing",),
        sites=(draft_hidden_site(town="town/hartford"),),
    )

    pdf = printed()

    nowhere = "By phone, online, or at an address that is not public"
    chapters = outline(pdf)
    assert dict(zip(chapters[:-1:2], chapters[1::2], strict=True)) == {
        "Housing": ["New Haven", nowhere],
        "Health care": ["Hartford"],
        "Legal help": ["New Haven"],
    }
    assert chapters[-1] == "Index"


def test_a_program_is_told_once_and_its_page_is_named_elsewhere(printed, session):
    phones = (draft_phone("+18605550123"),)
    make_program(session, name="Made-up House", categories=("housing", "legal-assistance"), phones=phones)

    told = pages(printed())

    assert sum(page.count("860-555-0123") for page in told) == 1
    number = next(at for at, page in enumerate(told, start=1) if "860-555-0123" in page)
    assert "Also here: Made-up House" in told[number]
    assert told[-1].startswith(
        "Call first. Hours and rules change. Made on March 2, 2026. Index Made-up House"
    )
    assert f" {number} " in told[-1].removeprefix("Call first.").split("Index")[1]


def test_a_confidential_place_stands_under_no_town(printed, session):
    make_program(
        session,
        name="Made-up Refuge",
        categories=("housing",),
        sites=(draft_hidden_site(town="town/new-haven"),),
    )

    pdf = printed()

    assert "New Haven" not in str(outline(pdf))
    assert "They tell you where to go when you reach them." in " ".join(pages(pdf))


def test_it_is_tagged_in_its_language_and_the_same_each_time(app, printed, session):
    make_program(session, name="Made-up #House $1 *bold* [x]")

    pdf = printed("/es/")

    root = pdf.trailer["/Root"]
    assert root["/Lang"] == "es"
    assert root["/MarkInfo"]["/Marked"]
    assert pdf.metadata.title == "Directorio de servicios"
    assert "Made-up #House $1 *bold* [x]" in " ".join(pages(pdf))
    with app.test_request_context("/es/"):
        assert directory_pdf(db.session, NOON) == directory_pdf(db.session, NOON)


def test_an_empty_catalog_makes_a_book_without_chapters(printed):
    assert outline(printed()) == ["Index"]
