"""Every thing a program can say can be said: each field of the draft is on one step, with help beside it."""

from __future__ import annotations

from collections import Counter

import pytest
from wtforms import FormField

from services_dir.catalog.draft import (
    DatedHours,
    Hours,
    OrganizationDraft,
    PhoneDraft,
    ProgramDraft,
    ProgramText,
    SiteDraft,
    SourceDraft,
    SpokenLanguage,
    WeeklyHours,
)
from services_dir.db import db
from services_dir.submissions.forms import (
    EditProgramForm,
    Origin,
    SubmitOrganizationForm,
    SubmitProgramForm,
    form_from_draft,
    help,
    load,
    steps,
)
from services_dir.submissions.forms.asking import field_of, questions_by_field
from services_dir.submissions.forms.rows import (
    DayRow,
    LanguageRow,
    PhoneRow,
    Rows,
    SiteRow,
    SourceRow,
    WeekRow,
)
from services_dir.web.forms import is_group
from tests.support.factories import draft_phone, draft_program

pytestmark = pytest.mark.sqlite

# What nobody types: identities, what follows from the rest, and what only editors or feeds say.
DERIVED = {"id", "slug", "location_id", "town", "latitude", "longitude", "precision", "fields", "feed"}
EDITORS = {"kind", "as_of", "confidence", "editor_note", "is_public", "supports"}
TRANSLATION = {"translated_on", "translated_version"}
# Where the form calls it otherwise.
SHOWN_AS = {"code": "language", "words": "hours_words", "round_the_clock": "always", "hours": "hours_words"}
SHOWN_AS |= {"texts": "name", "descriptions": "description", "zone": None}
PARTS = [
    (PhoneDraft, PhoneRow),
    (SiteDraft, SiteRow),
    (SpokenLanguage, LanguageRow),
    (WeeklyHours, WeekRow),
    (DatedHours, DayRow),
    (Hours, PhoneRow),
    (Hours, SiteRow),
    (SourceDraft, SourceRow),
]


@pytest.fixture(params=[SubmitProgramForm, SubmitOrganizationForm], ids=["program", "organization"])
def form(request, app):
    with app.test_request_context("/submit"):
        yield form_from_draft(request.param, load(db.session), Origin())


def names(form):
    return {field.short_name for field in form}


def test_every_field_of_a_draft_is_a_field_of_its_form(app):
    with app.test_request_context("/submit"):
        program, organization = SubmitProgramForm(), SubmitOrganizationForm()
        editor = EditProgramForm(meta={"csrf": False})
        for kind, held in ((ProgramDraft, names(program)), (OrganizationDraft, names(organization))):
            fields = set(kind.__struct_fields__) - DERIVED - EDITORS
            assert {SHOWN_AS.get(name, name) for name in fields} - held == set()
        texts = set(ProgramText.__struct_fields__) - TRANSLATION
        assert texts <= names(program)
        assert texts <= names(program.spanish.form)
        assert names(editor) >= EDITORS & set(ProgramDraft.__struct_fields__)


@pytest.mark.parametrize(("part", "row"), PARTS, ids=lambda kind: kind.__name__)
def test_every_field_of_a_part_is_a_field_of_its_row(app, part, row):
    with app.test_request_context("/submit"):
        fields = set(part.__struct_fields__) - DERIVED - EDITORS
        wanted = {SHOWN_AS.get(name, name) for name in fields} - {None}
        assert wanted - names(row()) == set()


def test_every_field_is_on_one_step(form):
    shown = Counter(name for step in steps.of(form) for name in steps.fields_of(form, step))
    apart = {"message", "seen_version", "seen_revision"}  # the first is on the check, the others are hidden

    assert set(shown) == names(form) - apart
    assert set(shown.values()) == {1}


def test_every_input_has_help_and_what_is_typed_an_example(form):
    bare = []
    for field in _inputs(form):
        if not help.said_of(help.HELP, field.name) and field.short_name != "sender_name":
            bare.append(("help", field.name))
        is_typed = field.type in ("StringField", "TextAreaField", "Date", "WholeNumber")
        known = {"time_zone", "sender_name", "place", "city", "state", "region", "label", "hours_words"}
        if is_typed and not help.said_of(help.EXAMPLES, field.name) and field.short_name not in known:
            bare.append(("example", field.name))
    assert bare == []


def _inputs(form):
    for field in form:
        if isinstance(field, Rows):
            field.append_entry()
            yield from _inputs(field[-1].form)
        elif isinstance(field, FormField):
            yield from _inputs(field.form)
        elif field.type != "HiddenField" and (not is_group(field) or field.short_name != "days"):
            yield field


def test_what_a_form_shows_is_what_a_browser_would_send(app):
    draft = draft_program(name="Lantern", min_age=12, phones=(draft_phone(),))
    with app.test_request_context("/submit"):
        sent = steps.inputs(form_from_draft(SubmitProgramForm, load(db.session), Origin(draft)))

    assert (sent["name"], sent["min_age"], sent["categories"]) == (["Lantern"], ["12"], ["housing"])
    assert sent["phones-0-number"] == ["860-555-0100"]
    assert sent["phones-0-key"] == [draft.phones[0].id]
    assert "always" not in sent


def test_a_question_finds_its_field(app):
    draft = draft_program(phones=(draft_phone(), draft_phone("+18605550101")))
    second = draft.phones[1].id
    with app.test_request_context("/submit"):
        form = form_from_draft(SubmitProgramForm, load(db.session), Origin(draft))
        ids = {
            path: getattr(field_of(form, path), "id", None)
            for path in (
                "texts.en.cost",
                "texts.es.cost",
                f"phones.{second}",
                f"phones.{second}.number",
                "phones.unknown",
                "hours",
                "new_organization.name",
                "categories",
                "nowhere",
            )
        }
        asked = questions_by_field(form, {"texts.en.cost": "How much?", "nowhere": "?"})

    assert list(ids.values()) == [
        "cost",
        "spanish-cost",
        "phones-1",
        "phones-1-number",
        "phones",
        "hours_words",
        "new_organization-name",
        "categories",
        None,
    ]
    assert asked == {"cost": ["How much?"]}
