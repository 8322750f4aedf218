"""The content document: its JSON form, what is cleaned on the way in, what it refuses."""

from __future__ import annotations

import pytest

from services_dir.catalog.draft import (
    ProgramDraft,
    ProgramText,
    SiteDraft,
    from_builtins,
    read_program,
    to_builtins,
    to_json,
)
from services_dir.catalog.kinds import Level, Visibility
from services_dir.errors import InvalidError
from tests.support.factories import draft_hidden_site, draft_phone, draft_program, draft_site


def test_a_draft_survives_its_json_form():
    draft = draft_program(sites=(draft_site(phones=(draft_phone("+18605550199"),)), draft_hidden_site()))

    assert read_program(to_json(draft)) == draft


def test_the_stored_form_is_the_same_for_the_same_draft():
    draft = draft_program()

    assert to_json(draft) == to_json(read_program(to_json(draft)))


@pytest.mark.parametrize("visibility", ["area_only", " area_only", "area_only\x00\n"])
def test_a_confidential_address_is_dropped_on_the_way_in(visibility):
    document = to_builtins(draft_program(sites=(draft_site(access_notes="Ring twice"),)))
    document["sites"][0]["visibility"] = visibility

    site = from_builtins(document, ProgramDraft).sites[0]

    assert site == site.without_address()
    assert site.visibility is Visibility.AREA_ONLY
    assert site.town == "town/hartford"


def test_control_characters_and_outer_space_are_dropped_but_lines_stay():
    document = to_builtins(draft_program())
    document["texts"]["en"] |= {"name": " North\x00 \u00a0 House ", "description": "One.\r\nTwo.\x07  "}

    text = from_builtins(document, ProgramDraft).texts["en"]

    assert (text.name, text.description) == ("North House", "One.\nTwo.")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("level", "galactic"),
        ("texts", {"en": {"description": "no name"}}),
        ("organization", "not-a-uuid"),
        ("min_age", 900),
        ("surprise", "a field we do not know"),
        ("phones", [{"number": "+18605550100", "kind": "pigeon"}]),
    ],
)
def test_a_document_of_another_shape_is_refused_with_its_place(field, value):
    document = to_builtins(draft_program()) | {field: value}

    with pytest.raises(InvalidError, match=field):
        from_builtins(document, ProgramDraft)


def test_a_broken_stored_document_is_refused_in_a_sentence():
    with pytest.raises(InvalidError, match="stored document"):
        read_program("{")


def test_the_english_name_names_a_draft():
    draft = ProgramDraft(
        level=Level.LOCAL, texts={"en": ProgramText(name="North"), "es": ProgramText(name="Norte")}
    )

    assert draft.name == "North"


def test_a_site_without_address_keeps_its_identity_town_and_name():
    site = SiteDraft(name="North door", street="12 Made-up Street", town="town/hartford")

    hidden = site.without_address()

    assert (hidden.id, hidden.name, hidden.town, hidden.street) == (
        site.id,
        "North door",
        "town/hartford",
        None,
    )
