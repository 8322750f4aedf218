"""Answers a search from a snapshot: one page of its programs, with cards and counts, ready to be shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, cast

import numpy as np
from flask import current_app
from numpy.typing import NDArray
from pyroaring import BitMap

from services_dir.catalog.gazetteer import Tiers
from services_dir.errors import N_
from services_dir.search import facets, geometry
from services_dir.search.columns import Snapshot
from services_dir.search.matrix import Columns, Matrix
from services_dir.search.picking import Picked, first, pick
from services_dir.search.plan import Plan, make_plan
from services_dir.search.query import PER_PAGE, Facet, Notice, Reach, SearchQuery, notice
from services_dir.search.results import Group, Hit, SearchResult
from services_dir.search.ways import ways_on
from services_dir.search.words import Understood

if TYPE_CHECKING:
    from services_dir.search.searcher import Searcher


def search(query: SearchQuery, *, at: datetime, language: str = "en") -> SearchResult:
    """Answer a search at a moment, in a language, by the index of this process or else the database."""
    return cast("Searcher", current_app.extensions["search"]).search(query, at=at, language=language)


def find_ids(query: SearchQuery, *, at: datetime, language: str = "en") -> list[str]:
    """Give the ids of all programs that a search finds, best first."""
    return cast("Searcher", current_app.extensions["search"]).find_ids(query, at=at, language=language)


def matrix(query: SearchQuery, facet: Facet, columns: Columns, *, at: datetime) -> Matrix | None:
    """Count what serves some places, narrowed as in a search; None while there is no index."""
    return cast("Searcher", current_app.extensions["search"]).matrix(query, facet, columns, at=at)


def answer(
    snapshot: Snapshot, query: SearchQuery, masked: BitMap, *, at: datetime, language: str = "en"
) -> SearchResult:
    """Answer a search from a snapshot, without the programs that are masked."""
    plan = make_plan(snapshot, query, at=at, language=language)
    picked = pick(snapshot, plan, masked)
    query, notices = _clamped(query, len(picked.found), (*plan.notices, *picked.by_words.notices))
    start = (query.page - 1) * PER_PAGE
    shown = first(snapshot, plan, picked, start + PER_PAGE)[start:]
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
    return first(snapshot, plan, picked, len(picked.found))


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


def _offer(query: SearchQuery, words: Understood) -> SearchQuery | None:
    """Give the search with the place that its words name, if they name more than that."""
    if query.place or words.place is None or not words.rest:
        return None
    return replace(query, q=words.rest, place=words.place.name, page=1)


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
