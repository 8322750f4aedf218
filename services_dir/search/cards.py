"""The cards of a page of results: what each program says of itself, with the words that were found in it."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial

from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup
from msgspec import Struct

from services_dir.catalog.kinds import Availability, ProgramKind
from services_dir.catalog.public import PublicPlace
from services_dir.catalog.words import Words, confirmed_words, is_stale, place_words, said
from services_dir.search.asked import Asked, asked_for
from services_dir.search.document import CardPhone, option_term
from services_dir.search.highlight import Highlighter, Match, Piece, pieces
from services_dir.search.query import Facet
from services_dir.search.results import Hit, SearchResult
from services_dir.search.vocabulary import Vocabulary, language_name
from services_dir.web.languages import SOURCE_LANGUAGE, translated

_PHONES_ON_CARD = 3
_AREAS_ON_CARD = 3
_GROUPS_ON_CARD = 4
_LONGEST_CONTEXT = 160
_LONGEST_LEAD = 120
_MARK, _NOTHING = Markup("<mark>{}</mark>"), Markup("")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n")
# The same in texts without double spaces, sought three times as fast.
_FLAT_SENTENCE_END = re.compile(r"[.!?\n]\s?(?<=\s)")

Find = Callable[[str], list[Match]]


class MarkedWords(Words, frozen=True):
    """A text of which some pieces are what was looked for."""

    pieces: tuple[Piece, ...] = ()

    def __html__(self) -> str:
        """Give the text as markup, with what was found marked."""
        text = _NOTHING.join(_MARK.format(p.text) if p.is_match else p.text for p in self.pieces)
        return text if self.lang is None else Markup('<span lang="{}">{}</span>').format(self.lang, text)


class HitView(Struct, frozen=True):
    """A hit as the card shows it; see `components/card.html`."""

    slug: str
    name: Words
    organization: Words | None
    alert: Words | None
    offers: Words | None
    context: Words | None
    who: list[Words]
    areas: list[Words]
    distance: str
    open: bool | None
    open_words: str
    languages: list[Words]
    phones: tuple[CardPhone, ...]
    no_phone: str
    confirmed: str
    is_stale: bool
    tags: list[Words]


class Cards:
    """Makes the cards of one page; what many of them say is put together once."""

    def __init__(self, result: SearchResult, vocabulary: Vocabulary | None, language: str) -> None:
        self.today = result.today
        self.vocabulary = vocabulary
        self.language = language
        self.asked = asked_for(result.words) if result.words is not None else ()
        self.meant = frozenset(option for asked in self.asked for option in asked.options)
        groups = (
            value for facet, _, value in (o.partition("/") for o in self.meant) if facet == Facet.POPULATION
        )
        self.groups = frozenset((*result.query.population, *groups))
        self.find = Highlighter({stem for asked in self.asked for stem in asked.stems}).matches
        # None of these may hold this object, or both would wait for the collector.
        label_of = partial(_label, vocabulary, language)
        self.option = cache(partial(_option, label_of, self.meant, self.find))
        self.kinds = cache(partial(_kinds, vocabulary))
        self.place = cache(partial(_place, self.find))
        self.more_places = cache(_more_places)
        self.more_groups = cache(_more_groups)
        self.no_phone = cache(_no_phone)
        self.confirmed = cache(partial(confirmed_words, today=result.today))
        self.open_words = {None: "", True: _("Open now"), False: _("Closed now")}

    def view(self, hit: Hit) -> HitView:
        """Make the card of a hit."""
        return _CardMaker(self, hit).view()


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
        name = self._marked(self.text.name, self.written_in) or Words(card.slug)
        told_by = self._marked(organization)
        who = self._who() if cards.vocabulary is not None else []
        languages = self._options(Facet.LANGUAGE, card.languages)
        offers, context = self._offers_and_context()
        return HitView(
            slug=card.slug,
            name=name,
            organization=told_by,
            alert=said(alert, cards.language, alert_in),
            offers=offers,
            context=context,
            who=who,
            areas=self._areas(),
            distance=_distance(hit),
            open=hit.open,
            open_words=cards.open_words[hit.open],
            languages=languages,
            phones=card.phones[:_PHONES_ON_CARD],
            no_phone="" if card.phones else cards.no_phone(card.has_way_to_reach),
            confirmed=cards.confirmed(card.assured, is_grave=card.is_grave),
            is_stale=is_stale(card.assured, cards.today, is_grave=card.is_grave),
            tags=[*(self._meant() if self.missing else ()), *_tags(hit)],
        )

    def _marked(self, text: str, written_in: str | None = None) -> Words | None:
        """Give a text with what was found in it marked."""
        return self._with_matches(text, self.cards.find(text), written_in) if text else None

    def _with_matches(self, text: str, matches: list[Match], written_in: str | None) -> Words:
        lang = None if written_in in (None, self.cards.language) else written_in
        if not matches:
            return Words(text, lang)
        self._see(matches)
        return MarkedWords(text, lang, pieces(text, matches))

    def _see(self, matches: list[Match]) -> None:
        if matches and self.missing:
            stems = frozenset().union(*(match.stems for match in matches))
            self.missing = [asked for asked in self.missing if asked.stems.isdisjoint(stems)]

    def _options(self, facet: Facet, values: Iterable[str]) -> list[Words]:
        """Give what a program is, with what was meant by the words marked."""
        for value in values if self.missing else ():
            option = option_term(facet, value)
            if option in self.cards.meant:
                self.missing = [asked for asked in self.missing if option not in asked.options]
        return [self.cards.option(facet, value) for value in values]

    def _who(self) -> list[Words]:
        """Give the first groups it is for, those that were asked for, and how many more there are."""
        groups, wanted = self.card.populations, self.cards.groups
        shown = [g for n, g in enumerate(groups) if n < _GROUPS_ON_CARD or g in wanted]
        if len(groups) <= len(shown) + 1:
            return self._options(Facet.POPULATION, groups)
        return [*self._options(Facet.POPULATION, shown), self.cards.more_groups(len(groups) - len(shown))]

    def _offers_and_context(self) -> tuple[Words | None, Words | None]:
        """Give the first sentences, and a later one if only there something is found."""
        offers = self.text.offers
        matches = self.cards.find(offers)
        self._see(matches)
        context = self._context() if self.missing else None
        if context is not None:
            lead = _lead(offers)
            if all(match.end <= len(lead) - 2 for match in matches):
                offers = lead
        return self._with_matches(offers, matches, self.written_in) if offers else None, context

    def _context(self) -> Words | None:
        """Give the sentence further on in which most is found that is not to be seen yet."""
        wanted = frozenset().union(*(asked.stems for asked in self.missing))
        more = self.text.more
        found = [
            (match.start, match.stems & wanted) for match in self.cards.find(more) if match.stems & wanted
        ]
        if not found:
            return None
        ends = [0, *(end.end() for end in _FLAT_SENTENCE_END.finditer(more)), len(more)]
        held: dict[int, set[str]] = {}
        for at, stems in found:
            held.setdefault(bisect(ends, at), set()).update(stems)
        best = max(held, key=lambda number: len(held[number]))
        start, end = ends[best - 1], ends[best]
        first = next(at for at, _stems in found if at >= start)
        return self._marked(_around(more[start:end].rstrip(), first - start), self.written_in)

    def _meant(self) -> Iterator[Words]:
        """Give what the program is that was meant by other words: "Legal help" for "abogado"."""
        held = {option for category in self.card.categories for option in self.cards.kinds(category)}
        held.update(option_term(Facet.ACCESS, access.value) for access in self.card.access)
        told = (next((one for one in asked.options if one in held), None) for asked in self.missing)
        for option in dict.fromkeys(one for one in told if one is not None):
            facet, _slash, value = option.partition("/")
            yield self.cards.option(Facet(facet), value)

    def _areas(self) -> list[Words]:
        if self.card.area_words:
            words = self._marked(self.card.area_words, SOURCE_LANGUAGE)
            return [words] if words else []
        areas = self.card.areas
        rest = len(areas) - _AREAS_ON_CARD if len(areas) > _AREAS_ON_CARD + 1 else 0
        names = [self.cards.place(area) for area in (areas[:_AREAS_ON_CARD] if rest else areas)]
        return [*names, self.cards.more_places(rest)] if rest else names


def _label(vocabulary: Vocabulary | None, language: str, facet: Facet, value: str) -> str:
    if facet is Facet.LANGUAGE:
        return language_name(value, language)
    return vocabulary.label(facet, value, language) if vocabulary is not None else value


def _option(
    label_of: Callable[[Facet, str], str], meant: frozenset[str], find: Find, facet: Facet, value: str
) -> Words:
    """Give what an option is called, marked if the words mean it."""
    label = label_of(facet, value)
    return _all_marked(label) if option_term(facet, value) in meant else _short(label, find)


def _kinds(vocabulary: Vocabulary | None, category: str) -> tuple[str, ...]:
    """Give a category and all that it is a kind of, as options."""
    slugs = vocabulary.with_ancestors(category) if vocabulary is not None else (category,)
    return tuple(option_term(Facet.CATEGORY, slug) for slug in slugs)


def _place(find: Find, place: PublicPlace) -> Words:
    return _short(place_words(place), find)


def _more_places(number: int) -> Words:
    return Words(ngettext("%(num)s more place", "%(num)s more places", number))


def _more_groups(number: int) -> Words:
    return Words(ngettext("%(num)s more group", "%(num)s more groups", number))


def _short(text: str, find: Find) -> Words:
    matches = find(text)
    return MarkedWords(text, None, pieces(text, matches)) if matches else Words(text)


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


def _no_phone(has_way_to_reach: bool) -> str:
    if has_way_to_reach:
        return _("We know no number. The page says how to reach them.")
    return _("We know no number. Call 2-1-1.")


def _tags(hit: Hit) -> Iterator[Words]:
    card = hit.card
    if card.kind is ProgramKind.LEGAL_RIGHT:
        yield Words(translated(card.kind.label))
    pauses = card.availability is Availability.PAUSED and hit.open is False
    if pauses or card.availability in (Availability.WAITING_LIST, Availability.CLOSED):
        yield Words(translated(card.availability.label))
    if hit.by_interpreter:
        yield Words(_("By interpreter line"))
    elif card.has_interpreter:
        yield Words(_("Interpreter line"))
