"""Listings that a draft may repeat. On both databases."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from sqlalchemy import event

from services_dir.catalog.draft import LinkDraft
from services_dir.catalog.models import Program
from services_dir.catalog.queries import find_published_draft
from services_dir.catalog.similar import Likeness, find_similar
from services_dir.db import transaction
from services_dir.moderation import operations
from tests.support.factories import (
    NOON,
    draft_organization,
    draft_phone,
    draft_program,
    draft_site,
    make_account,
    make_organization,
    make_program,
)


def reasons(found):
    return {similar.slug: set(similar.reasons) for similar in found}


def test_a_phone_of_a_program_or_of_its_place_is_found(session):
    here = draft_phone("+18605550190")
    there = draft_phone("+18605550191")
    make_program(session, name="Lantern House", phones=(here,))
    make_program(session, name="Candle Rooms", phones=(), sites=(draft_site(phones=(there,)),))
    make_program(session, name="Something Else")
    new = draft_program(
        name="Nobody Knows", phones=(draft_phone("+18605550190"), draft_phone("+18605550191"))
    )

    found = find_similar(session, new)

    assert reasons(found) == {"lantern-house": {Likeness.PHONE}, "candle-rooms": {Likeness.PHONE}}


@pytest.mark.parametrize(
    "typed",
    ["Lantern House", "lantern house program", "Lantren House", "The House of Lantern", "LÁNTERN HOUSE"],
)
def test_a_name_that_is_nearly_the_same_is_found(session, typed):
    make_program(session, name="Lantern House")

    assert reasons(find_similar(session, draft_program(name=typed))) == {"lantern-house": {Likeness.NAME}}


@pytest.mark.parametrize("typed", ["Candle House", "Lantern", "House", "Program", "Lighthouse for Women"])
def test_a_name_that_shares_only_a_word_is_not_found(session, typed):
    make_program(session, name="Lantern House")

    assert find_similar(session, draft_program(name=typed)) == []


def test_another_name_of_a_program_is_found_too(session):
    make_program(
        session, name="Lantern House", alternate_names=("Casa Linterna",), former_names=("Old Lamp",)
    )

    assert reasons(find_similar(session, draft_program(name="Casa Linterna"))) == {
        "lantern-house": {Likeness.NAME}
    }


def test_a_website_is_found_by_its_host_also_among_the_links(session):
    make_program(session, name="Lantern House", url="https://www.lantern.example.org/help")
    links = (LinkDraft(label="Also", url="https://lantern.example.org/"),)

    found = find_similar(session, draft_program(name="Nobody Knows", links=links))

    assert reasons(found) == {"lantern-house": {Likeness.WEBSITE}}


def test_a_website_that_many_share_says_nothing(session):
    owner = make_organization(session)
    for number in range(7):
        make_program(
            session,
            name=f"{'ABCDEFG'[number] * 9}",
            organization=owner.uuid,
            url="https://state.example.gov/x",
        )

    assert find_similar(session, draft_program(name="Nobody Knows", url="https://state.example.gov/y")) == []


def test_most_alike_comes_first_and_the_list_is_short(session):
    phone = draft_phone("+18605550190")
    owner = make_organization(session)
    for name in ("Aaaaaaaa", "Bbbbbbbb", "Cccccccc", "Dddddddd", "Eeeeeeee", "Lantern House"):
        make_program(
            session, name=name, organization=owner.uuid, phones=(replace(phone, id=draft_phone().id),)
        )

    found = find_similar(
        session, draft_program(name="Lantern House", phones=(replace(phone, id=draft_phone().id),))
    )

    assert found[0].slug == "lantern-house"
    assert found[0].reasons == (Likeness.PHONE, Likeness.NAME)
    assert len(found) == 5


def test_the_listing_itself_and_what_was_withdrawn_are_not_found(session):
    program = make_program(session, name="Lantern House")
    draft, _version = find_published_draft(session, program)
    assert find_similar(session, draft) == []
    reviewer = make_account(session).id
    with transaction(session):
        operations.withdraw(session, session.get_one(Program, program.id), by=reviewer, at=NOON)

    assert find_similar(session, draft_program(name="Lantern House")) == []


def test_organizations_are_compared_with_organizations(session):
    make_organization(
        session, name="Keepers of Lanterns", aliases=("KOL",), url="https://keepers.example.org"
    )
    make_program(session, name="Keepers of Candles")

    found = find_similar(
        session, draft_organization(name="Keepers of Lantern", url="https://keepers.example.org")
    )

    assert reasons(found) == {"keepers-of-lanterns": {Likeness.WEBSITE, Likeness.NAME}}
    assert not found[0].is_program


def test_the_number_of_statements_does_not_grow(session, engine):
    for number in range(8):
        make_program(session, name=f"Lantern House {number}")
    draft = draft_program(name="Lantern House", phones=())
    seen = []
    event.listen(engine, "before_cursor_execute", lambda *args: seen.append(args[2]))

    find_similar(session, draft)

    assert len(seen) <= 3
