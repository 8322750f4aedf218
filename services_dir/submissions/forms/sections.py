"""How the forms are laid out: their sections, in order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from services_dir.web.forms import form_errors


@dataclass(frozen=True)
class Section:
    """Some fields under a heading. One that may be left out is closed until it is needed."""

    name: str
    title: str
    fields: tuple[str, ...]
    intro: str = ""
    may_be_left_out: bool = True


PROGRAM = (
    Section(
        "what",
        _l("The program"),
        ("kind", "name", "description", "organization", "new_organization", "level"),
        may_be_left_out=False,
    ),
    Section("help", _l("Kinds of help"), ("categories",), may_be_left_out=False),
    Section(
        "reach",
        _l("How people reach it"),
        ("phones", "email", "url"),
        _l("Only what may be public. At least one way, please."),
        may_be_left_out=False,
    ),
    Section(
        "area",
        _l("Where it helps"),
        ("service_areas",),
        _l("Which places may people live in? For the whole state write the name of the state."),
        may_be_left_out=False,
    ),
    Section(
        "who",
        _l("Who it is for"),
        ("populations", "eligibility", "min_age", "max_age"),
    ),
    Section("not", _l("Who it cannot help, and more"), ("populations_excluded", "population_note")),
    Section("start", _l("How it works and what it costs"), ("how_to_apply", "what_happens", "cost")),
    Section("hours", _l("Hours"), ("always", "hours_words", "weekly", "exceptions", "time_zone")),
    Section("languages", _l("Languages"), ("languages", "interpreter", "interpreter_note")),
    Section(
        "places",
        _l("Places to go to"),
        ("sites",),
        _l(
            "The address of a shelter or another confidential place is never stored. Say that it is "
            "confidential, and leave the address out."
        ),
    ),
    Section(
        "asks",
        _l("What people want to know before they call"),
        ("asks_immigration_status", "needs_police_report", "mandated_reporters", "run_by"),
        _l("If you are not sure, leave it at “Not known”."),
    ),
    Section(
        "now",
        _l("Whether it takes people now"),
        ("availability", "paused_until", "alert", "alert_until"),
    ),
    Section(
        "more",
        _l("Other names, links and partners"),
        ("alternate_names", "former_names", "links", "area_words", "partners_note"),
    ),
    Section("spanish", _l("In Spanish"), ("spanish",)),
    Section(
        "check",
        _l("Where can we check this?"),
        ("sources",),
        _l("A page of the program’s own website is best. If there is none, tell us below how you know."),
        may_be_left_out=False,
    ),
    Section("editors", _l("For editors"), ("as_of", "confidence", "editor_note"), may_be_left_out=False),
)
ORGANIZATION = (
    Section("what", _l("The organization"), ("name", "level", "description"), may_be_left_out=False),
    Section("reach", _l("How people reach it"), ("phones", "email", "url"), may_be_left_out=False),
    Section(
        "more",
        _l("Other names, parent and partners"),
        ("parent", "aliases", "former_names", "partners_note"),
    ),
    Section("spanish", _l("In Spanish"), ("spanish_description",)),
)
SENDER = Section(
    "sender",
    _l("About you"),
    ("sender_name", "sender_email", "sender_role", "sender_language", "may_be_kept"),
    _l("You may leave all of this out. Only coordinators read it; it is never public."),
    may_be_left_out=False,
)
REASON = Section("reason", _l("For the review"), ("message",), may_be_left_out=False)


def of(form: Any) -> list[Section]:
    """Give the sections of a form, each with those of its fields that the form has."""
    sections = (*(PROGRAM if "categories" in form else ORGANIZATION), REASON if form.is_editor else SENDER)
    held = (
        Section(s.name, s.title, tuple(n for n in s.fields if n in form), s.intro, s.may_be_left_out)
        for s in sections
    )
    return [section for section in held if section.fields]


def is_filled(form: Any, section: Section) -> bool:
    """Tell whether something is said in a section."""
    return any(_says(form[name]) for name in section.fields)


def has_errors(form: Any, section: Section) -> bool:
    """Tell whether something is wrong in a section."""
    ids = tuple(form[name].id for name in section.fields)
    return any(
        error.id is not None and any(error.id == at or error.id.startswith(f"{at}-") for at in ids)
        for error in form_errors(form)
    )


def _says(field: Any) -> bool:
    if field.type == "FormField":
        return not field.form.is_empty
    if field.type == "Rows":
        return any(not entry.form.is_empty for entry in field)
    if field.name in ("time_zone", "sender_language"):
        return False
    return field.data not in (None, "", [], False, "unknown", "open")
