"""The first of many are those that sorting everything would put first."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from services_dir.search.bitmaps import bitmap_of
from services_dir.search.order import first_by

values = st.integers(-2, 2) | st.sampled_from((0.5, float("inf")))
sets = st.lists(st.sets(st.integers(0, 60)), max_size=3)


@given(
    st.lists(st.tuples(values, values), max_size=60), sets, st.sets(st.integers(0, 60)), st.integers(0, 70)
)
def test_the_first_are_those_of_the_whole_order(rows, groups, left_out, count):
    numbers = np.array([n for n in range(len(rows)) if n not in left_out], dtype=np.int64)
    held = [np.array([row[at] for row in rows], dtype=np.float64) for at in (0, 1)]
    held.append(np.arange(len(rows), dtype=np.float64)[::-1])
    outside = [np.array([number not in group for number in numbers], dtype=bool) for group in groups]
    whole = np.lexsort([*(key[numbers] for key in reversed(held)), *reversed(outside)])

    found = first_by(BitMap(numbers.tolist()), [BitMap(g) for g in groups], [k.take for k in held], count)

    assert found.tolist() == numbers[whole][:count].tolist()


@pytest.mark.parametrize("count", [1, 20, 300])
@pytest.mark.parametrize("different", [2, 50, 1_000_000])
def test_the_first_of_very_many_are_those_of_the_whole_order(different, count):
    random = np.random.default_rng(different)
    held = [random.integers(0, different, 50_000), random.permutation(50_000)]
    numbers = np.flatnonzero(random.random(50_000) < 0.7)

    found = first_by(bitmap_of(numbers), [], [key.take for key in held], count)

    whole = np.lexsort([key[numbers] for key in reversed(held)])
    assert found.tolist() == numbers[whole][:count].tolist()
