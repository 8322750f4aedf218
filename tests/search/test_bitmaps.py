"""Sets made from arrays hold just what the arrays say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from services_dir.search.bitmaps import bitmap_of, bitmap_where


@pytest.mark.parametrize("size", [0, 1, 7, 4096, 65535, 65536, 65537, 200_000])
@pytest.mark.parametrize("share", [0.0, 0.001, 0.0624, 0.07, 0.5, 1.0])
def test_a_set_holds_the_numbers_at_which_an_array_is_true(size, share):
    held = np.random.default_rng(size).random(size) < share

    assert bitmap_where(held) == BitMap(np.flatnonzero(held).tolist())


@given(st.sets(st.integers(0, 300_000), max_size=50))
def test_both_ways_give_the_same_set(numbers):
    held = np.zeros(300_001, dtype=bool)
    held[list(numbers)] = True

    assert bitmap_where(held) == bitmap_of(np.flatnonzero(held)) == BitMap(numbers)
