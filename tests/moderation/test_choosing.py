"""Approving some fields of a change."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from services_dir.catalog.diff import compare
from services_dir.catalog.draft import ProgramText
from services_dir.moderation.choosing import choose
from tests.support.factories import draft_phone, draft_program, draft_site

KEPT, GONE, MOVED, CAME = (draft_phone(f"+1860555010{n}") for n in range(4))
SITE = draft_site()
OLD = draft_program(
    name="Old name",
    area_words="Here",
    email="old@example.org",
    phones=(KEPT, GONE, MOVED),
    sites=(SITE,),
)
NEW = replace(
    OLD,
    texts={
        "en": replace(OLD.texts["en"], name="New name", cost="Free."),
        "es": ProgramText(name="Nombre nuevo", description="Inventado."),
    },
    area_words=None,
    email="new@example.org",
    url="https://new.example.org",
    phones=(MOVED, CAME, replace(KEPT, label="Day line")),
    sites=(replace(SITE, street="34 Other Street"),),
    min_age=18,
)
PATHS = [change.path for change in compare(OLD, NEW)]


def test_all_accepted_is_the_change_and_none_accepted_is_what_is_published():
    assert choose(OLD, NEW, PATHS) == NEW
    assert choose(OLD, NEW, []) == OLD


def test_one_accepted_field_comes_alone():
    assert choose(OLD, NEW, ["email"]) == replace(OLD, email="new@example.org")
    assert choose(OLD, NEW, ["texts.en.cost"]).texts["en"] == replace(OLD.texts["en"], cost="Free.")
    assert choose(OLD, NEW, [f"phones.{CAME.id}"]).phones == (KEPT, GONE, MOVED, CAME)
    assert choose(OLD, NEW, [f"phones.{GONE.id}"]).phones == (KEPT, MOVED)


def test_a_new_language_without_its_name_is_left_out():
    assert "es" not in choose(OLD, NEW, ["texts.es.description"]).texts
    assert choose(OLD, NEW, ["texts.es.name"]).texts["es"] == ProgramText(name="Nombre nuevo")


@given(st.sets(st.sampled_from(PATHS)))
def test_what_is_published_then_differs_in_accepted_fields_only(accepted):
    chosen = choose(OLD, NEW, accepted)

    differing = {change.path for change in compare(OLD, chosen)}
    assert {path for path in differing if not path.endswith(".order")} <= accepted
