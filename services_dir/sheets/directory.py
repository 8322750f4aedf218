"""The whole catalog as a printed directory, for work without a network: by kind of help, then by town."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from services_dir.catalog import queries
from services_dir.catalog.freshness import get_freshness
from services_dir.catalog.kinds import Vocabulary
from services_dir.catalog.public import PublicProgram
from services_dir.catalog.queries import TermView
from services_dir.exchange.exports.catalog import open_catalog
from services_dir.sheets import pages
from services_dir.sheets.pages import Entry
from services_dir.sheets.printing import entry_data, set_pdf
from services_dir.values import fold
from services_dir.web.languages import current_language

_SOURCE = "directory.typ"


@dataclass
class Town:
    """A stretch of a chapter: programs told here, and those told elsewhere in the directory."""

    name: str
    entries: list[Entry] = field(default_factory=list)
    elsewhere: list[Entry] = field(default_factory=list)


@dataclass(frozen=True)
class Chapter:
    """A kind of help with its towns in the order of their names; programs without a public site come last."""

    name: str
    towns: Sequence[Town]


def directory_pdf(session: Session, at: datetime) -> bytes:
    """Set all published programs as one PDF, in the language of the request.

    Each program is told once, under its first kind of help and its first town; wherever else it belongs,
    its page is named. Tagged (PDF/UA-1) unless a script has no font. The same catalog gives the same bytes
    on the same day.
    """
    language = current_language()
    with open_catalog(session, at.date()) as catalog:
        labels, freshness = queries.get_labels(session, language), get_freshness(session)
        terms = queries.list_terms(session, Vocabulary.CATEGORY)
        programs = sorted(catalog.programs(), key=lambda one: (fold(one.text(language).name), one.id))
    entries = pages.entries(programs, labels, freshness, at=at, language=language, is_discreet=False)
    chapters = list(_chapters(programs, entries, terms, language))
    return set_pdf(_SOURCE, _data(entries, chapters, at.date(), language))


def _chapters(
    programs: Iterable[PublicProgram], entries: Iterable[Entry], terms: Sequence[TermView], language: str
) -> Iterator[Chapter]:
    roots = _roots(terms)
    found: dict[str, dict[str, Town]] = {term.slug: {} for term in terms if term.parent is None}
    for program, entry in zip(programs, entries, strict=True):
        is_told = False
        for root in dict.fromkeys(roots[slug] for slug in program.categories):
            for name in _towns(program):
                town = found[root].setdefault(name, Town(name))
                (town.elsewhere if is_told else town.entries).append(entry)
                is_told = True
    for term in terms:
        if towns := found.get(term.slug):
            yield Chapter(term.label(language), sorted(towns.values(), key=_by_name))


def _roots(terms: Sequence[TermView]) -> dict[str, str]:
    """Give for each term the one at the root of its tree."""
    parents = {term.slug: term.parent for term in terms}

    def root(slug: str) -> str:
        parent = parents[slug]
        return slug if parent is None else root(parent)

    return {slug: root(slug) for slug in parents}


def _towns(program: PublicProgram) -> tuple[str, ...]:
    """Give the towns of the public sites, or no name; a confidential place stands under no town."""
    names = (site.town.name if site.town else site.city for site in program.public_sites)
    return tuple(dict.fromkeys(name for name in names if name)) or ("",)


def _by_name(town: Town) -> tuple[bool, str]:
    return not town.name, fold(town.name)


def _data(
    entries: Sequence[Entry], chapters: Sequence[Chapter], today: date, language: str
) -> dict[str, Any]:
    told = {entry.slug for chapter in chapters for town in chapter.towns for entry in town.entries}
    return {
        "title": _("Services directory"),
        "language": language,
        "made_on": pages.made_on(today),
        "emergency": _("In danger now? Call 911."),
        "call_first": pages.call_first(),
        "contents": _("Contents"),
        "index": _("Index"),
        "see": _("Also here:"),
        "page": _("page"),
        "no_town": _("By phone, online, or at an address that is not public"),
        "chapters": [
            {
                "name": chapter.name,
                "towns": [
                    {
                        "name": town.name,
                        "entries": [{"slug": one.slug, **entry_data(one, None)} for one in town.entries],
                        "elsewhere": [_reference(one) for one in town.elsewhere],
                    }
                    for town in chapter.towns
                ],
            }
            for chapter in chapters
        ],
        "names": [_reference(entry) for entry in entries if entry.slug in told],
    }


def _reference(entry: Entry) -> dict[str, Any]:
    data = {"slug": entry.slug, "name": entry.name.text, "lang": entry.name.lang}
    return data | {"organization": entry.organization.text if entry.organization else None}
