"""Over random catalogs and choices: each figure of coverage is what a search finds, counted by hand."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from services_dir.catalog.kinds import PlaceKind, ProgramKind
from services_dir.reports import rules
from services_dir.search import engine, matrix
from services_dir.search.matrix import Columns
from services_dir.search.query import Facet, Reach
from tests.search.test_properties import AT, programs, searches
from tests.support.programs import make_snapshot
from tests.support.slow_search import SlowSearch

columns = st.one_of(
    st.builds(Columns, st.sampled_from([PlaceKind.COUNTY, PlaceKind.TOWN])),
    st.builds(Columns, st.just(PlaceKind.TOWN), st.just("county/east")),
)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(
    st.lists(programs, max_size=12),
    searches,
    st.sampled_from([Facet.CATEGORY, Facet.POPULATION, Facet.LANGUAGE]),
    columns,
)
def test_each_figure_is_the_number_of_programs_that_its_search_finds(listed, asked, facet, where):
    with tempfile.TemporaryDirectory() as folder:
        snapshot = make_snapshot(Path(folder), *listed)
        slow = SlowSearch(listed)
        counted = matrix.count(snapshot, asked, facet, where, BitMap(), at=AT)

        for (value, key), reached in counted.cells.items():
            place = snapshot.gazetteer.places[key]
            query = counted.query_of(value, place)
            assert query.kind is ProgramKind.PROGRAM
            assert engine.count(snapshot, query, BitMap(), at=AT) == reached.total
            assert len(slow.find(query, AT)) == reached.total
            for reach in Reach:
                part = counted.query_of(value, place, reach)
                assert engine.count(snapshot, part, BitMap(), at=AT) == reached.of(reach)
        lacking = {(gap.value, place.key) for gap in rules.gaps(counted) for place in gap.places}
        assert lacking == {cell for cell, reached in counted.cells.items() if not reached.near}
