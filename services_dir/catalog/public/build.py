"""Building public values from rows: one function each."""

from __future__ import annotations

from collections.abc import Iterable

from services_dir.catalog.kinds import CatalogStatus, DatePrecision, Visibility, Vocabulary
from services_dir.catalog.models import (
    Assurance,
    Location,
    Organization,
    Phone,
    Place,
    Program,
    ProgramTerm,
    ProgramText,
    Schedule,
    ServiceArea,
    Site,
    Source,
)
from services_dir.catalog.public.values import (
    PublicArea,
    PublicAsOf,
    PublicAssurance,
    PublicException,
    PublicHours,
    PublicInterval,
    PublicLanguage,
    PublicLink,
    PublicOrganization,
    PublicOrganizationName,
    PublicPhone,
    PublicPlace,
    PublicProgram,
    PublicSite,
    PublicSource,
    PublicText,
)


def public_program(program: Program) -> PublicProgram | None:
    """Build what anybody may see of a program; None if it is not published."""
    if program.status is not CatalogStatus.PUBLISHED:
        return None
    return PublicProgram(
        id=program.uuid,
        slug=program.slug,
        kind=program.kind,
        level=program.level,
        organization=_organization_name(program.organization),
        texts={text.language: _text(text) for text in program.texts},
        alternate_names=tuple(name.name for name in program.names if not name.is_former),
        former_names=tuple(name.name for name in program.names if name.is_former),
        categories=_slugs(program.terms, Vocabulary.CATEGORY),
        populations=_slugs(program.terms, Vocabulary.POPULATION),
        populations_excluded=_slugs(program.terms, Vocabulary.POPULATION, is_excluded=True),
        population_note=program.population_note,
        min_age=program.min_age,
        max_age=program.max_age,
        languages=tuple(
            PublicLanguage(spoken.uuid, spoken.code, spoken.note) for spoken in program.languages
        ),
        has_interpreter=program.has_interpreter,
        interpreter_note=program.interpreter_note,
        phones=_phones(program.phones),
        email=program.email,
        url=program.url,
        links=tuple(PublicLink(link.label, link.url) for link in program.links),
        hours=_hours(program.schedule),
        sites=tuple(_site(site) for site in program.sites),
        service_areas=_areas(program.service_areas),
        area_words=program.area_words,
        asks_immigration_status=program.asks_immigration_status,
        needs_police_report=program.needs_police_report,
        mandated_reporters=program.mandated_reporters,
        run_by=program.run_by,
        availability=program.availability,
        paused_until=program.paused_until,
        alert_until=program.alert_until,
        partners_note=program.partners_note,
        as_of=_as_of(program.as_of, program.as_of_precision),
        sources=tuple(_source(source) for source in program.sources if source.is_public),
        assured=_assured(program.assurances),
        modified_at=program.modified_at,
    )


def public_organization(
    organization: Organization, phones: Iterable[Phone] = ()
) -> PublicOrganization | None:
    """Build what anybody may see of an organization; None if it is not published."""
    if organization.status is not CatalogStatus.PUBLISHED:
        return None
    name = _organization_name(organization)
    parent = _published(organization.parent)
    return PublicOrganization(
        id=organization.uuid,
        slug=organization.slug,
        name=organization.name,
        level=organization.level,
        aliases=name.aliases,
        former_names=name.former_names,
        parent_id=parent.uuid if parent else None,
        parent_slug=parent.slug if parent else None,
        parent_name=parent.name if parent else None,
        url=organization.url,
        email=organization.email,
        descriptions={text.language: text.description for text in organization.texts},
        partners_note=organization.partners_note,
        phones=_phones(phones),
        modified_at=organization.modified_at,
    )


def _organization_name(organization: Organization) -> PublicOrganizationName:
    parent = _published(organization.parent)
    return PublicOrganizationName(
        id=organization.uuid,
        slug=organization.slug,
        name=organization.name,
        aliases=tuple(name.name for name in organization.names if not name.is_former),
        former_names=tuple(name.name for name in organization.names if name.is_former),
        url=organization.url,
        parent=parent.name if parent else None,
    )


def _published(organization: Organization | None) -> Organization | None:
    is_published = organization is not None and organization.status is CatalogStatus.PUBLISHED
    return organization if is_published else None


def _slugs(
    terms: Iterable[ProgramTerm], vocabulary: Vocabulary, *, is_excluded: bool = False
) -> tuple[str, ...]:
    return tuple(
        held.term.slug
        for held in terms
        if held.term.vocabulary is vocabulary and held.is_excluded is is_excluded
    )


def _text(text: ProgramText) -> PublicText:
    return PublicText(
        text.name,
        text.description,
        text.eligibility,
        text.how_to_apply,
        text.what_happens,
        text.cost,
        text.alert,
        text.translated_on,
    )


def _phones(phones: Iterable[Phone]) -> tuple[PublicPhone, ...]:
    return tuple(
        PublicPhone(
            phone.uuid,
            phone.kind,
            phone.number,
            phone.extension,
            phone.label,
            phone.language,
            phone.instruction,
            _hours(phone.schedule),
        )
        for phone in phones
    )


def _hours(schedule: Schedule | None) -> PublicHours | None:
    if schedule is None:
        return None
    return PublicHours(
        id=schedule.uuid,
        words=schedule.words,
        zone=schedule.zone,
        round_the_clock=schedule.round_the_clock,
        intervals=tuple(PublicInterval(line.weekday, line.opens, line.closes) for line in schedule.intervals),
        exceptions=tuple(
            PublicException(line.on, line.opens, line.closes, line.note) for line in schedule.exceptions
        ),
    )


def _place(place: Place | None) -> PublicPlace | None:
    return PublicPlace(place.key, place.kind, place.name) if place is not None else None


def _areas(areas: Iterable[ServiceArea]) -> tuple[PublicArea, ...]:
    return tuple(
        PublicArea(area.uuid, PublicPlace(area.place.key, area.place.kind, area.place.name)) for area in areas
    )


def _site(site: Site) -> PublicSite:
    place: Location = site.location
    is_public = place.visibility is Visibility.PUBLIC
    return PublicSite(
        id=site.uuid,
        location_id=place.uuid,
        name=site.name,
        visibility=place.visibility,
        street=place.street if is_public else None,
        city=place.city if is_public else None,
        state=place.state if is_public else None,
        postal_code=place.postal_code if is_public else None,
        town=_place(place.town),
        region=_place(place.region),
        latitude=place.latitude if is_public else None,
        longitude=place.longitude if is_public else None,
        precision=place.precision if is_public else None,
        access_notes=place.access_notes if is_public else None,
        phones=_phones(site.phones),
        hours=_hours(site.schedule),
        service_areas=_areas(site.service_areas),
    )


def _as_of(text: str | None, precision: DatePrecision | None) -> PublicAsOf | None:
    return PublicAsOf(text, precision) if text is not None and precision is not None else None


def _source(source: Source) -> PublicSource:
    return PublicSource(source.uuid, source.title, source.url, _as_of(source.as_of, source.as_of_precision))


def _assured(assurances: Iterable[Assurance]) -> PublicAssurance | None:
    newest = max(assurances, key=lambda assurance: (assurance.on, assurance.id), default=None)
    return PublicAssurance(newest.on, newest.method, newest.role, newest.feed) if newest else None
