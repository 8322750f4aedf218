"""What the site's own pages read from the catalog."""

from __future__ import annotations

from typing import Any

import pytest

from services_dir.catalog.draft import Hours
from services_dir.catalog.kinds import Availability, Level, PhoneKind, Vocabulary
from services_dir.catalog.models import Term, TermLabel
from services_dir.db import transaction
from services_dir.site.queries import find_state_name, get_catalog_stamp, list_hotlines, list_topics
from services_dir.web.hotlines import HotlineNumber
from tests.support.factories import ZONE, draft_phone, make_program


def line(**changes: Any) -> dict[str, Any]:
    """Give the values of a statewide crisis line for everyone."""
    return {
        "name": "Lamp Line",
        "level": Level.STATE,
        "categories": ("crisis-hotline", "housing"),
        "populations": ("all-survivors",),
        "hours": Hours(words="At any hour.", zone=ZONE, round_the_clock=True),
        "phones": (draft_phone("+18605550199", kind=PhoneKind.HOTLINE, instruction="press 2"),),
    } | changes


def test_kinds_of_help_named_by_the_law_come_first(session):
    topics = list_topics(session, "en")

    assert [topic.slug for topic in topics] == [
        "housing",
        "legal-assistance",
        "health-care",
        "crisis-hotline",
    ]


def test_kinds_of_help_are_named_in_the_language_of_the_page(session):
    assert {topic.slug: topic.label for topic in list_topics(session, "es")}["housing"] == "Vivienda"


def test_a_statewide_crisis_line_for_everyone_is_listed_with_its_numbers(session):
    program = make_program(session, **line())

    (found,) = list_hotlines(session, "en")

    assert (found.slug, found.name) == (program.slug, "Lamp Line")
    assert found.numbers == (HotlineNumber("hotline", "+18605550199", instruction="press 2"),)


@pytest.mark.parametrize(
    "changes",
    [
        {"level": Level.LOCAL},
        {"categories": ("housing", "crisis-hotline")},
        {"populations": ("minors",)},
        {"hours": None},
        {"availability": Availability.CLOSED},
        {"phones": (draft_phone("+18605550198", kind=PhoneKind.VOICE),)},
    ],
)
def test_a_line_that_is_not_for_everyone_at_any_hour_is_left_out(session, changes):
    make_program(session, **line(**changes))

    assert list_hotlines(session, "en") == ()


def test_a_line_for_people_who_were_trafficked_comes_first(session):
    with transaction(session):
        term = Term(uuid="a-term", vocabulary=Vocabulary.POPULATION, slug="labor-trafficking", position=9)
        term.labels = [TermLabel(language="en", label="People made to work")]
        session.add(term)
    make_program(session, **line(name="Any Line"))
    make_program(session, **line(name="Our Line", populations=("all-survivors", "labor-trafficking")))

    assert [found.name for found in list_hotlines(session, "en")] == ["Our Line", "Any Line"]


def test_hours_of_a_number_come_before_those_of_its_program(session):
    day = Hours(words="Mondays", zone=ZONE)
    phones = (
        draft_phone("+18605550197", kind=PhoneKind.HOTLINE, hours=day),
        draft_phone("+18605550196", kind=PhoneKind.TEXT),
    )
    make_program(session, **line(phones=phones))

    (found,) = list_hotlines(session, "en")

    assert [number.number for number in found.numbers] == ["+18605550196"]


def test_the_stamp_changes_with_the_catalog(session):
    before = get_catalog_stamp(session)

    make_program(session)

    assert get_catalog_stamp(session) != before


def test_the_state_is_the_one_whose_places_are_loaded(session):
    assert find_state_name(session) == "Connecticut"
