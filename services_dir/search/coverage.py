"""Where the programs of a search are and what they serve, counted by town and by region: for the map."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from pyroaring import BitMap

from services_dir.catalog.gazetteer import Gazetteer, PlaceEntry
from services_dir.catalog.kinds import PlaceKind
from services_dir.search.engine import pick
from services_dir.search.outlines import Outlines
from services_dir.search.plan import make_plan
from services_dir.search.query import Notice, SearchQuery

if TYPE_CHECKING:
    from services_dir.search.columns import Snapshot


@dataclass(frozen=True)
class Counted:
    """A place and how many of the programs found belong to it.

    `typed` is what one types to find it, `short` its name without that of its state behind it.
    """

    place: PlaceEntry
    typed: str
    short: str
    programs: int


@dataclass(frozen=True)
class Coverage:
    """What a map of a search shows.

    `towns` counts programs with a public site there, `elsewhere` those with one in no town known here;
    `regions` counts those that serve at least a part of a region and less than a state, `everywhere` those
    that serve a state or the nation. A program whose address is confidential has no public site: it is
    only ever counted with the area it serves.
    """

    total: int
    towns: tuple[Counted, ...]
    elsewhere: int
    regions: tuple[Counted, ...]
    everywhere: int
    outlines: Outlines
    notices: tuple[Notice, ...]


def cover(snapshot: Snapshot, query: SearchQuery, masked: BitMap, *, at: datetime) -> Coverage | None:
    """Count what a search finds by place; None where the places of this directory cannot be drawn."""
    gazetteer = snapshot.gazetteer
    outlines = snapshot.outlines(lambda: Outlines.of(gazetteer))
    if outlines is None:
        return None
    plan = make_plan(snapshot, query, at=at, language="en")
    picked = pick(snapshot, plan, masked)
    found = picked.found
    named = snapshot.sited_towns()
    known = {name: town for name in named if (town := _town(gazetteer, name)) is not None}
    in_towns: dict[str, BitMap] = {}
    for name, town in known.items():
        in_towns[town.key] = in_towns.get(town.key, BitMap()) | (named[name] & found)
    elsewhere = BitMap.union(BitMap(), *(named[name] for name in named if name not in known))
    return Coverage(
        total=len(found),
        towns=_counted(gazetteer, ((key, len(held)) for key, held in in_towns.items())),
        elsewhere=len(elsewhere & found),
        regions=tuple(_regions(snapshot, outlines, found)),
        everywhere=len(snapshot.serving(_whole(gazetteer)) & found),
        outlines=outlines,
        notices=(*plan.notices, *picked.by_words.notices),
    )


def _town(gazetteer: Gazetteer, name: str) -> PlaceEntry | None:
    """Give the town that a site names, or the one of the village it names."""
    place = gazetteer.find(name)
    towns = gazetteer.towns(place.key) if place is not None else ()
    small = place is not None and place.kind in (PlaceKind.TOWN, PlaceKind.VILLAGE)
    return gazetteer.places[towns[0].key] if towns and small else None


def _counted(gazetteer: Gazetteer, counts: Iterator[tuple[str, int]]) -> tuple[Counted, ...]:
    held = [_one(gazetteer, key, number) for key, number in counts if number]
    return tuple(sorted(held, key=lambda one: (-one.programs, one.place.name)))


def _one(gazetteer: Gazetteer, key: str, programs: int) -> Counted:
    """Count for a place."""
    place = gazetteer.places[key]
    states = (gazetteer.places[above] for above in gazetteer.ancestors(key))
    endings = [f" {state.name}" for state in states if state.kind is PlaceKind.STATE]
    short = next((place.name.removesuffix(end) for end in endings if place.name.endswith(end)), place.name)
    return Counted(place, gazetteer.typed(place), short, programs)


def _regions(snapshot: Snapshot, outlines: Outlines, found: BitMap) -> Iterator[Counted]:
    """Count for each region the programs that serve some of it, but for those that serve all of a state."""
    for region in outlines.regions:
        tiers = snapshot.gazetteer.tiers(region.key)
        serving = snapshot.serving(tiers.town | tiers.region)
        yield _one(snapshot.gazetteer, region.key, len(serving & found))


def _whole(gazetteer: Gazetteer) -> Iterator[str]:
    tiers = gazetteer.far_tiers()
    yield from tiers.state
    yield from tiers.nation
