"""How many programs serve each place: the sets of search, counted crosswise for the options of a facet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import accumulate
from operator import or_
from typing import cast

from pyroaring import BitMap

from services_dir.catalog.gazetteer import Gazetteer, PlaceEntry
from services_dir.catalog.kinds import PlaceKind, ProgramKind
from services_dir.search.columns import Snapshot
from services_dir.search.picking import pick
from services_dir.search.plan import make_plan
from services_dir.search.query import Facet, Reach, SearchQuery, Sort


@dataclass(frozen=True)
class Reached:
    """Numbers of programs that serve a place: in particular, its region, the state, the nation."""

    town: int
    region: int
    state: int
    nation: int

    @property
    def total(self) -> int:
        """Give the number of all programs that serve the place."""
        return self.town + self.region + self.state + self.nation

    @property
    def near(self) -> int:
        """Give the number of those that serve the place or its region, and not the whole state."""
        return self.town + self.region

    def of(self, reach: Reach | None) -> int:
        """Give the number of a reach, or of all."""
        return self.total if reach is None else cast("int", getattr(self, reach.value))


@dataclass(frozen=True)
class Columns:
    """Which places are counted: all of a kind, or one and the towns in it."""

    kind: PlaceKind
    inside: str | None = None

    def of(self, gazetteer: Gazetteer) -> tuple[PlaceEntry, ...]:
        """Give the places by name; one that holds the others stands first."""
        held = gazetteer.places.values()
        whole = gazetteer.places.get(self.inside) if self.inside is not None else None
        if whole is None:
            return _by_name(place for place in held if place.kind is self.kind)
        towns = (gazetteer.places[lie.key] for lie in gazetteer.towns(whole.key))
        return whole, *_by_name(town for town in towns if town is not whole)


@dataclass(frozen=True)
class Matrix:
    """For each value of a facet and each place the programs that serve people there.

    Every number is that of a search, `query_of` says which. Legal rights are not counted. `languages` are
    those that can be chosen.
    """

    query: SearchQuery
    facet: Facet
    columns: Columns
    languages: tuple[str, ...]
    values: tuple[str, ...]
    places: tuple[PlaceEntry, ...]
    typed: Mapping[str, str]
    cells: Mapping[tuple[str, str], Reached]

    def query_of(self, value: str, place: PlaceEntry, reach: Reach | None = None) -> SearchQuery:
        """Give the search that finds the programs of a cell, or of one part of it."""
        there = replace(self.query, place=self.typed[place.key], reach=reach)
        return there.choosing(self.facet, (value,))


def count(
    snapshot: Snapshot, query: SearchQuery, facet: Facet, columns: Columns, masked: BitMap, *, at: datetime
) -> Matrix:
    """Count from a snapshot, without the programs that are masked.

    Of the search its words and choices count, but not the choice in `facet`, nor anything about places
    and order.
    """
    query = replace(
        query, place="", within=None, reach=None, kind=ProgramKind.PROGRAM, sort=Sort.RELEVANCE, page=1
    ).choosing(facet, ())
    found = pick(snapshot, make_plan(snapshot, query, at=at, language="en"), masked).found
    values = tuple(_values(snapshot, facet))
    answering = {value: found & snapshot.option(facet, value) for value in values}
    places = columns.of(snapshot.gazetteer)
    cells = count_cells(snapshot.gazetteer, places, answering, snapshot.serving)
    typed = {place.key: snapshot.gazetteer.typed(place) for place in places}
    languages = tuple(sorted(snapshot.options[Facet.LANGUAGE]))
    return Matrix(query, facet, columns, languages, values, places, typed, cells)


def count_cells(
    gazetteer: Gazetteer,
    places: Iterable[PlaceEntry],
    answering: Mapping[str, BitMap],
    serving: Callable[[Iterable[str]], BitMap],
) -> dict[tuple[str, str], Reached]:
    """Count for each value and place the programs that answer for the one and serve the other.

    `serving` gives the programs that serve any of some places, by their keys.
    """
    cells: dict[tuple[str, str], Reached] = {}
    for place in places:
        reached = tuple(accumulate((serving(keys) for keys in gazetteer.tiers(place.key)), or_))
        for value, programs in answering.items():
            counts = [programs.intersection_cardinality(one) for one in reached]
            parts = (more - less for more, less in zip(counts, (0, *counts), strict=False))
            cells[value, place.key] = Reached(*parts)
    return cells


def _values(snapshot: Snapshot, facet: Facet) -> Iterator[str]:
    """Give the rows: the main kinds of help; the terms of another facet; the languages that are spoken."""
    if facet is Facet.LANGUAGE:
        yield from sorted(snapshot.options[facet])
        return
    for slug, term in snapshot.vocabulary.terms[facet].items():
        if term.parent is None:
            yield slug


def _by_name(places: Iterable[PlaceEntry]) -> tuple[PlaceEntry, ...]:
    return tuple(sorted(places, key=lambda place: place.name))
