"""What has to be checked, and approved by two, before it is published."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from services_dir.catalog.kinds import PhoneKind, Visibility
from services_dir.moderation.rules import is_own, working_days_before, working_days_between
from services_dir.moderation.safeguards import ContactCheck, Lead, leads_for_two, leads_to_check
from tests.support.factories import (
    NOON,
    draft_hidden_site,
    draft_organization,
    draft_phone,
    draft_program,
    draft_site,
)

OWNER = "11111111-1111-4111-8111-111111111111"


def listed(**changes):
    return draft_program(organization=OWNER, phones=(draft_phone("+18605550100"),), **changes)


def test_an_unchanged_contact_needs_no_check():
    old = listed(url="https://lantern.example.org/a")

    assert (
        leads_to_check(old, replace(old, area_words="Elsewhere", url="https://www.lantern.example.org/b"))
        == []
    )


@pytest.mark.parametrize(
    ("changes", "lead"),
    [
        ({"phones": (draft_phone("+18605550199"),)}, Lead.PHONE),
        ({"sites": (draft_site(phones=(draft_phone("+18605550199"),)),)}, Lead.PHONE),
        ({"url": "https://elsewhere.example.org"}, Lead.WEBSITE),
        ({"phones": (draft_phone("+18605550100", kind=PhoneKind.HOTLINE),)}, Lead.HOTLINE),
        ({"organization": None, "new_organization": draft_organization()}, Lead.ORGANIZATION),
        ({"organization": "22222222-2222-4222-8222-222222222222"}, Lead.ORGANIZATION),
    ],
)
def test_what_leads_people_somewhere_new_must_be_checked(changes, lead):
    old = listed()

    assert lead in leads_to_check(old, replace(old, **changes))


def test_taking_a_number_out_needs_no_check():
    old = listed()

    assert leads_to_check(old, replace(old, phones=())) == []


def test_a_new_program_and_a_new_organization_must_be_checked():
    assert Lead.PHONE in leads_to_check(None, listed())
    assert leads_to_check(None, draft_organization()) == [Lead.ORGANIZATION]


def test_the_number_of_a_hotline_needs_two():
    hotline = draft_phone("+18605550111", kind=PhoneKind.HOTLINE)
    old = listed()

    assert leads_for_two(old, replace(old, phones=(hotline,))) == [Lead.HOTLINE]
    assert leads_for_two(None, listed(sites=(draft_site(phones=(hotline,)),))) == [Lead.HOTLINE]
    assert leads_for_two(None, listed()) == []


def test_a_confidential_place_that_becomes_public_needs_two_however_it_is_done():
    hidden = draft_hidden_site()
    old = listed(sites=(hidden,))
    same = draft_site(id=hidden.id, location_id=hidden.location_id, visibility=Visibility.PUBLIC)

    assert leads_for_two(old, replace(old, sites=(same,))) == [Lead.PLACE]
    assert leads_for_two(old, replace(old, sites=(draft_site(),))) == [Lead.PLACE]
    assert leads_for_two(old, replace(old, sites=(hidden, draft_site()))) == []
    assert leads_for_two(old, replace(old, sites=())) == []


@pytest.mark.parametrize(
    ("entered_by", "emails", "expected"),
    [
        (7, set(), True),
        (8, set(), False),
        (None, {"PAT@Example.org"}, True),
        (None, {None, "sam@example.org"}, False),
    ],
)
def test_what_somebody_entered_or_is_the_contact_of_is_her_own(entered_by, emails, expected):
    assert is_own(entered_by, emails, 7, "pat@example.org") is expected


def test_a_check_names_source_person_and_day():
    assert ContactCheck("their website", "intake worker", NOON.date()).is_complete
    assert not ContactCheck("their website", " ", NOON.date()).is_complete
    assert not ContactCheck("their website", "intake worker").is_complete


def test_weekends_do_not_count_as_working_days():
    # NOON is a Monday.
    assert (NOON - working_days_before(NOON, 1)).days == 3
    assert (NOON - working_days_before(NOON, 7)).days == 11
    assert working_days_between(working_days_before(NOON, 7), NOON) == 7
    assert working_days_between(NOON, NOON) == 0
