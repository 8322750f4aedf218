"""What the templates of search are given, and the same answer as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from msgspec import structs

from services_dir.catalog.kinds import PhoneKind, ProgramKind
from services_dir.search.beside import Beside
from services_dir.search.cards import Cards, HitView
from services_dir.search.document import Card
from services_dir.search.facets import FacetCounts
from services_dir.search.query import Facet, Notice, Reach, SearchQuery, Sort
from services_dir.search.results import Group, Hit, SearchResult
from services_dir.search.vocabulary import INTERPRETER, Vocabulary
from services_dir.search.ways import Way
from services_dir.web.hotlines import Hotline, HotlineNumber
from services_dir.web.languages import SOURCE_LANGUAGE, translated

MILES = (5, 10, 25, 50, 100)


@dataclass(frozen=True)
class GroupView:
    """Hits under one heading; those that answer best have one that is only heard."""

    heading: str
    is_shown: bool
    hits: tuple[HitView, ...]


@dataclass(frozen=True)
class Choice:
    """An option of a list, or a choice that can be taken back at an address."""

    value: str
    label: str
    chosen: bool = False
    address: str = ""


@dataclass(frozen=True)
class WayView:
    """A search that asks for less: what it lacks or keeps, how much it finds, and where it is."""

    label: str
    count: str
    address: str


@dataclass(frozen=True)
class ResultsPage:
    """The page of results."""

    title: str
    query: SearchQuery
    result: SearchResult
    groups: tuple[GroupView, ...]
    facets: tuple[FacetCounts, ...]
    notices: tuple[str, ...]
    chosen: tuple[Choice, ...]
    hotlines: tuple[Hotline, ...]
    place_words: str
    suggestion: Choice | None
    offer: Choice | None
    ways: tuple[WayView, ...]
    language_sentence: str = ""
    sheet: tuple[str, ...] = ()
    at_hand: str = ""
    beside: tuple[Beside, ...] = ()

    @cached_property
    def here(self) -> str | None:
        """Give where a button on a card sends its form if that is not where the form leads: a later page."""
        return url_for("search.results", page=self.query.page) if self.query.page > 1 else None

    @property
    def show_words(self) -> str:
        """Say what the button below the filters shows: it is right until another box is ticked."""
        return ngettext("Show %(num)s program", "Show %(num)s programs", self.result.total)

    @property
    def heading(self) -> str:
        """Say how many were found."""
        return ngettext("%(num)s result", "%(num)s results", self.result.total)

    @property
    def place_sentence(self) -> str:
        """Say which place these serve, and that near ones come first where they do."""
        if not self.place_words or not self.result.total:
            return ""
        if self.result.is_complete and self.query.sort in (Sort.RELEVANCE, Sort.DISTANCE):
            return _("These serve %(place)s, from near to far.", place=self.place_words)
        return _("These serve %(place)s.", place=self.place_words)

    @property
    def sorts(self) -> list[Choice]:
        """Give the orders to choose from; the first need not be named in an address."""
        return [
            Choice(
                "" if sort is Sort.RELEVANCE else sort.value, translated(sort.label), sort is self.query.sort
            )
            for sort in Sort
        ]

    @property
    def distances(self) -> list[Choice]:
        """Give the distances to choose from, the one typed in an address among them."""
        miles = sorted({*MILES, *filter(None, [self.query.within])})
        return [
            Choice(str(mile), ngettext("%(num)s mile", "%(num)s miles", mile), mile == self.query.within)
            for mile in miles
        ]

    @property
    def reaches(self) -> list[Choice]:
        """Give how near the area served may lie."""
        return [Choice(reach.value, translated(reach.label), reach is self.query.reach) for reach in Reach]

    @property
    def kinds(self) -> list[Choice]:
        """Give the kinds of records."""
        return [Choice(kind.value, translated(kind.label), kind is self.query.kind) for kind in ProgramKind]

    @property
    def without_choices(self) -> str:
        """Give the address of the words and the place alone."""
        return address(self.query.without_choices())

    @property
    def everywhere(self) -> str:
        """Give the address of the words alone."""
        return address(SearchQuery(q=self.query.q))

    @property
    def map_address(self) -> str:
        """Give where the same is shown on a map."""
        return url_for("search.show_map", **self.query.on_page(1).to_args())

    def address(self, page: int) -> str:
        """Give the address of another page of the same search."""
        return address(self.query.on_page(page))

    @classmethod
    def build(
        cls,
        result: SearchResult,
        notices: Iterable[Notice],
        vocabulary: Vocabulary | None,
        hotlines: tuple[Hotline, ...],
        language: str,
    ) -> ResultsPage:
        """Build the page of an answer."""
        facets = tuple(_translated(facet) for facet in result.facets)
        return cls(
            title=_("Results"),
            query=result.query,
            result=result,
            groups=tuple(_groups(result, Cards(result, vocabulary, language))),
            facets=facets,
            notices=sentences((*notices, *result.notices)),
            chosen=tuple(_chosen(result.query, facets)),
            hotlines=hotlines,
            place_words=result.place.name if result.place else "",
            suggestion=_suggestion(result),
            offer=Choice("place", result.offer.place, address=address(result.offer))
            if result.offer
            else None,
            ways=tuple(_way_view(way, result.query, vocabulary, language) for way in result.ways),
            language_sentence=language_sentence(result.hits, language),
        )


def language_sentence(hits: Iterable[Hit], language: str) -> str:
    """Say that programs are described in English where the page is in another language."""
    foreign = [language not in hit.card.texts for hit in hits]
    if language == SOURCE_LANGUAGE or not any(foreign):
        return ""
    return (
        _("These programs are described in English.")
        if all(foreign)
        else _("Some of these programs are described in English.")
    )


def _suggestion(result: SearchResult) -> Choice | None:
    if result.suggestion is None:
        return None
    return Choice("q", result.suggestion, address=address(replace(result.query, q=result.suggestion, page=1)))


def address(query: SearchQuery) -> str:
    """Give the address of a search in the language of this page."""
    return url_for("search.results", **query.to_args())


def sentences(notices: Iterable[Notice]) -> tuple[str, ...]:
    """Give the notices in the language of this page, each once."""
    return tuple(dict.fromkeys(translated(one.message).format(**one.values) for one in notices))


def hotlines_of(cards: Iterable[Card], language: str) -> tuple[Hotline, ...]:
    """Give the lines among some programs that answer at any hour, with their numbers."""
    lines = (Hotline(card.slug, card.text(language).name, _numbers(card)) for card in cards)
    return tuple(line for line in lines if line.numbers)


def to_json(result: SearchResult, notices: Iterable[Notice], language: str) -> dict[str, Any]:
    """Give an answer as `/programs.json` and `services-dir search --json` print it (DESIGN, section 2)."""
    return {
        "query": result.query.to_args(),
        "total": result.total,
        "page": result.page,
        "pages": result.pages,
        "hits": [_hit_json(hit, result, language) for hit in result.hits],
        "facets": [
            {
                "name": facet.name.value,
                "options": [
                    {"value": o.value, "label": o.label, "count": o.count, "chosen": o.chosen}
                    for o in _translated(facet).options
                ],
            }
            for facet in result.facets
        ],
        "suggestion": result.suggestion,
        "notices": [
            *sentences((*notices, *result.notices)),
            *filter(None, [language_sentence(result.hits, language)]),
        ],
    }


def _hit_json(hit: Hit, result: SearchResult, language: str) -> dict[str, Any]:
    card = hit.card
    return {
        "slug": card.slug,
        "name": card.text(language).name,
        "organization": card.organization,
        "level": card.level.value,
        "categories": list(card.categories),
        "populations": list(card.populations),
        "languages": list(card.languages),
        "access": [access.value for access in card.access],
        "town": hit.town,
        "distance_miles": hit.distance_miles,
        "open": hit.open,
        "phones": [
            {"kind": phone.kind.value, "number": phone.number, "label": phone.label} for phone in card.phones
        ],
        "assured_on": card.assured.on.isoformat() if card.assured else None,
        "alert": card.alert_on(result.today, language),
    }


def _groups(result: SearchResult, cards: Cards) -> Iterator[GroupView]:
    for group, hits in groupby(result.hits, key=lambda hit: hit.group):
        views = tuple(cards.view(hit) for hit in hits)
        yield GroupView(translated(group.label), group is not Group.FIRST, views)


def _numbers(card: Card) -> tuple[HotlineNumber, ...]:
    wanted = (PhoneKind.HOTLINE, PhoneKind.VOICE, PhoneKind.TEXT)
    return tuple(
        HotlineNumber(p.kind.value, p.number, p.label, p.language, p.instruction, p.extension)
        for p in card.phones
        if p.round_the_clock and p.kind in wanted
    )[:2]


def _translated(facet: FacetCounts) -> FacetCounts:
    if facet.name is not Facet.LANGUAGE:
        return facet
    return replace(
        facet,
        options=tuple(
            structs.replace(option, label=translated(option.label)) if option.value == INTERPRETER else option
            for option in facet.options
        ),
    )


def _way_view(way: Way, query: SearchQuery, vocabulary: Vocabulary | None, language: str) -> WayView:
    what = way.text or ", ".join(_asked_by(way.part, query, vocabulary, language))
    if way.query.is_empty:
        label = _("Everything in this directory")
    elif way.is_kept:
        label = _("Only “%(what)s”", what=what)
    else:
        label = _("Without “%(what)s”", what=what)
    return WayView(label, ngettext("%(num)s result", "%(num)s results", way.total), address(way.query))


def _asked_by(part: str, query: SearchQuery, vocabulary: Vocabulary | None, language: str) -> Iterator[str]:
    """Say in words what a parameter of the address asks for."""
    if part in [facet.value for facet in Facet]:
        for value in query.chosen(Facet(part)):
            label = vocabulary.label(Facet(part), value, language) if vocabulary else value
            yield translated(label) if value == INTERPRETER else label
    elif part in ("q", "place"):
        yield getattr(query, part)
    else:
        yield from (label for name, label, _nothing in _singles(query) if name == part)


def _chosen(query: SearchQuery, facets: Iterable[FacetCounts]) -> Iterator[Choice]:
    """Give each choice with the address of the same search without it."""
    for facet in facets:
        for option in facet.options:
            if option.chosen:
                without = address(query.toggling(facet.name, option.value))
                label = f"{translated(facet.name.label)}: {option.label}"
                yield Choice(option.value, label, True, without)
    groups = {"within": _("How far"), "reach": _("Area served"), "kind": _("Programs or rights")}
    for name, said, changes in _singles(query):
        label = f"{groups[name]}: {said}" if name in groups else said
        yield Choice(name, label, True, address(replace(query, page=1, **changes)))


def _singles(query: SearchQuery) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Give each choice of which there is one: its parameter, what it says, and what takes it back."""
    if query.within is not None:
        yield "within", ngettext("%(num)s mile", "%(num)s miles", query.within), {"within": None}
    if query.reach is not None:
        yield "reach", translated(query.reach.label), {"reach": None}
    if query.kind is not None:
        yield "kind", translated(query.kind.label), {"kind": None}
    if query.open_now:
        yield "open", _("Open now"), {"open_now": False}
