"""What the figures of a report say: where a kind of help is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from services_dir.catalog.gazetteer import PlaceEntry
from services_dir.search.matrix import Matrix, Reached


@dataclass(frozen=True)
class Gap:
    """Places that no program of a row serves in particular, and how many reach them from farther."""

    value: str
    places: tuple[PlaceEntry, ...]
    state: int
    nation: int

    @property
    def is_whole(self) -> bool:
        """Tell whether nothing reaches these places at all."""
        return not self.state and not self.nation


def gaps(matrix: Matrix) -> tuple[Gap, ...]:
    """Give what is missing where, row by row; places of a row with the same figures are named together."""
    return tuple(gap for value in matrix.values for gap in _gaps_of(matrix, value))


def _gaps_of(matrix: Matrix, value: str) -> Iterator[Gap]:
    places = {place.key: place for place in matrix.places}
    for keys, state, nation in lacking(places, lambda key: matrix.cells[value, key]):
        yield Gap(value, tuple(places[key] for key in keys), state, nation)


def lacking(
    keys: Iterable[str], reached: Callable[[str], Reached]
) -> Iterator[tuple[tuple[str, ...], int, int]]:
    """Give the places that nothing serves in particular, those with the same figures together.

    With them come the numbers of programs that serve the whole state and the nation.
    """

    def far(key: str) -> tuple[int, int]:
        return reached(key).state, reached(key).nation

    for (state, nation), places in groupby(
        sorted((key for key in keys if not reached(key).near), key=far), key=far
    ):
        yield tuple(places), state, nation
