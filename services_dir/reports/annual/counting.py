"""Counting the figures of a yearly report from the versions that are kept, as of any day.

Kinds of help, places and how near they lie mean what they mean in a search: the same vocabulary, the same
gazetteer, the same function that counts cells.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property

from pyroaring import BitMap
from sqlalchemy.orm import Session

from services_dir.catalog import gazetteer, queries
from services_dir.catalog.gazetteer import Gazetteer, PlaceEntry
from services_dir.catalog.kinds import Level, PlaceKind, ProgramKind
from services_dir.catalog.kinds import Vocabulary as Kind
from services_dir.catalog.queries import TermView
from services_dir.errors import N_, InvalidError
from services_dir.reports.annual import then
from services_dir.reports.annual.changes import Life, count_changes
from services_dir.reports.annual.demand import list_demand
from services_dir.reports.annual.figures import Figures, Months
from services_dir.reports.annual.then import Listed
from services_dir.search.matrix import Columns, count_cells
from services_dir.verification.queries import get_deadlines
from services_dir.verification.rules import Deadlines, Standing, standing_of

_FIRST_YEAR = 2000


@dataclass(frozen=True)
class Span:
    """The year of a report: its first moment, and the day and moment as of which the catalog is told."""

    year: int
    start: datetime
    as_of: date
    moment: datetime

    @classmethod
    def of(cls, year: int, now: datetime, as_of: date | None = None) -> Span:
        """Give the span until the end of a year or of a day in it; of a day that is not over, until now.

        Raises InvalidError for a year that has not begun, or a day outside the year or not yet come.
        """
        if not _FIRST_YEAR <= year <= now.year:
            raise InvalidError(
                N_("There is a report for each year from {first} to {last}."),
                first=_FIRST_YEAR,
                last=now.year,
            )
        day = as_of or min(date(year, 12, 31), now.date())
        if day.year != year or day > now.date():
            raise InvalidError(N_("The day must be in {year} and not after today."), year=year)
        return cls(year, _start(date(year, 1, 1)), day, min(_start(day + timedelta(days=1)), now))

    @classmethod
    def again(cls, figures: Figures) -> Span:
        """Give the span that figures were counted for."""
        return cls(figures.year, _start(date(figures.year, 1, 1)), figures.as_of, figures.moment)


def count(session: Session, span: Span, before: Figures | None = None) -> Figures:
    """Count all figures of a report.

    With figures that were counted `before`, again by the same months, kinds of help and labels, whatever
    the policy and the vocabulary say by now. Raises InvalidError if nothing was listed yet.
    """
    begins = then.find_beginning(session)
    if begins is None or begins >= span.moment:
        raise InvalidError(N_("Nothing was listed yet on {day}."), day=f"{span.as_of:%Y-%m-%d}")
    deadlines = before.months.as_deadlines() if before else get_deadlines(session)
    terms = {term.slug: term for term in queries.list_terms(session, Kind.CATEGORY)}
    places = gazetteer.current(session)
    roots = before.categories if before else tuple(s for s, term in terms.items() if term.parent is None)
    catalog = Catalog.read(session, span.moment, main_kinds(terms))
    regions = Columns(PlaceKind.PLANNING_REGION).of(places) or Columns(PlaceKind.COUNTY).of(places)
    towns = Columns(PlaceKind.TOWN).of(places)
    assured = then.list_assured(session, span.moment, span.as_of)
    lives = then.list_lives(session, span.start, span.moment)
    total, of_categories = count_changes(lives, _kinds_by_id(session, catalog, lives, span), roots)
    return Figures(
        year=span.year,
        as_of=span.as_of,
        moment=span.moment,
        begins=begins.date(),
        months=Months.of(deadlines),
        categories=roots,
        statutory=before.statutory if before else tuple(slug for slug in roots if terms[slug].statutory),
        levels=tuple(level.value for level in Level),
        regions=tuple(place.key for place in regions),
        towns=tuple(place.key for place in towns),
        labels=before.labels if before else _labels(session, terms, (*regions, *towns)),
        programs=len(catalog.programs),
        rights=catalog.rights,
        organizations=len({one.organization for one in catalog.programs}),
        by_level=dict(Counter(one.level.value for one in catalog.programs)),
        by_category={slug: len(catalog.of(slug)) for slug in roots},
        cells={slug: dict(Counter(one.level.value for one in catalog.of(slug))) for slug in roots},
        changes=total,
        changes_by_category=of_categories,
        coverage=catalog.cover(places, (*regions, *towns), roots),
        freshness=_freshness(catalog, assured, span.as_of, deadlines, roots),
        freshness_at_start=_freshness_at_start(session, span, deadlines),
        demand=list_demand(session, span.year, span.moment),
    )


@dataclass(frozen=True)
class Catalog:
    """The programs of a moment, by number in their order; `mains` are the main kinds of help of each."""

    programs: tuple[Listed, ...]
    rights: int
    mains: Mapping[str, str]

    @classmethod
    def read(cls, session: Session, moment: datetime, mains: Mapping[str, str]) -> Catalog:
        """Read what was listed just before a moment; `mains` says to which main kind each belongs."""
        listed = tuple(then.list_listed(session, moment))
        programs = tuple(one for one in listed if one.kind is ProgramKind.PROGRAM)
        return cls(programs, len(listed) - len(programs), mains)

    def kinds_of(self, one: Listed) -> tuple[str, ...]:
        """Give the main kinds of help of a program, each once."""
        return tuple(dict.fromkeys(self.mains[slug] for slug in one.categories if slug in self.mains))

    def of(self, slug: str) -> list[Listed]:
        """Give the programs of a main kind of help."""
        return [self.programs[number] for number in self._kinds.get(slug, ())]

    def cover(
        self, places: Gazetteer, wanted: Iterable[PlaceEntry], roots: Iterable[str]
    ) -> dict[str, dict[str, tuple[int, int, int, int]]]:
        """Count by place and main kind of help the programs that serve people there, by how near."""
        areas: defaultdict[str, BitMap] = defaultdict(BitMap)
        for number, one in enumerate(self.programs):
            for key in one.areas:
                areas[key].add(number)
        kinds = {slug: self._kinds.get(slug, BitMap()) for slug in roots}
        cells = count_cells(
            places,
            wanted,
            kinds,
            lambda keys: BitMap.union(BitMap(), *(areas[key] for key in keys if key in areas)),
        )
        covered: dict[str, dict[str, tuple[int, int, int, int]]] = {}
        for (slug, key), reached in cells.items():
            parts = (reached.town, reached.region, reached.state, reached.nation)
            covered.setdefault(key, {})[slug] = parts
        return covered

    @cached_property
    def _kinds(self) -> dict[str, BitMap]:
        kinds: defaultdict[str, BitMap] = defaultdict(BitMap)
        for number, one in enumerate(self.programs):
            for slug in self.kinds_of(one):
                kinds[slug].add(number)
        return dict(kinds)


def main_kinds(terms: Mapping[str, TermView]) -> dict[str, str]:
    """Give for each kind of help the main one above it."""

    def main(slug: str) -> str:
        above = terms[slug].parent
        return slug if above is None else main(above)

    return {slug: main(slug) for slug in terms}


def _labels(
    session: Session, terms: Mapping[str, TermView], places: Iterable[PlaceEntry]
) -> dict[str, dict[str, str]]:
    labels: defaultdict[str, dict[str, str]] = defaultdict(dict)
    held = [*terms.values(), *queries.list_terms(session, Kind.LEVEL)]
    for term in held:
        for language, label in term.labels.items():
            if term.parent is None:
                labels[language][f"{term.vocabulary.value}/{term.slug}"] = label
    for place in places:
        labels["en"][place.key] = place.name
    return dict(labels)


def _kinds_by_id(
    session: Session, catalog: Catalog, lives: Mapping[int, Life], span: Span
) -> dict[int, tuple[str, ...]]:
    """Give the main kinds of help of each program of the year, as listed at the end or last before it."""
    kinds = {one.id: catalog.kinds_of(one) for one in catalog.programs}
    gone = [key for key, life in lives.items() if life.is_of_year and not life.at_end]
    for one in then.list_last(session, gone, span.moment):
        if one.kind is ProgramKind.PROGRAM:
            kinds[one.id] = catalog.kinds_of(one)
    return kinds


def _freshness(
    catalog: Catalog, assured: Mapping[int, date], day: date, deadlines: Deadlines, roots: Iterable[str]
) -> dict[str, dict[Standing, int]]:
    counted: defaultdict[str, Counter[Standing]] = defaultdict(Counter)
    for one in catalog.programs:
        standing = standing_of(assured.get(one.id), deadlines, day, is_grave=one.is_grave)
        counted["all"][standing] += 1
        counted[f"level/{one.level.value}"][standing] += 1
        for slug in catalog.kinds_of(one):
            counted[f"category/{slug}"][standing] += 1
    keys = ("all", *(f"category/{slug}" for slug in roots), *(f"level/{level.value}" for level in Level))
    return {key: {standing: counted[key][standing] for standing in Standing} for key in keys}


def _freshness_at_start(session: Session, span: Span, deadlines: Deadlines) -> dict[Standing, int]:
    day = span.start.date() - timedelta(days=1)
    before = Catalog.read(session, span.start, {})
    assured = then.list_assured(session, span.start, day)
    return _freshness(before, assured, day, deadlines, ())["all"]


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
