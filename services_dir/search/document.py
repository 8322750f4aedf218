"""What is indexed of a program: terms for its fields, facts for the arrays, and the card that is shown.

All of it comes from `PublicProgram`, so nothing that is not public can be in an index.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

import msgspec
from msgspec import Struct

from services_dir.catalog.gazetteer import Gazetteer
from services_dir.catalog.hours import Timetable
from services_dir.catalog.kinds import (
    Access,
    Availability,
    Level,
    PhoneKind,
    Precision,
    ProgramKind,
)
from services_dir.catalog.public import (
    PublicAssurance,
    PublicPhone,
    PublicPlace,
    PublicProgram,
    PublicSite,
    PublicText,
)
from services_dir.catalog.rules import is_grave
from services_dir.search import analyzer
from services_dir.search.query import Facet
from services_dir.search.vocabulary import INTERPRETER, Vocabulary

# Field of text: how much a word found in it counts.
TEXTS = {
    "name": 3.0,
    "organization": 1.5,
    "description": 1.0,
    "eligibility": 1.0,
    "places": 1.0,
}
PHONES = "phones"
OPTIONS = "options"  # what it is, as options of facets: "category/housing"
AREAS = "areas"  # keys of the places it serves
SPELLED = "spelled"  # the words of its texts as they are spelled, each once: for prefixes and spelling
FIELDS = (*TEXTS, PHONES, OPTIONS, AREAS, SPELLED)
_SHORTEST_SPELLED = 3
_LONGEST_OFFER = 240
_OWN_LABEL = 0.6  # of the words of a label, which a program says of itself
# Which number a card shows first; a fax is never one to call.
_CALL_ORDER = (
    PhoneKind.HOTLINE,
    PhoneKind.VOICE,
    PhoneKind.TEXT,
    PhoneKind.WHATSAPP,
    PhoneKind.TTY,
    PhoneKind.RELAY,
)


class CardPhone(Struct, frozen=True):
    """A number on a card."""

    kind: PhoneKind
    number: str
    extension: str | None
    label: str | None
    language: str | None
    instruction: str | None
    round_the_clock: bool


class CardText(Struct, frozen=True):
    """What a card says in one language; of `more` only a sentence in which something was found."""

    name: str
    offers: str
    alert: str
    more: str = ""


class Card(Struct, frozen=True):
    """What a result shows of a program, ready to be shown on any day and in any language."""

    slug: str
    kind: ProgramKind
    level: Level
    organization: str
    texts: dict[str, CardText]
    categories: tuple[str, ...]
    populations: tuple[str, ...]
    populations_excluded: tuple[str, ...]
    languages: tuple[str, ...]
    has_interpreter: bool
    access: tuple[Access, ...]
    areas: tuple[PublicPlace, ...]
    area_words: str | None
    towns: tuple[str, ...]
    phones: tuple[CardPhone, ...]
    has_way_to_reach: bool
    availability: Availability
    paused_until: date | None
    alert_until: date | None
    assured: PublicAssurance | None

    @property
    def is_grave(self) -> bool:
        """Tell whether people call it in danger, so that its details must be looked at more often."""
        return is_grave(self.categories, (phone.kind for phone in self.phones))

    def text(self, language: str) -> CardText:
        """Give the texts in a language, or the English ones."""
        return self.texts.get(language) or self.texts["en"]

    def alert_on(self, today: date, language: str) -> str | None:
        """Give the caution to show on a day, if there is one."""
        if self.alert_until is not None and today > self.alert_until:
            return None
        return self.text(language).alert or self.texts["en"].alert or None


class SitePoint(Struct, frozen=True):
    """Where a public site is; `is_about` where only its town is known."""

    latitude: float
    longitude: float
    is_about: bool
    town: str | None


class Facts(Struct, frozen=True):
    """What the arrays hold of a program: by what it is filtered, sorted and measured."""

    kind: ProgramKind
    options: dict[Facet, tuple[str, ...]]
    excluded: tuple[str, ...]
    has_interpreter: bool
    areas: tuple[str, ...]
    sites: tuple[SitePoint, ...]
    timetable: Timetable
    assured_on: date | None
    names: dict[str, str]
    known_as: tuple[str, ...]
    numbers: tuple[str, ...]
    organization: str
    other_names: tuple[str, ...] = ()  # of the program, and next those of its organization
    organization_other_names: tuple[str, ...] = ()


class ShownFacts(Struct, frozen=True):
    """Those of the facts that a result needs; nothing else is decoded for it."""

    areas: tuple[str, ...]
    sites: tuple[SitePoint, ...]
    timetable: Timetable


class Document(Struct, frozen=True):
    """A program as indexed: its id, the terms of each field, its facts and its card."""

    id: str
    terms: dict[str, tuple[str, ...]]
    facts: Facts
    card: Card


def make_document(program: PublicProgram, vocabulary: Vocabulary, gazetteer: Gazetteer) -> Document:
    """Build what is indexed of a program."""
    texts = _texts(program)
    facts = _facts(program, vocabulary, gazetteer)
    terms = {
        field: tuple(stem for text in held for stem in (*analyzer.stems(text), *_letters(field, text)))
        for field, held in texts.items()
    }
    return Document(
        id=program.id,
        terms=terms
        | {
            PHONES: (*_numbers(program), *_own_numbers(program, texts)),
            OPTIONS: (*option_terms(facts), program.kind.value),
            AREAS: facts.areas,
            SPELLED: tuple(_spelled(texts)),
        },
        facts=facts,
        card=make_card(program),
    )


def option_terms(facts: Facts) -> Iterator[str]:
    """Give what a program is as terms: facet and option."""
    for facet, values in facts.options.items():
        yield from (option_term(facet, value) for value in values)
    if facts.has_interpreter:
        yield option_term(Facet.LANGUAGE, INTERPRETER)


def option_term(facet: Facet, value: str) -> str:
    """Give the term of an option."""
    return f"{facet.value}/{value}"


def own_number(digits: str) -> str:
    """Give the term of a number under which only those have it whose it is."""
    return f"own/{digits}"


def make_card(program: PublicProgram) -> Card:
    """Build the card of a program."""
    return Card(
        slug=program.slug,
        kind=program.kind,
        level=program.level,
        organization=program.organization.name,
        texts={language: _card_text(text) for language, text in program.texts.items()},
        categories=program.categories,
        populations=program.populations,
        populations_excluded=program.populations_excluded,
        languages=tuple(dict.fromkeys(spoken.code for spoken in program.languages)),
        has_interpreter=bool(program.has_interpreter),
        access=program.access,
        areas=tuple(dict.fromkeys(area.place for area in program.all_areas)),
        area_words=program.area_words,
        towns=tuple(dict.fromkeys(site.town.name for site in program.sites if site.town is not None)),
        phones=tuple(_card_phones(program)),
        has_way_to_reach=program.has_way_to_reach,
        availability=program.availability,
        paused_until=program.paused_until,
        alert_until=program.alert_until,
        assured=program.assured,
    )


def _card_text(text: PublicText) -> CardText:
    offers = first_sentences(text.description)
    rest = " ".join(text.description.split()).removeprefix(offers)
    others = (text.what_happens, text.eligibility, text.how_to_apply, text.cost)
    more = (" ".join(part.split()) for part in (rest, *others) if part)
    return CardText(text.name, offers, text.alert, "\n".join(filter(None, more)))


def encode(part: Card | Facts) -> bytes:
    """Give a card or facts as stored."""
    return msgspec.json.encode(part)


def first_sentences(text: str) -> str:
    """Give as many whole sentences from the start of a text as fit on a card, at least the first."""
    flat = " ".join(text.split())
    if len(flat) <= _LONGEST_OFFER:
        return flat
    end = flat.rfind(". ", 0, _LONGEST_OFFER)
    if end < 0:
        return flat[: flat.rfind(" ", 0, _LONGEST_OFFER)].rstrip(" ,;:") + " …"
    return flat[: end + 1]


def _texts(program: PublicProgram) -> dict[str, list[str]]:
    texts = list(program.texts.values())
    organization = program.organization
    held: dict[str, list[str | None]] = {
        "name": [*(text.name for text in texts), *program.alternate_names, *program.former_names],
        "organization": [
            organization.name,
            *organization.aliases,
            *organization.former_names,
            organization.parent,
            program.partners_note,
        ],
        "description": [part for text in texts for part in (text.description, text.what_happens)],
        "eligibility": [
            *(part for text in texts for part in (text.eligibility, text.how_to_apply, text.cost)),
            program.population_note,
        ],
        "places": [
            *(area.place.name for area in program.all_areas),
            program.area_words,
            *_site_places(program),
        ],
    }
    return {field: [text for text in parts if text] for field, parts in held.items()}


def _letters(field: str, text: str) -> tuple[str, ...]:
    """Give the letters by which what a text names is called; of many words only organizations are."""
    pairs = analyzer.initials(text)
    return (*pairs, *analyzer.acronyms(text)) if field == "organization" else tuple(pairs)


def _spelled(texts: dict[str, list[str]]) -> dict[str, None]:
    words = (
        word
        for field, held in texts.items()
        for text in held
        for word in (*analyzer.terms(text), *_letters(field, text))
    )
    return dict.fromkeys(word for word in words if len(word) >= _SHORTEST_SPELLED and not word.isdecimal())


def _site_places(program: PublicProgram) -> Iterable[str | None]:
    for site in program.sites:
        yield site.name
        yield site.city
        yield site.town.name if site.town else None
        yield site.region.name if site.region else None


def _facts(program: PublicProgram, vocabulary: Vocabulary, gazetteer: Gazetteer) -> Facts:
    names = {language: text.name for language, text in program.texts.items()}
    known_as = (*names.values(), *program.alternate_names, *program.former_names)
    return Facts(
        kind=program.kind,
        options={
            Facet.CATEGORY: tuple(_categories(program, vocabulary)),
            Facet.POPULATION: program.populations,
            Facet.LANGUAGE: tuple(dict.fromkeys(spoken.code for spoken in program.languages)),
            Facet.LEVEL: (program.level.value,),
            Facet.ACCESS: tuple(access.value for access in program.access),
        },
        excluded=program.populations_excluded,
        has_interpreter=bool(program.has_interpreter),
        areas=tuple(dict.fromkeys(area.place.key for area in program.all_areas)),
        sites=tuple(
            point for site in program.public_sites if (point := _site_point(site, gazetteer)) is not None
        ),
        timetable=Timetable.of(program),
        assured_on=program.assured.on if program.assured else None,
        names=names,
        known_as=tuple(dict.fromkeys(" ".join(analyzer.terms(name)) for name in known_as)),
        numbers=tuple(_numbers(program)),
        organization=program.organization.name,
        other_names=(*program.alternate_names, *program.former_names),
        organization_other_names=(*program.organization.aliases, *program.organization.former_names),
    )


def _site_point(site: PublicSite, gazetteer: Gazetteer) -> SitePoint | None:
    town = site.town.name if site.town else site.city
    if site.latitude is not None and site.longitude is not None:
        return SitePoint(site.latitude, site.longitude, site.precision is not Precision.EXACT, town)
    point = gazetteer.point(site.town.key) if site.town else None
    return SitePoint(*point, True, town) if point else None


def _categories(program: PublicProgram, vocabulary: Vocabulary) -> dict[str, None]:
    return dict.fromkeys(
        slug for category in program.categories for slug in vocabulary.with_ancestors(category)
    )


def _numbers(program: PublicProgram) -> dict[str, None]:
    return dict.fromkeys(term for phone in program.all_phones for term in analyzer.number_terms(phone.number))


def _own_numbers(program: PublicProgram, texts: dict[str, list[str]]) -> dict[str, None]:
    """Give the numbers that are a program's own: those without a label, or with one that tells of itself.

    A line that many share is said to be of whoever runs it: "Harbor Line, for the whole state".
    """
    said = {
        stem
        for field in ("name", "organization", "description")
        for text in texts[field]
        for stem in analyzer.stems(text)
    }
    found: dict[str, None] = {}
    for phone in program.all_phones:
        label = set(analyzer.stems(phone.label or ""))
        if len(label & said) >= _OWN_LABEL * len(label):
            found |= dict.fromkeys(map(own_number, analyzer.number_terms(phone.number)))
    return found


def _card_phones(program: PublicProgram) -> list[CardPhone]:
    held: dict[tuple[PhoneKind, str, str | None], PublicPhone] = {}
    for phone in program.all_phones:
        if phone.kind in _CALL_ORDER:
            held.setdefault((phone.kind, phone.number, phone.extension), phone)
    phones = sorted(held.values(), key=lambda phone: _CALL_ORDER.index(phone.kind))
    return [
        CardPhone(
            phone.kind,
            phone.number,
            phone.extension,
            phone.label,
            phone.language,
            phone.instruction,
            _is_round_the_clock(phone, program),
        )
        for phone in phones
    ]


def _is_round_the_clock(phone: PublicPhone, program: PublicProgram) -> bool:
    hours = phone.hours or program.hours
    return hours is not None and hours.round_the_clock
