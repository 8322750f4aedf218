"""Reading a folder of CSV files into drafts, noting every row that cannot be taken instead of stopping."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from services_dir.catalog.draft import OrganizationDraft, ProgramDraft
from services_dir.catalog.kinds import Vocabulary
from services_dir.catalog.rules import References, walk
from services_dir.errors import N_
from services_dir.exchange import tables
from services_dir.exchange.lists import in_order, read_places, read_terms, read_words, unique
from services_dir.exchange.reading import PlaceRow, ProgramRow, Reading, TermRow
from services_dir.exchange.records import Parts, read_organization, read_program
from services_dir.exchange.rows import Row, RowError, Text, read_table


@dataclass(frozen=True)
class Existing:
    """What rows may refer to although the folder does not hold it: organizations by slug as well."""

    references: References
    organizations: Mapping[str, str]


NOTHING = Existing(References(frozenset(), frozenset(), frozenset(), frozenset()), {})


# Files that lie beside the tables and are none: what terms of other taxonomies stand for.
ALONGSIDE = frozenset(("open_eligibility.csv",))


def read_folder(folder: Path, existing: Existing = NOTHING) -> Reading:
    """Read a folder of CSV files in the importer's own format (`seed_data/README.md`).

    Rows may name what another file of the folder holds, or what is `existing` already. A record is taken
    only whole: with an error in any of its rows it is left out, and the errors say why. If one of the
    files is broken, nothing but the errors is given.
    """
    errors: list[RowError] = []
    texts = _open_folder(folder, errors)
    return Reading(errors=_sorted(errors)) if texts is None else read_texts(texts, existing, errors)


def read_texts(
    texts: Mapping[str, Text], existing: Existing = NOTHING, errors: list[RowError] | None = None
) -> Reading:
    """Read the files of a folder, an archive or a workbook, given by their names."""
    errors = [] if errors is None else errors
    for name in sorted(texts):
        if name not in _NAMES:
            errors.append(RowError(name, 0, "", N_("We do not know this file; it was not read.")))
    read = {table: read_table(texts.get(table.file), table, errors) for table in tables.ALL}
    files = {table: rows for table, rows in read.items() if rows is not None}
    if len(files) != len(read):
        return Reading(errors=_sorted(errors))
    places = read_places(files[tables.PLACES], files[tables.PLACE_PARENTS])
    terms = read_terms(files[tables.TERMS], files[tables.TERM_WORDS])
    words = read_words(files[tables.WORDS])
    parts = Parts.group(files)
    references = _with(existing.references, places, terms)
    organizations = _organizations(files[tables.ORGANIZATIONS], parts, references, existing)
    by_slug = {**existing.organizations, **{slug: draft.id for slug, draft in organizations.items()}}
    references = _with_organizations(references, by_slug)
    programs = _programs(files[tables.PROGRAMS], parts, references, by_slug)
    lines = {row.text("slug") or "": row.line for row in files[tables.ORGANIZATIONS]}
    return Reading(list(organizations.values()), programs, places, terms, words, _sorted(errors), lines)


_NAMES = frozenset(table.file for table in tables.ALL)


def _open_folder(folder: Path, errors: list[RowError]) -> dict[str, Text] | None:
    if not folder.is_dir():
        errors.append(RowError(folder.name, 0, "", N_("There is no such folder.")))
        return None
    texts, is_whole = {}, True
    for file in sorted(folder.glob("*.csv")):
        if file.name in ALONGSIDE:
            continue
        try:
            texts[file.name] = Text(file.read_bytes() if file.name in _NAMES else b"")
        except OSError as error:
            message = N_("This file cannot be read: {reason}")
            errors.append(RowError(file.name, 0, "", message, {"reason": str(error.strerror)}))
            is_whole = False
    return texts if is_whole else None


def _with(known: References, places: list[PlaceRow], terms: list[TermRow]) -> References:
    slugs = {
        vocabulary: {term.slug for term in terms if term.vocabulary is vocabulary}
        for vocabulary in (Vocabulary.CATEGORY, Vocabulary.POPULATION)
    }
    return References(
        categories=known.categories | slugs[Vocabulary.CATEGORY],
        populations=known.populations | slugs[Vocabulary.POPULATION],
        places=known.places | {place.key for place in places},
        organizations=known.organizations,
    )


def _with_organizations(known: References, by_slug: Mapping[str, str]) -> References:
    organizations = known.organizations | set(by_slug.values())
    return References(known.categories, known.populations, known.places, organizations)


def _organizations(
    rows: list[Row], parts: Parts, references: References, existing: Existing
) -> dict[str, OrganizationDraft]:
    by_slug = unique(rows, lambda row: row.needed("slug"), "slug")
    parts.note_unknown("organization", by_slug, tables.ORGANIZATIONS.file)
    ids = dict(existing.organizations)
    above: dict[str, list[str]] = {}
    seen: set[str] = set()
    for slug, row in by_slug.items():
        parent = row.text("parent")
        if parent in by_slug:
            above[slug] = [parent]
        elif parent is not None and parent not in existing.organizations:
            row.error("parent", N_("There is no organization “{value}” here."), value=parent)

    def build(slug: str, row: Row) -> OrganizationDraft | None:
        here = _with_organizations(references, ids)
        draft = read_organization(row, slug, parts.of("organization", slug), here, ids)
        if draft is None or not _is_new(row, draft, seen):
            return None
        ids[slug] = draft.id
        return draft

    drafts = in_order(by_slug, above, "parent", build)
    return {draft.slug: draft for draft in drafts if draft.slug is not None}


def _is_new(row: Row, draft: ProgramDraft | OrganizationDraft, seen: set[str]) -> bool:
    """Tell whether no record before has an identity of this one or its parts; if one has, note it."""
    parts = [part for _, part in walk(draft)]
    ids = {getattr(part, name) for part in parts for name in ("id", "location_id") if hasattr(part, name)}
    if seen & ids:
        row.error("id", N_("Something with the same identity stands further up."))
    else:
        seen |= ids
    return not row.is_bad


def _programs(
    rows: list[Row], parts: Parts, references: References, organizations: Mapping[str, str]
) -> list[ProgramRow]:
    by_slug = unique(rows, lambda row: row.needed("slug"), "slug")
    parts.note_unknown("program", by_slug, tables.PROGRAMS.file)
    seen: set[str] = set()
    programs = []
    for slug, row in by_slug.items():
        program = read_program(row, slug, parts.of("program", slug), references, organizations)
        if program is not None and _is_new(row, program.draft, seen):
            programs.append(program)
    return programs


def _sorted(errors: list[RowError]) -> list[RowError]:
    order = {table.file: number for number, table in enumerate(tables.ALL)}
    return sorted(errors, key=lambda error: (order.get(error.file, len(order)), error.file, error.line))
