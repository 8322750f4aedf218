"""What the forms let people choose from: terms, organizations, places and languages, by their names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, partial

from babel import Locale
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services_dir.catalog import gazetteer, queries
from services_dir.catalog.draft import Draft
from services_dir.catalog.gazetteer import Gazetteer
from services_dir.catalog.kinds import CatalogStatus, PlaceKind, Vocabulary
from services_dir.catalog.models import Organization, Schedule
from services_dir.catalog.rules import References
from services_dir.values import fold
from services_dir.web.languages import current_language, language_name

_OFFERED = (PlaceKind.TOWN, PlaceKind.COUNTY, PlaceKind.PLANNING_REGION, PlaceKind.NAMED_AREA)
_WIDE = (PlaceKind.STATE, PlaceKind.NATION)
# Languages without a two-letter code that are offered by name too.
_OFFERED_LANGUAGES = ("ase", "prs", "fil", "hmn", "yue")


@dataclass(frozen=True)
class Choices:
    """The register as far as a form needs it. Labels are in the language of the page."""

    categories: Mapping[str, str]
    populations: Mapping[str, str]
    organizations: Mapping[str, str]  # UUID to name
    places: Gazetteer
    zone: str
    known: Callable[[Draft], References]  # what of a draft the register knows

    def find_organization(self, typed: str) -> str | None:
        """Give the UUID of the organization that bears a name, whatever its case and accents."""
        sought = fold(" ".join(typed.split()))
        return next((uuid for uuid, name in self.organizations.items() if fold(name) == sought), None)

    def place_name(self, key: str) -> str:
        """Give a name under which a place is found again; its key where there is none."""
        entry = self.places.places.get(key)
        if entry is None:
            return key
        names = (entry.name, f"{entry.name} County", f"{entry.name} region", f"{entry.name} area")
        found = (name for name in names if (hit := self.places.find(name)) is not None and hit.key == key)
        return next(found, key)

    def find_place(self, typed: str) -> str | None:
        """Give the key of the place a person means, or None."""
        if typed in self.places.places:
            return typed
        entry = self.places.find(typed)
        return entry.key if entry else None

    def find_town(self, typed: str, state: str | None = None) -> str | None:
        """Give the key of the town a person means; a village stands for its town.

        With a state only a town that lies in it is meant.
        """
        key = self.find_place(typed)
        towns = self.places.towns(key) if key else ()
        if key is None or len(towns) != 1:
            return None
        above = [self.places.places[name] for name in self.places.ancestors(towns[0].key)]
        states = [place.code for place in above if place.kind is PlaceKind.STATE and place.code]
        return towns[0].key if not (state and states) or state in states else None

    def find_region(self, typed: str) -> str | None:
        """Give the key of the planning region a person means."""
        regions = (p for p in self.places.places.values() if p.kind is PlaceKind.PLANNING_REGION)
        sought = fold(typed).removesuffix(" planning region").removesuffix(" region")
        return next((place.key for place in regions if sought in (fold(place.name), place.key)), None)

    def region_name(self, key: str) -> str:
        """Give the name of a region."""
        entry = self.places.places.get(key)
        return entry.name if entry and self.find_region(entry.name) == key else key

    @property
    def place_names(self) -> list[str]:
        """Give the names offered for areas, wide ones first."""
        entries = sorted(self.places.places.values(), key=lambda entry: entry.name)
        wide = [self.place_name(entry.key) for entry in entries if entry.kind in _WIDE]
        return [*wide, *(self.place_name(entry.key) for entry in entries if entry.kind in _OFFERED)]

    @property
    def example_places(self) -> list[str]:
        """Give the names of a town, of a county and of a state."""
        entries = sorted(self.places.places.values(), key=lambda entry: entry.key)
        kinds = (PlaceKind.TOWN, PlaceKind.COUNTY, PlaceKind.STATE)
        firsts = (next((e.key for e in entries if e.kind is kind), None) for kind in kinds)
        return [self.place_name(key) for key in firsts if key is not None]

    @property
    def town_names(self) -> list[str]:
        """Give the names of the towns."""
        return sorted(p.name for p in self.places.places.values() if p.kind is PlaceKind.TOWN)

    @property
    def region_names(self) -> list[str]:
        """Give the names of the planning regions."""
        return sorted(p.name for p in self.places.places.values() if p.kind is PlaceKind.PLANNING_REGION)

    @property
    def language_names(self) -> list[str]:
        """Give the names of languages offered, in the page's language."""
        return sorted({language_name(code) for code in _offered_codes()}, key=fold)


def load(session: Session, *, also: Iterable[str] = ()) -> Choices:
    """Read what there is to choose from. `also` names retired terms that are in use and stay offered."""
    kept = frozenset(also)
    return Choices(
        categories=_terms(session, Vocabulary.CATEGORY, kept),
        populations=_terms(session, Vocabulary.POPULATION, kept),
        organizations=_organizations(session),
        places=gazetteer.current(session),
        zone=_usual_zone(session),
        known=partial(queries.get_references, session),
    )


def find_language(typed: str) -> str | None:
    """Give the code of a language from its name in the page's language or in English, or from its code."""
    sought = fold(typed.strip())
    return _codes_by_name(current_language()).get(sought) or _codes_by_name("en").get(sought)


@cache
def _codes_by_name(language: str) -> dict[str, str]:
    names = Locale.parse(language).languages
    codes = {code for code in names if code.isascii() and code.isalpha() and len(code) in (2, 3)}
    codes |= set(_OFFERED_LANGUAGES)
    found: dict[str, str] = {}
    for code in sorted(codes, key=lambda code: (len(code), code)):
        for name in (code, fold(str(names.get(code, code))), fold(language_name(code))):
            found.setdefault(name, code)
    return found


@cache
def _offered_codes() -> tuple[str, ...]:
    codes = Locale.parse("en").languages
    return (*(code for code in codes if len(code) == 2), *_OFFERED_LANGUAGES)


def _terms(session: Session, vocabulary: Vocabulary, kept: frozenset[str]) -> dict[str, str]:
    terms = queries.list_terms(session, vocabulary)
    offered = (term for term in terms if not term.is_retired or term.slug in kept)
    return {term.slug: term.label(current_language()) for term in offered}


def _organizations(session: Session) -> dict[str, str]:
    rows = session.execute(
        select(Organization.uuid, Organization.name, Organization.slug)
        .where(Organization.status == CatalogStatus.PUBLISHED)
        .order_by(Organization.name, Organization.id)
    )
    names: dict[str, str] = {}
    taken: set[str] = set()
    for uuid, name, slug in rows:
        names[uuid] = f"{name} ({slug})" if fold(name) in taken else name
        taken.add(fold(name))
    return names


def _usual_zone(session: Session) -> str:
    """Give the time zone of most schedules: what a directory covers is in its data, not in the code."""
    usual = select(Schedule.zone).group_by(Schedule.zone).order_by(func.count().desc(), Schedule.zone)
    return session.scalar(usual.limit(1)) or ""
