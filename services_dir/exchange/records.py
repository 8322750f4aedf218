"""Building the drafts of organizations and programs from their rows and the rows of their parts."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from services_dir.catalog.draft import (
    CONFIDENTIAL,
    DraftT,
    OrganizationDraft,
    ProgramDraft,
    ProgramText,
    from_builtins,
)
from services_dir.catalog.kinds import (
    Availability,
    DatePrecision,
    Known,
    Level,
    PhoneKind,
    Precision,
    ProgramKind,
    RunBy,
    Visibility,
)
from services_dir.catalog.rules import (
    Problem,
    References,
    check_organization,
    check_program,
    normal_number,
)
from services_dir.errors import N_, InvalidError
from services_dir.exchange import tables
from services_dir.exchange.hours import read_hours
from services_dir.exchange.reading import ProgramRow
from services_dir.exchange.rows import Row, Table
from services_dir.values import seed_uuid

_AS_OF = re.compile(r"\d{4}(?P<month>-\d\d(?P<day>-\d\d)?)?", re.ASCII)
_WHERE = re.compile(r"^(?P<reason>.*?)(?: - at `\$\.?(?P<path>.*)`)?$", re.DOTALL)

# Columns whose name differs from the path in the draft, by the beginning of that path.
_COLUMNS = (
    ("hours.zone", "time_zone"),
    ("hours.weekly", "weekly_hours"),
    ("hours.exceptions", "dated_hours"),
    ("hours.round_the_clock", "round_the_clock"),
    ("hours", "hours_words"),
    ("interpreter.note", "interpreter_note"),
    ("interpreter", "interpreter"),
    ("is_public", "public"),
)


@dataclass
class Parts:
    """Rows of phones, sites, languages, links and sources, by what they belong to."""

    by_owner: dict[tuple[str, str], dict[Table, list[Row]]] = field(default_factory=dict)

    @classmethod
    def group(cls, files: Mapping[Table, Iterable[Row]]) -> Parts:
        """Sort the rows by program or organization; those that name neither are errors."""
        parts = cls()
        for table in (tables.PHONES, tables.SITES, tables.LANGUAGES, tables.LINKS, tables.SOURCES):
            for row in files[table]:
                owner = _owner(row)
                if owner is not None:
                    parts.by_owner.setdefault(owner, {}).setdefault(table, []).append(row)
        return parts

    def of(self, kind: str, slug: str) -> dict[Table, list[Row]]:
        """Give the rows that belong to a program or an organization."""
        return self.by_owner.get((kind, slug), {})

    def note_unknown(self, kind: str, slugs: Collection[str], file: str) -> None:
        """Note the rows that belong to nothing in a file."""
        for (owner, slug), rows in self.by_owner.items():
            if owner == kind and slug not in slugs:
                for row in (row for found in rows.values() for row in found):
                    row.error(kind, N_("“{value}” is not in {file}."), value=slug, file=file)


class _Origins:
    """Which row each part of a draft came from, so that a problem is told where it is."""

    def __init__(self, row: Row) -> None:
        self._rows: dict[str, Row] = {"": row}

    def add(self, path: str, row: Row) -> None:
        """Remember the row of a part."""
        self._rows[path] = row

    @property
    def has_bad(self) -> bool:
        """Tell whether any row cannot be taken."""
        return any(row.is_bad for row in self._rows.values())

    def note(self, problem: Problem) -> None:
        """Note a problem at its row and column."""
        path = max(
            (path for path in self._rows if not path or f"{problem.path}.".startswith(f"{path}.")), key=len
        )
        row = self._rows[path]
        tell = row.warn if problem.is_warning else row.error
        tell(_column(row, problem.path[len(path) :].strip(".")), problem.message, **problem.values)


def read_organization(
    row: Row, slug: str, parts: Mapping[Table, list[Row]], known: References, ids: Mapping[str, str]
) -> OrganizationDraft | None:
    """Build an organization from its rows; None if something in them is wrong, which is noted."""
    origins = _Origins(row)
    identity = row.text("id") or seed_uuid("organization", slug)
    document = {
        "id": identity,
        "slug": slug,
        "name": row.needed("name"),
        "level": _needed_one_of(row, "level", Level),
        "aliases": row.texts("aliases"),
        "former_names": row.texts("former_names"),
        "parent": ids.get(row.text("parent") or ""),
        "url": row.text("url"),
        "email": row.text("email"),
        "descriptions": row.languages("description"),
        "partners_note": row.text("partners_note"),
        "phones": _phones(parts.get(tables.PHONES, []), f"organization/{slug}", "", origins),
    }
    draft = _build(document, OrganizationDraft, origins)
    if draft is not None:
        for problem in check_organization(draft, known):
            origins.note(problem)
    return None if origins.has_bad else draft


def read_program(
    row: Row,
    slug: str,
    parts: Mapping[Table, list[Row]],
    known: References,
    organizations: Mapping[str, str],
) -> ProgramRow | None:
    """Build a program from its rows; None if something in them is wrong, which is noted."""
    origins = _Origins(row)
    document = _facts(row, slug, organizations) | {
        "languages": [_language(part, slug) for part in _rows(parts, tables.LANGUAGES, origins)],
        "links": [
            {"label": part.needed("label"), "url": part.needed("url")}
            for part in _rows(parts, tables.LINKS, origins)
        ],
        "sources": [_source(part, slug) for part in _rows(parts, tables.SOURCES, origins)],
        **_contacts(slug, parts, origins),
    }
    publish, hold_reason = row.yes_or_no("publish"), row.text("hold_reason")
    if publish is False and hold_reason is None:
        row.error("hold_reason", N_("Say why this waits for review."))
    draft = _build(document, ProgramDraft, origins)
    if draft is not None:
        for problem in check_program(draft, known):
            origins.note(problem)
    if draft is None or origins.has_bad:
        return None
    return ProgramRow(draft, publish is not False, hold_reason, row.line)


def _facts(row: Row, slug: str, organizations: Mapping[str, str]) -> dict[str, Any]:
    """Give what the program's own row says."""
    row.needed("name_en")
    named = row.needed("organization")
    if named is not None and named not in organizations:
        row.error("organization", N_("There is no organization “{value}” here."), value=named)
    identity = row.text("id") or seed_uuid("program", slug)
    plain = ("population_note", "email", "url", "area_words", "partners_note", "confidence", "editor_note")
    return {
        **{name: row.text(name) for name in plain},
        "id": identity,
        "slug": slug,
        "kind": row.one_of("kind", ProgramKind, ProgramKind.PROGRAM),
        "level": _needed_one_of(row, "level", Level),
        "organization": organizations.get(named or ""),
        "texts": _texts(row),
        "alternate_names": row.texts("alternate_names"),
        "former_names": row.texts("former_names"),
        "categories": row.texts("categories"),
        "populations": row.texts("populations"),
        "populations_excluded": row.texts("populations_excluded"),
        "min_age": row.whole("min_age", 0, 120),
        "max_age": row.whole("max_age", 0, 120),
        "interpreter": {"available": row.yes_or_no("interpreter"), "note": row.text("interpreter_note")},
        "hours": read_hours(row, identity),
        "service_areas": _areas(row, slug),
        "asks_immigration_status": row.one_of("asks_immigration_status", Known, Known.UNKNOWN),
        "needs_police_report": row.one_of("needs_police_report", Known, Known.UNKNOWN),
        "mandated_reporters": row.one_of("mandated_reporters", Known, Known.UNKNOWN),
        "run_by": row.one_of("run_by", RunBy),
        "availability": row.one_of("availability", Availability, Availability.OPEN),
        "paused_until": row.day("paused_until"),
        "alert_until": row.day("alert_until"),
        "as_of": _as_of(row),
    }


def _texts(row: Row) -> dict[str, dict[str, str]]:
    texts: dict[str, dict[str, str]] = {}
    for name in ProgramText.__struct_fields__:
        for language, said in row.languages(name).items():
            texts.setdefault(language, {})[name] = said
    return texts


def _contacts(slug: str, parts: Mapping[Table, list[Row]], origins: _Origins) -> dict[str, Any]:
    """Give a program's own phones and its sites with theirs."""
    phones: dict[str, list[Row]] = {}
    for row in parts.get(tables.PHONES, []):
        phones.setdefault(row.text("site") or "", []).append(row)
    sites = []
    for index, row in enumerate(_rows(parts, tables.SITES, origins)):
        site = row.needed("site") or ""
        own = phones.pop(site, []) if site else []
        told = _site(row, slug, site)
        sites.append(told | {"phones": _phones(own, slug, site, origins, f"sites.{index}.")})
    own = phones.pop("", [])
    for row in (row for found in phones.values() for row in found):
        origins.add(f"lost.{row.line}", row)
        row.error("site", N_("“{value}” is not in {file}."), value=row.text("site"), file=tables.SITES.file)
    return {"phones": _phones(own, slug, "", origins), "sites": sites}


def _site(row: Row, slug: str, site: str) -> dict[str, Any]:
    identity = row.text("id") or seed_uuid("site", slug, site)
    visibility = _needed_one_of(row, "visibility", Visibility)
    document = {
        "id": identity,
        "location_id": row.text("location_id") or seed_uuid("location", slug, site),
        "name": row.text("name"),
        "visibility": visibility,
        "town": row.text("town"),
        "region": row.text("region"),
        "hours": read_hours(row, identity),
        "service_areas": _areas(row, slug, site),
    }
    if visibility is not Visibility.PUBLIC:  # nothing that tells where it is, not even in an error
        if any(row.text(name) for name in CONFIDENTIAL):
            row.warn("visibility", N_("This place is confidential, so its address was not kept."))
        return document
    return document | {
        **{name: row.text(name) for name in ("street", "city", "state", "postal_code", "access_notes")},
        "latitude": row.number("latitude", -90, 90),
        "longitude": row.number("longitude", -180, 180),
        "precision": row.one_of("precision", Precision),
    }


def _phones(
    rows: Iterable[Row], owner: str, site: str, origins: _Origins, path: str = ""
) -> list[dict[str, Any]]:
    documents = []
    for index, row in enumerate(rows):
        origins.add(f"{path}phones.{index}", row)
        kind = row.one_of("kind", PhoneKind, PhoneKind.VOICE)
        said = row.needed("number")
        number = normal_number(said) if said else None
        if said is not None and number is None:
            row.error("number", N_("“{value}” is not a phone number we can dial."), value=said)
        label = row.text("label")
        identity = row.text("id") or seed_uuid("phone", owner, site, kind, number, label or "")
        documents.append(
            {
                "id": identity,
                "kind": kind,
                "number": number,
                "extension": row.text("extension"),
                "label": label,
                "language": row.text("language"),
                "instruction": row.text("instruction"),
                "hours": read_hours(row, identity),
            }
        )
    return documents


def _language(row: Row, slug: str) -> dict[str, Any]:
    code = row.needed("code")
    identity = row.text("id") or seed_uuid("language", slug, code)
    return {"id": identity, "code": code, "note": row.text("note")}


def _source(row: Row, slug: str) -> dict[str, Any]:
    url = row.needed("url")
    return {
        "id": row.text("id") or seed_uuid("source", slug, url),
        "title": row.needed("title"),
        "url": url,
        "as_of": _as_of(row),
        "is_public": row.yes_or_no("public") is True,
        "supports": row.text("supports"),
        "fields": row.texts("fields"),
        "feed": row.text("feed"),
    }


def _areas(row: Row, slug: str, site: str = "") -> list[dict[str, str]]:
    return [
        {"id": seed_uuid("service-area", slug, site, key), "place": key} for key in row.texts("service_areas")
    ]


def _as_of(row: Row) -> dict[str, Any] | None:
    said = row.text("as_of")
    if said is None:
        return None
    found = _AS_OF.fullmatch(said)
    if found is None:
        row.error("as_of", N_("“{value}” is not a date such as 2026, 2026-02 or 2026-02-13."), value=said)
        return None
    if found["day"]:
        return {"text": said, "precision": DatePrecision.DAY}
    return {"text": said, "precision": DatePrecision.MONTH if found["month"] else DatePrecision.YEAR}


def _owner(row: Row) -> tuple[str, str] | None:
    owners = [(kind, slug) for kind in ("program", "organization") if (slug := row.text(kind))]
    if len(owners) != 1:
        row.error("program", N_("Name one program, or one organization, that this belongs to."))
        return None
    if owners[0][0] == "organization" and row.text("site"):
        row.error("site", N_("Only a program has sites."))
    return owners[0]


def _rows(parts: Mapping[Table, list[Row]], table: Table, origins: _Origins) -> list[Row]:
    rows = parts.get(table, [])
    for index, row in enumerate(rows):
        origins.add(f"{table.file.removesuffix('.csv')}.{index}", row)
    return rows


def _needed_one_of(row: Row, column: str, kind: Any) -> Any:
    return row.one_of(column, kind) if row.needed(column) else None


def _build(document: dict[str, Any], kind: type[DraftT], origins: _Origins) -> DraftT | None:
    """Turn a document into a draft, unless a row of it is bad already; what does not fit is noted."""
    if origins.has_bad:
        return None
    try:
        return from_builtins(document, kind)
    except InvalidError as error:
        found = _WHERE.match(str(error.values.get("reason", error)))
        # msgspec tells no keys: of texts in several languages the English column is named.
        path = (found["path"] or "").replace("[...]", ".en") if found else ""
        path = re.sub(r"\[(\d+)\]", r".\1", path)
        reason = found["reason"] if found else str(error)
        origins.note(Problem(path, N_("This cannot be read: {reason}"), {"reason": reason}))
        return None


def _column(row: Row, path: str) -> str:
    """Give the column that a path within a part stands for; empty if there is none."""
    if path.startswith("texts."):
        _, language, name = f"{path}..".split(".")[:3]
        path = f"{name}_{language}"
    for beginning, column in _COLUMNS:
        if path == beginning or path.startswith(f"{beginning}."):
            path = column
            break
    column = path.split(".")[0]
    return column if column in row.cells else ""
