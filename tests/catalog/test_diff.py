"""What changed between two drafts, in words."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from services_dir.catalog.diff import compare
from services_dir.catalog.draft import AreaDraft, Interpreter
from services_dir.catalog.kinds import Known
from services_dir.catalog.queries import get_names
from services_dir.catalog.wording import Wording
from tests.support.factories import draft_organization, draft_phone, draft_program, draft_site


def told(old, new):
    return [(change.path, change.old, change.new) for change in compare(old, new)]


def test_the_same_draft_has_no_changes():
    draft = draft_program(sites=(draft_site(),))

    assert compare(draft, draft) == []


def test_a_changed_text_is_told_by_language():
    old = draft_program(name="North House")
    text = replace(old.texts["en"], name="South House")

    assert told(old, replace(old, texts={"en": text})) == [("texts.en.name", "North House", "South House")]


def test_phones_are_matched_by_identity_not_by_place():
    one, two, three = draft_phone("+18605550101"), draft_phone("+18605550102"), draft_phone("+18605550103")
    old = draft_program(phones=(one, two))
    changed = replace(two, number="+18605550109")

    changes = told(old, replace(old, phones=(changed, three)))

    assert [(path, bool(before), bool(after)) for path, before, after in changes] == [
        (f"phones.{one.id}", True, False),
        (f"phones.{two.id}", True, True),
        (f"phones.{three.id}", False, True),
    ]
    assert changes[1][1:] == ("Phone; 860-555-0102", "Phone; 860-555-0109")


def test_another_order_is_a_change():
    one, two = draft_phone("+18605550101"), draft_phone("+18605550102")
    old = draft_program(phones=(one, two))

    assert told(old, replace(old, phones=(two, one))) == [
        ("phones.order", "860-555-0101, 860-555-0102", "860-555-0102, 860-555-0101")
    ]


def test_everything_said_is_new_without_an_old_draft():
    new = draft_program(interpreter=Interpreter(available=True))
    changes = {change.path: change for change in compare(None, new)}

    assert changes["texts.en.name"].new == new.name
    assert changes["texts.en.name"].old is None
    assert "available: yes" in (changes["interpreter"].new or "")
    assert "email" not in changes


def test_what_nobody_said_is_not_told_as_new():
    paths = {change.path for change in compare(None, draft_program())}

    assert not paths & {"kind", "availability", "needs_police_report"}


def test_codes_and_references_are_told_by_their_names():
    old = draft_program(categories=("housing",), needs_police_report=Known.UNKNOWN)
    new = replace(old, categories=("housing", "food"), needs_police_report=Known.YES)
    wording = Wording({"category/housing": "Vivienda"}, {"Yes": "Sí", "Not known": "No se sabe"}.get)

    changes = [(change.old, change.new) for change in compare(old, new, wording)]

    assert changes == [("Vivienda", "Vivienda, food"), ("No se sabe", "Sí")]


def test_a_county_and_a_town_of_one_name_are_told_apart(session):
    areas = (AreaDraft(place="county/hartford"), AreaDraft(place="town/hartford"))
    draft = draft_program(service_areas=areas)

    names = get_names(session, "en", draft)

    assert names["town/hartford"] == "Hartford"
    assert names["county/hartford"] != names["town/hartford"]


def test_a_change_inside_a_new_organization_is_told_by_its_field():
    old = draft_program(new_organization=draft_organization(name="One"))
    new = replace(old, new_organization=replace(old.new_organization, name="Two"))

    assert told(old, new) == [("new_organization.name", "One", "Two")]


@given(st.integers(0, 120), st.integers(0, 120))
def test_a_difference_is_found_exactly_when_there_is_one(before, after):
    old = draft_program(min_age=before)
    new = replace(old, min_age=after)

    assert bool(compare(old, new)) is (before != after)
    assert [(c.old, c.new) for c in compare(old, new)] == [(c.new, c.old) for c in compare(new, old)]
