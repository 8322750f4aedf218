"""Completions: what is offered, in which order, and with a slip."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from services_dir.catalog.public import PublicOrganizationName
from services_dir.search.columns import Snapshot
from services_dir.search.suggestions import MAXIMUM, complete
from tests.support.factories import next_number
from tests.support.programs import PLACES, WORDS, make_public, write_index


@pytest.fixture
def offered(tmp_path):
    """Give the kinds and texts that complete a text, among programs."""

    def give(typed, *programs, language="en"):
        generation = write_index(tmp_path / f"generation-{next_number()}", programs)
        snapshot = Snapshot.build(generation, WORDS, PLACES)
        return [(one.kind.value, one.text) for one in complete(snapshot, typed, language)]

    return give


def test_a_kind_of_help_is_offered_by_what_people_call_it(offered):
    assert ("category", "Housing") in offered("shelt", make_public("One"))


def test_what_begins_so_goes_before_what_holds_it_later(offered):
    found = offered("millst", make_public("Old Millstone"), make_public("Millstone of the far valley"))

    assert found == [("program", "Millstone of the far valley"), ("program", "Old Millstone")]


def test_a_program_and_its_organization_of_one_name_are_offered_once(offered):
    found = offered("lantern", make_public("Lantern", organization="Lantern"))

    assert found == [("program", "Lantern")]


def test_other_kinds_come_before_the_fourth_of_one(offered):
    programs = [make_public(f"Mill {letter}", organization="Mill trust") for letter in "abcdefghij"]
    found = offered("mill", *programs)

    assert len(found) == MAXIMUM
    assert {"program", "organization", "place"} <= {kind for kind, _text in found}


def test_languages_that_somebody_speaks_are_offered(offered):
    assert offered("viet", make_public("One", languages=("vi",))) == [("language", "Vietnamese")]
    assert offered("vietn", make_public("One", languages=("vi",)), language="es") == [
        ("language", "Vietnamita")
    ]
    assert offered("viet", make_public("One")) == []


@pytest.mark.parametrize("typed", ["HARBÓR", "harbr", "habror", "harbbor", "harbpr"])
def test_accents_case_and_one_letter_do_not_matter(offered, typed):
    assert offered(typed, make_public("Harbor House")) == [("program", "Harbor House")]


@pytest.mark.parametrize("typed", ["", "?", "xqzvw", "x" * 500, "*" * 200])
def test_what_nothing_begins_with_completes_to_nothing(offered, typed):
    assert offered(typed, make_public("Harbor House")) == []


@pytest.mark.parametrize("typed", ["lant", "former la", "LTN"])
def test_other_and_former_names_lead_to_the_name_that_is_shown(offered, typed):
    program = make_public("Safe Harbor", alternate_names=("LTN",), former_names=("Former Lantern",))

    assert offered(typed, program, make_public("Other")) == [("program", "Safe Harbor")]


def test_other_names_of_an_organization_lead_to_it(offered):
    alliance = PublicOrganizationName(
        "o", "o", "Harbor Alliance", ("HRBA",), ("Lantern Society",), None, None
    )
    programs = [replace(make_public(f"Program {n}"), organization=alliance) for n in range(2)]

    assert offered("lantern", *programs) == [("organization", "Harbor Alliance")]
    assert offered("hrb", *programs) == [("organization", "Harbor Alliance")]
