"""Posters and cards: numbers from the catalog, only those confirmed in time, tagged, with neutral names."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from msgspec.structs import replace
from pypdf import PdfReader

from services_dir import clock
from services_dir.catalog.draft import Hours
from services_dir.catalog.kinds import AssuranceMethod, Level, PhoneKind
from services_dir.catalog.models import Assurance
from tests.support.factories import ZONE, draft_phone, make_program

pytestmark = pytest.mark.sqlite

ALWAYS = Hours(words="24 hours", zone=ZONE, round_the_clock=True)
HOTLINE = replace(draft_phone("+18605550144"), kind=PhoneKind.HOTLINE)


def make_line(session, *, days=10, phones=(HOTLINE,), **changes):
    """Publish a line that answers everybody at any hour, confirmed some days ago, or never."""
    values = {
        "name": "Made-up Crisis Line",
        "slug": "made-up-line",
        "level": Level.STATE,
        "categories": ("crisis-hotline",),
        "populations": ("all-survivors",),
        "hours": ALWAYS,
    }
    program = make_program(session, phones=phones, **values | changes)
    if days is not None:
        on = (clock.now() - timedelta(days=days)).date()
        session.add(Assurance(program_id=program.id, on=on, method=AssuranceMethod.PHONE))
    session.commit()
    return program


def pdf(client, path="/posters/poster.pdf"):
    visit = client.get(path)
    assert visit.response.mimetype == "application/pdf"
    return PdfReader(io.BytesIO(visit.response.data))


def words(reader):
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def test_a_poster_shows_the_lines_that_were_confirmed_in_time(client, session):
    make_line(session)

    poster = words(pdf(client))

    assert "Help at any hour" in poster
    assert "Made-up Crisis Line" in poster
    assert "860-555-0144" in poster
    assert "localhost" in poster


@pytest.mark.parametrize("days", [None, 400])
def test_a_line_that_nobody_confirmed_in_time_is_not_printed_and_the_page_says_so(client, session, days):
    make_line(session, days=days)

    assert "860-555-0144" not in words(pdf(client))
    page = client.get("/posters")
    assert "No line was confirmed in time." in page.text
    assert "Made-up Crisis Line" in page.text.partition("What is not on them")[2]


def test_a_changed_number_changes_the_poster(client, session):
    program = make_line(session)
    assert "860-555-0144" in words(pdf(client))

    program.phones[0].number = "+18605550155"
    session.commit()

    assert "860-555-0155" in words(pdf(client))
    assert "860-555-0144" not in words(pdf(client))


def test_a_line_that_pauses_is_not_printed(client, session):
    make_line(session, availability="paused")

    assert "860-555-0144" not in words(pdf(client))


def test_eight_cards_tell_nothing_to_who_finds_one(client, session):
    make_line(session)

    cards = words(pdf(client, "/posters/cards.pdf"))

    assert cards.count("860-555-0144") == 8
    assert "Crisis" not in cards
    assert "MUCL" in cards
    assert "against your will" not in cards


@pytest.mark.parametrize("name", ["poster", "cards"])
@pytest.mark.parametrize(("prefix", "language"), [("", "en"), ("/es", "es")])
def test_files_are_tagged_for_readers_in_their_language(client, session, name, prefix, language):
    make_line(session)

    visit = client.get(f"{prefix}/posters/{name}.pdf")
    reader = PdfReader(io.BytesIO(visit.response.data))

    root = reader.trailer["/Root"]
    assert len(reader.pages) == 1
    assert root["/Lang"] == language
    assert "pdfuaid" in reader.trailer["/Root"]["/Metadata"].get_object().get_data().decode()
    assert visit.response.headers["Content-Disposition"] == f'inline; filename="{name}.pdf"'
    assert reader.metadata.title in ("Help at any hour", "Ayuda a cualquier hora")


def test_the_spanish_code_leads_to_the_spanish_pages(client, session):
    assert "localhost/es" in words(pdf(client, "/es/posters/poster.pdf"))


def test_there_are_no_other_files(client):
    client.get("/posters/else.pdf", status=404)
