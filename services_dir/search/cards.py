"""The cards of a page of results: what each program says of itself, with the words that were found in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import cache, lru_cache, partial

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup, escape
from msgspec import Struct

from services_dir.catalog.freshness import DEFAULT, Freshness
from services_dir.catalog.kinds import Availability, ProgramKind
from services_dir.catalog.public import PublicAssurance, PublicPlace
from services_dir.catalog.words import confirmed_words, is_stale, place_words
from services_dir.search.asked import Asked, asked_for
from services_dir.search.document import CardPhone, option_term
from services_dir.search.highlight import Highlighter, Match, as_markup
from services_dir.search.query import Facet
from services_dir.search.results import Hit, SearchResult
from services_dir.search.vocabulary import Vocabulary, language_name
from services_dir.search.words import Understood
from services_dir.web.languages import SOURCE_LANGUAGE, translated

_PHONES_ON_CARD = 3
_AREAS_ON_CARD = 3
_GROUPS_ON_CARD = 4
_LONGEST_CONTEXT = 160
_LONGEST_LEAD = 120
_MARKED = Markup("<mark>{}</mark>")
_IN_LANGUAGE = Markup('<span lang="{}">{}</span>')
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n")
_SENTENCE_ENDS = (". ", "! ", "? ", "\n")  # the same, in a text without double spaces

Find = Callable[[str], list[Match]]


class HitView(Struct, frozen=True):
    """A hit as the card shows it, its texts plain or as markup; see `components/card.html`."""

    slug: str
    href: str
    name: str
    organization: str | None
    alert: str | None
    offers: str | None
    context: str | None
    open: bool | None
    open_words: str
    who: str
    areas: str
    distance: str
    languages: str
    tags: list[str]
    phones: tuple[CardPhone, ...]
    no_phone: str
    confirmed: str
    is_stale: bool


class Cards:
    """Makes the cards of one page; what many of them say is put together once."""

    def __init__(self, result: SearchResult, vocabulary: Vocabulary | None, language: str) -> None:
        self.today = result.today
        self.vocabulary = vocabulary
        self.freshness = vocabulary.freshness if vocabulary is not None else DEFAULT
        self.language = language
        words = result.words if result.words is not None else Understood()
        self.asked = asked_for(words)
        self.meant = frozenset(option for asked in self.asked for option in asked.options)
        groups = (
            value for facet, _, value in (o.partition("/") for o in self.meant) if facet == Facet.POPULATION
        )
        self.groups = frozenset((*result.query.population, *groups))
        self.find = Highlighter(words.stems, words.meant).matches
        # None of these may hold this object, or both would wait for the collector.
        label_of = partial(_label, vocabulary, language)
        self.option = cache(partial(_option, label_of, self.meant, self.find))
        self.options = cache(partial(_options, self.option))
        self.areas = cache(partial(_areas, cache(partial(_area, self.find, language))))
        self.kinds = cache(partial(_kinds, vocabulary))
        self.no_phone = cache(_no_phone)
        self.confirmed = partial(_confirmed, self.today, self.freshness, language)
        self.open_words = {None: _("Hours not known"), True: _("Open now"), False: _("Closed now")}
        self.programs = url_for("catalog.program", slug="")

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
        name = self._marked(self.text.name, self.written_in) or card.slug
        told_by = self._marked(organization, SOURCE_LANGUAGE)
        who = self._who() if cards.vocabulary is not None else ""
        languages = self._options(Facet.LANGUAGE, card.languages)
        offers, context = self._offers_and_context()
        confirmed, is_stale = cards.confirmed(card.assured, card.assured is not None and card.is_grave)
        return HitView(
            slug=card.slug,
            href=cards.programs + card.slug,
            name=name,
            organization=told_by,
            alert=self._with_matches(alert, (), alert_in) if alert else None,
            offers=offers,
            context=context,
            open=hit.open,
            open_words="" if card.kind is ProgramKind.LEGAL_RIGHT else cards.open_words[hit.open],
            who=who,
            areas=self._areas(),
            distance=_distance(hit),
            languages=languages,
            tags=[*(self._meant() if self.missing else ()), *_tags(hit)],
            phones=card.phones[:_PHONES_ON_CARD],
            no_phone="" if card.phones else cards.no_phone(card.has_way_to_reach),
            confirmed=confirmed,
            is_stale=is_stale,
        )

    def _marked(self, text: str, written_in: str | None = None) -> str | None:
        """Give a text with what was found in it marked."""
        return self._with_matches(text, self.cards.find(text), written_in) if text else None

    def _with_matches(self, text: str, matches: Sequence[Match], written_in: str | None) -> str:
        """Give a text as it is, or as markup if anything in it is marked or it is in another language."""
        if matches:
            self._see(matches)
            text = as_markup(text, matches)
        return text if written_in in (None, self.cards.language) else _IN_LANGUAGE.format(written_in, text)

    def _see(self, matches: Iterable[Match]) -> None:
        if self.missing:
            stems = frozenset().union(*(match.stems for match in matches))
            self.missing = [asked for asked in self.missing if asked.stems.isdisjoint(stems)]

    def _options(self, facet: Facet, values: tuple[str, ...], left_out: int = 0) -> Markup:
        """Give what a program is, with what was meant by the words marked."""
        for value in values if self.missing and self.cards.meant else ():
            option = option_term(facet, value)
            if option in self.cards.meant:
                self.missing = [asked for asked in self.missing if option not in asked.options]
        return self.cards.options(facet, values, left_out)

    def _who(self) -> Markup:
        """Give the first groups it is for, those that were asked for, and how many more there are."""
        groups, wanted = self.card.populations, self.cards.groups
        if len(groups) <= _GROUPS_ON_CARD + 1:
            return self._options(Facet.POPULATION, groups)
        shown = tuple(g for n, g in enumerate(groups) if n < _GROUPS_ON_CARD or g in wanted)
        if len(groups) <= len(shown) + 1:
            return self._options(Facet.POPULATION, groups)
        return self._options(Facet.POPULATION, shown, len(groups) - len(shown))

    def _offers_and_context(self) -> tuple[str | None, str | None]:
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

    def _context(self) -> str | None:
        """Give the sentence further on in which most is found that is not to be seen yet."""
        wanted = frozenset().union(*(asked.stems for asked in self.missing))
        more = self.text.more
        matches = self.cards.find(more)
        held: dict[
            tuple[int, int, int], set[str]
        ] = {}  # by the first place in the sentence, its start and end
        first = start = end = 0
        for match in matches:
            if not match.stems.isdisjoint(wanted):
                if match.start >= end:
                    first, (start, end) = match.start, _sentence_around(more, match.start)
                held.setdefault((first, start, end), set()).update(match.stems & wanted)
        if not held:
            return None
        first, start, end = max(held, key=lambda place: len(held[place]))
        from_, to = _around(more, first, start, end)
        before, after = "… " if from_ > start else "", " …" if to < len(more[:end].rstrip()) else ""
        found = [m.moved(len(before) - from_) for m in matches if from_ <= m.start and m.end <= to]
        return self._with_matches(before + more[from_:to] + after, found, self.written_in)

    def _meant(self) -> Iterator[Markup]:
        """Give what the program is that was meant by other words: "Legal help" for "abogado"."""
        held = {option for category in self.card.categories for option in self.cards.kinds(category)}
        held.update(option_term(Facet.ACCESS, access.value) for access in self.card.access)
        told = (next((one for one in asked.options if one in held), None) for asked in self.missing)
        for option in dict.fromkeys(one for one in told if one is not None):
            facet, _slash, value = option.partition("/")
            yield self.cards.option(Facet(facet), value)

    def _areas(self) -> str:
        said = self._marked(self.card.area_words or "", SOURCE_LANGUAGE)
        return self.cards.areas(self.card.areas) if said is None else said


def _label(vocabulary: Vocabulary | None, language: str, facet: Facet, value: str) -> str:
    if facet is Facet.LANGUAGE:
        return language_name(value, language)
    return vocabulary.label(facet, value, language) if vocabulary is not None else value


def _option(
    label_of: Callable[[Facet, str], str], meant: frozenset[str], find: Find, facet: Facet, value: str
) -> Markup:
    """Give what an option is called, marked if the words mean it."""
    label = label_of(facet, value)
    is_meant = option_term(facet, value) in meant
    return _MARKED.format(label) if is_meant else as_markup(label, find(label))


def _kinds(vocabulary: Vocabulary | None, category: str) -> tuple[str, ...]:
    """Give a category and all that it is a kind of, as options."""
    slugs = vocabulary.with_ancestors(category) if vocabulary is not None else (category,)
    return tuple(option_term(Facet.CATEGORY, slug) for slug in slugs)


def _options(
    option: Callable[[Facet, str], Markup], facet: Facet, values: tuple[str, ...], left_out: int
) -> Markup:
    """Give what some options are called, and how many groups more there are."""
    names = [option(facet, value) for value in values]
    if left_out:
        names.append(escape(ngettext("%(num)s more group", "%(num)s more groups", left_out)))
    return _joined(names)


def _areas(name: Callable[[PublicPlace], Markup], areas: tuple[PublicPlace, ...]) -> Markup:
    """Give the names of the first places, and how many more there are."""
    rest = len(areas) - _AREAS_ON_CARD if len(areas) > _AREAS_ON_CARD + 1 else 0
    names = [name(area) for area in (areas[:_AREAS_ON_CARD] if rest else areas)]
    if rest:
        names.append(escape(ngettext("%(num)s more place", "%(num)s more places", rest)))
    return _joined(names)


def _area(find: Find, language: str, area: PublicPlace) -> Markup:
    """Give the name of a place with what was found in it marked."""
    text = _place(area, language)
    return as_markup(text, find(text))


@lru_cache(maxsize=1 << 12)
def _place(place: PublicPlace, _language: str) -> str:
    """Give the name of a place in the language of this page."""
    return place_words(place)


@lru_cache(maxsize=1 << 12)
def _confirmed(
    today: date, freshness: Freshness, _language: str, assured: PublicAssurance | None, is_grave: bool
) -> tuple[str, bool]:
    """Say in the language of this page when a program was confirmed, and whether that is too long ago."""
    return (
        confirmed_words(assured, today, freshness, is_grave=is_grave),
        is_stale(assured, today, freshness, is_grave=is_grave),
    )


def _joined(texts: Iterable[Markup]) -> Markup:
    return Markup(", ".join(texts))  # noqa: S704 - each of them is markup


def _sentence_around(text: str, at: int) -> tuple[int, int]:
    """Give from where to where the sentence around a place goes."""
    start, end = 0, len(text)
    for mark in _SENTENCE_ENDS:
        before, after = text.rfind(mark, start, at), text.find(mark, at, end)
        if before >= 0:
            start = before + len(mark)
        if after >= 0:
            end = after + len(mark)
    return start, end


def _lead(text: str) -> str:
    """Give the first sentence of a text, or as much of it as says what it is about."""
    first = _SENTENCE_END.split(text, 1)[0]
    if len(first) <= _LONGEST_LEAD:
        return first
    return first[: first.rfind(" ", 0, _LONGEST_LEAD)].rstrip(" ,;:") + " …"


def _around(text: str, at: int, start: int, end: int) -> tuple[int, int]:
    """Give from where to where a sentence fits on a card around a place in it, in whole words."""
    sentence = text[start:end].rstrip()
    if len(sentence) <= _LONGEST_CONTEXT:
        return start, start + len(sentence)
    first = max(0, min(at - start - _LONGEST_CONTEXT // 3, len(sentence) - _LONGEST_CONTEXT))
    first = sentence.find(" ", first) + 1 if first else 0
    last = first + _LONGEST_CONTEXT
    if last < len(sentence):
        sentence = sentence[: sentence.rfind(" ", 0, last)].rstrip(" ,;:")
    return start + first, start + len(sentence)


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
