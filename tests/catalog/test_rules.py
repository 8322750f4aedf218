"""What is wrong with a draft, how numbers are read, and what follows from facts."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from services_dir.catalog import rules
from services_dir.catalog.draft import DatedHours, Hours, LinkDraft, SourceDraft, SpokenLanguage, WeeklyHours
from services_dir.catalog.freshness import Freshness
from services_dir.catalog.kinds import Availability, Day, PhoneKind
from services_dir.catalog.rules import References, check_organization, check_program
from tests.support.factories import (
    ZONE,
    draft_hidden_site,
    draft_organization,
    draft_phone,
    draft_program,
    draft_site,
)

ORGANIZATION = "11111111-2222-4333-8444-555555555555"
KNOWN = References(
    categories=frozenset({"housing"}),
    populations=frozenset({"all-survivors", "minors"}),
    places=frozenset({"town/hartford", "planning-region/capitol"}),
    organizations=frozenset({ORGANIZATION}),
)


def paths(draft, *, warnings=False):
    return [problem.path for problem in check_program(draft, KNOWN) if problem.is_warning is warnings]


def good(**changes):
    return draft_program(**{"description": "Gives people a bed."} | changes)


def test_a_complete_draft_has_no_problem():
    assert check_program(good(), KNOWN) == []


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"name": ""}, "texts.en.name"),
        ({"description": ""}, "texts.en.description"),
        ({"organization": None}, "organization"),
        ({"organization": "99999999-2222-4333-8444-555555555555"}, "organization"),
        ({"new_organization": draft_organization(name="")}, "new_organization.name"),
        ({"new_organization": draft_organization(), "organization": ORGANIZATION}, "organization"),
        ({"categories": ()}, "categories"),
        ({"categories": ("no-such-help",)}, "categories"),
        ({"populations": ("no-such-people",)}, "populations"),
        ({"populations_excluded": ("all-survivors",)}, "populations_excluded"),
        ({"min_age": 30, "max_age": 20}, "max_age"),
        ({"service_areas": ()}, "service_areas"),
        ({"phones": (draft_phone("860-555-0100"),)}, "phones.0.number"),
        ({"phones": (draft_phone("+18605550"),)}, "phones.0.number"),
        ({"phones": (draft_phone("711"),)}, "phones.0.kind"),
        ({"email": "nobody at example"}, "email"),
        ({"url": "example.org"}, "url"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"links": (LinkDraft(label="x", url="ftp://example.org"),)}, "links.0.url"),
        ({"sources": (SourceDraft(title="x", url="https://[broken"),)}, "sources.0.url"),
        ({"sites": (draft_site(town="town/nowhere"),)}, "sites.0.town"),
        ({"sites": (draft_site(postal_code="061"),)}, "sites.0.postal_code"),
        ({"sites": (draft_site(latitude=None),)}, "sites.0.latitude"),
        ({"sites": (draft_site(street=None, city=None, town=None),)}, "sites.0.town"),
        ({"sites": (draft_hidden_site(street="12 Made-up Street"),)}, "sites.0"),
        ({"hours": Hours(zone="Moon/Crater")}, "hours.zone"),
        ({"paused_until": date(2026, 5, 1)}, "paused_until"),
    ],
)
def test_each_fault_is_named_with_its_place(changes, path):
    assert paths(good(**changes)) == [path]


@pytest.mark.parametrize(
    ("hours", "path"),
    [
        (
            Hours(zone=ZONE, weekly=(WeeklyHours(days=(), opens="09:00", closes="17:00"),)),
            "hours.weekly.0.days",
        ),
        (
            Hours(zone=ZONE, weekly=(WeeklyHours(days=(Day.MONDAY,), opens="24:00", closes="17:00"),)),
            "hours.weekly.0.opens",
        ),
        (
            Hours(
                zone=ZONE,
                round_the_clock=True,
                weekly=(WeeklyHours(days=(Day.MONDAY,), opens="09:00", closes="17:00"),),
            ),
            "hours.weekly",
        ),
        (
            Hours(zone=ZONE, exceptions=(DatedHours(on=date(2026, 12, 25), opens="09:00"),)),
            "hours.exceptions.0",
        ),
    ],
)
def test_hours_that_make_no_sense_are_named(hours, path):
    assert paths(good(hours=hours)) == [path]


def test_a_pause_may_have_an_end():
    assert paths(good(availability=Availability.PAUSED, paused_until=date(2026, 5, 1))) == []


def test_nobody_can_be_reached_is_a_warning():
    draft = good(phones=())

    assert paths(draft) == []
    assert paths(draft, warnings=True) == ["phones"]


def test_a_street_in_the_words_of_a_confidential_place_is_a_warning():
    draft = good(description="Come to 12 Made-up Street.", sites=(draft_hidden_site(),))

    assert paths(draft, warnings=True) == ["texts.en.description"]
    assert paths(replace(draft, sites=(draft_site(),)), warnings=True) == []


def test_a_street_in_any_words_of_a_confidential_listing_is_a_warning():
    street = "12 Made-up Street"
    phone = draft_phone(instruction=f"Come to {street}")
    hidden = draft_hidden_site(name=f"Shelter, {street}")
    draft = good(area_words=f"around {street}", phones=(phone,), sites=(draft_site(street=street), hidden))

    assert paths(draft, warnings=True) == ["area_words", "phones.0.instruction", "sites.1.name"]


def test_two_parts_with_one_identity_are_refused():
    phone = draft_phone()

    assert paths(good(phones=(phone, phone))) == ["phones.1"]
    assert paths(good(languages=(SpokenLanguage(id=phone.id, code="es"),), phones=(phone,))) == ["phones.0"]


def test_an_organization_cannot_be_a_part_of_itself():
    draft = draft_organization(id=ORGANIZATION, parent=ORGANIZATION)

    assert [problem.path for problem in check_organization(draft, KNOWN)] == ["parent"]


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("(860) 555-0100", "+18605550100"),
        ("1 860 555 0100", "+18605550100"),
        ("+1-860-555-0100", "+18605550100"),
        ("860.555.0100", "+18605550100"),
        ("2-1-1", "211"),
        ("988", "988"),
        ("233733", "233733"),
        ("", None),
        ("12", None),
        ("555-0100", None),
        ("call me", None),
        ("860-555-0100 ext 4", None),
        ("\u0668\u0666\u0660", None),
    ],
)
def test_numbers_are_read_in_any_notation(typed, number):
    assert rules.normal_number(typed) == number


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("860-555-0100 ext 4", ("+18605550100", "4")),
        ("(860) 555-0100 x12", ("+18605550100", "12")),
        ("860-555-0100", ("860-555-0100", "")),
        ("988", ("988", "")),
        ("call me", ("call me", "")),
    ],
)
def test_an_extension_behind_a_number_is_told_from_it(typed, parts):
    assert rules.split_extension(typed) == parts


@pytest.mark.parametrize(
    ("on", "overdue"), [(None, True), (date(2025, 3, 2), False), (date(2025, 3, 1), True)]
)
def test_details_are_overdue_after_a_year_or_when_never_confirmed(on, overdue):
    assert Freshness().is_overdue(on, date(2026, 3, 2)) is overdue


@pytest.mark.parametrize(("on", "overdue"), [(date(2025, 8, 2), False), (date(2025, 8, 1), True)])
def test_a_shelter_or_hotline_is_overdue_after_seven_months(on, overdue):
    assert rules.is_grave(["housing"], [])
    assert rules.is_grave([], [PhoneKind.HOTLINE])
    assert not rules.is_grave(["legal-assistance"], [PhoneKind.VOICE])
    assert Freshness().is_overdue(on, date(2026, 3, 2), is_grave=True) is overdue


@pytest.mark.parametrize(
    ("text", "looks"),
    [
        ("We are at 12 Made-up Street, second floor.", True),
        ("Room 4, 1200 Old Colony Rd", True),
        ("5 Made-up Square", True),
        ("40 North Terrace", True),
        ("24 hours a day, 7 days a week", False),
        ("Call the 24 hour line", False),
    ],
)
def test_a_text_that_looks_like_a_street_is_noticed(text, looks):
    assert rules.looks_like_street(text) is looks


def test_711_is_fine_as_a_relay():
    assert paths(good(phones=(draft_phone("711", kind=PhoneKind.RELAY),))) == []
