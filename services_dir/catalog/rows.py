"""Turning a draft into rows. Parts keep the identity they have in the draft."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services_dir.catalog import draft as d
from services_dir.catalog.kinds import Visibility, Vocabulary
from services_dir.catalog.leading import find_organization_id
from services_dir.catalog.models import (
    Link,
    Location,
    Organization,
    OrganizationName,
    OrganizationText,
    Phone,
    Place,
    Program,
    ProgramLanguage,
    ProgramName,
    ProgramTerm,
    ProgramText,
    Schedule,
    ScheduleException,
    ScheduleInterval,
    ServiceArea,
    Site,
    Source,
    Term,
)
from services_dir.db import Base
from services_dir.inserting import NewRow

_DAY = 24 * 60


def minutes(clock: str) -> int:
    """Give the minutes since midnight of a time such as `07:30`; `24:00` is 1,440."""
    hours, rest = clock.split(":")
    return int(hours) * 60 + int(rest)


@dataclass(frozen=True)
class Named:
    """The rows of terms and places that drafts name, read at once for as many drafts as there are."""

    terms: Mapping[tuple[Vocabulary, str], Term]
    places: Mapping[str, Place]

    @classmethod
    def of(cls, session: Session, drafts: Iterable[d.ProgramDraft]) -> Named:
        """Read what drafts name, in two statements."""
        slugs: set[str] = set()
        keys: set[str] = set()
        for draft in drafts:
            slugs |= {*draft.categories, *draft.populations, *draft.populations_excluded}
            keys |= {area.place for area in draft.service_areas}
            for site in draft.sites:
                keys |= {area.place for area in site.service_areas}
                keys |= {key for key in (site.town, site.region) if key}
        terms = session.scalars(select(Term).where(Term.slug.in_(slugs)))
        places = session.scalars(select(Place).where(Place.key.in_(keys)))
        return cls(
            {(term.vocabulary, term.slug): term for term in terms}, {place.key: place for place in places}
        )


def _watched(model: type[Base], **values: Any) -> Any:
    """Make an object of a model, which a session can watch."""
    return model(**values)


@dataclass(frozen=True)
class Parts:
    """Makes the rows of what a draft consists of: objects for a session, or mere rows (`NewRow`)."""

    named: Named = Named({}, {})
    new: Callable[..., Any] = _watched

    def terms(self, draft: d.ProgramDraft) -> list[Any]:
        """Give its categories and the groups that it is for, or not for."""
        asked = (
            (Vocabulary.CATEGORY, draft.categories, False),
            (Vocabulary.POPULATION, draft.populations, False),
            (Vocabulary.POPULATION, draft.populations_excluded, True),
        )
        return [
            self.new(
                ProgramTerm,
                term=self.named.terms[vocabulary, slug],
                is_excluded=is_excluded,
                position=position,
            )
            for vocabulary, names, is_excluded in asked
            for position, slug in enumerate(dict.fromkeys(names))
        ]

    def areas(self, areas: Iterable[d.AreaDraft]) -> list[Any]:
        """Give the places it serves."""
        return [
            self.new(ServiceArea, uuid=area.id, place=self.named.places[area.place], position=position)
            for position, area in enumerate(areas)
        ]

    def phones(self, phones: Iterable[d.PhoneDraft]) -> list[Any]:
        """Give its numbers."""
        return [
            self.new(
                Phone,
                uuid=phone.id,
                kind=phone.kind,
                number=phone.number,
                extension=phone.extension,
                label=phone.label,
                language=phone.language,
                instruction=phone.instruction,
                schedule=self.schedule(phone.hours),
                position=position,
            )
            for position, phone in enumerate(phones)
        ]

    def schedule(self, hours: d.Hours | None) -> Any:
        """Give its hours, if they are known."""
        if hours is None:
            return None
        return self.new(
            Schedule,
            uuid=hours.id,
            words=hours.words,
            zone=hours.zone,
            round_the_clock=hours.round_the_clock,
            intervals=[
                self.new(ScheduleInterval, weekday=list(type(day)).index(day), opens=opens, closes=closes)
                for line in hours.weekly
                for opens, closes in [_span(line.opens, line.closes)]
                for day in line.days
            ],
            exceptions=[self._exception(dated) for dated in hours.exceptions],
        )

    def _exception(self, dated: d.DatedHours) -> Any:
        opens, closes = None, None
        if dated.opens and dated.closes:
            opens, closes = _span(dated.opens, dated.closes)
        return self.new(ScheduleException, on=dated.on, opens=opens, closes=closes, note=dated.note)

    def site(self, site: d.SiteDraft, position: int) -> Any:
        """Give a place where it is; one that is confidential without its address."""
        said = site.without_address() if site.visibility is Visibility.AREA_ONLY else site
        places = self.named.places
        location = self.new(
            Location,
            uuid=said.location_id,
            visibility=said.visibility,
            street=said.street,
            city=said.city,
            state=said.state,
            postal_code=said.postal_code,
            town=places[said.town] if said.town else None,
            region=places[said.region] if said.region else None,
            latitude=said.latitude,
            longitude=said.longitude,
            precision=said.precision,
            access_notes=said.access_notes,
        )
        return self.new(
            Site,
            uuid=said.id,
            location=location,
            name=said.name,
            position=position,
            phones=self.phones(said.phones),
            schedule=self.schedule(said.hours),
            service_areas=self.areas(said.service_areas),
        )

    def source(self, source: d.SourceDraft, position: int) -> Any:
        """Give where something is known from."""
        return self.new(
            Source,
            uuid=source.id,
            title=source.title,
            url=source.url,
            as_of=source.as_of.text if source.as_of else None,
            as_of_precision=source.as_of.precision if source.as_of else None,
            is_public=source.is_public,
            supports=source.supports,
            fields=",".join(source.fields) or None,
            feed=source.feed,
            position=position,
        )


def write_program(session: Session, program: Program, draft: d.ProgramDraft) -> None:
    """Replace all that a program's rows say by what the draft says; the program is in the session."""
    if program.version:
        _clear(session, program)
    fill_program(program, draft, Parts(Named.of(session, [draft])))


def fill_program(program: Program | NewRow, draft: d.ProgramDraft, parts: Parts) -> None:
    """Let a program say what the draft says; it has no parts yet."""
    _write_facts(program, draft)
    new = parts.new
    program.texts = [
        new(ProgramText, language=language, **{name: getattr(text, name) for name in text.__struct_fields__})
        for language, text in draft.texts.items()
    ]
    program.names = [
        new(ProgramName, name=name, is_former=is_former, position=position)
        for position, (name, is_former) in enumerate(_names(draft.alternate_names, draft.former_names))
    ]
    program.terms = parts.terms(draft)
    program.languages = [
        new(ProgramLanguage, uuid=spoken.id, code=spoken.code, note=spoken.note, position=position)
        for position, spoken in enumerate(draft.languages)
    ]
    program.links = [
        new(Link, label=link.label, url=link.url, position=position)
        for position, link in enumerate(draft.links)
    ]
    program.sources = [parts.source(source, position) for position, source in enumerate(draft.sources)]
    program.phones = parts.phones(draft.phones)
    program.schedule = parts.schedule(draft.hours)
    program.service_areas = parts.areas(draft.service_areas)
    program.sites = [parts.site(site, position) for position, site in enumerate(draft.sites)]


def write_organization(session: Session, organization: Organization, draft: d.OrganizationDraft) -> None:
    """Replace all that an organization's rows say by what the draft says."""
    if organization.version:
        organization.names, organization.texts = [], []
        for phone in session.scalars(select(Phone).where(Phone.organization_id == organization.id)):
            session.delete(phone)
        session.flush()
    organization.parent_id = find_organization_id(session, draft.parent)
    phones = organization_rows(organization, draft)
    session.flush()
    for phone in phones:
        phone.organization_id = organization.id
        session.add(phone)


def organization_rows(organization: Organization, draft: d.OrganizationDraft) -> list[Phone]:
    """Let an organization say what the draft says, and give its phones, which need its row id."""
    for name in ("name", "level", "url", "email", "partners_note"):
        setattr(organization, name, getattr(draft, name))
    organization.names = [
        OrganizationName(name=name, is_former=is_former, position=position)
        for position, (name, is_former) in enumerate(_names(draft.aliases, draft.former_names))
    ]
    organization.texts = [
        OrganizationText(language=language, description=description)
        for language, description in draft.descriptions.items()
        if description
    ]
    return Parts().phones(draft.phones)


def _clear(session: Session, program: Program) -> None:
    """Delete the parts first: their identities are unique and come again."""
    for name in (
        "texts",
        "names",
        "terms",
        "languages",
        "links",
        "sources",
        "phones",
        "service_areas",
        "sites",
    ):
        setattr(program, name, [])
    program.schedule = None
    session.flush()


_FACTS = (
    "kind",
    "level",
    "availability",
    "paused_until",
    "alert_until",
    "population_note",
    "min_age",
    "max_age",
    "email",
    "url",
    "area_words",
    "partners_note",
    "asks_immigration_status",
    "needs_police_report",
    "mandated_reporters",
    "run_by",
    "confidence",
    "editor_note",
)


def _write_facts(program: Program | NewRow, draft: d.ProgramDraft) -> None:
    for name in _FACTS:
        setattr(program, name, getattr(draft, name))
    program.has_interpreter = draft.interpreter.available
    program.interpreter_note = draft.interpreter.note
    program.as_of = draft.as_of.text if draft.as_of else None
    program.as_of_precision = draft.as_of.precision if draft.as_of else None


def _names(current: Iterable[str], former: Iterable[str]) -> list[tuple[str, bool]]:
    return [(name, False) for name in current] + [(name, True) for name in former]


def _span(opens: str, closes: str) -> tuple[int, int]:
    start, end = minutes(opens), minutes(closes)
    return start, end if end > start else end + _DAY
