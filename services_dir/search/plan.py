"""A search before it is answered: its words, place and options understood, and what was not."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from services_dir.catalog.gazetteer import PlaceEntry, Point, Tiers, normal_name
from services_dir.catalog.kinds import ProgramKind
from services_dir.errors import N_
from services_dir.search import analyzer
from services_dir.search.columns import Snapshot
from services_dir.search.query import MAXIMUM_WORDS, Facet, Notice, Reach, SearchQuery, Sort, notice
from services_dir.search.words import Understood, read

# What people type who expect to be found.
_HERE = re.compile(
    r"(?:(?:near|close to|around|by|cerca de) )?(?:me|here|my (?:area|location|town|home|house|zip|zip code)"
    r"|mi|aqui|mi (?:casa|area|zona|ubicacion|pueblo|ciudad)|(?:my )?current location|nearby|donde estoy)"
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
    kind: ProgramKind | None
    open_now: bool
    sort: Sort
    notices: tuple[Notice, ...]


def make_plan(
    snapshot: Snapshot, query: SearchQuery, *, at: datetime, language: str, words: Understood | None = None
) -> Plan:
    """Understand a search, of which `words` may be read before; of what cannot be used a notice tells."""
    notices: list[Notice] = []
    words = read(query.q, snapshot.lexicon) if words is None else words
    if words.is_cut:
        notices.append(notice(N_("We searched for the first {count} words only."), count=MAXIMUM_WORDS))
    place, is_far = understand_place(query, snapshot.lexicon.find_place, notices)
    tiers = _tiers(snapshot, place, is_far=is_far)
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
        chosen=known_options(query, partial(_is_option, snapshot), notices),
        place=place,
        tiers=tiers,
        reach=query.reach if tiers is not None else None,
        point=point,
        within=query.within if point is not None else None,
        kind=query.kind,
        open_now=query.open_now,
        sort=Sort.RELEVANCE if query.sort is Sort.DISTANCE and point is None else query.sort,
        notices=tuple(notices),
    )


def understand_place(
    query: SearchQuery, find: Callable[[str], PlaceEntry | None], notices: list[Notice]
) -> tuple[PlaceEntry | None, bool]:
    """Give the place asked for, and whether one was asked for that nobody knows; a notice says so."""
    if not query.place:
        return None, False
    if _HERE.fullmatch(normal_name(query.place)):
        notices.append(notice(N_("We never look up where you are. Type a town or a ZIP code.")))
        return None, False
    place = find(query.place)
    if place is None:
        notices.append(
            notice(
                N_("We do not know the place “{place}”. These programs serve the whole state or country."),
                place=query.place,
            )
        )
    return place, place is None


def known_options(
    query: SearchQuery, knows: Callable[[Facet, str], bool], notices: list[Notice]
) -> dict[Facet, tuple[str, ...]]:
    """Give the options chosen in each facet; of those that there are not a notice tells."""
    known = {facet: tuple(v for v in query.chosen(facet) if knows(facet, v)) for facet in Facet}
    for facet in Facet:
        for value in query.chosen(facet):
            if value not in known[facet]:
                message = N_("We left out “{value}”: it is not in our list.")
                notices.append(notice(message, value=value[:40]))
    return known


def _tiers(snapshot: Snapshot, place: PlaceEntry | None, *, is_far: bool) -> Tiers | None:
    if place is not None:
        return snapshot.gazetteer.tiers(place.key)
    return snapshot.gazetteer.far_tiers() if is_far else None


def _is_option(snapshot: Snapshot, facet: Facet, value: str) -> bool:
    return value in snapshot.options[facet] or snapshot.vocabulary.knows(facet, value)


def _no_distance(query: SearchQuery) -> Notice:
    if not query.place:
        return notice(N_("Name a town or a ZIP code to sort or narrow by distance."))
    return notice(N_("Distances start from a town or a ZIP code. We left the distance out."))
