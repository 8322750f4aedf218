"""The first of many in an order by several keys, without sorting all of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def first_by(keys: Sequence[NDArray[np.float64]], count: int) -> NDArray[np.int64]:
    """Give the positions of the first `count`, in the order of the keys, the outermost first.

    Each key sorts out who is surely among the first and who is not; only those who share its last place
    are looked at by the next.
    """
    sure: list[NDArray[np.int64]] = []
    undecided = np.arange(len(keys[0]))
    missing = min(count, len(undecided))
    for key in keys:
        if not missing or len(undecided) <= missing:
            break
        values = key[undecided]
        last = np.partition(values, missing - 1)[missing - 1]
        sure.append(undecided[values < last])
        undecided = undecided[values == last]
        missing -= len(sure[-1])
    chosen = np.concatenate([*sure, undecided[:missing]])
    return chosen[np.lexsort([key[chosen] for key in reversed(keys)])]
