"""The first of many are those that sorting everything would put first."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from services_dir.search.order import first_by

values = st.integers(-2, 2) | st.sampled_from((0.5, float("inf")))


@given(st.lists(st.tuples(values, values), max_size=60), st.integers(0, 70))
def test_the_first_are_those_of_the_whole_order(rows, count):
    keys = [np.array([row[at] for row in rows], dtype=np.float64) for at in (0, 1)]
    keys.append(np.arange(len(rows), dtype=np.float64)[::-1])

    assert first_by(keys, count).tolist() == np.lexsort(keys[::-1])[:count].tolist()
