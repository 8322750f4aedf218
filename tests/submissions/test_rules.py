"""Sentences that may tell too much are noticed, ordinary ones are not; flags and reports."""

from __future__ import annotations

import pytest

from services_dir.submissions import typed
from services_dir.submissions.rules import (
    URGENT,
    Flag,
    doubts_about,
    find_doubts,
    flags_of_report,
    join_flags,
    read_flags,
)
from tests.support.factories import draft_hidden_site, draft_program, draft_site

STORIES = [
    "My client Maria, 17, needs a bed.",
    "Our client is afraid of him.",
    "The victim Ana was brought here.",
    "Maria, age 17, called us.",
    "She was trafficked from another state.",
    "I was forced to work in a house.",
    "Her trafficker knows the place.",
    "Case number 24-1187.",
    "Born on May 4.",
    "Her number is A123456789.",
    "Mi clienta María necesita ayuda.",
    "La víctima Ana llegó ayer.",
    "Ella fue obligada a trabajar.",
    "Su tratante la busca.",
    "El expediente número 4471 está abierto.",
]
ORDINARY = [
    "Lawyers help survivors with visas, court and papers.",
    "For people who were trafficked or forced to work.",
    "Ask for the advocate. The client meets a case manager within 2 days.",
    "Open to women aged 18 and older.",
    "We serve victims of crime in Hartford.",
    "The program was founded in 1998 by the Sisters of Saint Joseph.",
    "Call 211, then press 3.",
    "Ayudamos a personas que fueron forzadas a trabajar.",
    "A man or a woman may call. Children 12 and older may come alone.",
    "She can call at any time.",
]
ADDRESSES = [
    "The house is at 12 Maple Street.",
    "Come to 3 old mill rd after dark.",
    "Calle Olmo 12, segunda puerta.",
    "It is at the corner of Elm and Main.",
    "Ring at apt 4.",
]


@pytest.mark.parametrize("sentence", STORIES)
def test_what_tells_of_a_person_is_noticed(sentence):
    assert [doubt.flag for doubt in doubts_about(sentence, "x", False)] == [Flag.VICTIM_STORY]


@pytest.mark.parametrize("sentence", ORDINARY)
def test_what_programs_usually_say_is_not_asked_about(sentence):
    assert list(doubts_about(sentence, "x", True)) == []


@pytest.mark.parametrize("sentence", ADDRESSES)
def test_an_address_is_noticed_where_one_must_stay_secret(sentence):
    assert [doubt.flag for doubt in doubts_about(sentence, "x", True)] == [Flag.ADDRESS_IN_TEXT]
    assert list(doubts_about(sentence, "x", False)) == []


def test_every_text_is_looked_at_but_the_address_of_a_public_place():
    public = draft_site(street="12 Maple Street", access_notes="Ring at apt 4")
    hidden = draft_hidden_site(name="House at 5 Elm Street")
    draft = draft_program(sites=(public, hidden), description="A bed. We meet at 7 Oak Avenue.")

    found = find_doubts(draft, "Her pimp is near.")

    assert {doubt.sentence for doubt in found} == {
        "House at 5 Elm Street",
        "We meet at 7 Oak Avenue.",
        "Her pimp is near.",
    }
    assert {d.path for d in found} == {f"sites.{hidden.id}.name", "texts.en.description", "message"}
    assert find_doubts(draft_program(sites=(public,), description="We meet at 7 Oak Avenue.")) == []


def test_a_tick_stands_for_one_sentence_only():
    [first], [second] = (list(doubts_about(text, "x", False)) for text in STORIES[:2])

    assert first.mark != second.mark


def test_flags_are_kept_in_one_order_and_read_again():
    assert join_flags({Flag.UNSAFE, Flag.SIMILAR}) == "similar,unsafe"
    assert read_flags("similar,unsafe,nonsense") == [Flag.SIMILAR, Flag.UNSAFE]
    assert read_flags("") == []


def test_a_hotline_that_does_not_answer_is_urgent_and_another_number_is_not():
    assert flags_of_report(Flag.NUMBER_SILENT, is_hotline=True) & URGENT == {Flag.HOTLINE_SILENT}
    assert not flags_of_report(Flag.NUMBER_SILENT, is_hotline=False) & URGENT
    assert flags_of_report(Flag.ADDRESS_EXPOSED, is_hotline=False) <= URGENT
    assert flags_of_report(Flag.UNSAFE, is_hotline=True) <= URGENT


def test_only_the_fields_of_a_step_are_taken_over():
    held = {"name": ["A"], "phones-0-number": ["1"], "phones-1-number": ["2"]}

    after = typed.taken_over(held, {"phones-0-number": ["3"], "name": ["B"]}, ("phones",))

    assert after == {"name": ["A"], "phones-0-number": ["3"]}


@pytest.mark.parametrize("chosen", [None, "", "AREA_ONLY", "area_only "])
def test_no_street_is_kept_before_somebody_says_that_it_may_be_public(chosen):
    held = {"sites-0-street": ["77 Quillfeather Way"], "sites-0-city": ["Hartford"]}
    if chosen is not None:
        held["sites-0-visibility"] = [chosen]

    kept = typed.without_addresses(held, lambda name, words: words == "Hartford")

    assert "Quillfeather" not in typed.write(kept)
    assert kept["sites-0-city"] == ["Hartford"]


def test_of_a_confidential_place_only_what_may_be_known_is_kept():
    held = {
        "sites-0-visibility": ["area_only"],
        "sites-0-street": ["77 Quillfeather Way"],
        "sites-0-postal_code": ["06199"],
        "sites-0-city": ["near 77 Quillfeather"],
        "sites-0-region": ["Capitol"],
        "sites-1-visibility": ["public"],
        "sites-1-street": ["1 Open Road"],
    }

    kept = typed.without_addresses(held, lambda name, words: words == "Capitol")

    assert "Quillfeather" not in typed.write(kept)
    assert kept["sites-0-region"] == ["Capitol"]
    assert kept["sites-1-street"] == ["1 Open Road"]
    assert typed.streets_that_hide(held, kept) == ["77 Quillfeather Way"]
