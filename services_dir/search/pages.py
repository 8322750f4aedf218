"""What the templates of search are given, and the same answer as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from services_dir.catalog.kinds import Availability, PhoneKind, ProgramKind
from services_dir.catalog.words import Words, confirmed_words, is_stale, place_words, said
from services_dir.search.document import Card, CardPhone
from services_dir.search.facets import FacetCounts, FacetOption
from services_dir.search.query import Facet, Notice, Reach, SearchQuery, Sort
from services_dir.search.results import Group, Hit, SearchResult
from services_dir.search.vocabulary import INTERPRETER, Vocabulary, language_name
from services_dir.web.hotlines import Hotline, HotlineNumber
from services_dir.web.languages import SOURCE_LANGUAGE, translated

MILES = (5, 10, 25, 50, 100)
_PHONES_ON_CARD = 3
_AREAS_ON_CARD = 3


@dataclass(frozen=True)
class HitView:
    """A hit as the card shows it; see `components/card.html`."""

    slug: str
    name: Words
    organization: str
    alert: Words | None
    offers: Words | None
    who: str
    area: str
    distance: str
    open: bool | None
    open_words: str
    languages: list[str]
    phones: tuple[CardPhone, ...]
    no_phone: str
    confirmed: str
    is_stale: bool
    tags: list[str]


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

    @property
    def heading(self) -> str:
        """Say how many were found."""
        return ngettext("%(num)s result", "%(num)s results", self.result.total)

    @property
    def sorts(self) -> list[Choice]:
        """Give the orders to choose from."""
        return [Choice(sort.value, translated(sort.label), sort is self.query.sort) for sort in Sort]

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
            groups=tuple(_groups(result, vocabulary, language)),
            facets=facets,
            notices=sentences((*notices, *result.notices)),
            chosen=tuple(_chosen(result.query, facets)),
            hotlines=hotlines,
            place_words=result.place.name if result.place else "",
            suggestion=_suggestion(result),
            offer=Choice("place", result.offer.place, address=address(result.offer))
            if result.offer
            else None,
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


def hotlines_of(hits: Iterable[Hit], language: str) -> tuple[Hotline, ...]:
    """Give the lines among some hits that answer at any hour."""
    lines = (Hotline(hit.card.slug, hit.card.text(language).name, _numbers(hit.card)) for hit in hits)
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
        "notices": list(sentences((*notices, *result.notices))),
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


def _groups(result: SearchResult, vocabulary: Vocabulary | None, language: str) -> Iterator[GroupView]:
    for group, hits in groupby(result.hits, key=lambda hit: hit.group):
        views = tuple(_view(hit, result, vocabulary, language) for hit in hits)
        yield GroupView(translated(group.label), group is not Group.FIRST, views)


def _view(hit: Hit, result: SearchResult, vocabulary: Vocabulary | None, language: str) -> HitView:
    card = hit.card
    text = card.text(language)
    written_in = language if language in card.texts else SOURCE_LANGUAGE
    alert = card.alert_on(result.today, language)
    return HitView(
        slug=card.slug,
        name=said(text.name, language, written_in) or Words(card.slug),
        organization="" if card.organization == text.name else card.organization,
        alert=said(alert, language, written_in if text.alert else SOURCE_LANGUAGE),
        offers=said(text.offers, language, written_in),
        who=_who(card, vocabulary, language),
        area=_area(card),
        distance=_distance(hit),
        open=hit.open,
        open_words=_open_words(hit.open),
        languages=[language_name(code, language) for code in card.languages],
        phones=card.phones[:_PHONES_ON_CARD],
        no_phone=_no_phone(card),
        confirmed=confirmed_words(card.assured, result.today, is_grave=card.is_grave),
        is_stale=is_stale(card.assured, result.today, is_grave=card.is_grave),
        tags=list(_tags(hit)),
    )


def _who(card: Card, vocabulary: Vocabulary | None, language: str) -> str:
    if vocabulary is None:
        return ""
    return ", ".join(vocabulary.label(Facet.POPULATION, slug, language) for slug in card.populations)


def _area(card: Card) -> str:
    if card.area_words:
        return card.area_words
    names = list(dict.fromkeys(place_words(place) for place in card.areas))
    if len(names) <= _AREAS_ON_CARD + 1:
        return ", ".join(names)
    rest = len(names) - _AREAS_ON_CARD
    more = ngettext("%(num)s more place", "%(num)s more places", rest)
    return ", ".join([*names[:_AREAS_ON_CARD], more])


def _distance(hit: Hit) -> str:
    if hit.distance_miles is None:
        return ""
    if hit.is_about and hit.distance_miles < 1:
        return _("In %(town)s", town=hit.town) if hit.town else _("Less than a mile away")
    if hit.is_about:
        return _("About %(miles)s miles away (%(town)s)", miles=round(hit.distance_miles), town=hit.town)
    return _("%(miles)s miles away", miles=hit.distance_miles)


def _open_words(is_open: bool | None) -> str:
    if is_open is None:
        return ""
    return _("Open now") if is_open else _("Closed now")


def _no_phone(card: Card) -> str:
    if card.has_way_to_reach:
        return _("We know no number. The page says how to reach them.")
    return _("We know no number. Call 2-1-1.")


def _tags(hit: Hit) -> Iterator[str]:
    card = hit.card
    if card.kind is ProgramKind.LEGAL_RIGHT:
        yield translated(card.kind.label)
    pauses = card.availability is Availability.PAUSED and hit.open is False
    if pauses or card.availability in (Availability.WAITING_LIST, Availability.CLOSED):
        yield translated(card.availability.label)
    if hit.by_interpreter:
        yield _("By interpreter line")
    elif card.has_interpreter:
        yield _("Interpreter line")


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
    return replace(facet, options=tuple(_translated_option(option) for option in facet.options))


def _translated_option(option: FacetOption) -> FacetOption:
    return replace(option, label=translated(option.label)) if option.value == INTERPRETER else option


def _chosen(query: SearchQuery, facets: Iterable[FacetCounts]) -> Iterator[Choice]:
    """Give each choice with the address of the same search without it."""
    for facet in facets:
        for option in facet.options:
            if option.chosen:
                without = address(query.toggling(facet.name, option.value))
                yield Choice(option.value, option.label, True, without)
    singles: dict[str, tuple[str, Any]] = {}
    if query.within is not None:
        singles["within"] = (ngettext("%(num)s mile", "%(num)s miles", query.within), None)
    if query.reach is not None:
        singles["reach"] = (translated(query.reach.label), None)
    if query.kind is not None:
        singles["kind"] = (translated(query.kind.label), None)
    if query.open_now:
        singles["open_now"] = (_("Open now"), False)
    for name, (label, nothing) in singles.items():
        changes: dict[str, Any] = {name: nothing, "page": 1}
        yield Choice(name, label, True, address(replace(query, **changes)))
