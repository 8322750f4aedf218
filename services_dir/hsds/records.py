"""Records of HSDS made from public values; nothing is read from the database here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from babel import Locale
from msgspec import UNSET, UnsetType

from services_dir.catalog.kinds import Access, AssuranceMethod, Availability, Known, PhoneKind, Vocabulary
from services_dir.catalog.public import (
    PublicArea,
    PublicOrganization,
    PublicPhone,
    PublicProgram,
    PublicSite,
)
from services_dir.hsds.facts import list_facts
from services_dir.hsds.objects import (
    Accessibility,
    Address,
    Attribute,
    CostOption,
    Language,
    Location,
    Organization,
    OrganizationSummary,
    OrganizationWithServices,
    Phone,
    Service,
    ServiceArea,
    ServiceAtLocation,
    ServiceAtLocationSummary,
    ServiceReference,
    ServiceSummary,
    Url,
)
from services_dir.hsds.schedules import hours_as_json, schedules
from services_dir.hsds.taxonomies import EXCLUDED, Taxonomies, derived_id

T = TypeVar("T")

_STATUSES = {
    Availability.OPEN: "active",
    Availability.WAITING_LIST: "active",
    Availability.PAUSED: "temporarily closed",
    Availability.CLOSED: "inactive",
}
_PHONE_TYPES = {
    PhoneKind.TEXT: "text",
    PhoneKind.WHATSAPP: "text",
    PhoneKind.FAX: "fax",
    PhoneKind.TTY: "textphone",
}
_VOICE = "voice"


@dataclass(frozen=True)
class Records:
    """Makes records on a day, with the taxonomies, and the organizations by their ids."""

    taxonomies: Taxonomies
    organizations: Mapping[str, PublicOrganization]
    country: str | None  # ISO 3166, of the only nation among the places
    today: date

    def service_summary(self, program: PublicProgram, *, with_organization: bool = True) -> ServiceSummary:
        """Give a service without lists."""
        return ServiceSummary(**self._service(program, with_organization=with_organization))

    def service(self, program: PublicProgram, *, with_organization: bool = True) -> Service:
        """Give a service with all that belongs to it."""
        owner = program.id
        return Service(
            **self._service(program, with_organization=with_organization),
            additional_urls=_some(
                Url(id=derived_id(owner, "url", link.url), url=link.url, label=link.label, service_id=owner)
                for link in program.links
            ),
            phones=_some(self._phone(phone, service_id=owner) for phone in program.phones),
            schedules=_some(schedules(self.taxonomies, program.hours, service_id=owner)),
            service_areas=_some(self._area(area, service_id=owner) for area in program.service_areas),
            service_at_locations=_some(
                self.at_location(program, site, with_service=False) for site in program.sites
            ),
            languages=_some(
                Language(
                    id=spoken.id,
                    name=_language_name(spoken.code),
                    code=spoken.code,
                    note=spoken.note or UNSET,
                    service_id=owner,
                )
                for spoken in program.languages
            ),
            cost_options=_some(_cost_options(program)),
            attributes=_some(self._service_attributes(program)),
        )

    def reference(self, program: PublicProgram) -> ServiceReference:
        """Give what one needs to look a service up."""
        return ServiceReference(
            id=program.id,
            name=program.text().name,
            status=_STATUSES[program.availability_on(self.today)],
            last_modified=self._changed_at(program),
        )

    def at_location_summary(self, program: PublicProgram, site: PublicSite) -> ServiceAtLocationSummary:
        """Give a service at a location, without lists."""
        return ServiceAtLocationSummary(
            id=site.id,
            service_id=program.id,
            location_id=site.location_id,
            location=self._location(site),
            service=self.service_summary(program),
        )

    def at_location(
        self, program: PublicProgram, site: PublicSite, *, with_service: bool = True
    ) -> ServiceAtLocation:
        """Give a service at a location, with all that belongs to it."""
        return ServiceAtLocation(
            id=site.id,
            service_id=program.id,
            location_id=site.location_id,
            location=self._location(site),
            service=self.service_summary(program) if with_service else UNSET,
            service_areas=_some(
                self._area(area, service_at_location_id=site.id) for area in site.service_areas
            ),
            phones=_some(self._phone(phone, service_at_location_id=site.id) for phone in site.phones),
            schedules=_some(schedules(self.taxonomies, site.hours, service_at_location_id=site.id)),
        )

    def organization_summary(self, organization: PublicOrganization) -> OrganizationSummary:
        """Give an organization without lists."""
        return OrganizationSummary(**_organization(organization))

    def organization(
        self,
        organization: PublicOrganization,
        programs: Sequence[PublicProgram],
        *,
        full_service: bool = False,
    ) -> Organization | OrganizationWithServices:
        """Give an organization with all that belongs to it and its services, named or in full."""
        fact, owner = self.taxonomies.fact, organization.id
        attributes = [
            *self.taxonomies.classified("organization", owner, Vocabulary.LEVEL, [organization.level.value]),
            *fact("organization", owner, "slug", organization.slug),
            *(
                one
                for name in organization.aliases[1:]
                for one in fact("organization", owner, "alternate-name", name)
            ),
            *(
                one
                for name in organization.former_names
                for one in fact("organization", owner, "organization-former-name", name)
            ),
            *fact("organization", owner, "partners", organization.partners_note),
            *(
                one
                for language, text in organization.descriptions.items()
                if language != "en"
                for one in fact("organization", owner, "description", text, language)
            ),
        ]
        values = _organization(organization) | {
            "phones": _some(self._phone(phone, organization_id=owner) for phone in organization.phones),
            "attributes": _some(attributes),
        }
        if full_service:
            services = (self.service(program, with_organization=False) for program in programs)
            return OrganizationWithServices(**values, services=_some(services))
        return Organization(**values, services=_some(self.reference(program) for program in programs))

    def _service(self, program: PublicProgram, *, with_organization: bool) -> dict[str, Any]:
        text = program.text()
        organization = self.organizations.get(program.organization.id)
        by_people = program.assured is not None and program.assured.method is not AssuranceMethod.FEED
        return {
            "id": program.id,
            "organization_id": program.organization.id,
            "name": text.name,
            "alternate_name": next(iter(program.alternate_names), UNSET),
            "description": text.description or UNSET,
            "url": program.url or UNSET,
            "email": program.email or UNSET,
            "status": _STATUSES[program.availability_on(self.today)],
            "interpretation_services": program.interpreter_note or UNSET,
            "application_process": text.how_to_apply or UNSET,
            "fees_description": text.cost or UNSET,
            "eligibility_description": text.eligibility or UNSET,
            "minimum_age": UNSET if program.min_age is None else program.min_age,
            "maximum_age": UNSET if program.max_age is None else program.max_age,
            "assured_date": program.assured.on if program.assured and by_people else UNSET,
            "alert": program.alert_on(self.today) or UNSET,
            "last_modified": self._changed_at(program),
            "organization": self.organization_summary(organization)
            if organization and with_organization
            else UNSET,
        }

    def _changed_at(self, program: PublicProgram) -> datetime:
        """Give when the service changed, or the organization that is shown with it."""
        owner = self.organizations.get(program.organization.id)
        return max(program.modified_at, owner.modified_at) if owner else program.modified_at

    def _service_attributes(self, program: PublicProgram) -> list[Attribute]:
        owner, classified = program.id, self.taxonomies.classified
        return [
            *classified("service", owner, Vocabulary.CATEGORY, program.categories),
            *classified("service", owner, Vocabulary.POPULATION, program.populations),
            *classified("service", owner, Vocabulary.POPULATION, program.populations_excluded, EXCLUDED),
            *classified("service", owner, Vocabulary.LEVEL, [program.level.value]),
            *(
                one
                for code, value, label in list_facts(program, self.today)
                for one in self.taxonomies.fact("service", owner, code, value, label)
            ),
        ]

    def _phone(self, phone: PublicPhone, **owner: Any) -> Phone:
        fact = self.taxonomies.fact
        extension = _number(phone.extension)
        is_plain = extension is not None and str(extension) == phone.extension
        attributes = [
            *fact("phone", phone.id, "phone-kind", phone.kind.value),
            *fact("phone", phone.id, "phone-label", phone.label),
            *fact("phone", phone.id, "phone-instruction", phone.instruction),
            *fact("phone", phone.id, "phone-extension", None if is_plain else phone.extension),
            *fact("phone", phone.id, "phone-hours", hours_as_json(phone.hours)),
        ]
        return Phone(
            id=phone.id,
            number=phone.number,
            extension=extension if extension is not None and is_plain else UNSET,
            type=_PHONE_TYPES.get(phone.kind, _VOICE),
            description=", ".join(filter(None, (phone.label, phone.instruction))) or UNSET,
            languages=_some(
                Language(
                    id=derived_id(phone.id, "language", code),
                    name=_language_name(code),
                    code=code,
                    phone_id=phone.id,
                )
                for code in filter(None, [phone.language])
            ),
            attributes=_some(attributes),
            **owner,
        )

    def _area(self, area: PublicArea, **owner: Any) -> ServiceArea:
        place = self.taxonomies.fact("service_area", area.id, "place", area.place.key)
        return ServiceArea(
            id=area.id, name=area.place.name, extent=area.place.name, attributes=tuple(place), **owner
        )

    def _location(self, site: PublicSite) -> Location:
        owner, fact = site.location_id, self.taxonomies.fact
        address = _address(site, self.country)
        parts = (
            {}
            if address
            else {
                "street": site.street,
                "city": site.city,
                "state-province": site.state,
                "postal-code": site.postal_code,
            }
        )
        attributes = [
            *(one for code, value in parts.items() for one in fact("location", owner, code, value)),
            *fact("location", owner, "town", site.town.key if site.town else None),
            *fact("location", owner, "region", site.region.key if site.region else None),
            *fact("location", owner, "precision", site.precision.value if site.precision else None),
            *fact(
                "location", owner, "confidential-address", (Known.NO if site.is_public else Known.YES).value
            ),
        ]
        return Location(
            id=owner,
            location_type="physical" if site.is_public else "virtual",
            name=site.name or UNSET,
            latitude=UNSET if site.latitude is None else site.latitude,
            longitude=UNSET if site.longitude is None else site.longitude,
            addresses=_some([address] if address else []),
            accessibility=_some(
                Accessibility(id=derived_id(owner, "accessibility"), location_id=owner, description=words)
                for words in filter(None, [site.access_notes])
            ),
            attributes=_some(attributes),
        )


def _organization(organization: PublicOrganization) -> dict[str, Any]:
    return {
        "id": organization.id,
        "name": organization.name,
        "alternate_name": next(iter(organization.aliases), UNSET),
        "description": organization.descriptions.get("en") or organization.name,
        "email": organization.email or UNSET,
        "website": organization.url or UNSET,
        "parent_organization_id": organization.parent_id or UNSET,
    }


def _address(site: PublicSite, country: str | None) -> Address | None:
    """Give the address if all that HSDS asks for is known."""
    if not (site.street and site.city and site.state and site.postal_code and country):
        return None
    return Address(
        id=derived_id(site.location_id, "address"),
        location_id=site.location_id,
        address_1=site.street,
        city=site.city,
        state_province=site.state,
        postal_code=site.postal_code,
        country=country,
    )


def _cost_options(program: PublicProgram) -> list[CostOption]:
    """Say in figures that nothing is paid, where the texts say so."""
    if Access.FREE not in program.access:
        return []
    return [
        CostOption(
            id=derived_id(program.id, "cost", "free"),
            service_id=program.id,
            option="free",
            amount=0,
            currency="USD",
        )
    ]


def _language_name(code: str) -> str:
    return str(Locale("en").languages.get(code, code))


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdecimal() else None


def _some(items: Iterable[T]) -> tuple[T, ...] | UnsetType:
    """Give the items, or nothing at all where there are none."""
    return tuple(items) or UNSET
