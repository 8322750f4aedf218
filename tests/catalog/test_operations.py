"""Publishing, withdrawing, numbers of changes, former web names, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from msgspec.structs import replace
from sqlalchemy.exc import IntegrityError

from services_dir.catalog import queries
from services_dir.catalog.draft import (
    Hours,
    Interpreter,
    SpokenLanguage,
    WeeklyHours,
    new_id,
    read_program,
)
from services_dir.catalog.kinds import ChangeKind, Day, PhoneKind
from services_dir.catalog.leading import find_current_slug
from services_dir.catalog.models import CatalogChange, Location, Program, ProgramVersion
from services_dir.catalog.operations import record_change, withdraw_program
from services_dir.db import transaction
from services_dir.errors import ConflictError, GoneError, NotFoundError
from services_dir.values import slugify
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

LATER = NOON + timedelta(days=30)
HOURS = Hours(words="days", zone=ZONE)


def changes(session):
    rows = session.scalars(sa.select(CatalogChange).order_by(CatalogChange.number))
    return [(row.number, row.kind) for row in rows]


def versions(session, program):
    query = sa.select(ProgramVersion).where(ProgramVersion.program_id == program.id)
    return list(session.scalars(query.order_by(ProgramVersion.number)))


def test_what_is_published_is_what_the_draft_says(session):
    site = draft_site(phones=(draft_phone("+18605550111"),), access_notes="Ring twice")
    hours = Hours(
        words="Monday 10 p.m. to 2 a.m.",
        zone=ZONE,
        weekly=(WeeklyHours(days=(Day.MONDAY,), opens="22:00", closes="02:00"),),
    )
    draft = draft_program(
        name="North House",
        cost="Free",
        sites=(site,),
        hours=hours,
        languages=(SpokenLanguage(code="es", note="mornings"),),
        interpreter=Interpreter(available=True, note="any language"),
        phones=(draft_phone("233733", kind=PhoneKind.TEXT, instruction="text HELP"),),
    )

    make_program(session, draft)
    public = queries.get_public_program(session, "north-house")

    assert public.text().name == "North House"
    assert public.id == draft.id
    assert public.phones[0].instruction == "text HELP"
    assert public.sites[0].street == "12 Made-up Street"
    assert public.sites[0].phones[0].number == "+18605550111"
    assert [(line.weekday, line.opens, line.closes) for line in public.hours.intervals] == [(0, 1320, 1560)]
    assert public.languages[0].note == "mornings"
    assert sorted(public.access) == ["free", "in-person", "phone", "text"]


def test_parts_keep_their_identity_when_published_again(session):
    draft = draft_program(sites=(draft_site(),), phones=(draft_phone(hours=Hours(zone=ZONE, words="days")),))
    program = make_program(session, draft)
    slug = program.slug

    before = queries.get_public_program(session, slug)
    published = read_program(versions(session, program)[0].document)
    make_program(session, replace(published, email="house@example.org"), at=LATER)
    after = queries.get_public_program(session, slug)

    assert (before.sites, before.phones) == (after.sites, after.phones)
    assert after.email == "house@example.org"
    assert session.scalar(sa.select(sa.func.count()).select_from(Location)) == 1


def test_each_day_is_answered_by_one_version(session):
    draft = draft_program()
    program = make_program(session, draft)
    published = read_program(versions(session, program)[0].document)
    make_program(session, replace(published, url="https://example.org"), at=LATER)

    first, second = versions(session, program)

    assert (first.valid_from, first.valid_to) == (NOON, LATER)
    assert (second.valid_from, second.valid_to, second.number) == (LATER, None, 2)


def test_a_withdrawn_program_is_gone_but_its_versions_stay(session):
    program = make_program(session)
    slug = program.slug
    with transaction(session):
        withdraw_program(session, session.get(Program, program.id), at=LATER)

    with pytest.raises(GoneError):
        queries.get_public_program(session, slug)
    assert [version.valid_to for version in versions(session, program)] == [LATER]
    assert changes(session) == [(1, ChangeKind.PUBLISH), (2, ChangeKind.WITHDRAW)]


def test_a_web_name_nobody_has_is_not_found(session):
    with pytest.raises(NotFoundError):
        queries.get_public_program(session, "nobody")


def test_a_failed_publication_leaves_no_number_behind(session):
    def fail():
        with transaction(session):
            record_change(session, ChangeKind.VOCABULARY, None, NOON)
            raise RuntimeError("on purpose")

    make_program(session)
    with pytest.raises(RuntimeError, match="on purpose"):
        fail()
    make_program(session)

    assert [number for number, _ in changes(session)] == [1, 2]


def test_the_same_name_gets_another_web_name(session):
    slugs = [make_program(session, name="North House").slug for _ in range(3)]

    assert slugs == ["north-house", "north-house-2", "north-house-3"]


def test_a_long_name_that_is_taken_still_gets_a_slug_that_leads_to_its_page(session):
    name = f"{'x' * 74} {'y' * 5}"

    slugs = [make_program(session, name=name).slug for _ in range(2)]

    assert slugs[1] == slugify(slugs[1])


def test_a_former_web_name_leads_on_and_is_never_given_again(session):
    program = make_program(session, name="North House")
    published = read_program(versions(session, program)[0].document)
    make_program(session, replace(published, slug="southern-house"), at=LATER)

    assert find_current_slug(session, "program", "north-house") == "southern-house"
    assert make_program(session, name="North House").slug == "north-house-2"
    with pytest.raises(ConflictError, match="north-house"):
        make_program(session, name="Another", slug="north-house")


def test_a_record_may_have_its_own_former_web_name_back(session):
    program = make_program(session, name="North House")
    published = read_program(versions(session, program)[0].document)
    make_program(session, replace(published, slug="southern-house"))
    make_program(session, replace(published, slug="north-house"))

    assert find_current_slug(session, "program", "southern-house") == "north-house"
    assert find_current_slug(session, "program", "north-house") is None


def test_programs_are_taken_up_again_when_their_organization_changes(session):
    draft = draft_organization(name="Old Alliance")
    organization = make_organization(session, draft)
    program = make_program(session, organization=organization.uuid)
    make_organization(session, replace(draft, name="New Alliance"), at=LATER)

    assert changes(session)[-1] == (2, ChangeKind.PUBLISH)
    assert queries.get_public_program(session, program.slug).organization.name == "New Alliance"


def test_a_new_organization_in_a_draft_is_published_once(session):
    program = make_program(session, new_organization=draft_organization(name="New Alliance"))
    document = read_program(versions(session, program)[0].document)

    assert document.new_organization is None
    assert queries.get_public_organization(session, "new-alliance").id == document.organization


def test_the_database_itself_refuses_an_address_in_a_confidential_place(session):
    make_program(session, sites=(draft_hidden_site(),))

    with pytest.raises(IntegrityError), transaction(session):
        session.execute(sa.update(Location).values(street="12 Made-up Street"))


def test_a_program_is_read_in_a_number_of_statements_that_does_not_grow(session):
    def make(size):
        sites = tuple(draft_site(phones=(draft_phone(hours=HOURS),)) for _ in range(size))
        phones = tuple(draft_phone(hours=HOURS) for _ in range(size))
        return make_program(session, sites=without_doubles(sites), phones=without_doubles(phones)).slug

    def without_doubles(parts):
        return tuple(
            replace(part, hours=replace(HOURS, id=new_id()))
            if hasattr(part, "number")
            else replace(part, phones=without_doubles(part.phones))
            for part in parts
        )

    def statements(slug):
        counted = []
        session.expire_all()
        session.rollback()
        listen = (session.get_bind(), "before_cursor_execute", lambda *args: counted.append(args[2]))
        sa.event.listen(*listen)
        queries.get_public_program(session, slug)
        sa.event.remove(*listen)
        return len(counted)

    small, large = make(1), make(9)

    assert statements(large) == statements(small)


def test_only_the_newest_assurance_is_shown_and_editors_words_are_not(session):
    draft = draft_program(editor_note="canary-note", confidence="low")
    public = queries.get_public_program(session, make_program(session, draft).slug)

    assert public.assured is None
    assert "canary" not in repr(public)
