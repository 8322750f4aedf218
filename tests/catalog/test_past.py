"""Removing an address from the past."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from services_dir.catalog import operations, queries
from services_dir.catalog.draft import Hours, LinkDraft, SourceDraft, SpokenLanguage, read_program, to_json
from services_dir.catalog.kinds import ChangeKind
from services_dir.catalog.models import CatalogChange, ProgramVersion
from services_dir.catalog.past import REMOVED, Removal, removal_for
from services_dir.db import Base
from tests.support.factories import NOON, draft_phone, draft_program, draft_site, make_program

STREET = "77 Zanzibar Made-up Street"


def removal(*words):
    return Removal(frozenset(), frozenset(words))


def test_words_are_taken_out_whatever_their_case():
    assert removal(STREET).from_text(f"At {STREET.upper()}, ring.") == f"At {REMOVED}, ring."


def test_a_text_without_the_words_stays_as_it_is():
    assert removal(STREET).from_text("Call before you come.") == "Call before you come."


def test_a_word_that_the_note_of_removal_holds_too_is_taken_out_once():
    assert removal("address").from_text("Our address here.") == f"Our {REMOVED} here."


def test_only_the_street_goes_from_a_text_whose_signs_have_several_letters():
    text = f"Food … beds. At {STREET}. ﬁne."

    assert removal(STREET).from_text(text) == f"Food … beds. At {REMOVED}. ﬁne."


def test_every_part_of_a_street_with_a_number_is_sought_but_no_name_of_a_house():
    site = draft_site(street=f"Harbor House, Suite 300, {STREET}")
    draft = draft_program(name="Harbor House", sites=(site,), description=f"Come to {STREET}.")
    hidden = replace(draft, sites=(site.without_address(),))

    found = removal_for(hidden, [to_json(draft)])

    assert found is not None
    text = found.from_draft(hidden).texts["en"]
    assert (text.name, text.description) == ("Harbor House", f"Come to {REMOVED}.")


@given(st.text(max_size=20), st.text(max_size=20))
def test_no_text_still_tells_the_street(before, after):
    assert STREET.casefold() not in removal(STREET).from_text(before + STREET + after).casefold()


def test_nothing_is_removed_while_the_address_is_public():
    draft = draft_program(sites=(draft_site(street=STREET),))

    assert removal_for(draft, [to_json(draft)]) is None


def test_nothing_is_removed_when_no_address_was_ever_known():
    hidden = draft_program(sites=(draft_site().without_address(),))

    assert removal_for(hidden, [to_json(hidden)]) is None


def test_hiding_a_place_rewrites_every_version_and_the_words(session):
    site = draft_site(street=f"{STREET}, Suite 3")
    draft = draft_program(name="North House", sites=(site,), description=f"Come to {STREET}.")
    program = make_program(session, draft)
    published = read_program(session.scalars(sa.select(ProgramVersion.document)).one())

    make_program(session, replace(published, sites=(site.without_address(),)), at=NOON + timedelta(days=1))

    documents = session.scalars(sa.select(ProgramVersion.document)).all()
    public = queries.get_public_program(session, program.slug)
    assert len(documents) == 2
    assert not any("Zanzibar" in document for document in documents)
    assert public.text().description == f"Come to {REMOVED}."
    assert public.sites[0].town.key == "town/hartford"
    kinds = session.scalars(sa.select(CatalogChange.kind).order_by(CatalogChange.number)).all()
    assert kinds == [ChangeKind.PUBLISH, ChangeKind.HIDE_PLACE, ChangeKind.PUBLISH]


def test_a_confidential_place_put_in_the_stead_of_a_public_one_makes_that_forgotten(session):
    site = draft_site(street=STREET, access_notes="Ring twice")
    program = make_program(session, draft_program(sites=(site,), description=f"Come to {STREET}."))
    published = read_program(session.scalars(sa.select(ProgramVersion.document)).one())

    make_program(session, replace(published, sites=(draft_site().without_address(),)))

    documents = session.scalars(sa.select(ProgramVersion.document)).all()
    assert len(documents) == 2
    assert not any("Zanzibar" in document or "Ring twice" in document for document in documents)
    assert queries.get_public_program(session, program.slug).text().description == f"Come to {REMOVED}."


def test_a_street_that_stays_public_is_kept_when_a_confidential_place_is_added():
    office = draft_site(street=STREET)
    draft = draft_program(sites=(office,))
    moved = replace(draft, sites=(draft_site(street=STREET), draft_site().without_address()))

    assert removal_for(moved, [to_json(draft)], versions=[to_json(draft)]) is None


def test_an_office_that_closes_later_is_not_forgotten_for_a_place_that_hid_before():
    office, shelter = draft_site(street=STREET), draft_site().without_address()
    before = draft_program(sites=(office, shelter))

    after = replace(before, sites=(shelter,))

    assert removal_for(after, [to_json(before)], versions=[to_json(before)]) is None


@pytest.mark.postgres
def test_nothing_in_the_files_of_postgresql_tells_the_street_after_wiping(session, engine):
    site = draft_site(
        street=STREET,
        name=f"Office, {STREET}",
        hours=Hours(words=f"Ring at {STREET}", zone="America/New_York"),
    )
    phone = draft_phone(label=f"Desk, {STREET}")
    draft = draft_program(
        sites=(site,),
        phones=(phone,),
        alternate_names=(f"House at {STREET}",),
        languages=(SpokenLanguage(code="es", note=f"at {STREET}"),),
        links=(LinkDraft(label=f"Way to {STREET}", url="https://example.org/way"),),
        sources=(SourceDraft(title=f"Lease of {STREET}", url="https://example.org/lease"),),
        editor_note=f"Seen at {STREET}",
    )
    make_program(session, draft)
    published = read_program(session.scalars(sa.select(ProgramVersion.document)).one())
    assert len(tables_that_tell(session)) >= 8
    make_program(session, replace(published, sites=(published.sites[0].without_address(),)))

    session.rollback()  # whoever reads keeps the tables from being rewritten

    assert operations.wipe_traces(engine)

    assert tables_that_tell(session) == []


def tables_that_tell(session):
    """Give the tables whose files on the disk of the server hold the street."""
    session.rollback()
    session.execute(sa.text("CHECKPOINT"))
    held = sa.text("SELECT pg_read_binary_file(pg_relation_filepath(CAST(:name AS regclass)))")
    files = {name: session.scalar(held, {"name": name}) for name in Base.metadata.tables}
    return sorted(name for name, content in files.items() if b"Zanzibar" in bytes(content))
