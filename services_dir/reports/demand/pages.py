"""What the template of the report on demand is given, and its figures as a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from babel.dates import format_skeleton
from flask import url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from services_dir.catalog.gazetteer import Gazetteer, PlaceEntry
from services_dir.catalog.kinds import PlaceKind, ProgramKind
from services_dir.demand.models import Breakdown, Measure
from services_dir.demand.rules import NOT_SAID, Key, Sums
from services_dir.reports.pages import Count
from services_dir.search import engine
from services_dir.search.pages import Choice
from services_dir.search.query import Facet, SearchQuery
from services_dir.search.vocabulary import Vocabulary
from services_dir.web.languages import LANGUAGES, translated

Kept: TypeAlias = Mapping[date, Mapping[Key, Sums]]


@dataclass(frozen=True)
class Names:
    """What values are called in a language, and the searches that find what there is for them."""

    words: Vocabulary
    places: Gazetteer
    language: str

    def label(self, breakdown: Breakdown, value: str) -> str:
        """Give the name of a value."""
        if breakdown is Breakdown.ALL:
            return _("All")
        if breakdown is Breakdown.LANGUAGE:
            return translated(self.words.label(Facet.LANGUAGE, value, self.language))
        if breakdown is Breakdown.CATEGORY:
            named = self.words.label(Facet.CATEGORY, value, self.language)
            return named if value != NOT_SAID else _("No kind of help named")
        place = self.places.places.get(value)
        return _("No place, or none in one region") if value == NOT_SAID else place.name if place else value

    def query(self, breakdown: Breakdown, value: str) -> SearchQuery | None:
        """Give the search for the programs of a value; None if they cannot be asked for."""
        query = SearchQuery(kind=ProgramKind.PROGRAM)
        if breakdown is Breakdown.REGION and value in self.places.places:
            return SearchQuery(kind=ProgramKind.PROGRAM, place=self.places.typed(self.places.places[value]))
        facet = {Breakdown.CATEGORY: Facet.CATEGORY, Breakdown.LANGUAGE: Facet.LANGUAGE}.get(breakdown)
        return query.choosing(facet, (value,)) if facet and self.words.knows(facet, value) else None

    def values(self, breakdown: Breakdown, kept: Iterable[Key]) -> list[str]:
        """Give all values of a breakdown, also those nobody asked for: a row by itself tells nothing."""
        held = {value for kind, value in kept if kind is breakdown}
        known = self._known(breakdown)
        others = sorted(held - {*known, NOT_SAID})
        last = [] if breakdown is Breakdown.LANGUAGE else [NOT_SAID]
        return [*known, *others, *last]

    def _known(self, breakdown: Breakdown) -> list[str]:
        if breakdown is Breakdown.LANGUAGE:
            return list(LANGUAGES)
        if breakdown is Breakdown.REGION:
            return [place.key for place in sorted(self._regions(), key=lambda place: place.name)]
        terms = self.words.terms[Facet.CATEGORY]
        return [slug for slug, term in terms.items() if term.parent is None and not term.is_retired]

    def _regions(self) -> Iterator[PlaceEntry]:
        return (one for one in self.places.places.values() if one.kind is PlaceKind.PLANNING_REGION)


@dataclass(frozen=True)
class Row:
    """A line of a table: what it is about, its figures, and the programs there are now."""

    label: str
    figures: tuple[int, ...]
    programs: Count | None = None


@dataclass(frozen=True)
class Table:
    """The figures of a month by one breakdown."""

    caption: str
    head: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class DemandPage:
    """What was looked for in one month, and the sums of all months; `month` is "" while there is none."""

    title: str
    month: str
    whole: Row | None
    is_first: bool
    measures: tuple[str, ...]
    tables: tuple[Table, ...]
    months: tuple[Choice, ...]
    history: tuple[Row, ...]
    csv: str

    @classmethod
    def build(cls, kept: Kept, wanted: str, names: Names, *, at: datetime) -> DemandPage:
        """Show the month that was asked for, or else the newest."""
        chosen = next((month for month in kept if f"{month:%Y-%m}" == wanted), next(iter(kept), None))
        held = kept[chosen] if chosen is not None else {}
        tables = (
            Table(
                _("By %(what)s", what=translated(breakdown.label).lower()),
                translated(breakdown.label),
                tuple(_rows(held, breakdown, names, at)),
            )
            for breakdown in (Breakdown.CATEGORY, Breakdown.REGION, Breakdown.LANGUAGE)
        )
        return cls(
            title=_("What people look for"),
            month=month_words(chosen) if chosen is not None else "",
            whole=_row(_("All"), _whole(held)) if chosen is not None else None,
            is_first=chosen is not None and chosen == min(kept),
            measures=tuple(translated(measure.label) for measure in Measure),
            tables=tuple(tables) if chosen is not None else (),
            months=tuple(Choice(f"{one:%Y-%m}", month_words(one), one == chosen) for one in kept),
            history=tuple(_row(month_words(one), _whole(kept[one])) for one in kept),
            csv=url_for("demand.as_csv"),
        )


def table(kept: Kept, names: Names) -> Iterator[list[str | int]]:
    """Give all figures of all months as rows of a table."""
    yield ["month", "by", "value", "label", *(measure.value for measure in Measure)]
    for month, held in kept.items():
        for breakdown in Breakdown:
            values = [""] if breakdown is Breakdown.ALL else names.values(breakdown, held)
            for value in values:
                sums = held.get((breakdown, value), Sums())
                label = names.label(breakdown, value)
                yield [f"{month:%Y-%m}", breakdown.value, value, label, *map(sums.of, Measure)]


def month_words(month: date) -> str:
    """Give a month in words, such as "November 2026"."""
    return format_skeleton("yMMMM", month, locale=get_locale())


def _rows(held: Mapping[Key, Sums], breakdown: Breakdown, names: Names, at: datetime) -> Iterator[Row]:
    for value in names.values(breakdown, held):
        query = names.query(breakdown, value)
        programs = None
        if query is not None:
            total = engine.search(query, at=at).total
            programs = Count(total, url_for("search.results", **query.to_args()))
        yield _row(names.label(breakdown, value), held.get((breakdown, value), Sums()), programs)


def _row(label: str, sums: Sums, programs: Count | None = None) -> Row:
    return Row(label, tuple(sums.of(measure) for measure in Measure), programs)


def _whole(held: Mapping[Key, Sums]) -> Sums:
    return held.get((Breakdown.ALL, ""), Sums())
