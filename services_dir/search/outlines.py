"""Shapes of regions for a picture, drawn from nothing but the points of their towns.

Around each town lie the places nearer to it than to any other town (its Voronoi cell), and no farther than
1.5 times the usual way from a town to the next; a region is the cells of its towns. That is no official
border: no other map is loaded, and none is traced. Coordinates are those of the picture: x from left to
right, y from top to bottom, in units of a picture `WIDTH` wide.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import cos, hypot, pi, radians, sin
from statistics import median

from services_dir.catalog.gazetteer import Gazetteer, Point
from services_dir.catalog.kinds import PlaceKind

Spot = tuple[float, float]
# A corner, and which town lies on the other side of the edge that begins there; none at the outer border.
Corner = tuple[float, float, str | None]

WIDTH = 600.0
MARGIN = 16.0
_REACH = 1.5
_CORNERS = 24


@dataclass(frozen=True)
class Region:
    """A region as drawn: its key, the cells of its towns, and where its name stands."""

    key: str
    cells: tuple[tuple[Spot, ...], ...]
    middle: Spot


@dataclass(frozen=True)
class Outlines:
    """The places of one gazetteer as drawn: towns, regions, and the borders between regions."""

    height: float
    towns: Mapping[str, Spot]
    regions: tuple[Region, ...]
    borders: tuple[tuple[Spot, Spot], ...]

    @classmethod
    def of(
        cls, gazetteer: Gazetteer, kind: PlaceKind | None = None, *, inside: str | None = None
    ) -> Outlines | None:
        """Draw the places of a gazetteer; None where fewer than two towns of a region have a point.

        Regions are places of a kind: planning regions, or counties where there are none, unless one is
        named. With `inside`, only the towns of that place are drawn, as large as there is room for.
        """
        region_of = {
            town: region
            for town, region in _regions(gazetteer, kind)
            if inside is None or inside in gazetteer.ancestors(town)
        }
        points = {key: point for key in region_of if (point := gazetteer.places[key].point) is not None}
        if len(points) < 2:
            return None
        towns, height = _projected(points)
        cells = {key: cell for key, cell in _cells(towns).items() if cell}
        keys = sorted({region_of[key] for key in cells})
        return cls(
            height=height,
            towns=towns,
            regions=tuple(_region(key, cells, region_of) for key in keys),
            borders=tuple(_borders(cells, region_of)),
        )


def _regions(gazetteer: Gazetteer, kind: PlaceKind | None) -> Iterator[tuple[str, str]]:
    """Give the region of each town: of a kind, or else its planning region, or its county."""
    kinds = {place.kind for place in gazetteer.places.values()}
    usual = PlaceKind.PLANNING_REGION if PlaceKind.PLANNING_REGION in kinds else PlaceKind.COUNTY
    wanted = kind or usual
    for place in gazetteer.places.values():
        if place.kind is PlaceKind.TOWN:
            above = sorted(
                key for key in gazetteer.ancestors(place.key) if gazetteer.places[key].kind is wanted
            )
            if above:
                yield place.key, above[0]


def _projected(points: Mapping[str, Point]) -> tuple[dict[str, Spot], float]:
    """Lay points on a plane: a degree of longitude is narrower than one of latitude by the cosine."""
    narrow = cos(radians(median(latitude for latitude, _longitude in points.values())))
    plane = {key: (longitude * narrow, -latitude) for key, (latitude, longitude) in points.items()}
    left, top = (min(spot[axis] for spot in plane.values()) for axis in (0, 1))
    width, height = (max(spot[axis] for spot in plane.values()) - low for axis, low in ((0, left), (1, top)))
    reach = _reach(plane)
    scale = (WIDTH - 2 * MARGIN) / ((width + 2 * reach) or 1.0)
    spots = {
        key: (MARGIN + (x - left + reach) * scale, MARGIN + (y - top + reach) * scale)
        for key, (x, y) in plane.items()
    }
    return spots, round((height + 2 * reach) * scale + 2 * MARGIN)


def _reach(spots: Mapping[str, Spot]) -> float:
    """Give how far a cell goes: some of the usual way from a town to the next one."""
    places = list(spots.values())
    ways = (
        min((way for other in places if (way := hypot(x - other[0], y - other[1])) > 0), default=0.0)
        for x, y in places
    )
    return _REACH * median(ways)


def _cells(towns: Mapping[str, Spot]) -> dict[str, list[Corner]]:
    reach = _reach(towns)
    ring = [(reach * cos(2 * pi * n / _CORNERS), reach * sin(2 * pi * n / _CORNERS)) for n in range(_CORNERS)]
    cells = {}
    for key, (x, y) in towns.items():
        cell: list[Corner] = [(x + dx, y + dy, None) for dx, dy in ring]
        for other, spot in towns.items():
            if other != key and 0 < hypot(spot[0] - x, spot[1] - y) < 2 * reach:
                cell = _cut(cell, (x, y), spot, other)
        cells[key] = cell
    return cells


def _cut(cell: list[Corner], own: Spot, other: Spot, name: str) -> list[Corner]:
    """Take away what is nearer to another town (Sutherland and Hodgman's clipping, by one line)."""
    dx, dy = other[0] - own[0], other[1] - own[1]
    edge = ((other[0] ** 2 - own[0] ** 2) + (other[1] ** 2 - own[1] ** 2)) / 2
    over = [x * dx + y * dy - edge for x, y, _beside in cell]
    left: list[Corner] = []
    for at, (x, y, beside) in enumerate(cell):
        after = (at + 1) % len(cell)
        if over[at] <= 0:
            left.append((x, y, beside))
        if (over[at] <= 0) != (over[after] <= 0):
            share = over[at] / (over[at] - over[after])
            across = (x + share * (cell[after][0] - x), y + share * (cell[after][1] - y))
            left.append((*across, name if over[at] <= 0 else beside))
    return left


def _region(key: str, cells: Mapping[str, list[Corner]], region_of: Mapping[str, str]) -> Region:
    held = [cell for town, cell in cells.items() if region_of[town] == key]
    corners = [corner for cell in held for corner in cell]
    middle = (sum(x for x, _y, _b in corners) / len(corners), sum(y for _x, y, _b in corners) / len(corners))
    return Region(key, tuple(tuple((x, y) for x, y, _beside in cell) for cell in held), middle)


def _borders(cells: Mapping[str, list[Corner]], region_of: Mapping[str, str]) -> Iterator[tuple[Spot, Spot]]:
    """Give each edge on whose other side lies another region or none, once."""
    for town, cell in cells.items():
        for at, (x, y, beside) in enumerate(cell):
            if beside is None or (region_of[beside] != region_of[town] and town < beside):
                end = cell[(at + 1) % len(cell)]
                yield (x, y), (end[0], end[1])


def path(parts: Iterable[Iterable[Spot]], *, is_closed: bool) -> str:
    """Give shapes or lines as the `d` of an SVG path, to half a unit."""
    ending = "z" if is_closed else ""
    return "".join("M" + "L".join(f"{_short(x)} {_short(y)}" for x, y in part) + ending for part in parts)


def _short(number: float) -> str:
    return f"{round(number * 2) / 2:g}"
