"""The pages on which somebody writes: one step, and the check before it is sent."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from services_dir.catalog.diff import LABELS, FieldChange
from services_dir.catalog.similar import Similar
from services_dir.submissions.forms import Choices, DraftForm, sections, steps
from services_dir.submissions.forms.sections import Section
from services_dir.submissions.forms.steps import Step, StepState
from services_dir.submissions.pages.form import Fields
from services_dir.submissions.pages.own import day_words
from services_dir.submissions.rules import Doubt, Flag
from services_dir.web.forms import FormError, PublicForm, form_errors

# The fields whose inputs offer a list of names.
_LISTS = {
    "organization": "organizations",
    "parent": "organizations",
    "service_areas": "places",
    "sites": "towns",
    "phones": "languages",
    "languages": "languages",
}


@dataclass(frozen=True)
class StepLine:
    """A step in the list of steps."""

    name: str
    title: str
    state: StepState
    address: str
    is_current: bool


@dataclass(frozen=True)
class Kept:
    """What every page of an unsent form says of how it is kept."""

    link: str
    until: str
    is_new: bool  # nothing was saved yet: the link is shown large
    is_sent: bool  # something was sent before; this is a revision

    @classmethod
    def build(cls, link: str, until: datetime, *, is_new: bool, is_sent: bool) -> Kept:
        """Give it with the day in words."""
        return cls(link, day_words(until), is_new, is_sent)


@dataclass(frozen=True)
class StepPage(Fields):
    """One step of a form."""

    title: str
    heading: str
    step: Step
    form: DraftForm
    choices: Choices
    action: str
    lines: Sequence[StepLine]
    kept: Kept
    questions: Mapping[str, list[str]]  # the id of a field to what coordinators ask
    asked_fields: Collection[str]
    own_page: str
    failures: Sequence[str] = field(default=())

    @property
    def number(self) -> int:
        """Give the number of the step, from 1."""
        return next(n for n, line in enumerate(self.lines, 1) if line.is_current)

    @property
    def count(self) -> int:
        """Give the number of steps, the check included."""
        return len(self.lines) + 1

    @property
    def before(self) -> str | None:
        """Give the name of the step before."""
        return self.lines[self.number - 2].name if self.number > 1 else None

    @property
    def sections(self) -> list[Section]:
        """Give the sections of the step."""
        return steps.sections_of(self.form, self.step)

    @property
    def errors(self) -> list[FormError]:
        """List what is wrong on this step."""
        return errors_of(self.form, self.step)

    @property
    def lists(self) -> frozenset[str]:
        """Give the lists of names that the fields of the step offer."""
        names = steps.fields_of(self.form, self.step)
        wide = {"regions"} if "sites" in names else set()
        return frozenset({_LISTS[name] for name in names if name in _LISTS} | wide) | (
            {"places", "languages"} if wide else set()
        )

    def asked(self, id: str) -> list[str]:
        """Give what coordinators ask about a field."""
        return list(self.questions.get(id, ()))

    def is_folded(self, section: Section) -> bool:
        """Tell whether a section is shown closed."""
        return section.name in self.step.folded and not (
            sections.has_errors(self.form, section)
            or sections.is_filled(self.form, section)
            or any(name in self.asked_fields for name in section.fields)
        )


@dataclass(frozen=True)
class DoubtLine:
    """A sentence that may tell too much, as the check asks about it."""

    question: str
    field: str
    sentence: str
    mark: str
    is_sure: bool

    @classmethod
    def build(cls, doubt: Doubt, sure: Collection[str]) -> DoubtLine:
        """Give the question about a sentence."""
        question = {
            Flag.ADDRESS_IN_TEXT: _("This looks like an address, and the place is confidential."),
            Flag.VICTIM_STORY: _("This looks like the story or the name of a person who was harmed."),
        }[doubt.flag]
        label = _label(doubt.path)
        return cls(question, label, doubt.sentence, doubt.mark, doubt.mark in sure)


@dataclass(frozen=True)
class WrongStep:
    """A step that must be looked at again, and why."""

    title: str
    address: str
    errors: Sequence[FormError]


@dataclass(frozen=True)
class CheckPage(Fields):
    """All that will be sent, before it is."""

    title: str
    heading: str
    form: DraftForm
    choices: Choices
    action: str
    lines: Sequence[StepLine]
    kept: Kept
    guard: PublicForm
    wrong: Sequence[WrongStep]
    content: Sequence[FieldChange]
    is_change: bool
    doubts: Sequence[DoubtLine]
    similar: Sequence[Similar]
    questions: Sequence[tuple[str, str]]
    days: int
    own_page: str
    is_tried: bool = False  # the button was pressed
    failures: Sequence[str] = field(default=())

    @property
    def errors(self) -> list[FormError]:
        """List why it was not sent."""
        errors = [FormError(None, None, text) for text in self.failures]
        if self.is_tried:
            errors += form_errors(self.guard)
            if any(not line.is_sure for line in self.doubts):
                errors.append(FormError("doubts", None, _("Please look at the marked sentences.")))
            errors += [FormError(None, step.title, e.text) for step in self.wrong for e in step.errors]
        return errors


def errors_of(form: Any, step: Step) -> list[FormError]:
    """List what is wrong in the fields of a step."""
    ids = [form[name].id for name in steps.fields_of(form, step)]
    return [
        error
        for error in form_errors(form)
        if error.id is not None and any(error.id == id or error.id.startswith(f"{id}-") for id in ids)
    ]


def _label(path: str) -> str:
    parts = [part for part in path.split(".") if part in LABELS]
    return LABELS[parts[-1]] if parts else ""
