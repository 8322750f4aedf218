"""The cards of a page of results: what each program says of itself, with the words that were found in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property

from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from services_dir.catalog.kinds import Availability, ProgramKind
from services_dir.catalog.words import Words, confirmed_words, place_words, said
from services_dir.search.asked import Asked, asked_for
from services_dir.search.document import Card, CardPhone, option_term
from services_dir.search.highlight import Highlighter, Match, Piece, pieces
from services_dir.search.query import Facet
from services_dir.search.results import Hit, SearchResult
from services_dir.search.vocabulary import Vocabulary, language_name
from services_dir.web.languages import SOURCE_LANGUAGE, translated

_PHONES_ON_CARD = 3
_AREAS_ON_CARD = 3
_LONGEST_CONTEXT = 160
_LONGEST_LEAD = 120
_MARK, _NOTHING = Markup("<mark>{}</mark>"), Markup("")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n")


@dataclass(frozen=True)
class MarkedWords(Words):
    """A text of which some pieces are what was looked for."""

    pieces: tuple[Piece, ...] = ()

    def __html__(self) -> str:
        """Give the text as markup, with what was found marked."""
        text = _NOTHING.join(_MARK.format(p.text) if p.is_match else p.text for p in self.pieces)
        return text if self.lang is None else Markup('<span lang="{}">{}</span>').format(self.lang, text)


@dataclass(frozen=True)
class HitView:
    """A hit as the card shows it; see `components/card.html`."""

    slug: str
    name: Words
    organization: Words | None
    alert: Words | None
    offers: Words | None
    context: Words | None
    who: list[Words]
    area: Words | None
    distance: str
    open: bool | None
    open_words: str
    languages: list[Words]
    phones: tuple[CardPhone, ...]
    no_phone: str
    confirmed: str
    tags: list[Words]


class Cards:
    """Makes the cards of one page; sentences that many of them say are put together once."""

    def __init__(self, result: SearchResult, vocabulary: Vocabulary | None, language: str) -> None:
        self.today = result.today
        self.vocabulary = vocabulary
        self.language = language
        self.asked = asked_for(result.words) if result.words is not None else ()
        self.highlighter = Highlighter({stem for asked in self.asked for stem in asked.stems})
        self.confirmed = cache(lambda assured: confirmed_words(assured, result.today))
        self.place = cache(place_words)
        self.label = cache(self._label)

    def view(self, hit: Hit) -> HitView:
        """Make the card of a hit."""
        return _CardMaker(self, hit).view()

    @cached_property
    def open_words(self) -> dict[bool | None, str]:
        """Give what is said of being open."""
        return {None: "", True: _("Open now"), False: _("Closed now")}

    def _label(self, facet: Facet, value: str) -> str:
        if facet is Facet.LANGUAGE:
            return language_name(value, self.language)
        return self.vocabulary.label(facet, value, self.language) if self.vocabulary is not None else value


class _CardMaker:
    """One card while it is made; `missing` is what was asked for and is not to be seen on it so far."""

    def __init__(self, cards: Cards, hit: Hit) -> None:
        self.cards = cards
        self.hit = hit
        self.card = hit.card
        self.text = hit.card.text(cards.language)
        self.written_in = cards.language if cards.language in hit.card.texts else SOURCE_LANGUAGE
        self.missing: list[Asked] = list(cards.asked)

    def view(self) -> HitView:
        """Make it. What is most telling comes first: the others need not say it again."""
        card, cards, hit = self.card, self.cards, self.hit
        organization = "" if card.organization == self.text.name else card.organization
        alert = card.alert_on(cards.today, cards.language)
        alert_in = self.written_in if self.text.alert else SOURCE_LANGUAGE
        return HitView(
            slug=card.slug,
            name=self._marked(self.text.name, self.written_in) or Words(card.slug),
            organization=self._marked(organization),
            who=list(self._labels(Facet.POPULATION, card.populations)) if cards.vocabulary else [],
            area=self._area(),
            languages=list(self._labels(Facet.LANGUAGE, card.languages)),
            alert=said(alert, cards.language, alert_in),
            **self._offers_and_context(),
            distance=_distance(hit),
            open=hit.open,
            open_words=cards.open_words[hit.open],
            phones=card.phones[:_PHONES_ON_CARD],
            no_phone="" if card.phones else _no_phone(card),
            confirmed=cards.confirmed(card.assured),
            tags=[*self._meant(), *map(Words, _tags(hit))],
        )

    def _marked(self, text: str, written_in: str | None = None) -> Words | None:
        """Give a text with what was found in it marked."""
        return self._with_matches(text, self.cards.highlighter.matches(text), written_in) if text else None

    def _with_matches(self, text: str, matches: list[Match], written_in: str | None) -> Words:
        lang = None if written_in in (None, self.cards.language) else written_in
        if not matches:
            return Words(text, lang)
        self._found({stem for match in matches for stem in match.stems})
        return MarkedWords(text, lang, pieces(text, matches))

    def _found(self, stems: Iterable[str]) -> None:
        self.missing = [asked for asked in self.missing if asked.stems.isdisjoint(stems)]

    def _labels(self, facet: Facet, values: Iterable[str]) -> Iterator[Words]:
        """Give what a program is, with what was meant by the words marked."""
        for value in values:
            option = option_term(facet, value)
            label = self.cards.label(facet, value)
            if any(option in asked.options for asked in self.cards.asked):
                self.missing = [asked for asked in self.missing if option not in asked.options]
                yield _all_marked(label)
            else:
                yield self._marked(label) or Words(label)

    def _offers_and_context(self) -> dict[str, Words | None]:
        """Give the first sentences, and a later one if only there something is found."""
        offers = self.text.offers
        matches = self.cards.highlighter.matches(offers)
        self._found({stem for match in matches for stem in match.stems})
        context = self._context()
        if context is not None:
            lead = _lead(offers)
            if all(match.end <= len(lead) - 2 for match in matches):
                offers = lead
        return {
            "offers": self._with_matches(offers, matches, self.written_in) if offers else None,
            "context": context,
        }

    def _context(self) -> Words | None:
        """Give the sentence further on in which most is found that is not to be seen yet."""
        wanted = frozenset(stem for asked in self.missing for stem in asked.stems)
        find = self.cards.highlighter.matches
        if not any(match.stems & wanted for match in find(self.text.more) if wanted):
            return None
        sentences = _SENTENCE_END.split(self.text.more)
        best = max(
            sentences, key=lambda one: len({stem for match in find(one) for stem in match.stems & wanted})
        )
        first = next(match.start for match in find(best) if match.stems & wanted)
        return self._marked(_around(best, first), self.written_in)

    def _meant(self) -> Iterator[Words]:
        """Give what the program is that was meant by other words: "Legal help" for "abogado"."""
        held = set(self._options()) if self.missing else set()
        for asked in self.missing:
            option = next((option for option in asked.options if option in held), None)
            if option is not None:
                held.discard(option)
                facet, _slash, value = option.partition("/")
                yield _all_marked(self.cards.label(Facet(facet), value))

    def _options(self) -> Iterator[str]:
        if self.cards.vocabulary is None:
            return
        for category in self.card.categories:
            for slug in self.cards.vocabulary.with_ancestors(category):
                yield option_term(Facet.CATEGORY, slug)
        for access in self.card.access:
            yield option_term(Facet.ACCESS, access.value)

    def _area(self) -> Words | None:
        if self.card.area_words:
            return self._marked(self.card.area_words, SOURCE_LANGUAGE)
        names = list(dict.fromkeys(map(self.cards.place, self.card.areas)))
        if len(names) > _AREAS_ON_CARD + 1:
            rest = len(names) - _AREAS_ON_CARD
            more = ngettext("%(num)s more place", "%(num)s more places", rest)
            names = [*names[:_AREAS_ON_CARD], more]
        return self._marked(", ".join(names))


def _all_marked(text: str) -> Words:
    return MarkedWords(text, None, (Piece(text, is_match=True),))


def _lead(text: str) -> str:
    """Give the first sentence of a text, or as much of it as says what it is about."""
    first = _SENTENCE_END.split(text, 1)[0]
    if len(first) <= _LONGEST_LEAD:
        return first
    return first[: first.rfind(" ", 0, _LONGEST_LEAD)].rstrip(" ,;:") + " …"


def _around(sentence: str, at: int) -> str:
    """Give as much of a sentence around a place as fits on a card, in whole words."""
    if len(sentence) <= _LONGEST_CONTEXT:
        return sentence
    start = max(0, min(at - _LONGEST_CONTEXT // 3, len(sentence) - _LONGEST_CONTEXT))
    start = sentence.find(" ", start) + 1 if start else 0
    end = start + _LONGEST_CONTEXT
    before = "… " if start else ""
    if end >= len(sentence):
        return before + sentence[start:]
    return before + sentence[start : sentence.rfind(" ", 0, end)].rstrip(" ,;:") + " …"


def _distance(hit: Hit) -> str:
    if hit.distance_miles is None:
        return ""
    if hit.is_about and hit.distance_miles < 1:
        return _("In %(town)s", town=hit.town) if hit.town else _("Less than a mile away")
    if hit.is_about:
        return _("About %(miles)s miles away (%(town)s)", miles=round(hit.distance_miles), town=hit.town)
    return _("%(miles)s miles away", miles=hit.distance_miles)


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
