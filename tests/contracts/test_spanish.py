"""Spanish without gaps: on no page, sheet, form, error or answer in Spanish is a text of ours in English."""

from __future__ import annotations

import io
import re
from functools import cache
from xml.etree.ElementTree import Element

import pytest
from pypdf import PdfReader

from services_dir import policy
from services_dir.catalog.draft import ProgramText
from services_dir.catalog.operations import withdraw_program
from services_dir.db import transaction
from services_dir.search import sync
from tests.contracts.test_pages import address, filled
from tests.support.client import is_spanish
from tests.support.factories import NOON, draft_phone, draft_program, make_program
from tests.support.markup import Markup, text_of
from tools import translations

__all__ = ["filled"]
pytestmark = pytest.mark.sqlite


@cache
def english_sentences() -> tuple[str, ...]:
    """Give our texts of more than one word that are something else in Spanish."""
    known = translations.read("es")
    return tuple(
        message.id
        for message in known
        if isinstance(message.id, str) and message.string != message.id and _can_be_looked_for(message.id)
    )


def _can_be_looked_for(text: str) -> bool:
    return len(text.split()) > 1 and "%(" not in text and "{" not in text


def left_in_english(page: Markup) -> list[str]:
    """Give our English texts on a page, those parts left out that say that they are in English."""
    for parent in list(page.root.iter()):
        _without_foreign_parts(parent)
    words = text_of(page.root)
    names = [value for element in page.root.iter() for value in _heard(element)]
    return [text for text in english_sentences() if _stands_in(text, words) or text in names]


def _stands_in(text: str, words: str) -> bool:
    return text in words and re.search(rf"(?<!\w){re.escape(text)}(?!\w)", words) is not None


def _without_foreign_parts(parent: Element) -> None:
    for child in list(parent):
        if child.get("lang") == "en":
            child.clear()


def _heard(element: Element) -> list[str]:
    return [element.get(name) or "" for name in ("aria-label", "title", "alt", "placeholder")]


def program_in_spanish(session, **changes):
    """Publish a program with Spanish texts of their own date."""
    texts = {
        "en": ProgramText(name="Made-up House", description="A house."),
        "es": ProgramText(name="Casa Inventada", description="Una casa.", translated_on=NOON.date()),
    }
    return make_program(session, draft_program(texts=texts, slug="made-up-house", **changes))


def test_what_is_left_in_english_is_noticed():
    page = Markup('<html lang="es"><body><p>Leave this site</p><p lang="en">Find help</p></body></html>')

    assert left_in_english(page) == ["Leave this site"]


def test_no_public_page_in_spanish_has_a_text_of_ours_in_english(filled, client):
    seen = 0
    for rule in filled.url_map.iter_rules():
        if "GET" in rule.methods and is_spanish(rule.rule.replace("<any(es):in_language>", "es")):
            visit = client.look(address(rule))
            if visit.response.mimetype == "text/html":
                assert left_in_english(visit.page) == [], visit.path
                seen += 1
    assert seen > 20


def test_answers_to_forms_in_spanish_have_no_text_of_ours_in_english(filled, client):
    for rule in filled.url_map.iter_rules():
        if "POST" in rule.methods and is_spanish(rule.rule.replace("<any(es):in_language>", "es")):
            sent = {"nonsense": "x" * 50, "email": "no", "url": "no", "sender_email": "no"}
            visit = client.look(address(rule), method="POST", data=sent)
            if visit.response.mimetype == "text/html" and visit.status != 303:
                assert left_in_english(visit.page) == [], visit.path


def test_errors_are_in_spanish(client, session):
    gone = make_program(session, slug="gone-house")
    with transaction(session):
        withdraw_program(session, gone, at=NOON)
        policy.change(session, "sheets_per_hour", 1, by=None, at=NOON)
    make_program(session, slug="made-up-house")
    client.get("/es/referral-sheet.pdf?program=made-up-house")

    for path, status in {
        "/es/nada": 404,
        "/es/programs/nadie": 404,
        "/es/programs/gone-house": 410,
        "/es/referral-sheet.pdf": 400,
        "/es/referral-sheet.pdf?program=nadie": 404,
        "/es/referral-sheet.pdf?program=made-up-house": 429,
    }.items():
        assert left_in_english(client.get(path, status=status).page) == [], path
    assert left_in_english(client.post("/es/safety", {}, status=405).page) == []
    too_large = client.post("/es/programs", {"q": "x" * 1_100_000}, status=413)
    assert left_in_english(too_large.page) == []


def test_notices_of_the_data_are_in_spanish(client, app, session):
    program_in_spanish(session)
    sync.catch_up(app)

    said = client.get("/es/programs.json?q=casa&within=cerca&sort=distance").json

    assert said["notices"]
    assert not set(said["notices"]) & set(english_sentences())
    assert said["hits"][0]["name"] == "Casa Inventada"


def test_a_sheet_in_spanish_is_spanish_from_title_to_last_line(client, session):
    program_in_spanish(session, phones=(draft_phone("+18605550123"),))

    pdf = PdfReader(io.BytesIO(client.get("/es/referral-sheet.pdf?program=made-up-house").response.data))
    words = " ".join(" ".join(page.extract_text() for page in pdf.pages).split())

    assert "Casa Inventada" in words
    assert [text for text in english_sentences() if text in words] == []


def test_the_page_says_when_its_texts_were_translated(client, session):
    program_in_spanish(session)

    spanish, english = (client.get(f"{prefix}/programs/made-up-house").page for prefix in ("/es", ""))

    assert f"Este texto se tradujo el {NOON.day} de" in spanish.text
    assert "translated" not in english.text


def test_a_text_in_english_says_so(client, session):
    make_program(session, slug="made-up-house")

    assert "Este texto está en inglés." in client.get("/es/programs/made-up-house").page.text
    assert "in English" not in client.get("/programs/made-up-house").page.text


def test_a_search_in_spanish_finds_english_programs_and_says_so(client, app, session):
    make_program(session, name="Made-up Lawyers", description="A lawyer for everybody.")
    sync.catch_up(app)

    page = client.get("/es/programs?q=lawyer").page

    assert "Estos programas están descritos en inglés." in page.text
    assert page.one("h3", class_="card__name").find("a/span").get("lang") == "en"


def test_the_switch_of_languages_asks_the_same_by_post(client, app, session):
    make_program(session, name="Made-up Alder House", slug="alder-house")
    sync.catch_up(app)

    sent = {"q": "alder", "category": ["housing"], "program": ["alder-house"]}
    page = client.post("/programs", sent, status=200).page
    switch = page.form("/es/programs")
    spanish = client.post("/es/programs", switch.values, status=200).page

    assert switch.values == {"q": ["alder"], "category": ["housing"], "program": ["alder-house"]}
    assert spanish.form("/es/programs").values["q"] == ["alder"]
    assert spanish.form("/programs").values["program"] == ["alder-house"]


def test_the_switch_never_sends_a_form_again_that_changes_something(filled, client):
    visit = client.post("/programs/lantern-house-of-made-up-street/problems/new", {"what": "x"}, status=422)

    assert visit.page.all("form", action="/es/programs/lantern-house-of-made-up-street/problems/new") == []
