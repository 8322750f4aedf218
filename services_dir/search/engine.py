"""Answers a search from a snapshot: sets of programs, their order, and one page of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, cast

import numpy as np
from flask import current_app
from numpy.typing import NDArray
from pyroaring import BitMap, FrozenBitMap

from services_dir.catalog.gazetteer import PlaceEntry, Point, Tiers
from services_dir.errors import N_
from services_dir.search import analyzer, facets, geometry
from services_dir.search.columns import Snapshot, numbers_of
from services_dir.search.lookup import AddedScores, look_up
from services_dir.search.matching import Floats
from services_dir.search.order import first_by
from services_dir.search.query import (
    MAXIMUM_WORDS,
    PER_PAGE,
    Facet,
    Notice,
    Reach,
    SearchQuery,
    Sort,
    notice,
)
from services_dir.search.results import Group, Hit, SearchResult
from services_dir.search.words import Understood, read

if TYPE_CHECKING:
    from services_dir.search.searcher import Searcher

# Not confirmed for so long, a program stands behind the others; never confirmed is not held against it.
STALE_MONTHS = 15

Keys = NDArray[np.float64]


def search(query: SearchQuery, *, at: datetime, language: str = "en") -> SearchResult:
    """Answer a search at a moment, in a language, by the index of this process or else the database."""
    return cast("Searcher", current_app.extensions["search"]).search(query, at=at, language=language)


def answer(
    snapshot: Snapshot, query: SearchQuery, masked: BitMap, *, at: datetime, language: str = "en"
) -> SearchResult:
    """Answer a search from a snapshot, without the programs that are masked."""
    plan = make_plan(snapshot, query, at=at, language=language)
    by_words = look_up(snapshot, plan.words, masked)
    base = by_words.programs - masked
    base &= _serving(snapshot, plan)
    if query.kind is not None:
        base &= snapshot.kinds.get(query.kind, BitMap())
    unknown_hours = BitMap()
    if query.open_now:
        is_open, unknown_hours = open_at(snapshot, at)
        base &= is_open | unknown_hours
    far = _distances(snapshot, plan)
    if plan.within is not None and far is not None:
        base -= _too_far(snapshot, far, plan.within)
    sets = facets.chosen_sets(snapshot, plan.chosen)
    found = numbers_of(facets.narrowed(base, sets))
    exact = snapshot.exact(plan.exact) if plan.exact else BitMap()
    keys = _group_keys(snapshot, plan, found, exact, unknown_hours)
    keys += _order_keys(snapshot, plan, found, by_words.scores, far)
    query, notices = _clamped(query, len(found), (*plan.notices, *by_words.notices))
    first = (query.page - 1) * PER_PAGE
    shown = found[first_by(keys, first + PER_PAGE)[first:]]
    hits = tuple(
        _hit(snapshot, plan, int(number), far, exact=exact, unknown=unknown_hours) for number in shown
    )
    return SearchResult(
        query=query,
        total=len(found),
        hits=hits,
        facets=facets.count_facets(snapshot, base, sets, plan.chosen, language),
        notices=notices,
        today=at.date(),
        place=plan.place,
        suggestion=plan.words.suggestion,
        offer=_offer(query, plan.words),
    )


@dataclass(frozen=True)
class Plan:
    """A search after its words, place and options were understood."""

    at: datetime
    language: str
    words: Understood
    exact: str | None
    chosen: dict[Facet, tuple[str, ...]]
    place: PlaceEntry | None
    tiers: Tiers | None
    reach: Reach | None
    point: Point | None
    within: int | None
    sort: Sort
    notices: tuple[Notice, ...]


def make_plan(snapshot: Snapshot, query: SearchQuery, *, at: datetime, language: str) -> Plan:
    """Understand a search; what cannot be used is left out, with a notice."""
    notices: list[Notice] = []
    words = read(query.q, snapshot.lexicon)
    if words.is_cut:
        notices.append(notice(N_("We searched for the first {count} words only."), count=MAXIMUM_WORDS))
    place, tiers = _understand_place(snapshot, query, notices)
    point = snapshot.gazetteer.point(place.key) if place is not None else None
    if (query.within is not None or query.sort is Sort.DISTANCE) and point is None:
        notices.append(_no_distance(query))
    if query.reach is not None and tiers is None:
        notices.append(notice(N_("Name a place to choose how near a program must be.")))
    return Plan(
        at=at,
        language=language,
        words=words,
        exact=analyzer.typed_number(query.q) or " ".join(analyzer.terms(query.q)) or None,
        chosen={facet: _known_options(snapshot, query, facet, notices) for facet in Facet},
        place=place,
        tiers=tiers,
        reach=query.reach if tiers is not None else None,
        point=point,
        within=query.within if point is not None else None,
        sort=Sort.RELEVANCE if query.sort is Sort.DISTANCE and point is None else query.sort,
        notices=tuple(notices),
    )


def _offer(query: SearchQuery, words: Understood) -> SearchQuery | None:
    """Give the search with the place that its words name, if they name more than that."""
    if query.place or words.place is None or not words.rest:
        return None
    return replace(query, q=words.rest, place=words.place.name, page=1)


def _understand_place(
    snapshot: Snapshot, query: SearchQuery, notices: list[Notice]
) -> tuple[PlaceEntry | None, Tiers | None]:
    if not query.place:
        return None, None
    place = snapshot.gazetteer.find_near(query.place)
    if place is not None:
        return place, snapshot.gazetteer.tiers(place.key)
    notices.append(
        notice(
            N_("We do not know the place “{place}”. These programs serve the whole state or country."),
            place=query.place,
        )
    )
    return None, snapshot.gazetteer.far_tiers()


def _no_distance(query: SearchQuery) -> Notice:
    if not query.place:
        return notice(N_("Name a town or a ZIP code to sort or narrow by distance."))
    return notice(N_("Distances start from a town or a ZIP code. We left the distance out."))


def _known_options(
    snapshot: Snapshot, query: SearchQuery, facet: Facet, notices: list[Notice]
) -> tuple[str, ...]:
    known = []
    for value in query.chosen(facet):
        if value in snapshot.options[facet] or snapshot.vocabulary.knows(facet, value):
            known.append(value)
        else:
            message = N_("We left out “{value}”: it is not in our list.")
            notices.append(notice(message, value=value[:40]))
    return tuple(known)


def _serving(snapshot: Snapshot, plan: Plan) -> BitMap:
    """Give the programs that serve the place asked for; with a reach, those that come no nearer than it."""
    if plan.tiers is None:
        return BitMap(snapshot.live)
    if plan.reach is None:
        return snapshot.serving(key for keys in plan.tiers for key in keys)
    nearer = BitMap()
    for reach, keys in zip(Reach, plan.tiers, strict=True):
        found = snapshot.serving(keys) - nearer
        if reach is plan.reach:
            return found
        nearer |= found
    return nearer


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
    if plan.point is None:
        return None
    return geometry.nearest(snapshot, geometry.miles_to_sites(snapshot, plan.point))


def _too_far(snapshot: Snapshot, far: Floats, within: int) -> BitMap:
    numbers = numbers_of(snapshot.sited)
    return BitMap(numbers[far[numbers] > within].tolist())


def _group_keys(
    snapshot: Snapshot, plan: Plan, found: NDArray[np.int64], exact: BitMap, unknown: BitMap
) -> list[Keys]:
    """Give the outermost order: exact name or number; open before unknown; site in reach before by phone."""
    keys: list[Keys] = []
    if exact:
        keys.append(_outside(found, exact))
    if unknown:
        keys.append(1.0 - _outside(found, unknown))
    if plan.within is not None:
        keys.append(_outside(found, snapshot.sited))
    return keys


def _order_keys(
    snapshot: Snapshot,
    plan: Plan,
    found: NDArray[np.int64],
    scores: AddedScores | None,
    far: Floats | None,
) -> list[Keys]:
    """Give the order within the groups, outermost first (DESIGN, decision 5)."""
    names = snapshot.name_ranks(plan.language)[found].astype(np.float64)
    newest_first = -snapshot.assured[found].astype(np.float64)
    if plan.sort is Sort.NAME:
        return [names]
    if plan.sort is Sort.ASSURED:
        return [newest_first, names]
    if plan.sort is Sort.DISTANCE and far is not None:
        return [far[found], names]
    keys: list[Keys] = []
    if plan.chosen[Facet.POPULATION]:
        keys.append(_outside(found, _any(snapshot.made_for, plan.chosen[Facet.POPULATION])))
    if plan.chosen[Facet.LANGUAGE]:
        keys.append(_outside(found, _any(snapshot.spoken, plan.chosen[Facet.LANGUAGE])))
    if plan.tiers is not None:
        keys.append(_tier_numbers(snapshot, plan.tiers, found))
    assured = snapshot.assured[found]
    stale_before = months_before(plan.at.date(), STALE_MONTHS).toordinal()
    keys.append(((assured > 0) & (assured < stale_before)).astype(np.float64))
    # Rounded, so that what is equal but for the last bit is ordered by name.
    keys.append(-np.round(scores[found], 9) if scores is not None else newest_first)
    return [*keys, names]


def _tier_numbers(snapshot: Snapshot, tiers: Tiers, found: NDArray[np.int64]) -> Keys:
    numbers = np.full(len(found), 4.0)
    for rank, keys in reversed(list(enumerate(tiers))):
        numbers[_outside(found, snapshot.serving(keys)) == 0] = rank
    return numbers


def _any(held: object, values: tuple[str, ...]) -> BitMap:
    sets = cast("dict[str, BitMap]", held)
    return BitMap.union(*(BitMap(sets.get(value, ())) for value in values))


def _outside(found: NDArray[np.int64], first: FrozenBitMap | BitMap) -> Keys:
    """Give 0 for each number that is in a set, which comes first, and 1 for each other."""
    return (~np.isin(found, numbers_of(first))).astype(np.float64)


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


def _hit(
    snapshot: Snapshot, plan: Plan, number: int, far: Floats | None, *, exact: BitMap, unknown: BitMap
) -> Hit:
    card, facts = snapshot.read(number)
    miles = float(far[number]) if far is not None and np.isfinite(far[number]) else None
    nearest = geometry.nearest_site(facts.sites, plan.point) if plan.point is not None else None
    languages = plan.chosen[Facet.LANGUAGE]
    return Hit(
        card=card,
        open=facts.timetable.openness(plan.at),
        group=Group.FIRST
        if number in exact
        else _group(number in unknown, plan.within is not None and not facts.sites),
        distance_miles=round(miles, 1) if miles is not None else None,
        is_about=nearest.is_about if nearest is not None else False,
        town=(nearest.town if nearest is not None else None) or next(iter(card.towns), None),
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
