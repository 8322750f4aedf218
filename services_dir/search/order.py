"""The first of many in an order by several keys, without sorting all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap, FrozenBitMap

from services_dir.search.bitmaps import numbers_of

Group: TypeAlias = BitMap | FrozenBitMap
# Gives a value for each of some numbers; the lowest comes first.
Key: TypeAlias = Callable[[NDArray[np.int64]], NDArray[Any]]

# So many blocks of values for each that is wanted, and so many values at least in a block.
_BLOCKS, _SHORTEST = 16, 8


def first_by(found: BitMap, groups: Iterable[Group], keys: Sequence[Key], count: int) -> NDArray[np.int64]:
    """Give the first `count` of some numbers in their order.

    Outermost are the groups: members of the first before all others, within both those of the second, and
    so on. Within groups the keys decide, which are asked only for numbers that are not decided yet.
    """
    if not found:
        return numbers_of(found)
    cells = [found]
    for group in groups:
        cells = list(_filling(_split(cells, group), count))
    *whole, last = [numbers_of(cell) for cell in cells]
    missing = count - sum(len(numbers) for numbers in whole)
    parts = [*whole, _lowest(last, keys, missing)]
    chosen = np.concatenate(parts)
    ranks = np.repeat(np.arange(len(parts)), [len(numbers) for numbers in parts])
    return chosen[np.lexsort([*(key(chosen) for key in reversed(keys)), ranks])]


def _split(cells: Iterable[BitMap], group: Group) -> Iterator[BitMap]:
    for cell in cells:
        members = cell & group
        yield members
        yield cell - members


def _filling(cells: Iterable[BitMap], count: int) -> Iterator[BitMap]:
    """Give cells that are not empty until they hold as many numbers as are wanted."""
    held = 0
    for cell in cells:
        if cell:
            yield cell
            held += len(cell)
            if held >= count:
                return


def _lowest(numbers: NDArray[np.int64], keys: Iterable[Key], count: int) -> NDArray[np.int64]:
    """Give the first `count` by the keys, in no order.

    Each key sorts out who is surely among them and who is not; only those who share its last place are
    looked at by the next.
    """
    sure: list[NDArray[np.int64]] = []
    for key in keys:
        if len(numbers) <= count or not count:
            break
        values = key(numbers)
        is_low = values <= _bound(values, count)
        numbers, values = numbers[is_low], values[is_low]
        last = np.partition(values, count - 1)[count - 1]
        sure.append(numbers[values < last])
        numbers = numbers[values == last]
        count -= len(sure[-1])
    return np.concatenate([*sure, numbers[:count]])


def _bound(values: NDArray[Any], count: int) -> Any:
    """Give a value that at least `count` are not above, and not many more: much sooner than the exact one.

    Of the lowest values of so many blocks, `count` are not above it.
    """
    blocks = max(_BLOCKS * count, 256)
    size = len(values) // blocks
    if size < _SHORTEST:
        return values.max()
    lowest = values[: size * blocks].reshape(size, blocks).min(axis=0)
    return np.partition(lowest, count - 1)[count - 1]
