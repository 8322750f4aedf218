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

# Of so many for each that is wanted, most are sorted out by the lowest of so many blocks.
_MANY, _BLOCKS = 128, 16


def first_by(found: BitMap, groups: Iterable[Group], keys: Sequence[Key], count: int) -> NDArray[np.int64]:
    """Give the first `count` of some numbers in their order.

    Outermost are the groups: members of the first before all others, within both those of the second, and
    so on. Within groups the keys decide, which are asked only for numbers that are not decided yet.
    """
    if not found or not count:
        return np.empty(0, dtype=np.int64)
    cells = [found]
    for group in groups:
        cells = list(_filling(_split(cells, group), count))
    *whole, last = [numbers_of(cell) for cell in cells]
    key, *others = keys
    parts = [(numbers, key(numbers)) for numbers in whole]
    parts.append(_lowest(last, key, others, count - sum(map(len, whole))))
    return np.concatenate([_in_order(*part, others) for part in parts])


def _in_order(numbers: NDArray[np.int64], values: NDArray[Any], keys: Iterable[Key]) -> NDArray[np.int64]:
    """Put numbers in order by the values of their first key, then by other keys."""
    return numbers[np.lexsort([*(key(numbers) for key in reversed([*keys])), values])]


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


def _lowest(
    numbers: NDArray[np.int64], key: Key, others: Sequence[Key], count: int
) -> tuple[NDArray[np.int64], NDArray[Any]]:
    """Give the first `count` by the keys, in no order, and their values by the first key.

    It sorts out who is surely among them and who is not; only those who share its last place are looked
    at by the next.
    """
    values = key(numbers)
    if len(numbers) <= count:
        return numbers, values
    if len(numbers) > _MANY * count:
        is_low = values <= _bound(values, _BLOCKS * count, count)
        numbers, values = numbers[is_low], values[is_low]
    last = np.partition(values, count - 1)[count - 1]
    is_low = values <= last
    numbers, values = numbers[is_low], values[is_low]
    if len(numbers) == count or not others:
        return numbers[:count], values[:count]
    is_sure = values < last
    sure = numbers[is_sure]
    tied, _values = _lowest(numbers[~is_sure], others[0], others[1:], count - len(sure))
    return np.concatenate((sure, tied)), np.concatenate((values[is_sure], np.full(len(tied), last)))


def _bound(values: NDArray[Any], blocks: int, count: int) -> Any:
    """Give a value that at least `count` are not above, and not many more: much sooner than the exact one.

    Of the lowest values of so many blocks, `count` are not above it.
    """
    size = len(values) // blocks
    lowest = values[: size * blocks].reshape(size, blocks).min(axis=0)
    return np.partition(lowest, count - 1)[count - 1]
