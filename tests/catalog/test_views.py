"""Addresses of programs and organizations, their languages, and what their pages never show."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace
from sqlalchemy import String, Text, select

from services_dir.catalog import operations
from services_dir.catalog.draft import (
    AreaDraft,
    Hours,
    ProgramText,
    SourceDraft,
)
from services_dir.catalog.kinds import (
    AssuranceMethod,
)
from services_dir.catalog.models import Assurance, ForeignId, Organization, PrivateContact, Program, Source
from services_dir.db import transaction
from tests.support.factories import (
    NOON,
    ZONE,
    draft_organization,
    draft_phone,
    draft_program,
    draft_site,
    make_organization,
    make_program,
)
from tests.support.facts import facts
from tests.support.statements import counted_statements

ROUND_THE_CLOCK = Hours(words="24 hours a day", zone=ZONE, round_the_clock=True)


def test_a_former_address_leads_on_for_good(client, session):
    runner = make_organization(session)
    draft = draft_program(slug="old-house", organization=runner.uuid)
    make_program(session, draft)
    make_program(session, draft=_renamed(draft, "new-house"))

    english = client.get("/programs/old-house", status=308)
    spanish = client.get("/es/programs/old-house", status=308)

    assert english.location == "/programs/new-house"
    assert spanish.location == "/es/programs/new-house"
    client.follow(english)


def test_a_former_address_of_an_organization_leads_on_for_good(client, session):
    draft = draft_organization(slug="old-alliance")
    make_organization(session, draft)
    make_organization(session, _renamed(draft, "new-alliance"))

    visit = client.get("/organizations/old-alliance", status=308)

    assert visit.location == "/organizations/new-alliance"


def test_a_withdrawn_program_is_gone_with_a_way_on(client, session):
    program = make_program(session, slug="north-house")
    with transaction(session):
        operations.withdraw_program(session, session.get_one(Program, program.id), at=NOON)

    page = client.get("/programs/north-house", status=410).page

    assert "This program is no longer listed." in page.text
    assert page.one("form", role="search").get("action") == "/programs"


@pytest.mark.parametrize("slug", ["nowhere", "North-House", "%00", "a" * 3000, "%F0%9F%A6%8A", "-", "a--b"])
@pytest.mark.parametrize("kind", ["programs", "organizations"])
def test_an_unknown_address_is_a_page_that_says_so(client, kind, slug):
    client.get(f"/{kind}/{slug}", status=404)


def test_an_organization_shows_itself_and_its_programs(client, session):
    parent = make_organization(session, name="Made-up Union", slug="union")
    runner = make_organization(
        session,
        name="Made-up Alliance",
        slug="alliance",
        parent=parent.uuid,
        aliases=("MUA",),
        former_names=("Old Alliance",),
        descriptions={"en": "It runs two houses."},
        url="https://example.org",
        email="office@example.org",
        partners_note="made of three groups",
        phones=(draft_phone("+18605550150"),),
    )
    make_program(session, slug="south", name="South House", organization=runner.uuid)
    make_program(session, slug="north", name="North House", organization=runner.uuid)
    make_program(session, slug="else", name="Elsewhere")

    page = client.get("/organizations/alliance").page

    assert page.title == "Organization details"
    assert page.heading == "Made-up Alliance"
    assert "It runs two houses." in page.texts("p")
    assert "tel:+18605550150" in page.links
    programs = [link for link in page.links if link.startswith("/programs/")]
    assert programs == ["/programs/north", "/programs/south"]
    said = facts(page)
    assert said["Part of"] == "Made-up Union"
    assert said["Also called"] == "MUA"
    assert said["Called before"] == "Old Alliance"
    assert said["Together with others"] == "made of three groups"
    assert said["E-mail"] == "office@example.org"
    assert said["Online"] == "example.org"
    assert "This organization has no program on our list now." in client.get("/organizations/union").page.text


def test_a_spanish_page_marks_what_is_still_in_english(client, session):
    make_program(
        session,
        slug="both",
        texts={
            "en": ProgramText(
                name="North House", description="A safe place.", eligibility="Anyone.", cost="Free"
            ),
            "es": ProgramText(name="Casa del Norte", description="Un lugar seguro."),
        },
        hours=ROUND_THE_CLOCK,
    )

    page = client.get("/es/programs/both").page

    assert page.heading == "Casa del Norte"
    assert "Un lugar seguro." in page.text
    assert "Vivienda" in page.text
    assert "Anyone." in page.texts("span", lang="en")
    assert "Free" not in page.text
    assert client.get("/programs/both").page.heading == "North House"


def test_a_page_without_a_spanish_text_shows_the_english_one_marked(client, session):
    make_program(session, slug="english", name="North House", description="A safe place.")

    page = client.get("/es/programs/english").page

    assert "North House" in page.texts("span", lang="en")
    assert "A safe place." in page.texts("span", lang="en")


def test_the_number_of_statements_does_not_grow_with_the_program(app, client, session):
    small = draft_program(slug="small", hours=ROUND_THE_CLOCK, sites=(_site(1),), phones=(_phone(1),))
    large = draft_program(
        slug="large",
        hours=Hours(words="24 hours a day", zone=ZONE, round_the_clock=True),
        sites=tuple(_site(number) for number in range(8)),
        phones=tuple(_phone(number) for number in range(9)),
        populations=("all-survivors", "minors"),
        categories=("housing", "legal-assistance", "health-care"),
    )
    counts = {}
    for draft in (small, large):
        make_program(session, draft)
        with counted_statements(app) as seen:
            client.get(f"/programs/{draft.slug}")
        counts[draft.slug] = len(seen)

    assert counts["large"] == counts["small"] <= 32


def test_the_number_of_statements_does_not_grow_with_the_organization(app, client, session):
    counts = []
    for number in (1, 7):
        runner = make_organization(session, slug=f"alliance-{number}", phones=(draft_phone(),))
        for _ in range(number):
            make_program(session, organization=runner.uuid, hours=_hours(), sites=(_site(1),))
        with counted_statements(app) as seen:
            client.get(f"/organizations/alliance-{number}")
        counts.append(len(seen))

    assert counts[0] == counts[1]


# Columns of text that anybody may read; each other one must stay behind the page.
_PUBLIC = {
    Program: {
        "uuid slug kind level status availability population_note interpreter_note email url area_words",
        "partners_note asks_immigration_status needs_police_report mandated_reporters run_by as_of",
        "as_of_precision",
    },
    Organization: {"uuid slug name level status url email partners_note"},
    Source: {"uuid title url as_of as_of_precision"},
    Assurance: {"method role feed"},
    PrivateContact: set(),
    ForeignId: {"uuid"},
}


def test_what_is_for_editors_is_on_no_page(client, session):
    program = make_program(
        session,
        slug="north-house",
        new_organization=draft_organization(slug="alliance"),
        sources=(SourceDraft(title="Open source", url="https://example.org/open", is_public=True),),
    )
    with transaction(session):
        session.add_all(
            (
                Source(
                    uuid="a-hidden-source",
                    program_id=program.id,
                    title="canary-hidden-title",
                    url="https://canary-hidden.example.org",
                    is_public=False,
                    position=1,
                ),
                Assurance(program_id=program.id, on=date(2026, 3, 1), method=AssuranceMethod.VISIT),
                PrivateContact(program_id=program.id, name="canary-contact"),
                ForeignId(feed="canary-feed", kind="service", uuid=program.uuid, foreign_id="canary-foreign"),
            )
        )
        session.flush()
        words = [word for table, public in _PUBLIC.items() for word in _fill(session, table, public)]
    assert len(words) > 8

    for path in ("/programs/north-house", "/organizations/alliance", "/es/programs/north-house"):
        text = client.get(path).text
        assert "canary" not in text
        assert "a-hidden-source" not in text


def _fill(session, table, public: set[str]) -> list[str]:
    """Write a unique word into each column of text that is not public, in every row."""
    shown = {name for line in public for name in line.split()}
    columns = [
        column
        for column in table.__table__.columns
        if type(column.type) in (String, Text) and column.name not in shown
    ]
    words = {column.name: f"canary-{table.__tablename__}-{column.name}" for column in columns}
    for row in session.scalars(select(table)):
        for name, word in words.items():
            setattr(row, name, word[: table.__table__.columns[name].type.length])
    return list(words.values())


def _renamed(draft, slug: str):
    return replace(draft, slug=slug)


def _hours() -> Hours:
    return Hours(words="24 hours a day", zone=ZONE, round_the_clock=True)


def _phone(number: int):
    return draft_phone(f"+1860555{100 + number:04}", hours=_hours())


def _site(number: int):
    area = AreaDraft(place="town/hamden")
    return draft_site(
        name=f"Office {number}", hours=_hours(), phones=(_phone(50 + number),), service_areas=(area,)
    )


def test_an_organization_page_leads_to_suggesting_a_change(client, session):
    organization = make_organization(session)

    page = client.get(f"/organizations/{organization.slug}").page

    assert f"/organizations/{organization.slug}/changes/new" in page.links
