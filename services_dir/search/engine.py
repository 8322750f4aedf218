"""Answers a search from a snapshot: sets of programs, their order, and one page of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from itertools import accumulate
from operator import or_
from typing import TYPE_CHECKING, cast

import numpy as np
from flask import current_app
from numpy.typing import NDArray
from pyroaring import BitMap, FrozenBitMap

from services_dir.catalog.gazetteer import Tiers
from services_dir.errors import N_
from services_dir.search import facets, geometry
from services_dir.search.bitmaps import numbers_of
from services_dir.search.columns import Snapshot
from services_dir.search.lookup import AddedScores, Found, look_up
from services_dir.search.matching import Floats
from services_dir.search.order import Group as Members
from services_dir.search.order import Key, first_by
from services_dir.search.plan import Plan, make_plan
from services_dir.search.query import PER_PAGE, Facet, Notice, Reach, SearchQuery, Sort, notice
from services_dir.search.results import Group, Hit, SearchResult
from services_dir.search.ways import ways_on
from services_dir.search.words import Understood

if TYPE_CHECKING:
    from services_dir.search.searcher import Searcher

# Not confirmed for so long, a program stands behind the others; never confirmed is not held against it.
STALE_MONTHS = 15


def search(query: SearchQuery, *, at: datetime, language: str = "en") -> SearchResult:
    """Answer a search at a moment, in a language, by the index of this process or else the database."""
    return cast("Searcher", current_app.extensions["search"]).search(query, at=at, language=language)


def find_ids(query: SearchQuery, *, at: datetime, language: str = "en") -> list[str]:
    """Give the ids of all programs that a search finds, best first."""
    return cast("Searcher", current_app.extensions["search"]).find_ids(query, at=at, language=language)


def answer(
    snapshot: Snapshot, query: SearchQuery, masked: BitMap, *, at: datetime, language: str = "en"
) -> SearchResult:
    """Answer a search from a snapshot, without the programs that are masked."""
    plan = make_plan(snapshot, query, at=at, language=language)
    picked = pick(snapshot, plan, masked)
    query, notices = _clamped(query, len(picked.found), (*plan.notices, *picked.by_words.notices))
    first = (query.page - 1) * PER_PAGE
    shown = _first(snapshot, plan, picked, first + PER_PAGE)[first:]
    return SearchResult(
        query=query,
        total=len(picked.found),
        hits=tuple(_hit(snapshot, plan, picked, number) for number in shown.tolist()),
        facets=facets.count_facets(snapshot, picked.base, picked.chosen, plan.chosen, language),
        notices=notices,
        today=at.date(),
        place=plan.place,
        suggestion=plan.words.suggestion,
        offer=_offer(query, plan.words),
        words=plan.words,
        ways=ways_on(
            query,
            plan.words,
            len(picked.found),
            are_words_found=bool(picked.by_words.programs),
            count=lambda other: count(
                snapshot, other, masked, at=at, words=plan.words if other.q == query.q else None
            ),
        ),
    )


def in_order(
    snapshot: Snapshot, query: SearchQuery, masked: BitMap, *, at: datetime, language: str
) -> NDArray[np.int64]:
    """Give the numbers of all programs that a search finds, best first."""
    plan = make_plan(snapshot, query, at=at, language=language)
    picked = pick(snapshot, plan, masked)
    return _first(snapshot, plan, picked, len(picked.found))


def count(
    snapshot: Snapshot,
    query: SearchQuery,
    masked: BitMap,
    *,
    at: datetime,
    words: Understood | None = None,
) -> int:
    """Give the number of programs that a search finds; `words` are its words if they were read before."""
    plan = make_plan(snapshot, query, at=at, language="en", words=words)
    return len(pick(snapshot, plan, masked).found)


@dataclass(frozen=True)
class Picked:
    """The programs of a search: `base` before the choices in its facets, `found` after them.

    `reached` has for each reach the programs that come so near or nearer. `far` has the distance of each
    program, infinite where it has no place, if the search narrows or sorts by it.
    """

    base: BitMap
    chosen: Mapping[Facet, BitMap]
    found: BitMap
    by_words: Found
    exact: BitMap
    reached: tuple[BitMap, ...]
    unknown_hours: BitMap
    far: Floats | None


def pick(snapshot: Snapshot, plan: Plan, masked: BitMap) -> Picked:
    """Find the programs of a search, without those that are masked."""
    by_words = look_up(snapshot, plan.words, masked)
    base = by_words.programs - masked
    reached = _reached(snapshot, plan)
    base &= _serving(snapshot, plan, reached)
    if plan.kind is not None:
        base &= snapshot.kinds.get(plan.kind, BitMap())
    unknown_hours = BitMap()
    if plan.open_now:
        is_open, unknown_hours = open_at(snapshot, plan.at)
        base &= is_open | unknown_hours
    far = _distances(snapshot, plan)
    if plan.within is not None and far is not None:
        base -= _too_far(snapshot, far, plan.within)
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


def _first(snapshot: Snapshot, plan: Plan, picked: Picked, count: int) -> NDArray[np.int64]:
    """Give the first of what was found in the order of the search."""
    groups = (*_outer_groups(snapshot, plan, picked), *_inner_groups(snapshot, plan, picked))
    return first_by(picked.found, groups, _keys(snapshot, plan, picked), count)


def _offer(query: SearchQuery, words: Understood) -> SearchQuery | None:
    """Give the search with the place that its words name, if they name more than that."""
    if query.place or words.place is None or not words.rest:
        return None
    return replace(query, q=words.rest, place=words.place.name, page=1)


def _reached(snapshot: Snapshot, plan: Plan) -> tuple[BitMap, ...]:
    """Give for each reach the programs that serve the place asked for from there or from nearer."""
    serving = [snapshot.serving(keys) for keys in plan.tiers or ()]
    return tuple(accumulate(serving, or_))


def _serving(snapshot: Snapshot, plan: Plan, reached: tuple[BitMap, ...]) -> BitMap | FrozenBitMap:
    """Give the programs that serve the place asked for; with a reach, those that come no nearer than it."""
    if plan.tiers is None:
        return snapshot.live
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
    return BitMap(numbers[far[numbers] > within].tolist())


def _outer_groups(snapshot: Snapshot, plan: Plan, picked: Picked) -> Iterator[Members]:
    """Give the outermost: exact name or number; open before unknown; site in reach before by phone."""
    if picked.exact:
        yield picked.exact
    if picked.unknown_hours:
        yield picked.found - picked.unknown_hours
    if plan.within is not None:
        yield snapshot.sited


def _inner_groups(snapshot: Snapshot, plan: Plan, picked: Picked) -> Iterator[Members]:
    """Give the groups within those, outermost first (DESIGN, decision 5)."""
    if plan.sort is not Sort.RELEVANCE:
        return
    if plan.chosen[Facet.POPULATION]:
        yield _any(snapshot.made_for, plan.chosen[Facet.POPULATION])
    if plan.chosen[Facet.LANGUAGE]:
        yield _any(snapshot.spoken, plan.chosen[Facet.LANGUAGE])
    yield from picked.reached
    yield picked.found - snapshot.assured_before(months_before(plan.at.date(), STALE_MONTHS))


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
    """Give scores as a key. Rounded, so that what is equal but for the last bit is ordered by name."""
    values = scores[numbers]
    np.round(values, 9, out=values)
    return np.negative(values, out=values)


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


def _clamped(
    query: SearchQuery, total: int, notices: tuple[Notice, ...]
) -> tuple[SearchQuery, tuple[Notice, ...]]:
    pages = max(1, -(-total // PER_PAGE))
    if query.page <= pages:
        return query, notices
    message = N_("There are not so many pages. This is the last one.")
    return replace(query, page=pages), (*notices, notice(message))


def _hit(snapshot: Snapshot, plan: Plan, picked: Picked, number: int) -> Hit:
    card, facts = snapshot.read(number)
    nearest = geometry.nearest_site(facts.sites, plan.point) if plan.point is not None else None
    miles, site = nearest if nearest is not None else (None, None)
    languages = plan.chosen[Facet.LANGUAGE]
    return Hit(
        card=card,
        open=facts.timetable.openness(plan.at),
        group=Group.FIRST
        if number in picked.exact
        else _group(number in picked.unknown_hours, plan.within is not None and not facts.sites),
        distance_miles=round(miles, 1) if miles is not None else None,
        is_about=site is not None and site.is_about,
        town=(site.town if site is not None else None) or next(iter(card.towns), None),
        reach=_reach(plan.tiers, facts.areas),
        by_interpreter=bool(languages) and not set(languages) & set(card.languages),
    )


def _group(hours_unknown: bool, by_phone: bool) -> Group:
    if hours_unknown:
        return Group.HOURS_UNKNOWN_BY_PHONE if by_phone else Group.HOURS_UNKNOWN
    return Group.BY_PHONE if by_phone else Group.FIRST


def _reach(tiers: Tiers | None, areas: tuple[str, ...]) -> Reach | None:
    if tiers is None:
        return None
    pairs = zip(Reach, tiers, strict=True)
    return next((reach for reach, keys in pairs if not keys.isdisjoint(areas)), None)
