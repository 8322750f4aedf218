"""What the templates of reports are given."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from services_dir.catalog.gazetteer import Gazetteer, PlaceEntry
from services_dir.catalog.kinds import PlaceKind
from services_dir.catalog.public import PublicPlace
from services_dir.catalog.words import place_words
from services_dir.reports import rules
from services_dir.reports.picture import Figure, Form, Picture
from services_dir.reports.rules import Gap
from services_dir.reports.wording import gap_sentence
from services_dir.search.matrix import Columns, Matrix
from services_dir.search.pages import Choice
from services_dir.search.query import Facet, Reach
from services_dir.search.vocabulary import Vocabulary
from services_dir.web.languages import translated

# What a coverage report may have as rows, and which places as columns.
ROWS = (Facet.CATEGORY, Facet.POPULATION, Facet.LANGUAGE)
PLACES = (PlaceKind.PLANNING_REGION, PlaceKind.COUNTY, PlaceKind.TOWN)
AREAS = (PlaceKind.COUNTY, PlaceKind.PLANNING_REGION)  # whose towns can be looked at alone
NARROWED_BY = (Facet.CATEGORY, Facet.LEVEL, Facet.POPULATION, Facet.LANGUAGE, Facet.ACCESS)


@dataclass(frozen=True)
class Count:
    """A number of programs and the search that finds them; `is_far` if none of them is for this place.

    Without an address it counts no programs.
    """

    number: int
    address: str = ""
    is_far: bool = False


@dataclass(frozen=True)
class Line:
    """A line of a table: what it is about, where more is said of that, and its numbers."""

    label: str
    address: str
    counts: tuple[Count, ...]


@dataclass(frozen=True)
class Focus:
    """One row or one place of a report that is looked at alone, with the parts of its numbers."""

    value: str | None = None
    place: str | None = None

    def within(self, matrix: Matrix) -> Focus:
        """Give what of it the report knows; a row goes before a place."""
        if self.value in matrix.values:
            return Focus(value=self.value)
        return Focus(place=self.place if self.place in {place.key for place in matrix.places} else None)


@dataclass(frozen=True)
class Select:
    """A list to choose from: its name in the address, its label, what holds when nothing is chosen."""

    name: str
    label: str
    nothing: str | None
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class CoveragePage:
    """The report on what serves which places: all places and options, or one of either in parts."""

    title: str
    caption: str
    heads: tuple[Choice, ...]
    lines: tuple[Line, ...]
    gaps: tuple[str, ...]
    words: str
    selects: tuple[Select, ...]
    filters: tuple[Select, ...]
    whole: str
    closer: str
    csv: str
    picture: Picture | None
    is_of_missing: bool

    @property
    def is_narrowed(self) -> bool:
        """Tell whether only some programs are counted."""
        return bool(self.words) or any(one.chosen for select in self.filters for one in select.choices)

    @classmethod
    def build(
        cls, matrix: Matrix, vocabulary: Vocabulary, gazetteer: Gazetteer, focus: Focus, language: str
    ) -> CoveragePage:
        """Give the figures, each leading to its search."""
        view = _View(matrix, _labels(matrix, vocabulary, language))
        focus = focus.within(matrix)
        place = next((one for one in matrix.places if one.key == focus.place), None)
        if focus.value is not None:
            caption, heads, lines = view.of_value(focus.value)
        elif place is not None:
            caption, heads, lines = view.of_place(place)
        else:
            caption, heads, lines = view.of_all()
        inside = gazetteer.places.get(matrix.columns.inside or "")
        shown = (
            gap
            for gap in rules.gaps(matrix)
            if focus.value in (None, gap.value) and (place is None or place in gap.places)
        )
        is_area = place is not None and place.kind in AREAS and inside is None
        return cls(
            title=_("What exists where"),
            caption=_("%(what)s: %(place)s and its towns", what=caption, place=_named(inside))
            if inside
            else caption,
            heads=heads,
            lines=lines,
            gaps=tuple(_sentence(gap, view.labels, place=place, places=len(matrix.places)) for gap in shown),
            words=matrix.query.q,
            selects=tuple(_selects(matrix, gazetteer, view.labels, focus)),
            filters=tuple(_filters(matrix, vocabulary, language)),
            whole=view.address(inside=None) if focus.value or place is not None or inside else "",
            closer=view.address(inside=place.key) if is_area and place is not None else "",
            csv=view.address("reports.coverage_csv", value=focus.value, place=focus.place),
            picture=None
            if place is not None
            else Picture.draw(gazetteer, matrix.columns, view.figures(focus)),
            is_of_missing=focus.value is None,
        )


@dataclass(frozen=True)
class _View:
    """The tables of a report: their heads and lines."""

    matrix: Matrix
    labels: dict[str, str]

    @property
    def kind(self) -> PlaceKind:
        return PlaceKind.TOWN if self.matrix.columns.inside is not None else self.matrix.columns.kind

    def of_all(self) -> tuple[str, tuple[Choice, ...], tuple[Line, ...]]:
        """Give a line for each place, a column for each option, and how many of these are missing."""
        heads = [
            Choice(value, label, address=self.address(value=value)) for value, label in self.labels.items()
        ]
        lines = (
            Line(
                _named(place),
                self.address(place=place.key),
                (
                    *(self._count(value, place) for value in self.matrix.values),
                    Count(self._missing(place)),
                ),
            )
            for place in self.matrix.places
        )
        caption = _("Programs that serve people in each place")
        return caption, (self._corner, *heads, Choice("", _("Missing"))), tuple(lines)

    def of_value(self, value: str) -> tuple[str, tuple[Choice, ...], tuple[Line, ...]]:
        """Give a line for each place, a column for each part."""
        lines = (
            Line(_named(place), self.address(place=place.key), self._parts(value, place))
            for place in self.matrix.places
        )
        return self.labels[value], (self._corner, *_part_heads()), tuple(lines)

    def of_place(self, place: PlaceEntry) -> tuple[str, tuple[Choice, ...], tuple[Line, ...]]:
        """Give a line for each option, a column for each part."""
        lines = (
            Line(label, self.address(value=value), self._parts(value, place))
            for value, label in self.labels.items()
        )
        corner = Choice("", translated(self.matrix.facet.label))
        return _named(place), (corner, *_part_heads()), tuple(lines)

    def figures(self, focus: Focus) -> dict[str, Figure]:
        """Give what a map shows of each place: the programs near, or how many options are missing."""
        return {
            place.key: self._near(focus.value, place) if focus.value is not None else self._gaps(place)
            for place in self.matrix.places
        }

    def _near(self, value: str, place: PlaceEntry) -> Figure:
        reached = self.matrix.cells[value, place.key]
        form = Form.FULL if reached.town else Form.OPEN if reached.region else Form.LACKING
        parts = (
            f"{head.label} {count.number}"
            for head, count in zip(_part_heads(), self._parts(value, place), strict=True)
        )
        return Figure(_named(place), reached.near, form, f"{_named(place)}. {', '.join(parts)}")

    def _gaps(self, place: PlaceEntry) -> Figure:
        missing = self._missing(place)
        words = _("%(place)s. Missing %(num)s", place=_named(place), num=missing)
        return Figure(_named(place), missing, Form.LACKING if missing else Form.FULL, words)

    def _missing(self, place: PlaceEntry) -> int:
        return sum(not self.matrix.cells[value, place.key].near for value in self.matrix.values)

    def address(self, endpoint: str = "reports.coverage", **changes: str | None) -> str:
        """Give the address of another table of this report; None leaves a part out."""
        columns = self.matrix.columns
        held: dict[str, Any] = {
            **self.matrix.query.to_args(),
            "rows": self.matrix.facet.value,
            "places": columns.kind.value,
            "inside": columns.inside,
            **changes,
        }
        del held["kind"]
        return url_for(endpoint, **{name: value for name, value in held.items() if value})

    @property
    def _corner(self) -> Choice:
        return Choice("", translated(self.kind.label))

    def _count(self, value: str, place: PlaceEntry, reach: Reach | None = None) -> Count:
        reached = self.matrix.cells[value, place.key]
        query = self.matrix.query_of(value, place, reach)
        is_far = reach is None and not reached.near
        return Count(reached.of(reach), url_for("search.results", **query.to_args()), is_far)

    def _parts(self, value: str, place: PlaceEntry) -> tuple[Count, ...]:
        return tuple(self._count(value, place, reach) for reach in (*Reach, None))


def _part_heads() -> list[Choice]:
    labels = (_("This place"), _("Its region"), _("Statewide"), _("Nationwide"), _("All"))
    return [Choice("", label) for label in labels]


def table(matrix: Matrix, vocabulary: Vocabulary, focus: Focus, language: str) -> Iterator[list[str | int]]:
    """Give the same figures as rows of a table: one for each kind of help and place."""
    yield [matrix.facet.value, "label", "place", "place_name", *(r.value for r in Reach), "total"]
    focus = focus.within(matrix)
    for value, label in _labels(matrix, vocabulary, language).items():
        for place in matrix.places:
            if focus.value in (None, value) and focus.place in (None, place.key):
                reached = matrix.cells[value, place.key]
                counts = [reached.of(reach) for reach in Reach]
                yield [value, label, place.key, _named(place), *counts, reached.total]


def _labels(matrix: Matrix, vocabulary: Vocabulary, language: str) -> dict[str, str]:
    facet = matrix.facet
    return {value: translated(vocabulary.label(facet, value, language)) for value in matrix.values}


def _sentence(gap: Gap, labels: dict[str, str], *, place: PlaceEntry | None, places: int) -> str:
    """Say in a sentence what is missing where: “Interpreting: no program serves Windham in particular…”."""
    is_everywhere = len(gap.places) == places
    where = _named(place) if place else _("any of these places") if is_everywhere else _listed(gap.places)
    return gap_sentence(labels[gap.value], where, gap.state, gap.nation)


def _named(place: PlaceEntry) -> str:
    """Give the name of a place in a table of its kind: in Spanish a county is a “Condado de …”."""
    return place_words(_public(place)) if place.kind is PlaceKind.COUNTY else place.name


def _public(place: PlaceEntry) -> PublicPlace:
    return PublicPlace(place.key, place.kind, place.name)


def _listed(places: tuple[PlaceEntry, ...]) -> str:
    return ", ".join(_named(place) for place in places)


def _choice(one: Facet | PlaceKind, chosen: Facet | PlaceKind) -> Choice:
    return Choice(one.value, translated(one.label), one is chosen)


def _selects(matrix: Matrix, gazetteer: Gazetteer, labels: dict[str, str], focus: Focus) -> Iterator[Select]:
    """Give what is counted, and where."""
    columns = matrix.columns
    rows = tuple(Choice(value, label, value == focus.value) for value, label in labels.items())
    yield Select("value", translated(matrix.facet.label), _("All"), rows)
    areas = [place for kind in AREAS for place in Columns(kind).of(gazetteer)]
    inside = tuple(Choice(area.key, place_words(_public(area)), area.key == columns.inside) for area in areas)
    yield Select("inside", _("Only the towns of"), _("Everywhere"), inside)
    yield Select("places", _("In each"), None, tuple(_choice(one, columns.kind) for one in PLACES))
    yield Select("rows", _("Count by"), None, tuple(_choice(facet, matrix.facet) for facet in ROWS))


def _filters(matrix: Matrix, vocabulary: Vocabulary, language: str) -> Iterator[Select]:
    """Give by what else the programs that are counted can be narrowed."""
    for facet in NARROWED_BY:
        if facet is not matrix.facet:
            chosen = matrix.query.chosen(facet)
            values = vocabulary.terms.get(facet, matrix.languages)
            options = (
                Choice(value, translated(vocabulary.label(facet, value, language)), value in chosen)
                for value in values
            )
            yield Select(facet.value, translated(facet.label), _("All"), tuple(options))
