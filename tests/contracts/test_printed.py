"""Everything printed can be read by a screen reader: tagged, titled, in its language, with text."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from pypdf import PdfReader

from services_dir import clock
from services_dir.catalog.draft import Hours
from services_dir.catalog.kinds import AssuranceMethod, Level, PhoneKind
from services_dir.catalog.models import Assurance
from services_dir.db import db
from services_dir.reports.annual import making
from services_dir.sheets.directory import directory_pdf
from tests.support.factories import ZONE, draft_phone, make_program

pytestmark = pytest.mark.sqlite

SHEET = "/referral-sheet.pdf?program=made-up-line"
ADDRESSES = {
    "sheet": SHEET,
    "discreet sheet": f"{SHEET}&discreet=1",
    "poster": "/posters/poster.pdf",
    "cards": "/posters/cards.pdf",
}
NAME = "Made-up Crisis Line"
NUMBER = "860-555-0144"
# A discreet sheet names no program, and a card has room for its short name only; both show its number.
TOLD = {"discreet sheet": NUMBER, "cards": NUMBER}


@pytest.fixture
def line(session):
    """A hotline that was confirmed in time: what a poster shows."""
    program = make_program(
        session,
        name=NAME,
        slug="made-up-line",
        level=Level.STATE,
        categories=("crisis-hotline",),
        populations=("all-survivors",),
        hours=Hours(words="24 hours", zone=ZONE, round_the_clock=True),
        phones=(draft_phone("+18605550144", kind=PhoneKind.HOTLINE),),
    )
    on = (clock.now() - timedelta(days=10)).date()
    session.add(Assurance(program_id=program.id, on=on, method=AssuranceMethod.PHONE))
    session.commit()
    return program


def printed(client, app, kind, prefix):
    """Print one kind of paper in the language of a prefix."""
    if kind in ADDRESSES:
        return client.get(f"{prefix}{ADDRESSES[kind]}").response.data
    with app.test_request_context(f"{prefix}/"):
        now = clock.now()
        if kind == "directory":
            return directory_pdf(db.session, now)
        return making.draft_pdf(db.session, making.draft(db.session, now.year, now=now))


@pytest.mark.parametrize(("prefix", "language"), [("", "en"), ("/es", "es")], ids=["english", "spanish"])
@pytest.mark.parametrize("kind", [*ADDRESSES, "directory", "yearly report"])
def test_a_printed_paper_is_tagged_and_says_its_title_language_and_text(
    client, app, line, kind, prefix, language
):
    pdf = PdfReader(io.BytesIO(printed(client, app, kind, prefix)))
    root = pdf.trailer["/Root"]

    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]["/K"]
    assert root["/Lang"] == language
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "pdfuaid" in root["/Metadata"].get_data().decode()
    assert pdf.metadata.title
    assert TOLD.get(kind, NAME) in " ".join(" ".join(page.extract_text() for page in pdf.pages).split())
