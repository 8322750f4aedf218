"""The sheet as a PDF: tagged, in one language, neutral outside, and no markup from what was typed."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader
from sqlalchemy.orm import Session

from services_dir import policy
from services_dir.catalog.draft import Hours
from services_dir.db import transaction
from tests.support.factories import (
    NOON,
    ZONE,
    draft_hidden_site,
    draft_phone,
    draft_site,
    make_program,
)

pytestmark = pytest.mark.sqlite

UNCONFIRMED = "Not yet confirmed by a coordinator. Call before you go."
SITE_NAME = "Services directory"


def make_house(session: Session, **changes):
    """Publish a program with about as much as programs say of themselves."""
    values = {
        "name": "Made-up Lantern House",
        "slug": "lantern-house",
        "phones": (draft_phone("+18605550123", label="Front desk"), draft_phone("+18605550124")),
        "hours": Hours(words="Monday to Friday, 9 to 5, and on some Saturdays", zone=ZONE),
        "eligibility": "Open to made-up people. " * 6,
        "how_to_apply": "Ask for Pat. " * 10,
        "sites": (draft_site(),),
    }
    return make_program(session, **values | changes)


def read(visit) -> PdfReader:
    """Read the answer as a PDF."""
    assert visit.response.mimetype == "application/pdf"
    return PdfReader(io.BytesIO(visit.response.data))


def text(pdf: PdfReader) -> str:
    """Give all that the pages say, with single spaces."""
    return " ".join(" ".join(page.extract_text() for page in pdf.pages).split())


def structure(pdf: PdfReader) -> list[tuple[str, str | None]]:
    """Give kind and alternative text of each part of the structure tree."""
    found: list[tuple[str, str | None]] = []
    waiting = [pdf.trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        part = waiting.pop()
        part = part.get_object() if hasattr(part, "get_object") else part
        if isinstance(part, list):
            waiting += part
        elif isinstance(part, dict):
            found.append((str(part.get("/S")), part.get("/Alt")))
            waiting += [part["/K"]] if "/K" in part else []
    return found


def test_a_sheet_is_a_neutral_file_that_is_not_kept(client, session):
    make_house(session)

    response = client.get("/referral-sheet.pdf?program=lantern-house").response

    assert response.headers["Content-Disposition"] == 'inline; filename="sheet.pdf"'
    assert response.headers["Cache-Control"] == "no-store"
    assert read(client.get("/referral-sheet.pdf?program=lantern-house")).metadata.title == "Sheet"


def test_a_sheet_says_what_the_page_says(client, session):
    make_house(session)

    pdf = read(client.post("/referral-sheet.pdf", {"program": "lantern-house"}, status=200))

    for words in (
        "Made-up Lantern House",
        "Call 860-555-0123 (Front desk)",
        "Monday to Friday, 9 to 5",
        "Ask for Pat.",
        "12 Made-up Street, Hartford, CT 06103",
        UNCONFIRMED,
        "Call first.",
    ):
        assert words in text(pdf), words


@pytest.mark.parametrize(
    ("path", "language", "title"), [("", "en", "Sheet"), ("/es", "es", "Hoja")], ids=["english", "spanish"]
)
def test_a_sheet_is_tagged_and_says_its_language_and_standard(client, session, path, language, title):
    make_house(session)

    pdf = read(client.get(f"{path}/referral-sheet.pdf?program=lantern-house"))
    root = pdf.trailer["/Root"]

    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == language
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert pdf.metadata.title == title
    assert "pdfuaid" in root["/Metadata"].get_data().decode()


def test_each_program_is_a_heading_and_each_code_has_words(client, session):
    make_house(session)
    make_house(session, name="Other House", slug="other-house")

    parts = structure(read(client.get("/referral-sheet.pdf?program=lantern-house&program=other-house")))

    assert [kind for kind, _alt in parts].count("/H1") == 2
    told = sorted(str(alt) for kind, alt in parts if kind == "/Figure")
    assert told == [
        f"Code for the page of this program: http://localhost/programs/{slug}"
        for slug in ("lantern-house", "other-house")
    ]


def test_three_programs_fit_on_one_page_and_a_fourth_begins_another(client, session):
    slugs = [make_house(session, name=f"House {n}", slug=f"house-{n}").slug for n in range(4)]

    three = read(client.post("/referral-sheet.pdf", {"program": slugs[:3]}, status=200))
    four = read(client.post("/referral-sheet.pdf", {"program": slugs}, status=200))

    assert len(three.pages) == 1
    assert len(four.pages) == 2
    assert "House 3" in four.pages[1].extract_text()


def test_what_was_typed_stays_text(client, session):
    typed = '#panic("no") $x^2$ *bold* @ref [a] \\ "quoted" <label> // not a comment'
    make_house(session, name="House #1 $5 *", how_to_apply=typed)

    said = text(read(client.get("/referral-sheet.pdf?program=lantern-house")))

    assert "House #1 $5 *" in said
    for piece in ('#panic("no")', "$x^2$", "*bold*", "@ref", "<label>", "// not a comment"):
        assert piece in said, piece


def test_a_script_without_a_font_gives_a_sheet_all_the_same(client, session):
    make_house(session, how_to_apply="電話してください")

    pdf = read(client.get("/referral-sheet.pdf?program=lantern-house"))

    assert "860-555-0123" in text(pdf)
    assert pdf.trailer["/Root"]["/Lang"] == "en"


def test_a_hidden_place_shows_no_address(client, session):
    make_house(session, sites=(draft_hidden_site(),))

    said = text(read(client.get("/referral-sheet.pdf?program=lantern-house")))

    assert "Capitol planning region. They tell you where to go when you reach them." in said
    assert "Street" not in said


def test_a_discreet_sheet_has_no_code_no_name_of_this_site_and_no_telling_word(client, session):
    make_house(
        session,
        name="Made-up Shelter for Survivors",
        eligibility="Victims of trafficking.",
        phones=(draft_phone("+18605550123", label="Trafficking desk"),),
    )

    visit = client.get("/referral-sheet.pdf?program=lantern-house&discreet=1")
    pdf = read(visit)

    assert "MUSS" in text(pdf)
    assert "860-555-0123" in text(pdf)
    assert pdf.metadata.title == "Sheet"
    assert "/Figure" not in [kind for kind, _alt in structure(pdf)]
    outside = " ".join(str(value) for value in (pdf.metadata or {}).values())
    for word in ("shelter", "surviv", "victim", "traffick", "lantern", "localhost", SITE_NAME.casefold()):
        assert word not in text(pdf).casefold(), word
        assert word not in outside.casefold(), word


def test_three_discreet_programs_fit_on_one_page(client, session):
    slugs = [make_house(session, name=f"House {n} " * 5, slug=f"house-{n}").slug for n in range(3)]

    pdf = read(client.post("/referral-sheet.pdf", {"program": slugs, "discreet": "1"}, status=200))

    assert len(pdf.pages) == 1
    assert text(pdf).count("860-555-0123") == 3


def test_no_choice_and_nonsense_get_a_sentence(client):
    nothing = client.get("/referral-sheet.pdf", status=400)
    nonsense = client.get("/referral-sheet.pdf?program=%00&program=nobody", status=404)

    assert "Choose a program first." in nothing.page.text
    assert "We do not know 2 of the programs in the address." in nonsense.page.text


def test_whoever_prints_too_often_waits_and_no_address_is_kept(client, session):
    make_house(session)
    with transaction(session):
        policy.change(session, "sheets_per_hour", 1, by=None, at=NOON)

    client.get("/referral-sheet.pdf?program=lantern-house")
    visit = client.get("/referral-sheet.pdf?program=lantern-house", status=429)

    assert visit.response.headers["Retry-After"] == "600"
    assert "Wait a few minutes." in visit.page.text
    client.get("/referral-sheet?program=lantern-house")
