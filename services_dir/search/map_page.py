"""What the template of the map is given: shapes, marks, names that do not cover each other, and the list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from math import sqrt

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from services_dir.search.coverage import Counted, Coverage
from services_dir.search.labels import (
    LETTER_WIDE,
    Box,
    is_inside,
    label_box,
    label_lines,
    middle_of,
    overlap,
    shade,
    wrapped,
)
from services_dir.search.outlines import WIDTH, Outlines, Spot, path
from services_dir.search.pages import address, sentences
from services_dir.search.query import Notice, SearchQuery

_TOWN_LETTER = 12.0  # in units of the picture; on a small screen names of towns are left out
_SMALLEST_MARK, _LARGEST_MARK = 3.5, 12.0


@dataclass(frozen=True)
class Shape:
    """A region as drawn: its path, how dark it is from 0 to 4, and where its label stands.

    Each line of the label comes with how far below the last it is, the first below the middle, in letters.
    """

    path: str
    shade: int
    x: float
    y: float
    lines: tuple[tuple[float, str], ...]


@dataclass(frozen=True)
class Mark:
    """A town as drawn: a circle for the programs there, and its name where there is room."""

    x: float
    y: float
    size: float
    words: str
    name: str
    name_x: float
    name_y: float
    anchor: str


@dataclass(frozen=True)
class Line:
    """A line of the list: a place, how many programs, and the search that shows what serves it."""

    name: str
    programs: int
    address: str


@dataclass(frozen=True)
class MapPage:
    """A search on a map. Without `picture` the places could not be drawn, and a sentence says so."""

    title: str
    query: SearchQuery
    heading: str
    results: str
    notices: tuple[str, ...] = ()
    height: float = 0.0
    shapes: tuple[Shape, ...] = ()
    borders: str = ""
    marks: tuple[Mark, ...] = ()
    towns: tuple[Line, ...] = ()
    regions: tuple[Line, ...] = ()
    sentences: tuple[str, ...] = ()
    sheet: tuple[str, ...] = ()

    @property
    def width(self) -> float:
        """Give the width of the picture in its own units."""
        return WIDTH

    @classmethod
    def build(
        cls,
        query: SearchQuery,
        notices: Iterable[Notice],
        coverage: Coverage | None,
        sheet: tuple[str, ...] = (),
    ) -> MapPage:
        """Build the page of what a search covers."""
        query = query.on_page(1)
        empty = cls(_("Map"), query, _("Map"), address(query), sentences(notices), sheet=sheet)
        if coverage is None:
            return empty
        outlines = coverage.outlines
        circles = _circles(outlines, coverage.towns)
        squares = [_square(spot, size) for _one, spot, size in circles]
        shapes, labels = _shapes(outlines, coverage.regions, squares)
        return replace(
            empty,
            heading=ngettext("%(num)s result on a map", "%(num)s results on a map", coverage.total),
            notices=sentences((*notices, *coverage.notices)),
            height=outlines.height,
            shapes=shapes,
            borders=path(outlines.borders, is_closed=False),
            marks=tuple(_marks(circles, labels + squares, outlines.height)),
            towns=_lines(query, coverage.towns),
            regions=_lines(query, sorted(coverage.regions, key=lambda one: one.place.name)),
            sentences=tuple(_sentences(coverage)),
        )

    @property
    def here(self) -> str:
        """Give the address of this map."""
        return map_address(self.query)


def map_address(query: SearchQuery) -> str:
    """Give where a search is shown on a map, in the language of this page."""
    return url_for("search.show_map", **query.on_page(1).to_args())


def _lines(query: SearchQuery, counted: Iterable[Counted]) -> tuple[Line, ...]:
    return tuple(
        Line(one.place.name, one.programs, address(replace(query, place=one.typed))) for one in counted
    )


def _sentences(coverage: Coverage) -> Iterator[str]:
    """Say what the picture cannot show."""
    if coverage.everywhere:
        yield ngettext(
            "%(num)s program serves the whole state or the whole country.",
            "%(num)s programs serve the whole state or the whole country.",
            coverage.everywhere,
        )
    if coverage.elsewhere:
        yield ngettext(
            "%(num)s program has a place outside the towns of this map.",
            "%(num)s programs have a place outside the towns of this map.",
            coverage.elsewhere,
        )


def _shapes(
    outlines: Outlines, counted: Iterable[Counted], marks: list[Box]
) -> tuple[tuple[Shape, ...], list[Box]]:
    """Give the regions as drawn, and what their labels cover; a label gives way to others and to marks."""
    of = {one.place.key: one for one in counted}
    most = max((one.programs for one in of.values()), default=0)
    shapes: list[Shape] = []
    taken: list[Box] = []
    for region in outlines.regions:
        one = of[region.key]
        lines = [*wrapped(one.short), str(one.programs)]
        box = label_box(lines, region.middle, taken, marks, outlines.height)
        taken.append(box)
        x, y = middle_of(box)
        shapes.append(
            Shape(path(region.cells, is_closed=True), shade(one.programs, most), x, y, label_lines(lines))
        )
    return tuple(shapes), taken


def _circles(outlines: Outlines, counted: Iterable[Counted]) -> list[tuple[Counted, Spot, float]]:
    """Give the towns of the picture with their points and the sizes of their marks, the largest first."""
    towns = [(one, outlines.towns[one.place.key]) for one in counted if one.place.key in outlines.towns]
    most = max((one.programs for one, _spot in towns), default=1)
    return [
        (one, spot, max(_SMALLEST_MARK, _LARGEST_MARK * sqrt(one.programs / most))) for one, spot in towns
    ]


def _square(spot: Spot, size: float) -> Box:
    return spot[0] - size, spot[1] - size, spot[0] + size, spot[1] + size


def _marks(circles: list[tuple[Counted, Spot, float]], taken: list[Box], height: float) -> Iterator[Mark]:
    """Give the towns as drawn; a name only where it covers nothing."""
    for one, spot, size in circles:
        name = one.place.name
        words = ngettext(
            "%(place)s: %(num)s program", "%(place)s: %(num)s programs", one.programs, place=name
        )
        room = _room(spot, size, name, taken, height)
        if room is not None:
            taken.append(room[1])
        x, y, anchor = room[0] if room is not None else (0.0, 0.0, "")
        shown = name if room is not None else ""
        yield Mark(round(spot[0]), round(spot[1]), round(size, 1), words, shown, x, y, anchor)


def _room(
    spot: Spot, size: float, name: str, taken: list[Box], height: float
) -> tuple[tuple[float, float, str], Box] | None:
    """Find room for a name beside a mark: right, left, below or above it."""
    wide, tall = len(name) * _TOWN_LETTER * LETTER_WIDE, _TOWN_LETTER
    x, y = spot
    for left, top, anchor in (
        (x + size + 2, y - tall / 2, "start"),
        (x - size - 2 - wide, y - tall / 2, "end"),
        (x - wide / 2, y + size + 1, "middle"),
        (x - wide / 2, y - size - 1 - tall, "middle"),
    ):
        box = (left, top, left + wide, top + tall)
        if is_inside(box, height) and not any(overlap(box, other) for other in taken):
            at = {"start": box[0], "end": box[2], "middle": x}[anchor]
            return (round(at), round(top + tall * 0.8), anchor), box
    return None
