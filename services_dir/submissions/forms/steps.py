"""The forms in short steps: which sections a step shows, and how far each one is."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FormField, SelectMultipleField

from services_dir.errors import N_
from services_dir.submissions.forms import sections
from services_dir.submissions.forms.rows import Rows
from services_dir.submissions.forms.sections import Section
from services_dir.submissions.typed import Typed
from services_dir.values import Labelled


class StepState(Labelled):
    """How far a step is."""

    DONE = "done", N_("Done")
    ASKED = "asked", N_("The coordinators ask something")
    WRONG = "wrong", N_("Needs attention")
    OPEN = "open", N_("Not filled in yet")
    FREE = "free", N_("If you like")
    CHANGED = "changed", N_("Changed")
    SAME = "same", N_("As it was")


@dataclass(frozen=True)
class Step:
    """One page of a form: sections by their names; those that are folded are opened when needed."""

    name: str
    title: str
    sections: tuple[str, ...]
    folded: frozenset[str] = frozenset()


PROGRAM_STEPS = (
    Step("program", _l("The program"), ("what",)),
    Step("help", _l("What it offers"), ("help",)),
    Step("who", _l("Who it is for"), ("who", "not"), frozenset(("not",))),
    Step("reach", _l("How to reach it"), ("reach",)),
    Step("where", _l("Where it helps"), ("area", "places")),
    Step("hours", _l("Hours and languages"), ("hours", "languages")),
    Step("asks", _l("What it asks and costs"), ("start", "asks")),
    Step("more", _l("Anything more"), ("now", "more", "spanish"), frozenset(("now", "more", "spanish"))),
    Step("you", _l("About you"), ("check", "sender")),
)
ORGANIZATION_STEPS = (
    Step("organization", _l("The organization"), ("what",)),
    Step("reach", _l("How to reach it"), ("reach",)),
    Step("more", _l("Anything more"), ("more", "spanish")),
    Step("you", _l("About you"), ("sender",)),
)


def of(form: Any) -> tuple[Step, ...]:
    """Give the steps of a form."""
    return PROGRAM_STEPS if "categories" in form else ORGANIZATION_STEPS


def sections_of(form: Any, step: Step) -> list[Section]:
    """Give the sections that a step shows."""
    return [section for section in sections.of(form) if section.name in step.sections]


def fields_of(form: Any, step: Step) -> list[str]:
    """Give the names of a step's fields."""
    return [name for section in sections_of(form, step) for name in section.fields]


def state_of(
    form: Any, step: Step, *, seen: Collection[str], asked: Collection[str], began: Typed | None = None
) -> StepState:
    """Tell how far a step is.

    `seen` names steps that were looked at, `asked` fields with a question; `began` is what the form began
    with, where it was something published or sent.
    """
    parts = sections_of(form, step)
    is_wrong = any(sections.has_errors(form, section) for section in parts)
    if any(name in asked for section in parts for name in section.fields):
        return StepState.ASKED
    if began is not None and not is_wrong:
        fields = fields_of(form, step)
        return StepState.SAME if _part(inputs(form), fields) == _part(began, fields) else StepState.CHANGED
    if step.name in seen:
        return StepState.WRONG if is_wrong else StepState.DONE
    if is_wrong:
        return StepState.OPEN
    is_filled = any(sections.is_filled(form, section) for section in parts)
    return StepState.DONE if is_filled else StepState.FREE


def _part(held: Typed, fields: list[str]) -> Typed:
    """Give what is said in some fields; an empty input says as little as none."""
    said = {name: values for name, values in held.items() if any(values)}
    return {
        name: values
        for name, values in said.items()
        if any(name == field or name.startswith(f"{field}-") for field in fields)
    }


def inputs(form: Any) -> Typed:
    """Give what a browser would send of a form as it is shown."""
    return {name: values for field in form for name, values in _inputs_of(field)}


def _inputs_of(field: Any) -> Iterator[tuple[str, list[str]]]:
    if isinstance(field, FormField):
        for part in field.form:
            yield from _inputs_of(part)
    elif isinstance(field, Rows):
        for entry in field:
            yield from _inputs_of(entry)
    elif isinstance(field, SelectMultipleField):
        yield field.name, [str(value) for value in field.data or ()]
    elif isinstance(field, BooleanField):
        yield from [(field.name, ["y"])] if field.data else []
    elif hasattr(field, "_value"):
        yield field.name, [str(field._value())]
    else:
        yield field.name, ["" if field.data is None else str(field.data)]
