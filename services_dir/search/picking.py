"""The programs of a search: as sets, and the first of them in their order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from itertools import accumulate
from operator import or_

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap, FrozenBitMap

from services_dir.search import facets, geometry
from services_dir.search.bitmaps import bitmap_of, numbers_of
from services_dir.search.columns import Snapshot
from services_dir.search.lookup import AddedScores, Found, look_up
from services_dir.search.matching import Floats
from services_dir.search.options import NOBODY
from services_dir.search.order import Group, Key, first_by
from services_dir.search.plan import Plan
from services_dir.search.query import Facet, Reach, Sort

_STEP = 1e-9  # scores that differ by less are the same


@dataclass(frozen=True)
class Picked:
    """The programs of a search: `base` before the choices in its facets, `found` after them.

    `reached` has for each reach the programs that come so near or nearer. `far` has the distance of each
    program, infinite where it has no place, if the search narrows or sorts by it.
    """

    base: BitMap
    chosen: Mapping[Facet, BitMap | FrozenBitMap]
    found: BitMap
    by_words: Found
    exact: BitMap
    reached: tuple[BitMap, ...]
    unknown_hours: BitMap
    far: Floats | None


def pick(snapshot: Snapshot, plan: Plan, masked: BitMap) -> Picked:
    """Find the programs of a search, without those that are masked."""
    by_words = look_up(snapshot, plan.words, masked)
    base = by_words.programs
    reached = _reached(snapshot, plan)
    if reached:
        base = base & _serving(plan, reached)
    if plan.kind is not None:
        base = base & snapshot.kinds.get(plan.kind, NOBODY)
    unknown_hours = BitMap()
    if plan.open_now:
        is_open, unknown_hours = open_at(snapshot, plan.at)
        base = base & (is_open | unknown_hours)
    far = _distances(snapshot, plan)
    if plan.within is not None and far is not None:
        base = base - _too_far(snapshot, far, plan.within)
    chosen = facets.chosen_sets(snapshot, plan.chosen)
    return Picked(
        base=base,
        chosen=chosen,
        found=facets.narrowed(base, chosen),
        by_words=by_words,
        exact=snapshot.exact(plan.exact) if plan.exact else BitMap(),
        reached=reached,
        unknown_hours=unknown_hours,
        far=far,
    )


def first(snapshot: Snapshot, plan: Plan, picked: Picked, count: int) -> NDArray[np.int64]:
    """Give the first of what was found in the order of the search."""
    groups = (*_outer_groups(snapshot, plan, picked), *_inner_groups(snapshot, plan, picked))
    return first_by(picked.found, groups, _keys(snapshot, plan, picked), count)


def _reached(snapshot: Snapshot, plan: Plan) -> tuple[BitMap, ...]:
    """Give for each reach the programs that serve the place asked for from there or from nearer."""
    serving = [snapshot.serving(keys) for keys in plan.tiers or ()]
    return tuple(accumulate(serving, or_))


def _serving(plan: Plan, reached: tuple[BitMap, ...]) -> BitMap:
    """Give the programs that serve the place asked for; with a reach, those that come no nearer than it."""
    if plan.reach is None:
        return reached[-1]
    at = list(Reach).index(plan.reach)
    return reached[at] - reached[at - 1] if at else reached[at]


def open_at(snapshot: Snapshot, at: datetime) -> tuple[BitMap, BitMap]:
    """Give the programs known to be open at a moment, and those of which it is not known."""
    is_open, unknown = BitMap(), BitMap()
    for timetable, numbers in snapshot.timetables.items():
        state = timetable.openness(at)
        if state is None:
            unknown |= numbers
        elif state:
            is_open |= numbers
    return is_open, unknown


def _distances(snapshot: Snapshot, plan: Plan) -> Floats | None:
    if plan.point is None or (plan.within is None and plan.sort is not Sort.DISTANCE):
        return None
    return geometry.nearest(snapshot, geometry.miles_to_sites(snapshot, plan.point))


def _too_far(snapshot: Snapshot, far: Floats, within: int) -> BitMap:
    numbers = numbers_of(snapshot.sited)
    return bitmap_of(numbers[far[numbers] > within])


def _outer_groups(snapshot: Snapshot, plan: Plan, picked: Picked) -> Iterator[Group]:
    """Give the outermost: exact name or number; open before unknown; site in reach before by phone."""
    if picked.exact:
        yield picked.exact
    if picked.unknown_hours:
        yield picked.found - picked.unknown_hours
    if plan.within is not None:
        yield snapshot.sited


def _inner_groups(snapshot: Snapshot, plan: Plan, picked: Picked) -> Iterator[Group]:
    """Give the groups within those, outermost first (DESIGN, decision 5)."""
    if plan.sort is not Sort.RELEVANCE:
        return
    if plan.chosen[Facet.POPULATION]:
        yield _any(snapshot.made_for, plan.chosen[Facet.POPULATION])
    if plan.chosen[Facet.LANGUAGE]:
        yield _any(snapshot.spoken, plan.chosen[Facet.LANGUAGE])
    yield from picked.reached
    # Not confirmed for so long, a program stands behind the others; never confirmed is not held against it.
    lower = months_before(plan.at.date(), snapshot.vocabulary.freshness.lower)
    yield picked.found - snapshot.assured_before(lower)


def _keys(snapshot: Snapshot, plan: Plan, picked: Picked) -> list[Key]:
    """Give the order within the groups, outermost first."""
    far, scores = picked.far, picked.by_words.scores
    keys: list[Key] = [snapshot.name_ranks(plan.language).take]
    if plan.sort is Sort.DISTANCE and far is not None:
        keys.insert(0, far.take)
    elif plan.sort is Sort.RELEVANCE and scores is not None:
        keys.insert(0, partial(_best_first, scores))
    elif plan.sort is not Sort.NAME:
        keys.insert(0, lambda numbers: -snapshot.assured[numbers])
    return keys


def _best_first(scores: AddedScores, numbers: NDArray[np.int64]) -> Floats:
    """Give scores as a key: as whole steps, so that what is equal but for the last bit is ordered by name."""
    values = scores[numbers]
    values *= -1 / _STEP
    return np.rint(values, out=values)


def _any(held: Mapping[str, FrozenBitMap], values: tuple[str, ...]) -> BitMap:
    return BitMap.union(*(BitMap(held.get(value, ())) for value in values))


def months_before(day: date, months: int) -> date:
    """Give the day some months earlier, or the last one of that month."""
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")
