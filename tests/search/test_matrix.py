"""What serves each place: every number is the number of programs that a search for it finds."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from services_dir.catalog.kinds import PlaceKind, ProgramKind
from services_dir.search import engine, matrix
from services_dir.search.matrix import Columns
from services_dir.search.query import Facet, Reach, SearchQuery
from tests.search.test_properties import AT, programs, searches
from tests.support.programs import PLACES, make_public, make_snapshot

NOBODY = BitMap()
kinds = st.sampled_from((PlaceKind.TOWN, PlaceKind.COUNTY, PlaceKind.NAMED_AREA, PlaceKind.STATE))


def cells_of(catalog, folder):
    snapshot = make_snapshot(Path(folder), *catalog)
    return matrix.count(snapshot, SearchQuery(), Facet.CATEGORY, Columns(PlaceKind.COUNTY), NOBODY, at=AT)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(programs, max_size=12), searches, st.sampled_from(Facet), kinds)
def test_each_cell_and_each_part_is_what_a_search_finds(catalog, query, facet, kind):
    query = replace(query, open_now=False)
    with tempfile.TemporaryDirectory() as folder:
        snapshot = make_snapshot(Path(folder), *catalog)
        counted = matrix.count(snapshot, query, facet, Columns(kind), NOBODY, at=AT)
        for (value, key), reached in counted.cells.items():
            for reach in (None, *Reach):
                asked = counted.query_of(value, PLACES.places[key], reach)
                assert engine.count(snapshot, asked, NOBODY, at=AT) == reached.of(reach)


def test_a_program_counts_once_and_by_what_is_nearest(tmp_path):
    both = make_public(areas=("town/mill", "county/east", "state/north"), categories=("housing",))
    around = make_public(areas=("county/east",), categories=("emergency-shelter",))
    far = make_public(areas=("nation/land",), categories=("housing",))

    counted = cells_of([both, around, far], tmp_path)

    east, west = counted.cells["housing", "county/east"], counted.cells["housing", "county/west"]
    assert (east.town, east.region, east.state, east.nation) == (2, 0, 0, 1)
    assert (west.town, west.region, west.state, west.nation) == (0, 0, 1, 1)
    assert (east.total, east.near, west.total, west.near) == (3, 2, 2, 0)


def test_rights_are_not_programs(tmp_path):
    right = make_public(areas=("town/mill",), categories=("housing",), kind=ProgramKind.LEGAL_RIGHT)

    assert cells_of([right], tmp_path).cells["housing", "county/east"].total == 0


def test_rows_are_the_main_kinds_of_help(tmp_path):
    counted = cells_of([make_public(categories=("emergency-shelter",))], tmp_path)

    assert counted.values == ("housing", "legal-assistance", "crisis-hotline")
    assert [place.name for place in counted.places] == ["East", "West County"]


def test_a_place_is_spelled_so_that_a_search_means_it():
    for place in PLACES.places.values():
        assert PLACES.find(PLACES.typed(place)) == place
