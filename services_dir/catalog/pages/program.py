"""What the template of a program is given: the public value put into words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from services_dir.catalog.freshness import Freshness
from services_dir.catalog.hours import openness
from services_dir.catalog.kinds import Known, ProgramKind, RunBy, Vocabulary
from services_dir.catalog.pages.parts import PhoneLine, WebLink, phone_lines, program_name, website
from services_dir.catalog.public import PublicLink, PublicProgram, PublicSite, PublicSource
from services_dir.catalog.words import (
    Words,
    age_words,
    area_words,
    as_of_words,
    availability_words,
    confirmed_words,
    day_words,
    hours_words,
    is_stale,
    language_note,
    named,
    place_words,
    program_text,
    said,
)
from services_dir.web.languages import language_name

# What each term is called in the page's language.
Labels = Mapping[tuple[Vocabulary, str], str]

_TEXTS = ("description", "eligibility", "how_to_apply", "what_happens")


@dataclass(frozen=True)
class PlaceLine:
    """A place to go to, or what may be said of a confidential one."""

    name: Words | None
    is_confidential: bool
    address: tuple[str, ...]
    access_notes: Words | None
    hours: tuple[Words, ...]
    phones: tuple[PhoneLine, ...]
    areas: tuple[str, ...]


@dataclass(frozen=True)
class SourceLine:
    """A public page the facts come from, and the date it speaks for."""

    title: Words
    url: str
    as_of: str | None


@dataclass(frozen=True)
class LanguageLine:
    """A language in which people answer."""

    name: str
    note: Words | None


@dataclass(frozen=True)
class Question:
    """What a person may want to know before she calls, the answer, and why it matters."""

    text: str
    answer: str
    hint: str | None = None


@dataclass(frozen=True)
class Category:
    """A kind of help: its slug and its label."""

    slug: str
    label: str


@dataclass(frozen=True)
class ProgramPage:
    """One program, all that anybody may know of it."""

    title: str
    slug: str
    name: Words
    other_names: tuple[Words, ...]
    former_names: tuple[Words, ...]
    organization_name: Words
    organization_slug: str
    parent: Words | None
    level: str
    is_right: bool
    categories: tuple[Category, ...]
    texts: Mapping[str, Words | None]
    language_note: str | None
    alert: Words | None
    availability: str | None
    open_words: str | None
    is_open: bool | None
    phones: tuple[PhoneLine, ...]
    email: str | None
    website: WebLink | None
    links: tuple[WebLink, ...]
    has_way_to_reach: bool
    hours: tuple[Words, ...]
    has_other_hours: bool
    populations: tuple[str, ...]
    excluded: tuple[str, ...]
    ages: str | None
    population_note: Words | None
    area_words: Words | None
    areas: tuple[str, ...]
    places: tuple[PlaceLine, ...]
    languages: tuple[LanguageLine, ...]
    interpreter: str | None
    interpreter_note: Words | None
    asks: tuple[Question, ...]
    partners: Words | None
    sources: tuple[SourceLine, ...]
    as_of: str | None
    confirmed: str
    answered_by: Words | None
    is_confirmed: bool
    is_stale: bool
    changed: str

    @classmethod
    def build(
        cls,
        program: PublicProgram,
        labels: Labels,
        freshness: Freshness,
        *,
        at: datetime,
        language: str,
    ) -> ProgramPage:
        """Put a program into words for a page in a language, as it is at a moment."""
        today = local_date(program, at)
        state = openness(program, at)
        availability = availability_words(program, today)
        runner = program.organization
        fallback = bool(program.hours)
        name = program_name(program, language)
        texts = {field: program_text(program, field, language) for field in _TEXTS}
        return cls(
            title=_("Program details"),
            slug=program.slug,
            name=name,
            other_names=_all_said(program.alternate_names, language),
            former_names=_all_said(program.former_names, language),
            organization_name=named(runner.name, language),
            organization_slug=runner.slug,
            parent=named(runner.parent, language) if runner.parent else None,
            level=_(program.level.label),
            is_right=program.kind is ProgramKind.LEGAL_RIGHT,
            categories=tuple(
                Category(slug, labels[Vocabulary.CATEGORY, slug]) for slug in program.categories
            ),
            texts=texts | {"cost": program_text(program, "cost", language)},
            language_note=language_note(
                (name, *texts.values()), program.text(language).translated_on, language
            ),
            alert=_alert(program, today, language),
            availability=availability,
            open_words=_open_words(state) if availability is None else None,
            is_open=state,
            phones=phone_lines(program.all_phones, language, today, has_fallback=fallback),
            email=program.email,
            website=website(program.url),
            links=tuple(_link(link, language) for link in program.links),
            has_way_to_reach=program.has_way_to_reach,
            hours=hours_words(program.hours, language, today) if program.hours else (),
            has_other_hours=bool(program.all_hours),
            populations=tuple(labels[Vocabulary.POPULATION, slug] for slug in program.populations),
            excluded=tuple(labels[Vocabulary.POPULATION, slug] for slug in program.populations_excluded),
            ages=age_words(program.min_age, program.max_age),
            population_note=said(program.population_note, language),
            area_words=said(program.area_words, language),
            areas=area_words(program.all_areas),
            places=tuple(_place(site, language, today) for site in program.sites),
            languages=tuple(
                LanguageLine(_language(spoken.code), said(spoken.note, language))
                for spoken in program.languages
            ),
            interpreter=_interpreter(program.has_interpreter),
            interpreter_note=said(program.interpreter_note, language),
            asks=_asks(program),
            partners=said(program.partners_note, language),
            sources=tuple(_source(source, language) for source in program.sources),
            as_of=as_of_words(program.as_of) if program.as_of else None,
            confirmed=confirmed_words(program.assured, today, freshness, is_grave=program.is_grave),
            is_stale=is_stale(program.assured, today, freshness, is_grave=program.is_grave),
            answered_by=said(program.assured.role, language) if program.assured else None,
            is_confirmed=program.assured is not None,
            changed=day_words(program.modified_at.date()),
        )


def local_date(program: PublicProgram, at: datetime) -> date:
    """Give the date it is at a moment where a program keeps its hours; in UTC if it has none."""
    hours = next(iter(program.all_hours), None)
    return (at.astimezone(ZoneInfo(hours.zone)) if hours else at).date()


def _all_said(texts: Iterable[str], language: str) -> tuple[Words, ...]:
    return tuple(words for text in texts if (words := said(text, language)) is not None)


def _alert(program: PublicProgram, today: date, language: str) -> Words | None:
    return program_text(program, "alert", language) if program.alert_on(today, language) else None


def _open_words(state: bool | None) -> str | None:
    if state is None:
        return None
    return _("Open now") if state else _("Closed now")


def _link(link: PublicLink, language: str) -> WebLink:
    return WebLink(said(link.label, language) or Words(link.url), link.url)


def _place(site: PublicSite, language: str, today: date) -> PlaceLine:
    return PlaceLine(
        name=said(site.name, language),
        is_confidential=not site.is_public,
        address=_address(site) if site.is_public else _around(site),
        access_notes=said(site.access_notes, language),
        hours=hours_words(site.hours, language, today) if site.hours else (),
        phones=phone_lines(site.phones, language, today, has_fallback=True),
        areas=area_words(site.service_areas),
    )


def _address(site: PublicSite) -> tuple[str, ...]:
    """Give the lines of an address; without a street, the town and that no more is known."""
    city = site.city or (site.town.name if site.town else "")
    tail = " ".join(part for part in (site.state, site.postal_code) if part)
    line = ", ".join(part for part in (city, tail) if part)
    if site.street:
        return (site.street, line) if line else (site.street,)
    return (_("About %(town)s. We do not know the street.", town=line),) if line else ()


def _around(site: PublicSite) -> tuple[str, ...]:
    return tuple(place_words(place) for place in (site.town, site.region) if place is not None)


def _language(code: str) -> str:
    name = language_name(code)
    return name[:1].upper() + name[1:]


def _interpreter(has_interpreter: bool | None) -> str | None:
    if has_interpreter is None:
        return None
    return _("Interpreters for other languages") if has_interpreter else _("No interpreters")


def _asks(program: PublicProgram) -> tuple[Question, ...]:
    duty = _("By law, some workers must tell the state when a child or a person who needs care is harmed.")
    return (
        Question(_("Does it ask about immigration status?"), _known(program.asks_immigration_status)),
        Question(_("Does it need a police report?"), _known(program.needs_police_report)),
        Question(_("Must its staff report harm to the state?"), _known(program.mandated_reporters), duty),
        Question(_("Is it run by police, immigration or another country?"), _run_by(program.run_by)),
    )


def _known(answer: Known) -> str:
    return _(answer.label)


def _run_by(runner: RunBy | None) -> str:
    if runner is None:
        return _(Known.UNKNOWN.label)
    return _("No") if runner is RunBy.NONE else _("Yes: %(who)s", who=_(runner.label))


def _source(source: PublicSource, language: str) -> SourceLine:
    as_of = as_of_words(source.as_of) if source.as_of else None
    return SourceLine(said(source.title, language) or Words(source.url), source.url, as_of)
