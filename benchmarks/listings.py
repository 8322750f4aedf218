"""Listings made of the seed: its sentences, names and facts recombined, always the same for a number.

Categories are drawn first, as often as the seed has them; most sentences come from programs of those
categories or list words of theirs, and how many there are has a long tail. Facts come from the project's
own lists.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random
from uuid import UUID

from services_dir.catalog.gazetteer import Gazetteer, PlaceEntry
from services_dir.catalog.kinds import (
    AssuranceMethod,
    Availability,
    Known,
    PhoneKind,
    PlaceKind,
    Precision,
    ProgramKind,
    Visibility,
)
from services_dir.catalog.public import (
    PublicArea,
    PublicAssurance,
    PublicHours,
    PublicInterval,
    PublicLanguage,
    PublicOrganizationName,
    PublicPhone,
    PublicPlace,
    PublicProgram,
    PublicSite,
    PublicText,
)
from services_dir.search.query import Facet
from services_dir.search.vocabulary import Vocabulary

_SEED = 20_240_817
TODAY = date(2026, 3, 2)  # a Monday; listings are the same on every day
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9“])")
_OWN_SENTENCES = 0.7  # of a listing's sentences come from programs of its own categories
_SENTENCES = (0.95, 0.85)  # of a log-normal distribution
_MOST_SENTENCES = 40
_LISTED = 0.15  # of them name things that the vocabulary lists for a category
_AREA_CODES = ("203", "475", "860", "959", "800")
# Beside the languages of the seed, those for which larger directories have staff.
_LANGUAGES = (
    "es pt pl zh fr ht ar ru vi ko it hi ur bn sq tl km lo th so "
    "sw am ti fa ps ku tr uk ro hu el de ja my ne pa gu te ta ase"
).split()


class Listings:
    """Makes listings from the programs of the seed."""

    def __init__(self, seed: list[PublicProgram], vocabulary: Vocabulary, places: Gazetteer) -> None:
        self.seed = seed
        self._by_kind = _places(places.places.values())
        self._populations = list(vocabulary.terms[Facet.POPULATION])
        self._categories = [program.categories for program in seed if program.categories]
        self._sentences = _Pool(seed, lambda text: (text.description, text.what_happens))
        self._eligibility = _Pool(seed, lambda text: (text.eligibility,))
        self._how = _Pool(seed, lambda text: (text.how_to_apply,))
        self._costs = [p.text().cost for p in seed if p.text().cost]
        self._words = {
            slug: [word for held in term.words.values() for word in held]
            for slug, term in vocabulary.terms[Facet.CATEGORY].items()
        }
        self._labels = {slug: term.label("en") for slug, term in vocabulary.terms[Facet.CATEGORY].items()}
        self._names = _halves(program.text().name for program in seed)
        self._organizations = _halves(program.organization.name for program in seed)
        self._hours = [hours for program in seed for hours in program.all_hours]
        self._area_kinds = [area.place.kind for program in seed for area in program.service_areas]

    def make(self, count: int, first: int = 0) -> Iterator[PublicProgram]:
        """Give listings from a number on; each depends on its number alone."""
        for number in range(first, first + count):
            yield self._listing(number, Random(_SEED + number))

    def _listing(self, number: int, random: Random) -> PublicProgram:
        categories = self._draw_categories(random)
        kin = random.choice(self.seed)  # of one program: what hangs together
        town = random.choice(self._by_kind[PlaceKind.TOWN])
        hours = self._draw_hours(random)
        return PublicProgram(
            id=str(UUID(int=random.getrandbits(128), version=4)),
            slug=f"listing-{number}",
            kind=kin.kind if random.random() < 0.5 else ProgramKind.PROGRAM,
            level=kin.level,
            organization=self._organization(random, town),
            texts={"en": self._text(random, categories, town)},
            alternate_names=(),
            former_names=(),
            categories=categories,
            populations=self._draw_populations(random, kin),
            populations_excluded=kin.populations_excluded,
            population_note=None,
            min_age=None,
            max_age=None,
            languages=self._draw_languages(random, kin),
            has_interpreter=kin.has_interpreter,
            interpreter_note=None,
            phones=tuple(_phone(random, kin, at) for at in range(random.choice((0, 1, 1, 1, 2, 3)))),
            email="made-up@example.org" if random.random() < 0.4 else None,
            url="https://example.org/" if random.random() < 0.7 else None,
            links=(),
            hours=hours,
            sites=self._sites(random, town),
            service_areas=self._areas(random, town),
            area_words=None,
            asks_immigration_status=Known.UNKNOWN,
            needs_police_report=Known.UNKNOWN,
            mandated_reporters=Known.UNKNOWN,
            run_by=None,
            availability=Availability.OPEN if random.random() < 0.95 else Availability.WAITING_LIST,
            paused_until=None,
            alert_until=None,
            partners_note=None,
            as_of=None,
            sources=(),
            assured=_assurance(random),
            modified_at=datetime(2026, 1, 1, tzinfo=UTC),
        )

    def _draw_categories(self, random: Random) -> tuple[str, ...]:
        wanted = len(random.choice(self._categories))
        drawn = (random.choice(random.choice(self._categories)) for _ in range(min(wanted, 4)))
        return tuple(dict.fromkeys(drawn))

    def _draw_populations(self, random: Random, kin: PublicProgram) -> tuple[str, ...]:
        more = random.sample(self._populations, 1) if random.random() < 0.3 else []
        return tuple(dict.fromkeys((*kin.populations, *more)))

    def _draw_languages(self, random: Random, kin: PublicProgram) -> tuple[PublicLanguage, ...]:
        codes = [spoken.code for spoken in kin.languages]
        while random.random() < 0.3:
            codes.append(_LANGUAGES[min(int(random.expovariate(0.15)), len(_LANGUAGES) - 1)])
        return tuple(PublicLanguage(code, code, None) for code in dict.fromkeys(codes))

    def _text(self, random: Random, categories: tuple[str, ...], town: PlaceEntry) -> PublicText:
        length = min(_MOST_SENTENCES, max(1, round(random.lognormvariate(*_SENTENCES))))
        return PublicText(
            name=self._name(random, categories, town),
            description=" ".join(self._description(random, categories, length)),
            eligibility=" ".join(self._eligibility.draw(random, categories, random.choice((0, 1, 1, 2)))),
            how_to_apply=" ".join(self._how.draw(random, categories, random.choice((0, 0, 1)))),
            what_happens="",
            cost=random.choice(self._costs) if random.random() < 0.5 else "",
            alert="",
            translated_on=None,
        )

    def _description(self, random: Random, categories: tuple[str, ...], length: int) -> Iterator[str]:
        for sentence in self._sentences.draw(random, categories, length):
            words = self._words.get(random.choice(categories), [])
            if len(words) > 3 and random.random() < _LISTED:
                first, second, third = random.sample(words, 3)
                yield f"Help with {first}, {second} and {third}."
            else:
                yield sentence

    def _name(self, random: Random, categories: tuple[str, ...], town: PlaceEntry) -> str:
        first, last = (random.choice(halves) for halves in self._names)
        label = self._labels[categories[0]]
        return random.choice(
            (f"{first} {last}", f"{first} {last}", f"{town.name} {last}", f"{first} {label}")
        )

    def _organization(self, random: Random, town: PlaceEntry) -> PublicOrganizationName:
        first, last = (random.choice(halves) for halves in self._organizations)
        name = random.choice((f"{first} {last}", f"{first} {last}", f"{town.name} {last}"))
        return PublicOrganizationName("made-up", "made-up", name, (), (), None, None)

    def _draw_hours(self, random: Random) -> PublicHours | None:
        drawn = random.random()
        if drawn < 0.35:
            return None
        if drawn < 0.65:
            return random.choice(self._hours)
        opens, closes = random.choice((480, 510, 540, 600)), random.choice((960, 990, 1020, 1080, 1200))
        days = range(random.choice((4, 5, 5, 5, 6)))
        weekly = tuple(PublicInterval(day, opens, closes) for day in days)
        return PublicHours("hours", "", "America/New_York", False, weekly, ())

    def _sites(self, random: Random, town: PlaceEntry) -> tuple[PublicSite, ...]:
        others = random.sample(self._by_kind[PlaceKind.TOWN], random.choice((0, 0, 0, 0, 1, 2)))
        towns = [town, *others] if random.random() < 0.65 else []
        return tuple(_site(random, place, f"site-{at}") for at, place in enumerate(towns))

    def _areas(self, random: Random, town: PlaceEntry) -> tuple[PublicArea, ...]:
        kind = random.choice(self._area_kinds)
        if kind is PlaceKind.TOWN:
            more = random.sample(self._by_kind[kind], random.choice((0, 0, 1, 2, 4)))
            return tuple(PublicArea(p.key, _public(p)) for p in dict.fromkeys((town, *more)))
        place = random.choice(self._by_kind[kind])
        return (PublicArea(place.key, _public(place)),)


class _Pool:
    """Sentences of all programs, and of those of each category."""

    def __init__(self, seed: list[PublicProgram], parts_of: object) -> None:
        self._all: list[str] = []
        self._of: dict[str, list[str]] = defaultdict(list)
        for program in seed:
            texts = [part for text in program.texts.values() for part in parts_of(text) if part]
            sentences = [sentence for text in texts for sentence in _SENTENCE.split(text)]
            self._all += sentences
            for category in program.categories:
                self._of[category] += sentences

    def draw(self, random: Random, categories: tuple[str, ...], count: int) -> Iterator[str]:
        """Give sentences, most of them from programs of these categories."""
        for _ in range(count):
            own = self._of[random.choice(categories)] if random.random() < _OWN_SENTENCES else None
            yield random.choice(own or self._all)


def _places(entries: Iterable[PlaceEntry]) -> dict[PlaceKind, list[PlaceEntry]]:
    held: dict[PlaceKind, list[PlaceEntry]] = defaultdict(list)
    for entry in entries:
        held[entry.kind].append(entry)
    return held


def _halves(names: Iterable[str]) -> tuple[list[str], list[str]]:
    """Cut names in two, to be put together anew."""
    words = [name.split() for name in dict.fromkeys(names)]
    cut = [(" ".join(one[: (len(one) + 1) // 2]), " ".join(one[(len(one) + 1) // 2 :])) for one in words]
    return [first for first, _last in cut], [last for _first, last in cut if last]


def _phone(random: Random, kin: PublicProgram, at: int) -> PublicPhone:
    kinds = [phone.kind for phone in kin.all_phones] or [PhoneKind.VOICE]
    number = f"+1{random.choice(_AREA_CODES)}55501{random.randrange(100):02}"
    return PublicPhone(f"phone-{at}", random.choice(kinds), number, None, None, None, None, None)


def _site(random: Random, town: PlaceEntry, name: str) -> PublicSite:
    latitude, longitude = town.point or (None, None)
    return PublicSite(
        id=name,
        location_id=name,
        name=None,
        visibility=Visibility.PUBLIC,
        street="1 Made-up Street",
        city=town.name,
        state="CT",
        postal_code=None,
        town=_public(town),
        region=None,
        latitude=None if latitude is None else latitude + random.uniform(-0.04, 0.04),
        longitude=None if longitude is None else longitude + random.uniform(-0.04, 0.04),
        precision=None if latitude is None else Precision.EXACT,
        access_notes=None,
        phones=(),
        hours=None,
        service_areas=(),
    )


def _assurance(random: Random) -> PublicAssurance | None:
    if random.random() < 0.3:
        return None
    return PublicAssurance(TODAY - timedelta(days=random.randrange(700)), AssuranceMethod.PHONE, None, None)


def _public(place: PlaceEntry) -> PublicPlace:
    return PublicPlace(place.key, place.kind, place.name)
