"""What was asked: a frozen value that reads itself from an address and writes itself back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, TypeVar

from services_dir.catalog.kinds import ProgramKind
from services_dir.errors import N_
from services_dir.values import Labelled, without_controls

MAXIMUM_LENGTH = 200
MAXIMUM_WORDS = 12
MAXIMUM_VALUES = 50
MAXIMUM_PAGE = 10**6
MAXIMUM_MILES = 500
PER_PAGE = 20


class Facet(Labelled):
    """Dimensions by which a search is narrowed; options of one add up, facets narrow each other."""

    CATEGORY = "category", N_("Kind of help")
    POPULATION = "population", N_("Who it is for")
    LANGUAGE = "language", N_("Language")
    LEVEL = "level", N_("Who runs it")
    ACCESS = "access", N_("How to reach it")


class Sort(Labelled):
    """Orders in which programs can be listed."""

    RELEVANCE = "relevance", N_("Best match")
    DISTANCE = "distance", N_("Nearest")
    NAME = "name", N_("Name")
    ASSURED = "assured", N_("Last confirmed")


class Reach(Labelled):
    """How near the area that a program serves lies to the place asked for."""

    TOWN = "town", N_("Serves this place")
    REGION = "region", N_("Serves the region")
    STATE = "state", N_("Statewide")
    NATION = "nation", N_("Nationwide")


ChoiceT = TypeVar("ChoiceT", bound=StrEnum)


@dataclass(frozen=True)
class Notice:
    """A sentence about what was or was not understood, marked for translation, with its values."""

    message: str
    values: Mapping[str, Any]

    @property
    def sentence(self) -> str:
        """Give the English sentence."""
        return self.message.format(**self.values)


def notice(message: str, **values: Any) -> Notice:
    """Make a notice."""
    return Notice(message, values)


@dataclass(frozen=True)
class SearchQuery:
    """A search: words, choices in the facets, a place, and how to list what is found."""

    q: str = ""
    category: tuple[str, ...] = ()
    population: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    level: tuple[str, ...] = ()
    access: tuple[str, ...] = ()
    place: str = ""
    within: int | None = None
    reach: Reach | None = None
    kind: ProgramKind | None = None
    open_now: bool = False
    sort: Sort = Sort.RELEVANCE
    page: int = 1

    def chosen(self, facet: Facet) -> tuple[str, ...]:
        """Give the options chosen in a facet."""
        values: tuple[str, ...] = getattr(self, facet.value)
        return values

    def choosing(self, facet: Facet, values: Iterable[str]) -> SearchQuery:
        """Give this search with exactly these options chosen in a facet, from its first page."""
        changes: dict[str, Any] = {facet.value: tuple(values), "page": 1}
        return replace(self, **changes)

    def toggling(self, facet: Facet, value: str) -> SearchQuery:
        """Give this search with one more option, or without it if it was chosen."""
        held = self.chosen(facet)
        return self.choosing(facet, [v for v in held if v != value] if value in held else [*held, value])

    def on_page(self, page: int) -> SearchQuery:
        """Give another page of the same search."""
        return replace(self, page=page)

    def without_choices(self) -> SearchQuery:
        """Give the words and the place alone."""
        return SearchQuery(q=self.q, place=self.place)

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing was asked: then everything is listed."""
        return replace(self, page=1, sort=Sort.RELEVANCE) == SearchQuery()

    def to_args(self) -> dict[str, Any]:
        """Give the parameters of the address, without those that say nothing."""
        args: dict[str, Any] = {
            "q": self.q,
            **{facet.value: list(self.chosen(facet)) for facet in Facet},
            "place": self.place,
            "within": self.within,
            "reach": self.reach.value if self.reach else None,
            "kind": self.kind.value if self.kind else None,
            "open": "now" if self.open_now else None,
            "sort": self.sort.value if self.sort is not Sort.RELEVANCE else None,
            "page": self.page if self.page > 1 else None,
        }
        return {name: value for name, value in args.items() if value}

    @classmethod
    def read(cls, args: Mapping[str, Iterable[str]]) -> tuple[SearchQuery, tuple[Notice, ...]]:
        """Read a search from parameters and their values.

        Never fails: what cannot be understood is left out, and a notice says so. Unknown parameters
        are ignored; of a repeated one that has a single value the first counts.
        """
        notices: list[Notice] = []
        values = {name: [_tidy(value) for value in held] for name, held in args.items()}

        def first(name: str) -> str:
            return next((value for value in values.get(name, ()) if value), "")

        facets: dict[str, Any] = {
            facet.value: _several(values.get(facet.value, ()), facet, notices) for facet in Facet
        }
        query = cls(
            q=_words(first("q"), notices),
            place=first("place")[:MAXIMUM_LENGTH].rstrip(),
            within=_miles(first("within"), notices),
            reach=_choice(first("reach"), Reach, "reach", notices),
            kind=_choice(first("kind"), ProgramKind, "kind", notices),
            open_now=_is_now(first("open"), notices),
            sort=_choice(first("sort"), Sort, "sort", notices) or Sort.RELEVANCE,
            page=_page(first("page"), notices),
            **facets,
        )
        return query, tuple(notices)


def _tidy(value: str) -> str:
    return " ".join(without_controls(value).split())


def _words(text: str, notices: list[Notice]) -> str:
    if len(text) > MAXIMUM_LENGTH:
        notices.append(notice(N_("We searched for the first {count} characters only."), count=MAXIMUM_LENGTH))
        text = text[:MAXIMUM_LENGTH].rstrip()
    words = text.split()
    if len(words) > MAXIMUM_WORDS:
        notices.append(notice(N_("We searched for the first {count} words only."), count=MAXIMUM_WORDS))
        text = " ".join(words[:MAXIMUM_WORDS])
    return text


def _several(values: Iterable[str], facet: Facet, notices: list[Notice]) -> tuple[str, ...]:
    chosen = tuple(dict.fromkeys(value[:80].lower() for value in values if value))
    if len(chosen) > MAXIMUM_VALUES:
        notices.append(notice(N_("Too many choices: we took the first {count}."), count=MAXIMUM_VALUES))
    return chosen[:MAXIMUM_VALUES]


def _choice(text: str, kinds: type[ChoiceT], name: str, notices: list[Notice]) -> ChoiceT | None:
    if not text:
        return None
    try:
        return kinds(text.lower())
    except ValueError:
        notices.append(
            notice(N_("We left out “{name}”: we do not know “{value}”."), name=name, value=text[:40])
        )
        return None


def _is_now(text: str, notices: list[Notice]) -> bool:
    if text and text.lower() != "now":
        notices.append(
            notice(N_("We left out “{name}”: we do not know “{value}”."), name="open", value=text[:40])
        )
    return text.lower() == "now"


def _miles(text: str, notices: list[Notice]) -> int | None:
    if not text:
        return None
    miles = int(text) if text.isascii() and text.isdecimal() and len(text) <= 9 else 0
    if not 1 <= miles <= MAXIMUM_MILES:
        notices.append(
            notice(N_("We left out the distance: it must be from 1 to {most} miles."), most=MAXIMUM_MILES)
        )
        return None
    return miles


def _page(text: str, notices: list[Notice]) -> int:
    if not text:
        return 1
    if not (text.isascii() and text.isdecimal()) or text.strip("0") == "":
        notices.append(notice(N_("There is no such page. This is the first one.")))
        return 1
    return min(int(text), MAXIMUM_PAGE) if len(text) <= 9 else MAXIMUM_PAGE
