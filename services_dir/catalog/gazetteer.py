"""Places as a frozen value: found by what people type, with all they lie in and all that lies in them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cached_property
from threading import Lock

from sqlalchemy import select
from sqlalchemy.orm import Session

from services_dir.catalog.kinds import PlaceKind
from services_dir.catalog.models import Place, PlaceParent
from services_dir.catalog.queries import vocabulary_mark
from services_dir.values import fold, one_edit

Point = tuple[float, float]

# A bare name is the first of these that bears it: "Hartford" the town, before the county.
_RANK = {
    kind: rank
    for rank, kind in enumerate(
        (
            PlaceKind.TOWN,
            PlaceKind.VILLAGE,
            PlaceKind.ZIP,
            PlaceKind.NAMED_AREA,
            PlaceKind.PLANNING_REGION,
            PlaceKind.COUNTY,
            PlaceKind.STATE,
            PlaceKind.NATION,
        )
    )
}
_SMALL = (PlaceKind.TOWN, PlaceKind.VILLAGE, PlaceKind.ZIP)
_REGIONS = (PlaceKind.COUNTY, PlaceKind.PLANNING_REGION, PlaceKind.NAMED_AREA)
# Words that people add to a name, by what they then mean.
_ADDED = {
    PlaceKind.TOWN: ("town of {}", "city of {}", "{} town", "{} city"),
    PlaceKind.COUNTY: ("{} county", "county of {}", "{} co"),
    PlaceKind.PLANNING_REGION: ("{} region", "{} planning region", "{} council of governments"),
    PlaceKind.NAMED_AREA: ("{} area", "{} region"),
    PlaceKind.STATE: ("state of {}",),
}
_NOT_IN_NAME = re.compile(r"[^a-z0-9]+")
_SHORTEST_NEAR, _LONGEST_NEAR = 5, 40
_LONG_ZIP = re.compile(r"(\d{5}) \d{4}")
_ZIP = re.compile(r"(?<!\d)\d{5}(?!\d)")
# What people say around a name: "near Bridgeport", "cerca de Waterbury", "zip code 06106".
_AROUND = re.compile(
    r"^(?:(?:in|near|nearby|around|by|at|close to|next to|outside|from|greater|downtown|zip|code|the|en|cerca"
    r"|alrededor|de|centro|del|por|codigo|postal|ciudad|pueblo|area|el|la) )+"
    r"|(?: (?:area|zip code|and nearby|y alrededores))+$"
)
_SHORT = {"e": "east", "n": "north", "s": "south", "w": "west", "st": "saint", "mt": "mount"}
_COUNTY = re.compile(r"^(?:en )?(?:el )?condado de (.+)")


@dataclass(frozen=True)
class Lie:
    """A place that another lies in, with the share of its people."""

    key: str
    share: float


@dataclass(frozen=True)
class PlaceEntry:
    """A place: its key, what kind of place it is, its name, code and point, and what it lies in."""

    key: str
    kind: PlaceKind
    name: str
    code: str | None = None
    point: Point | None = None
    parents: tuple[Lie, ...] = ()


@dataclass(frozen=True)
class Tiers:
    """Keys of the places whose programs serve a place, from near to far."""

    town: frozenset[str]
    region: frozenset[str]
    state: frozenset[str]
    nation: frozenset[str]

    def __iter__(self) -> Iterator[frozenset[str]]:
        return iter((self.town, self.region, self.state, self.nation))


@dataclass(frozen=True)
class Gazetteer:
    """All places by key, by the names people type, and by what lies in them."""

    places: Mapping[str, PlaceEntry]
    names: Mapping[str, str]
    children: Mapping[str, tuple[Lie, ...]]

    @classmethod
    def of(cls, entries: Iterable[PlaceEntry]) -> Gazetteer:
        """Build the gazetteer of some places."""
        places = {entry.key: entry for entry in entries}
        children: dict[str, list[Lie]] = defaultdict(list)
        for entry in places.values():
            for lie in entry.parents:
                children[lie.key].append(Lie(entry.key, lie.share))
        ordered = {key: tuple(sorted(lies, key=lambda lie: lie.key)) for key, lies in children.items()}
        return cls(places, _names(places.values()), ordered)

    def find(self, text: str) -> PlaceEntry | None:
        """Find the place a person means: a town, "X County", a village, a ZIP code, a region, a state.

        Case, accents and punctuation do not matter; the name or code of the state may follow.
        """
        name = normal_name(text)
        return self._named(name) or self._named(self._without_state(name))

    def find_loosely(self, text: str) -> PlaceEntry | None:
        """Find a place also by what is said around its name, or by a ZIP code among other words."""
        name = _COUNTY.sub(r"\1 county", normal_name(text))
        bare = _AROUND.sub("", name)
        first, _space, rest = bare.partition(" ")
        longer = f"{_SHORT.get(first, first)} {rest}"
        for one in (name, bare, longer.rstrip()):
            found = self.find(one)
            if found is not None:
                return found
        zips = [self.names[code] for code in _ZIP.findall(name) if code in self.names]
        return self.places[zips[0]] if zips else self._joined.get(bare.replace(" ", ""))

    def find_near(self, text: str) -> PlaceEntry | None:
        """Find a place as `find_loosely` does, or else the only one whose name is one letter away."""
        found = self.find_loosely(text)
        name = _AROUND.sub("", self._without_state(normal_name(text)))
        if found is not None or not _SHORTEST_NEAR <= len(name) <= _LONGEST_NEAR:
            return found
        near = {self.names[one] for one in one_edit(name) if one in self.names}
        kinds = (PlaceKind.STATE, PlaceKind.NATION, PlaceKind.ZIP)
        near = {key for key in near if not self._is(key, *kinds)}
        return self.places[near.pop()] if len(near) == 1 else None

    def _named(self, name: str) -> PlaceEntry | None:
        long_zip = _LONG_ZIP.fullmatch(name)
        key = self.names.get(long_zip[1] if long_zip else name)
        return self.places[key] if key is not None else None

    def _without_state(self, name: str) -> str:
        """Give a typed name without the state after it, if the rest is a place in it or unknown."""
        for state in self._states:
            for ending in (state.name, state.code or ""):
                before = name.removesuffix(f" {normal_name(ending)}") if ending else name
                if before != name:
                    found = self._named(before)
                    if found is None or state.key in self.ancestors(found.key):
                        return before
        return name

    def typed(self, place: PlaceEntry) -> str:
        """Give what a person types to mean a place: its name, or with a word added if that is another's."""
        forms = ("{}", *(form for forms in _ADDED.values() for form in forms))
        names = (form.format(place.name) for form in forms)
        return next((name for name in names if self.find(name) == place), place.name)

    def ancestors(self, key: str) -> frozenset[str]:
        """Give the keys of all that a place lies in, near and far, without itself."""
        found: set[str] = set()
        waiting = [lie.key for lie in self._parents(key)]
        while waiting:
            above = waiting.pop()
            if above not in found:
                found.add(above)
                waiting += [lie.key for lie in self._parents(above)]
        return frozenset(found)

    def towns(self, key: str) -> tuple[Lie, ...]:
        """Give the towns of a place with the share of its people in each (1 where all of a town counts).

        A town is its own; a village stands for its town, a ZIP code for the towns it reaches into.
        """
        place = self.places.get(key)
        if place is None:
            return ()
        if place.kind is PlaceKind.TOWN:
            return (Lie(key, 1.0),)
        if place.kind in (PlaceKind.VILLAGE, PlaceKind.ZIP):
            return tuple(lie for lie in place.parents if self._is(lie.key, PlaceKind.TOWN))
        found: set[str] = set()
        seen: set[str] = {key}
        waiting = [key]
        while waiting:
            for lie in self.children.get(waiting.pop(), ()):
                if self._is(lie.key, PlaceKind.TOWN):
                    found.add(lie.key)
                elif lie.key not in seen:
                    seen.add(lie.key)
                    waiting.append(lie.key)
        return tuple(Lie(town, 1.0) for town in sorted(found))

    def point(self, key: str) -> Point | None:
        """Give where distances from a place begin; none for a county, a region or anything larger.

        A town has its point, a village that of its town, a ZIP code the mean of its towns' points,
        weighted by the share of its people.
        """
        place = self.places.get(key)
        if place is None:
            return None
        if place.kind is PlaceKind.TOWN:
            return place.point
        if place.kind not in (PlaceKind.VILLAGE, PlaceKind.ZIP):
            return None
        held = [(self.places[lie.key].point, lie.share) for lie in self.towns(key)]
        points = [(point, share) for point, share in held if point is not None and share > 0]
        total = sum(share for _point, share in points)
        if not total:
            return None
        latitude = sum(point[0] * share for point, share in points) / total
        longitude = sum(point[1] * share for point, share in points) / total
        return latitude, longitude

    def tiers(self, key: str) -> Tiers:
        """Give the places whose programs serve any town of this place, from near to far.

        What lies mostly in a county, a region or a state is as near as what serves the whole of it.
        """
        known = self._known_tiers.get(key)
        if known is None:
            known = self._known_tiers[key] = self._tiers(key)
        return known

    def _tiers(self, key: str) -> Tiers:
        towns = {lie.key for lie in self.towns(key)}
        near = set(towns)
        for town in towns:
            near |= {lie.key for lie in self.children.get(town, ())}  # ZIP codes and villages
        around = self.ancestors(key) | {key}
        for town in towns:
            around |= self.ancestors(town)
        near |= {place for place in around if self._is(place, *_SMALL)}
        if not self._is(key, *_SMALL):
            near |= {
                key,
                *(place for place in around if self._is(place, *_REGIONS) and self._is_in(place, towns)),
            }
        around -= near
        return Tiers(
            town=frozenset(near),
            region=frozenset(place for place in around if self._is(place, *_REGIONS)),
            state=frozenset(place for place in around if self._is(place, PlaceKind.STATE)),
            nation=frozenset(place for place in around if self._is(place, PlaceKind.NATION)),
        )

    def _is_in(self, key: str, towns: Set[str]) -> bool:
        """Tell whether more than half of a region's towns are some of these."""
        own = [lie.key in towns for lie in self.towns(key)]
        return sum(own) * 2 > len(own)

    def planning_region(self, key: str) -> str | None:
        """Give the region most of a small place lies in; None for a larger one in several regions."""
        if self._is(key, PlaceKind.PLANNING_REGION):
            return key
        shares: dict[str, float] = defaultdict(float)
        for town in self.towns(key):
            for region in self._regions_of(town.key):
                shares[region] += town.share
        if not shares or (len(shares) > 1 and not self._is(key, *_SMALL)):
            return None
        return max(sorted(shares), key=lambda region: shares[region])

    def _regions_of(self, key: str) -> Iterator[str]:
        return (above for above in self.ancestors(key) if self._is(above, PlaceKind.PLANNING_REGION))

    def far_tiers(self) -> Tiers:
        """Give what serves a place that is unknown or elsewhere: states and nations as a whole."""
        kinds = {key: place.kind for key, place in self.places.items()}
        states = frozenset(key for key, kind in kinds.items() if kind is PlaceKind.STATE)
        nations = frozenset(key for key, kind in kinds.items() if kind is PlaceKind.NATION)
        return Tiers(frozenset(), frozenset(), states, nations)

    @cached_property
    def _known_tiers(self) -> dict[str, Tiers]:
        return {}

    @cached_property
    def _joined(self) -> dict[str, PlaceEntry]:
        """Give places by their names without spaces ("newhaven")."""
        names = {name.replace(" ", ""): key for name, key in self.names.items() if " " in name}
        return {name: self.places[key] for name, key in names.items() if name not in self.names}

    @cached_property
    def _states(self) -> list[PlaceEntry]:
        return [place for place in self.places.values() if place.kind is PlaceKind.STATE]

    def _parents(self, key: str) -> tuple[Lie, ...]:
        place = self.places.get(key)
        return place.parents if place else ()

    def _is(self, key: str, *kinds: PlaceKind) -> bool:
        place = self.places.get(key)
        return place is not None and place.kind in kinds


def normal_name(text: str) -> str:
    """Give a typed name in lower-case ASCII words: "St. Mary's, CT" is "st marys ct"."""
    plain = fold(text).replace("'", "").replace("\u2019", "")
    return _NOT_IN_NAME.sub(" ", plain).strip().removeprefix("the ")


def _names(places: Iterable[PlaceEntry]) -> dict[str, str]:
    names: dict[str, str] = {}
    ordered = sorted(places, key=lambda place: (_RANK[place.kind], place.key))
    for place in ordered:
        names.setdefault(normal_name(place.name), place.key)
    # Names with a word added come second: no "X City" hides a town of that very name.
    for place in ordered:
        name = normal_name(place.name)
        for pattern in _ADDED.get(place.kind, ()):
            names.setdefault(pattern.format(name), place.key)
        if place.kind is PlaceKind.COUNTY:
            names.setdefault(name.removesuffix(" county"), place.key)
            names.setdefault(f"{name.removesuffix(' county')} co", place.key)
        if place.kind is PlaceKind.STATE and place.code:
            names.setdefault(normal_name(place.code), place.key)
    names.pop("", None)
    return names


def load(session: Session) -> Gazetteer:
    """Read the gazetteer from the place tables; retired places are left out."""
    parents: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for row in session.execute(select(PlaceParent.place_id, PlaceParent.parent_id, PlaceParent.share)):
        parents[row.place_id].append((row.parent_id, row.share))
    rows = session.scalars(select(Place).where(Place.retired_on.is_(None))).all()
    keys = {place.id: place.key for place in rows}
    return Gazetteer.of(
        PlaceEntry(
            key=place.key,
            kind=place.kind,
            name=place.name,
            code=place.code,
            point=_point(place),
            parents=tuple(
                Lie(keys[parent], share) for parent, share in sorted(parents[place.id]) if parent in keys
            ),
        )
        for place in rows
    )


_kept: dict[tuple[str, int], Gazetteer] = {}
_lock = Lock()


def current(session: Session) -> Gazetteer:
    """Give the gazetteer of this process; it is read again when the vocabulary of the catalog changes."""
    mark = vocabulary_mark(session)
    with _lock:
        known = _kept.get(mark)
    if known is None:
        known = load(session)
        with _lock:
            _kept.clear()
            _kept[mark] = known
    return known


def _point(place: Place) -> Point | None:
    if place.latitude is None or place.longitude is None:
        return None
    return place.latitude, place.longitude
