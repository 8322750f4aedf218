"""A search before it is answered: its words, place and options understood, and what was not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services_dir.catalog.gazetteer import PlaceEntry, Point, Tiers
from services_dir.catalog.kinds import ProgramKind
from services_dir.errors import N_
from services_dir.search import analyzer
from services_dir.search.columns import Snapshot
from services_dir.search.query import MAXIMUM_WORDS, Facet, Notice, Reach, SearchQuery, Sort, notice
from services_dir.search.words import Understood, read


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
        kind=query.kind,
        open_now=query.open_now,
        sort=Sort.RELEVANCE if query.sort is Sort.DISTANCE and point is None else query.sort,
        notices=tuple(notices),
    )


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
