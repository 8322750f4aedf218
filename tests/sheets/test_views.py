"""The page of a sheet and its text: what stands on it, what does not, and what nonsense gets."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from sqlalchemy.orm import Session

from services_dir.catalog import operations
from services_dir.catalog.chosen import MOST_PROGRAMS
from services_dir.catalog.draft import Hours, SpokenLanguage
from services_dir.catalog.models import Program
from services_dir.db import transaction
from tests.support.factories import (
    NOON,
    ZONE,
    draft_hidden_site,
    draft_organization,
    draft_phone,
    draft_program,
    draft_site,
    make_organization,
    make_program,
)
from tests.support.statements import counted_statements

pytestmark = pytest.mark.sqlite

UNCONFIRMED = "Not yet confirmed by a coordinator. Call before you go."
ROUND_THE_CLOCK = Hours(words="24 hours a day", zone=ZONE, round_the_clock=True)


@pytest.fixture
def lanterns(session: Session) -> Program:
    """A program with all that a sheet shows."""
    return make_program(
        session,
        name="Made-up Lantern House",
        slug="lantern-house",
        new_organization=draft_organization(name="Keepers of Made-up Lanterns"),
        phones=(draft_phone("+18605550123", extension="7", label="Front desk"),),
        hours=ROUND_THE_CLOCK,
        languages=(SpokenLanguage(code="vi"),),
        eligibility="Open to made-up people.",
        how_to_apply="Ask for Pat.",
        what_happens="Somebody listens.",
        sites=(draft_site(),),
    )


def withdraw(session: Session, program: Program) -> None:
    with transaction(session):
        operations.withdraw_program(session, session.get_one(Program, program.id), at=NOON)


def text_of(page) -> str:
    return page.one("textarea", id="sheet-text").text or ""


def test_a_sheet_holds_what_somebody_needs_to_call(client, lanterns):
    page = client.get("/referral-sheet?program=lantern-house").page

    for words in (
        "Made-up Lantern House",
        "Keepers of Made-up Lanterns",
        "860-555-0123",
        "extension 7",
        "Front desk",
        "24 hours a day",
        "Vietnamese",
        "Open to made-up people.",
        "Ask for Pat.",
        "Somebody listens.",
        "12 Made-up Street, Hartford, CT 06103",
        UNCONFIRMED,
        "Call first.",
    ):
        assert words in page.text, words


def test_the_same_stands_in_the_text_to_copy(client, lanterns):
    text = text_of(client.get("/referral-sheet?program=lantern-house").page)

    for words in (
        "Made-up Lantern House\nKeepers of Made-up Lanterns\nCall: 860-555-0123 x7 (Front desk)",
        "Hours: 24 hours a day",
        "Languages: Vietnamese",
        "Next step: Ask for Pat.; Somebody listens.",
        UNCONFIRMED,
        "Call first.",
    ):
        assert words in text, words


def test_a_choice_by_post_gives_the_same_sheet_under_an_address_that_names_no_program(client, lanterns):
    visit = client.post("/referral-sheet", {"program": ["lantern-house"]}, status=200)

    assert "Made-up Lantern House" in visit.page.text
    assert visit.page.all("input", name="program")[0].get("value") == "lantern-house"
    assert not any("program=" in link for link in visit.page.links)


def test_programs_stand_in_the_order_of_choosing(client, session, lanterns):
    make_program(session, name="Aardvark House", slug="aardvark-house")

    page = client.get("/referral-sheet?program=lantern-house&program=aardvark-house").page

    assert page.texts("h2", class_="sheet__name") == ["Made-up Lantern House", "Aardvark House"]


def test_one_program_is_taken_off_and_all_are_cleared(client, session, lanterns):
    make_program(session, name="Aardvark House", slug="aardvark-house")
    both = {"program": ["lantern-house", "aardvark-house"]}

    one = client.post("/referral-sheet", both | {"remove": "lantern-house"}, status=200).page
    none = client.post("/referral-sheet", both | {"clear": "1"}, status=200).page

    assert "Aardvark House" in one.text
    assert "Made-up Lantern House" not in one.text
    assert "Your sheet is empty" in none.text
    assert "Aardvark House" not in none.text


def test_of_a_hidden_place_nothing_but_the_region_is_said(client, session):
    make_program(session, slug="hidden-house", sites=(draft_hidden_site(),))

    visit = client.get("/referral-sheet?program=hidden-house")

    assert "Capitol planning region. They tell you where to go when you reach them." in visit.page.text
    assert "Street" not in visit.page.text


def test_a_withdrawn_program_is_left_out_in_a_sentence(client, session, lanterns):
    gone = make_program(session, name="Gone House", slug="gone-house")
    withdraw(session, gone)

    page = client.get("/referral-sheet?program=gone-house&program=lantern-house").page

    assert "1 program you chose is no longer listed." in page.text
    assert "Gone House" not in page.text
    assert "Made-up Lantern House" in page.text


@pytest.mark.parametrize("value", ["nobody", "%00", "North House", "x" * 5000, "%F0%9F%A6%8A", "' OR 1=1"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_unknown_program_is_said_in_a_sentence(client, method, value):
    if method == "GET":
        page = client.get("/referral-sheet", query_string={"program": value}).page
    else:
        page = client.post("/referral-sheet", {"program": value}, status=200).page

    assert "We do not know 1 of the programs in the address." in page.text


def test_a_sheet_says_how_many_programs_it_holds(client, session):
    slugs = [make_program(session).slug for _ in range(MOST_PROGRAMS + 1)]

    page = client.post("/referral-sheet", {"program": slugs}, status=200).page

    assert len(page.all("article")) == MOST_PROGRAMS
    assert f"A sheet holds up to {MOST_PROGRAMS} programs." in page.text


def test_a_former_address_stands_for_its_program(client, session):
    draft = draft_program(
        slug="old-house", name="Renamed House", organization=make_organization(session).uuid
    )
    make_program(session, draft)
    make_program(session, draft=replace(draft, slug="new-house"))

    page = client.get("/referral-sheet?program=old-house&program=new-house").page

    assert len(page.all("article")) == 1
    assert page.all("input", name="program")[0].get("value") == "new-house"


def test_the_number_of_statements_does_not_grow_with_the_sheet(client, app, session):
    slugs = [make_program(session, sites=(draft_site(),)).slug for _ in range(6)]
    client.post("/referral-sheet", {"program": slugs}, status=200)

    def statements(number: int) -> int:
        with counted_statements(app) as counted:
            client.post("/referral-sheet", {"program": slugs[:number]}, status=200)
        return len(counted)

    assert statements(6) == statements(1)


def test_a_discreet_sheet_has_numbers_and_hours_and_no_telling_word(client, session):
    make_program(
        session,
        name="Made-up Shelter for Survivors",
        slug="made-up-shelter",
        description="Help for victims of trafficking.",
        eligibility="Victims of trafficking.",
        phones=(draft_phone("+18605550123", label="Trafficking desk", instruction="Press 2"),),
        hours=ROUND_THE_CLOCK,
        sites=(draft_site(),),
    )

    page = client.get("/referral-sheet?program=made-up-shelter&discreet=1").page
    [card] = page.texts("article")

    assert page.texts("h2", class_="sheet__name") == ["MUSS"]
    for shown in (card, text_of(page)):
        assert "860-555-0123" in shown
        assert "Press 2" in shown
        assert "24 hours a day" in shown
        for word in ("shelter", "traffick", "victim", "made-up street", "alliance", "http"):
            assert word not in shown.casefold(), word


def test_a_sheet_in_spanish_marks_what_is_in_english(client, lanterns):
    visit = client.get("/es/referral-sheet?program=lantern-house")

    assert "Vietnamita" in visit.page.text
    assert '<span lang="en">Ask for Pat.</span>' in visit.text
    assert "Próximo paso" in visit.page.text


def test_the_way_to_the_other_language_keeps_the_choice(client, lanterns):
    page = client.post("/referral-sheet", {"program": "lantern-house"}, status=200).page

    assert page.all("button", formaction="/es/referral-sheet")


def test_a_caution_stands_on_the_sheet_as_long_as_it_holds(client, session):
    make_program(session, slug="loud-house", alert="Moved to another made-up street.")

    page = client.get("/referral-sheet?program=loud-house").page

    assert "Moved to another made-up street." in page.text
