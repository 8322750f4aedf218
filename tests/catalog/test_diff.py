"""What changed between two drafts, in words."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from services_dir.catalog.diff import compare
from services_dir.catalog.draft import Interpreter
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
    assert "+18605550102" in changes[1][1]
    assert "+18605550109" in changes[1][2]


def test_another_order_is_a_change():
    one, two = draft_phone("+18605550101"), draft_phone("+18605550102")
    old = draft_program(phones=(one, two))

    assert told(old, replace(old, phones=(two, one))) == [
        ("phones.order", "+18605550101, +18605550102", "+18605550102, +18605550101")
    ]


def test_everything_said_is_new_without_an_old_draft():
    new = draft_program(interpreter=Interpreter(available=True))
    changes = {change.path: change for change in compare(None, new)}

    assert changes["texts.en.name"].new == new.name
    assert changes["texts.en.name"].old is None
    assert "available: yes" in (changes["interpreter"].new or "")
    assert "email" not in changes


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
