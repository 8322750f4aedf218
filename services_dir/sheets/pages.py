"""What a sheet shows: each chosen program in the few words that somebody needs to call."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from services_dir.catalog.chosen import MOST_PROGRAMS, Chosen
from services_dir.catalog.freshness import Freshness
from services_dir.catalog.kinds import Vocabulary
from services_dir.catalog.pages.parts import PhoneLine, phone_lines, program_name
from services_dir.catalog.pages.program import Labels, local_date
from services_dir.catalog.public import PublicPhone, PublicProgram, PublicSite
from services_dir.catalog.words import (
    Words,
    age_words,
    area_words,
    availability_words,
    confirmed_words,
    day_words,
    hours_words,
    named,
    place_words,
    program_text,
    said,
)
from services_dir.sheets.queries import Found
from services_dir.sheets.rules import initials, is_telling
from services_dir.web.languages import language_name

_PHONES, _PHONES_DISCREET = 4, 2
_ADDRESSES = 2
_AREAS = 6


@dataclass(frozen=True)
class SheetPhone:
    """A number as the component `phone` shows it, and its hours line by line."""

    line: PhoneLine
    hours: tuple[Words, ...]

    @property
    def shown(self) -> PhoneLine:
        """Give what the component shows."""
        return replace(self.line, hours=Markup("; ").join(self.hours) if self.hours else None)


@dataclass(frozen=True)
class Row:
    """A term and what is known about it, in lines."""

    term: str
    lines: tuple[Words, ...]


@dataclass(frozen=True)
class Entry:
    """One program on the sheet."""

    slug: str
    name: Words
    organization: Words | None
    cautions: tuple[Words, ...]
    phones: tuple[SheetPhone, ...]
    no_phone: str | None
    more_phones: str | None
    rows: tuple[Row, ...]
    confirmed: str


@dataclass(frozen=True)
class SheetPage:
    """The page of one sheet; `is_answer` tells that it answers a choice, which scripts then remember."""

    title: str
    slugs: tuple[str, ...]
    entries: tuple[Entry, ...]
    notices: tuple[str, ...]
    is_discreet: bool
    is_answer: bool
    made_on: str
    call_first: str
    text: str = ""

    @property
    def heading(self) -> str:
        """Say what the sheet holds."""
        return ngettext("%(num)s program to hand over", "%(num)s programs to hand over", len(self.entries))


def title() -> str:
    """Give the title of every sheet, which tells nothing."""
    return _("Sheet")


def call_first() -> str:
    """Give the advice that stands on every sheet."""
    return _("Call first. Hours and rules change.")


def notices(chosen: Chosen, found: Found) -> tuple[str, ...]:
    """Say what of the choice is not on the sheet, and why."""
    return tuple(_notices(chosen, found))


def _notices(chosen: Chosen, found: Found) -> Iterator[str]:
    if found.withdrawn:
        yield ngettext(
            "%(num)s program you chose is no longer listed. It is not on the sheet.",
            "%(num)s programs you chose are no longer listed. They are not on the sheet.",
            found.withdrawn,
        )
    unknown = found.unknown + chosen.unreadable
    if unknown:
        yield ngettext(
            "We do not know %(num)s of the programs in the address. It is not on the sheet.",
            "We do not know %(num)s of the programs in the address. They are not on the sheet.",
            unknown,
        )
    if chosen.too_many:
        yield _("A sheet holds up to %(most)s programs. The others are not on it.", most=MOST_PROGRAMS)


def entries(
    programs: Iterable[PublicProgram],
    labels: Labels,
    freshness: Freshness,
    *,
    at: datetime,
    language: str,
    is_discreet: bool,
) -> tuple[Entry, ...]:
    """Put the programs of a sheet into words, as they are at a moment."""
    make = _discreet_entry if is_discreet else _entry
    return tuple(make(program, labels, freshness, local_date(program, at), language) for program in programs)


def made_on(at: date) -> str:
    """Give the day a sheet was made, in words."""
    return _("Made on %(date)s.", date=day_words(at))


def _entry(program: PublicProgram, labels: Labels, freshness: Freshness, today: date, language: str) -> Entry:
    phones = _phones(program.all_phones, language, today, has_fallback=bool(program.hours))
    name, runner = program_name(program, language), program.organization.name
    return Entry(
        slug=program.slug,
        name=name,
        organization=named(runner, language) if runner != name.text else None,
        cautions=tuple(_cautions(program, today, language)),
        phones=phones[:_PHONES],
        no_phone=None if phones else _no_phone(program),
        more_phones=_("There are more numbers on the page of the program.") if phones[_PHONES:] else None,
        rows=tuple(row for row in _rows(program, labels, today, language) if row.lines),
        confirmed=confirmed_words(program.assured, today, freshness, is_grave=program.is_grave),
    )


def _discreet_entry(
    program: PublicProgram, labels: Labels, freshness: Freshness, today: date, language: str
) -> Entry:
    """Give no more than numbers and hours under a name that tells nothing."""
    del labels
    name = program_name(program, language)
    phones = _phones(program.all_phones, language, today, has_fallback=bool(program.hours))
    hours = _quiet(hours_words(program.hours, language, today)) if program.hours else ()
    return Entry(
        slug=program.slug,
        name=Words(initials(name.text)) if is_telling(name.text) else name,
        organization=None,
        cautions=_quiet(_cautions(program, today, language)),
        phones=tuple(_quiet_phone(phone) for phone in phones[:_PHONES_DISCREET]),
        no_phone=None if phones else _("No number"),
        more_phones=None,
        rows=(Row(_("Hours"), hours),) if hours else (),
        confirmed=confirmed_words(program.assured, today, freshness, is_grave=program.is_grave),
    )


def _phones(
    phones: Iterable[PublicPhone], language: str, today: date, *, has_fallback: bool
) -> tuple[SheetPhone, ...]:
    held = tuple(phones)
    lines = phone_lines(held, language, today, has_fallback=has_fallback)
    return tuple(
        SheetPhone(line, _phone_hours(phone, line, language, today))
        for phone, line in zip(held, lines, strict=True)
    )


def _phone_hours(phone: PublicPhone, line: PhoneLine, language: str, today: date) -> tuple[Words, ...]:
    if phone.hours is not None:
        return hours_words(phone.hours, language, today)
    return (Words(str(line.hours)),) if line.hours else ()


def _quiet(lines: Iterable[Words]) -> tuple[Words, ...]:
    return tuple(line for line in lines if not is_telling(line.text))


def _quiet_phone(phone: SheetPhone) -> SheetPhone:
    """Leave out what stands beside a number, but for how to dial and when."""
    line = phone.line
    instruction = line.instruction if line.instruction and not is_telling(line.instruction.text) else None
    hours = _quiet(phone.hours)
    bare = PhoneLine(line.kind, line.number, line.extension, None, instruction, line.language, None)
    return SheetPhone(bare, hours)


def _cautions(program: PublicProgram, today: date, language: str) -> Iterator[Words]:
    if program.alert_on(today, language) and (alert := program_text(program, "alert", language)):
        yield alert
    availability = availability_words(program, today)
    if availability:
        yield Words(availability)


def _no_phone(program: PublicProgram) -> str:
    if program.has_way_to_reach:
        return _("We know no number. The page says how to reach them.")
    return _("We know no number. Call 2-1-1.")


def _rows(program: PublicProgram, labels: Labels, today: date, language: str) -> Iterator[Row]:
    yield Row(_("Hours"), _hours(program, language, today))
    yield Row(_("Languages"), _languages(program))
    yield Row(_("For whom"), tuple(_who(program, labels, language)))
    yield Row(_("Next step"), tuple(_next_step(program, language)))
    yield Row(_("Where"), tuple(_where(program)))
    area = said(program.area_words, language) or _area(area_words(program.all_areas))
    yield Row(_("Area served"), (area,) if area else ())
    if not program.all_phones:
        yield Row(_("E-mail"), (Words(program.email),) if program.email else ())
        yield Row(_("Online"), (Words(program.url),) if program.url else ())


def _hours(program: PublicProgram, language: str, today: date) -> tuple[Words, ...]:
    if program.hours:
        return hours_words(program.hours, language, today)
    if any(phone.hours for phone in program.all_phones[:_PHONES]):
        return ()  # they stand beside the numbers
    if len(program.public_sites) == 1 and (hours := program.public_sites[0].hours):
        return hours_words(hours, language, today)
    if program.all_hours:
        return (Words(_("See the hours of each number and place.")),)
    return (Words(_("We do not know the hours.")),)


def _languages(program: PublicProgram) -> tuple[Words, ...]:
    names = ", ".join(language_name(spoken.code) for spoken in program.languages)
    lines = [Words(names[:1].upper() + names[1:])] if names else []
    if program.has_interpreter:
        lines.append(Words(_("Interpreters for other languages")))
    return tuple(lines) or (Words(_("Not known. Ask them first.")),)


def _who(program: PublicProgram, labels: Labels, language: str) -> Iterator[Words]:
    groups = [labels[Vocabulary.POPULATION, slug] for slug in program.populations]
    ages = age_words(program.min_age, program.max_age)
    facts = ", ".join([*groups, *([ages] if ages else [])])
    texts = (said(program.population_note, language), program_text(program, "eligibility", language))
    lines = [*([Words(facts)] if facts else []), *(text for text in texts if text is not None)]
    yield from lines or [Words(_("Not known. Ask them first."))]
    excluded = [labels[Vocabulary.POPULATION, slug] for slug in program.populations_excluded]
    if excluded:
        yield Words(_("Not for: %(groups)s", groups=", ".join(excluded)))


def _next_step(program: PublicProgram, language: str) -> Iterator[Words]:
    for field in ("how_to_apply", "what_happens"):
        text = program_text(program, field, language)
        if text is not None:
            yield from text.paragraphs


def _where(program: PublicProgram) -> Iterator[Words]:
    """Give public addresses, and of other places what may be said."""
    addresses = [address for site in program.public_sites if (address := _address(site))]
    yield from addresses[:_ADDRESSES]
    if addresses[_ADDRESSES:]:
        yield Words(_("More places are on the page of the program."))
    hidden = next((site for site in program.sites if not site.is_public), None)
    if hidden is not None:
        around = ", ".join(place_words(place) for place in (hidden.town, hidden.region) if place is not None)
        secret = _("They tell you where to go when you reach them.")
        yield Words(f"{around}. {secret}" if around else secret)


def _area(names: tuple[str, ...]) -> Words | None:
    if not names:
        return None
    rest = len(names) - _AREAS
    if rest < 2:
        return Words(", ".join(names))
    more = ngettext("%(num)s more place", "%(num)s more places", rest)
    return Words(", ".join([*names[:_AREAS], more]))


def _address(site: PublicSite) -> Words | None:
    """Give a street and its town in one line; a town alone is no address."""
    if not site.street:
        return None
    city = site.city or (site.town.name if site.town else "")
    tail = " ".join(part for part in (site.state, site.postal_code) if part)
    return Words(", ".join(part for part in (site.street, city, tail) if part))
