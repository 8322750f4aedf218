"""The figures of a report as a picture: a region by its shape and label, a town by a mark at its point.

What a figure means is told by a number and a form, never by colour alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from services_dir.catalog.gazetteer import Gazetteer
from services_dir.catalog.kinds import PlaceKind
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
from services_dir.search.matrix import Columns
from services_dir.search.outlines import WIDTH, Outlines, Spot, path

# In units of the picture: marks hold a number; names are kept apart at the size of a small screen.
_MARK, _LARGE_MARK = 10.0, 15.0
_NAME_LETTER = 17.0


class Form(StrEnum):
    """How the mark of a figure looks: full, open, or a square where something is missing."""

    FULL = "full"
    OPEN = "open"
    LACKING = "lacking"


@dataclass(frozen=True)
class Figure:
    """What is drawn for a place: its name, its number, its form, and all of it in words."""

    name: str
    number: int
    form: Form
    words: str


@dataclass(frozen=True)
class Shape:
    """A region as drawn: its path, how dark it is from 0 to 4, and its label, if it has a figure."""

    path: str
    shade: int
    form: Form
    words: str = ""
    x: int = 0
    y: int = 0
    lines: tuple[tuple[float, str], ...] = ()


@dataclass(frozen=True)
class Mark:
    """A town as drawn: its form with a number in it, and its name where there is room."""

    x: int
    y: int
    size: float
    figure: Figure
    name: str = ""
    name_y: int = 0


@dataclass(frozen=True)
class Picture:
    """A map as the template draws it, in units of a picture `width` wide."""

    height: float
    shapes: tuple[Shape, ...]
    borders: str
    marks: tuple[Mark, ...]
    width: float = WIDTH

    @classmethod
    def draw(cls, gazetteer: Gazetteer, columns: Columns, figures: Mapping[str, Figure]) -> Picture | None:
        """Draw figures by the keys of their places; None where this directory's places have no points."""
        is_of_regions = columns.inside is None and columns.kind is not PlaceKind.TOWN
        kind = gazetteer.places[columns.inside].kind if columns.inside is not None else columns.kind
        outlines = Outlines.of(gazetteer, None if kind is PlaceKind.TOWN else kind, inside=columns.inside)
        if outlines is None:
            return None
        marks = () if is_of_regions else tuple(_marks(outlines, figures, is_large=columns.inside is not None))
        labelled = figures if is_of_regions else {}
        return cls(
            height=outlines.height,
            shapes=tuple(_shapes(outlines, labelled)),
            borders=path(outlines.borders, is_closed=False),
            marks=marks,
        )


def _shapes(outlines: Outlines, figures: Mapping[str, Figure]) -> Iterator[Shape]:
    most = max((figure.number for figure in figures.values()), default=0)
    taken: list[Box] = []
    for region in outlines.regions:
        drawn = path(region.cells, is_closed=True)
        figure = figures.get(region.key)
        if figure is None:
            yield Shape(drawn, 0, Form.OPEN)
            continue
        lines = [*wrapped(figure.name), str(figure.number)]
        box = label_box(lines, region.middle, taken, (), outlines.height)
        taken.append(box)
        x, y = middle_of(box)
        depth = shade(figure.number, most)
        yield Shape(drawn, depth, figure.form, figure.words, x, y, label_lines(lines))


def _marks(outlines: Outlines, figures: Mapping[str, Figure], *, is_large: bool) -> Iterator[Mark]:
    size = _LARGE_MARK if is_large else _MARK
    towns = [(key, spot) for key, spot in outlines.towns.items() if key in figures]
    taken = [_square(spot, size) for _key, spot in towns]
    for key, spot in towns:
        x, y = round(spot[0]), round(spot[1])
        mark = Mark(x, y, size, figures[key])
        name = figures[key].name
        room = _room(spot, size, name, taken, outlines.height) if is_large else None
        if room is not None:
            taken.append(room)
            mark = Mark(x, y, size, figures[key], name, round(room[1] + _NAME_LETTER * 0.8))
        yield mark


def _square(spot: Spot, size: float) -> Box:
    return spot[0] - size, spot[1] - size, spot[0] + size, spot[1] + size


def _room(spot: Spot, size: float, name: str, taken: Iterable[Box], height: float) -> Box | None:
    """Find room for a name below or above a mark."""
    half = len(name) * _NAME_LETTER * LETTER_WIDE / 2
    taken = list(taken)
    for top in (spot[1] + size + 1, spot[1] - size - 1 - _NAME_LETTER):
        box = (spot[0] - half, top, spot[0] + half, top + _NAME_LETTER)
        if is_inside(box, height) and not any(overlap(box, other) for other in taken):
            return box
    return None
