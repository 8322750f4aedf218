"""Rows of the forms: what a listing has several of, each a small form of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    Field,
    FieldList,
    Form,
    FormField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from services_dir.catalog.kinds import Day, PhoneKind, Visibility
from services_dir.values import Labelled
from services_dir.web.forms import PublicForm
from services_dir.web.languages import translated

LINE, TEXT, ADDRESS = 200, 8000, 500
_CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d\d))?\s*(?:([ap])\.?\s?m\.?)?", re.IGNORECASE)


class Needed:
    """Marks a field as needed without checking it: the rules of the draft know what may stand in for it."""

    field_flags: ClassVar[dict[str, bool]] = {"required": True}

    def __call__(self, form: Form, field: Field) -> None:
        """Accept whatever was typed."""


def line(
    label: str, *validators: Any, most: int = LINE, description: str = "", **attributes: Any
) -> StringField:
    """Give a field for one line of text."""
    return StringField(
        label,
        validators=[
            *validators,
            Length(max=most, message=_l("This is too long: at most %(max)d characters.")),
        ],
        description=description,
        render_kw={"autocomplete": "off", **attributes},
    )


def text(
    label: str, *validators: Any, rows: int = 3, most: int = TEXT, description: str = ""
) -> TextAreaField:
    """Give a field for several lines of text."""
    too_long = Length(max=most, message=_l("This is too long: at most %(max)d characters."))
    return TextAreaField(
        label, validators=[*validators, too_long], description=description, render_kw={"rows": rows}
    )


def options(kinds: type[Labelled], empty: str | None = None) -> list[SelectChoice]:
    """Give the values of a closed list to choose from, after a choice that says nothing."""
    first = [] if empty is None else [SelectChoice("", empty)]
    return [*first, *(SelectChoice(kind.value, _l(kind.label)) for kind in kinds)]


class Ticks(SelectMultipleField):
    """Several tick boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class WholeNumber(IntegerField):
    """A whole number; says plainly when it is none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number; nothing typed is nothing."""
        typed = valuelist[0].strip() if valuelist else ""
        if not typed:
            self.data = None
        elif typed.isascii() and typed.isdecimal() and len(typed) < 10:
            self.data = int(typed)
        else:
            self.data = None
            raise ValueError(_("Write a whole number, such as 18."))


class Date(DateField):
    """A date; says plainly when it is none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the date; nothing typed is nothing."""
        typed = valuelist[0].strip() if valuelist else ""
        try:
            self.data = date.fromisoformat(typed) if typed else None
        except ValueError:
            self.data = None
            raise ValueError(_("Write a date like this: 2026-12-31.")) from None


class Rows(FieldList):
    """A list of rows. Only plain small numbers count as places in it; whatever else is sent is left out."""

    def __init__(
        self,
        row: type[Row],
        label: str,
        *,
        one: str,
        add: str,
        most: int,
        least: int = 0,
        description: str = "",
        **kwargs: Any,
    ) -> None:
        bound = FormField(row)
        super().__init__(
            bound, label=label, max_entries=most, min_entries=least, description=description, **kwargs
        )
        self.one, self.add = one, add

    def _extract_indices(self, prefix: str, formdata: Any) -> Iterator[int]:
        start = f"{prefix}-"
        for name in formdata:
            place = name[len(start) :].split("-", 1)[0] if name.startswith(start) else ""
            if place.isascii() and place.isdecimal() and len(place) < 5:
                yield int(place)

    def more(self) -> Field | None:
        """Add an empty row, if there is room, and return it."""
        if self.max_entries and len(self.entries) >= self.max_entries:
            return None
        return self.append_entry()

    def without(self, name: str) -> bool:
        """Take the row of this name out; tell whether it was there."""
        kept = [entry for entry in self.entries if entry.name != name]
        is_there = len(kept) < len(self.entries)
        self.entries = kept
        return is_there


class Group(Form):
    """Fields that belong together within a form."""

    Meta = PublicForm.Meta

    @property
    def is_empty(self) -> bool:
        """Tell whether nobody typed or ticked anything in it."""
        return not any(field.data for field in self if _is_typed(field))


class Row(Group):
    """A row: `key` is the identity of the part it speaks of, empty for a new one."""

    key = HiddenField()
    # What is shown at once; the rest of the fields lie behind "More".
    first: ClassVar[tuple[str, ...]] = ()

    @property
    def rest(self) -> list[str]:
        """Give the names of the fields that are not shown at once."""
        return [field.short_name for field in self if field.short_name not in ("key", *self.first)]

    @property
    def is_detailed(self) -> bool:
        """Tell whether those other fields say something, or are wrong."""
        return any((_is_typed(self[name]) and self[name].data) or self[name].errors for name in self.rest)


def _is_typed(field: Field) -> bool:
    if isinstance(field, FieldList):
        return any(not entry.form.is_empty for entry in field)
    return isinstance(field, (RadioField, Ticks)) or not isinstance(field, (SelectField, HiddenField))


class WeekRow(Row):
    """Days on which it is open from one time to another."""

    first = ("days", "opens", "closes")

    days = Ticks(_l("Days"), choices=options(Day))
    opens = line(_l("From"), most=20)
    closes = line(_l("To"), most=20)


class DayRow(Row):
    """One date with other hours; without times it is closed that day."""

    first = ("on", "opens", "closes", "note")

    on = Date(_l("Date"), validators=[Optional()])
    opens = line(_l("From"), most=20)
    closes = line(_l("To"), most=20)
    note = line(_l("Why"))


def week_rows() -> Rows:
    """Give the rows of hours by day."""
    return Rows(WeekRow, _l("Hours by day"), one=_l("Days"), add=_l("Add days"), most=21)


def day_rows() -> Rows:
    """Give the rows of single dates."""
    return Rows(DayRow, _l("Single days with other hours"), one=_l("Day"), add=_l("Add a day"), most=60)


class PhoneRow(Row):
    """A number to call, text or write to."""

    first = ("kind", "number", "label")

    kind = SelectField(_l("What it is"), choices=options(PhoneKind), default=PhoneKind.VOICE.value)
    number = line(_l("Number"), most=60, inputmode="tel")
    extension = line(_l("Extension"), most=20)
    label = line(_l("Who answers"))
    language = line(_l("Language of this line"), most=60, list="list-languages")
    instruction = text(_l("What to say or press"), rows=2)
    hours_words = text(_l("When somebody answers"), rows=2)
    always = BooleanField(_l("Day and night, every day"))
    weekly = week_rows()
    exceptions = day_rows()


class LinkRow(Row):
    """A further web address."""

    first = ("label", "url")

    label = line(_l("What it is"))
    url = line(_l("Web address"), most=ADDRESS, inputmode="url")


class AreaRow(Row):
    """A place that is served."""

    first = ("place",)

    place = line(_l("Town, county, region or state"), most=120, list="list-places")


class LanguageRow(Row):
    """A language that staff speak."""

    first = ("language", "note")

    language = line(_l("Language"), most=60, list="list-languages")
    note = line(_l("When or where"), most=500)


class SourceRow(Row):
    """Where a fact can be checked."""

    first: ClassVar[tuple[str, ...]] = ("title", "url")

    title = line(_l("What it is"), most=500)
    url = line(_l("Web address"), most=2000, inputmode="url")
    as_of = line(_l("From when (year, month or day)"), most=10)


class EditorSourceRow(SourceRow):
    """A source as editors see it."""

    first = ("title", "url", "as_of", "is_public", "supports")

    is_public = BooleanField(_l("Show it on the public page"))
    supports = text(_l("Which facts it supports (for editors)"), rows=2)


class SiteRow(Row):
    """A place to go to. If its address is confidential, it is dropped here, before anything else sees it."""

    first = ("visibility", "city", "street", "state", "postal_code", "name")

    visibility = RadioField(
        _l("May the address be public?"),
        choices=[
            SelectChoice(Visibility.PUBLIC.value, _l("Yes, people may know it")),
            SelectChoice(Visibility.AREA_ONLY.value, _l("No, it must stay secret (such as a shelter)")),
        ],
        validate_choice=False,
    )
    name = line(_l("Name of the place"))
    street = line(_l("Street and number"))
    city = line(_l("Town or city"), list="list-towns")
    state = line(_l("State (two letters)"), most=2)
    postal_code = line(_l("ZIP code"), most=10, inputmode="numeric")
    access_notes = text(_l("How to get in (bus, ramp, bell)"), rows=2)
    region = line(_l("Region, if the town must stay secret too"), most=120, list="list-regions")
    hours_words = text(_l("Hours of this place"), rows=2)
    always = BooleanField(_l("Open day and night, every day"))
    weekly = week_rows()
    exceptions = day_rows()
    service_areas = Rows(
        AreaRow,
        _l("Area this place serves"),
        one=_l("Area of this place"),
        add=_l("Add an area of this place"),
        most=60,
    )
    phones = Rows(
        PhoneRow,
        _l("Phones of this place"),
        one=_l("Phone of this place"),
        add=_l("Add a phone of this place"),
        most=10,
    )

    CONFIDENTIAL = ("street", "state", "postal_code", "access_notes")

    def process(self, *args: Any, **kwargs: Any) -> None:
        """Take over what was typed; of a confidential place only what may be known."""
        super().process(*args, **kwargs)
        if self.is_confidential:
            for name in self.CONFIDENTIAL:
                field = self[name]
                field.data, field.raw_data, field.process_errors = "", [], []

    @property
    def is_confidential(self) -> bool:
        """Tell whether the address must not be known."""
        return bool(self.visibility.data == Visibility.AREA_ONLY.value)


def read_clock(typed: str) -> str | None:
    """Give a typed time ("9", "9:30 am", "5pm", "17:00", "noon") as `HH:MM`; None if it is none."""
    words = {
        "noon": "12:00",
        "midnight": "00:00",
        translated("noon"): "12:00",
        translated("midnight"): "00:00",
    }
    if typed.lower() in words:
        return words[typed.lower()]
    found = _CLOCK.fullmatch(typed.strip())
    if found is None:
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    is_time = (hour < 24 and minute < 60) or (hour, minute) == (24, 0)
    return f"{hour:02}:{minute:02}" if is_time else None
