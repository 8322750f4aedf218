"""From a form to a draft: what was typed on top of what the form began with.

What a field does not show survives, with the identity of each part: an editor's note, coordinates, a
schedule's exceptions. A field nobody touched leaves the value it began with exactly as it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from wtforms import Field, Form, FormField

from services_dir.catalog.draft import ProgramDraft, SiteDraft, new_id, to_builtins
from services_dir.catalog.kinds import DatePrecision, Visibility
from services_dir.catalog.rules import Problem, normal_number, split_extension
from services_dir.submissions.forms import filling
from services_dir.submissions.forms.choices import Choices, find_language
from services_dir.submissions.forms.rows import DayRow, Rows, WeekRow, read_clock
from services_dir.values import spoken_number
from services_dir.web.forms import flat_errors
from services_dir.web.languages import language_name, translated

Document = dict[str, Any]

_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
_PRECISION = {4: DatePrecision.YEAR, 7: DatePrecision.MONTH, 10: DatePrecision.DAY}


class Reader:
    """Reads fields into a document and remembers which field each path of the document came from."""

    def __init__(self, choices: Choices) -> None:
        self.choices = choices
        self.fields: dict[str, Field] = {}
        self.zone = choices.zone
        self.zone_field: Field | None = None

    def value(self, field: Field, path: str, began: Any = None) -> Any:
        """Give what a field says; None for nothing; what it began with if nobody touched it."""
        self.fields[path] = field
        typed = field.data
        if isinstance(typed, str) and typed == (began or ""):
            return began
        return None if typed == "" else typed

    def note(self, field: Field, sentence: str) -> None:
        """Put a sentence beside a field, unless one stands there already."""
        if not flat_errors(field.errors):
            field.errors = [sentence]

    def put_problems(self, form: Form, problems: Iterable[Problem]) -> None:
        """Put each error of a draft beside the field it came from; warnings are for reviewers."""
        for problem in problems:
            if problem.is_warning:
                continue
            sentence = translated(problem.message).format(**problem.values)
            field = self._field_of(problem.path)
            if field is None or isinstance(field, FormField):
                form.form_errors.append(sentence)
            else:
                self.note(field, sentence)

    def _field_of(self, path: str) -> Field | None:
        parts = path.split(".")
        prefixes = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
        return next((self.fields[prefix] for prefix in prefixes if prefix in self.fields), None)

    def rows(self, rows: Rows, path: str, began: Iterable[Document]) -> Iterable[tuple[Form, str, Document]]:
        """Give each row that says something, its path, and the part it began with or a new one."""
        self.fields[path] = rows
        known = {part["id"]: part for part in began}
        count = 0
        for entry in rows:
            row = entry.form
            if row.is_empty:
                continue
            self.fields[f"{path}.{count}"] = entry
            yield row, f"{path}.{count}", known.pop(row.key.data or "", None) or {"id": new_id()}
            count += 1

    def phones(self, rows: Rows, path: str, began: Sequence[Document]) -> list[Document]:
        """Read the rows of phones."""
        phones = []
        for row, here, part in self.rows(rows, path, began):
            typed = row.number.data or ""
            began_with = part.get("number", "")
            is_same = bool(began_with) and typed in (began_with, spoken_number(began_with))
            if not is_same and not row.extension.data:
                typed, row.extension.data = split_extension(typed)
            number = began_with if is_same else normal_number(typed)
            self.fields[f"{here}.number"], self.fields[f"{here}.kind"] = row.number, row.kind
            if number is None:
                self.note(row.number, _("“%(number)s” is not a phone number we can dial.", number=typed))
            language = self.language(row.language, f"{here}.language", part.get("language"))
            names = ("extension", "label", "instruction")
            said = {name: self.value(row[name], f"{here}.{name}", part.get(name)) for name in names}
            hours = self.hours(row, f"{here}.hours", part.get("hours"))
            phones.append(
                part
                | said
                | {"kind": row.kind.data, "number": number or "", "language": language, "hours": hours}
            )
        return phones

    def language(self, field: Field, path: str, began: str | None) -> str | None:
        """Read a language by its name; the code."""
        self.fields[path] = field
        typed = field.data or ""
        if began is not None and typed == language_name(began):
            return began
        code = find_language(typed) if typed else None
        if typed and code is None:
            self.note(field, _("We do not know the language “%(name)s”.", name=typed))
        return code

    def hours(
        self, form: Any, path: str, began: Document | None, *, zone: Field | None = None
    ) -> Document | None:
        """Read a schedule: its words, round the clock, hours by day and on single dates.

        Only the schedule of the whole has a field for its zone; others keep theirs.
        """
        self.fields |= {path: form.hours_words, f"{path}.weekly": form.always}
        field = self.zone_field if zone is None else zone
        if field is not None:
            self.fields[f"{path}.zone"] = field
        old = began or {}
        words, always = form.hours_words.data or "", bool(form.always.data)
        weekly = [
            self._week(row, f"{path}.weekly.{index}", old.get("weekly", ()))
            for index, row in enumerate(_said(form.weekly))
        ]
        exceptions = [
            self._day(row, f"{path}.exceptions.{index}", old.get("exceptions", ()))
            for index, row in enumerate(_said(form.exceptions))
        ]
        if not (words or always or weekly or exceptions):
            return None
        said = {"words": words, "round_the_clock": always, "weekly": weekly, "exceptions": exceptions}
        own_zone = {} if began and zone is None else {"zone": self.zone}
        return (began or {"id": new_id()}) | own_zone | said

    def _week(self, row: WeekRow, path: str, began: Iterable[Document]) -> Document:
        self.fields |= {path: row.opens, f"{path}.days": row.days}
        times = {name: self._clock(row[name], f"{path}.{name}") for name in ("opens", "closes")}
        line = {"days": list(row.days.data or ()), **{n: time or "00:00" for n, time in times.items()}}
        same = (
            old for old in began if old | {"days": set(old["days"])} == line | {"days": set(line["days"])}
        )
        return next(same, line)

    def _day(self, row: DayRow, path: str, began: Iterable[Document]) -> Document:
        self.fields |= {path: row.opens, f"{path}.on": row.on}
        times = {
            name: self._clock(row[name], f"{path}.{name}") if row[name].data else None
            for name in ("opens", "closes")
        }
        if row.on.data is None:
            self.note(row.on, _("Say on which date."))
        day = (row.on.data or date(2000, 1, 1)).isoformat()
        line = {"on": day, **times, "note": row.note.data or None}
        return next((old for old in began if old == line), line)

    def _clock(self, field: Field, path: str) -> str | None:
        self.fields[path] = field
        time = read_clock(field.data or "")
        if time is None:
            self.note(field, _("Write a time like this: 9:00 am, or 17:00."))
        return time

    def areas(self, rows: Rows, path: str, began: Sequence[Document]) -> list[Document]:
        """Read the rows of areas, each a name as people type it."""
        areas = []
        for row, here, part in self.rows(rows, path, began):
            typed = row.place.data or ""
            self.fields[f"{here}.place"] = row.place
            is_same = "place" in part and typed == self.choices.place_name(part["place"])
            key = part["place"] if is_same else self.choices.find_place(typed)
            areas.append(part | {"place": key or typed})
        return areas

    def date_of(self, field: Field, path: str, began: Document | None) -> Document | None:
        """Read a date as exact as it is known."""
        self.fields[path] = field
        typed = field.data or ""
        if began is not None and typed == began["text"]:
            return began
        if not typed:
            return None
        try:
            is_date = bool(_DATE.fullmatch(typed)) and date.fromisoformat(f"{typed}-01-01"[:10]) is not None
        except ValueError:
            is_date = False
        if not is_date:
            self.note(field, _("Write a year, a month or a day: 2026, 2026-02 or 2026-02-13."))
            return None
        return {"text": typed, "precision": _PRECISION[len(typed)].value}

    def address(self, field: Field, path: str, began: str | None) -> str | None:
        """Read a web address; https:// may be left out."""
        typed = self.value(field, path, began)
        if typed is None or typed == began:
            return typed
        is_bare = "://" not in typed and ":" not in typed.split("/")[0] and "." in typed
        return f"https://{typed}" if is_bare else str(typed)


def _said(rows: Rows) -> list[Any]:
    return [entry.form for entry in rows if not entry.form.is_empty]


def sites(reader: Reader, rows: Rows, began: Sequence[SiteDraft]) -> list[Document]:
    """Read the places to go to. Of a confidential one nothing is kept that tells where it is."""
    documents = []
    drafts = {site.id: site for site in began}
    for row, here, part in reader.rows(rows, "sites", [to_builtins(site) for site in began]):
        old = drafts.get(part["id"])
        reader.fields |= {f"{here}.visibility": row.visibility, f"{here}.town": row.city}
        if row.visibility.data not in list(Visibility):
            row.visibility.data = None
            reader.note(row.visibility, _("Say whether the address may be public."))
        names = ("name", "street", "state", "postal_code", "access_notes")
        said = {name: reader.value(row[name], f"{here}.{name}", part.get(name)) for name in names}
        said["state"] = said["state"].upper() if said["state"] else None
        if said["state"] and not re.fullmatch("[A-Z]{2}", said["state"]):
            reader.note(row.state, _("Write the state as two letters."))
            said["state"] = None
        said |= _town(reader, row, old, said["state"])
        said |= {
            "visibility": row.visibility.data or Visibility.PUBLIC.value,
            "region": _region(reader, row, f"{here}.region", old),
            "phones": reader.phones(row.phones, f"{here}.phones", part.get("phones", ())),
            "hours": reader.hours(row, f"{here}.hours", part.get("hours")),
            "service_areas": reader.areas(
                row.service_areas, f"{here}.service_areas", part.get("service_areas", ())
            ),
        }
        point = ("street", "city", "state", "postal_code", "town")
        if any(part.get(name) != said[name] for name in point):
            said |= {"latitude": None, "longitude": None, "precision": None}
        documents.append(part | said)
    return documents


def _town(reader: Reader, row: Any, old: SiteDraft | None, state: str | None) -> Document:
    """Give city and town of a row. A confidential place has no city, and its town must be one we know."""
    typed = row.city.data or ""
    is_same = old is not None and typed == filling.site_city(old, reader.choices)
    town = old.town if is_same and old else reader.choices.find_town(typed, state) if typed else None
    if not row.is_confidential:
        return {"city": old.city if is_same and old else typed or None, "town": town}
    if typed and town is None:
        reader.note(row.city, _("We do not know this town. Leave it empty, or choose one from the list."))
    return {"city": None, "town": town}


def _region(reader: Reader, row: Any, path: str, old: SiteDraft | None) -> str | None:
    reader.fields[path] = row.region
    typed = row.region.data or ""
    if old is not None and old.region and typed == reader.choices.region_name(old.region):
        return old.region
    region = reader.choices.find_region(typed) if typed else None
    if typed and region is None:
        reader.note(row.region, _("We do not know this region."))
    return region


def sources(reader: Reader, form: Any, began: ProgramDraft | None, own: frozenset[str]) -> list[Document]:
    """Read the sources; those that the form did not show stay where they were, before the others."""
    drafts = began.sources if began else ()
    shown = [s for s in drafts if form.is_editor or filling.is_shown_outside(s, own)]
    documents: dict[str, Document] = {}
    for row, here, part in reader.rows(form.sources, "sources", [to_builtins(source) for source in shown]):
        url = reader.address(row.url, f"{here}.url", part.get("url"))
        said = {
            "title": reader.value(row.title, f"{here}.title", part.get("title")) or url or "",
            "url": url or "",
            "as_of": reader.date_of(row.as_of, f"{here}.as_of", part.get("as_of")),
        }
        if form.is_editor:
            said["is_public"] = bool(row.is_public.data)
            said["supports"] = reader.value(row.supports, f"{here}.supports", part.get("supports"))
        documents[part["id"]] = part | said
    hidden = {source.id: to_builtins(source) for source in drafts if source not in shown}
    order = [source.id for source in drafts if source.id in hidden or source.id in documents]
    everything = hidden | documents
    return [everything[key] for key in (*order, *(key for key in documents if key not in order))]


def in_order(chosen: Iterable[str] | None, began: Sequence[str]) -> list[str]:
    """Give what is ticked: in the order it had before, then what is new."""
    ticked = list(chosen or ())
    return [*(slug for slug in began if slug in ticked), *(slug for slug in ticked if slug not in began)]


def lines(typed: str | None, began: Sequence[str]) -> list[str]:
    """Give the lines of a text that say something."""
    if (typed or "") == "\n".join(began):
        return list(began)
    return [line.strip()[:200] for line in (typed or "").splitlines() if line.strip()]
