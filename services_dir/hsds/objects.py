"""The objects of HSDS 3.1 as they are served: what is not known is left out, never null.

Names and meanings are those of the Human Services Data Specification, an Open Referral resource
(CC BY-SA 4.0). Only what this directory can say is here; `openapi.json` is made from these classes.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal, TypeAlias

from msgspec import UNSET, Meta, Struct, UnsetType

VERSION = "3.1"
PROFILE = "https://docs.openreferral.org/en/3.1/hsds/"

Id: TypeAlias = Annotated[str, Meta(extra_json_schema={"format": "uuid"})]
Uri: TypeAlias = Annotated[str, Meta(extra_json_schema={"format": "uri"})]
Moment: TypeAlias = Annotated[datetime, Meta(tz=True)]
Email: TypeAlias = Annotated[str, Meta(extra_json_schema={"format": "email"})]


class Taxonomy(Struct, frozen=True, kw_only=True):
    """A list of terms."""

    id: Id
    name: str
    description: str
    uri: Uri | UnsetType = UNSET
    version: str | UnsetType = UNSET


class TaxonomyTerm(Struct, frozen=True, kw_only=True):
    """A term of a taxonomy; `code` is its slug, which stays."""

    id: Id
    code: str
    name: str
    description: str
    parent_id: Id | UnsetType = UNSET
    taxonomy: str
    taxonomy_id: Id
    taxonomy_detail: Taxonomy
    language: str = "en"


class Attribute(Struct, frozen=True, kw_only=True):
    """A term that says something of the object it hangs on; `link_type` says in what sense."""

    id: Id
    link_id: Id
    link_entity: str
    link_type: str
    taxonomy_term_id: Id
    taxonomy_term: TaxonomyTerm
    value: str | UnsetType = UNSET
    label: str | UnsetType = UNSET


Attributes: TypeAlias = tuple[Attribute, ...] | UnsetType


class Url(Struct, frozen=True, kw_only=True):
    """A further web address."""

    id: Id
    url: Uri
    label: str | UnsetType = UNSET
    service_id: Id | UnsetType = UNSET


class Language(Struct, frozen=True, kw_only=True):
    """A language that staff speak, or that a phone is answered in; ISO 639."""

    id: Id
    name: str
    code: str
    note: str | UnsetType = UNSET
    service_id: Id | UnsetType = UNSET
    phone_id: Id | UnsetType = UNSET


class Phone(Struct, frozen=True, kw_only=True):
    """A number in E.164, or the digits of a short code."""

    id: Id
    number: str
    extension: int | UnsetType = UNSET
    type: str
    description: str | UnsetType = UNSET
    languages: tuple[Language, ...] | UnsetType = UNSET
    service_id: Id | UnsetType = UNSET
    service_at_location_id: Id | UnsetType = UNSET
    organization_id: Id | UnsetType = UNSET
    attributes: Attributes = UNSET


class Schedule(Struct, frozen=True, kw_only=True):
    """Hours on some days of the week, or on one date (`valid_from` and `valid_to` are the same)."""

    id: Id
    freq: Literal["WEEKLY"] | UnsetType = UNSET
    wkst: Literal["MO"] | UnsetType = UNSET
    byday: str | UnsetType = UNSET
    opens_at: str | UnsetType = UNSET
    closes_at: str | UnsetType = UNSET
    valid_from: str | UnsetType = UNSET
    valid_to: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    notes: str | UnsetType = UNSET
    service_id: Id | UnsetType = UNSET
    service_at_location_id: Id | UnsetType = UNSET
    attributes: Attributes = UNSET


class ServiceArea(Struct, frozen=True, kw_only=True):
    """A place that is served, by its name."""

    id: Id
    name: str
    extent_type: Literal["text"] = "text"
    extent: str
    service_id: Id | UnsetType = UNSET
    service_at_location_id: Id | UnsetType = UNSET
    attributes: Attributes = UNSET


class Address(Struct, frozen=True, kw_only=True):
    """A whole postal address; HSDS knows no part of one."""

    id: Id
    location_id: Id
    address_1: str
    city: str
    state_province: str
    postal_code: str
    country: str
    address_type: Literal["physical"] = "physical"


class Accessibility(Struct, frozen=True, kw_only=True):
    """What one should know before coming."""

    id: Id
    location_id: Id
    description: str


class Location(Struct, frozen=True, kw_only=True):
    """A place to go to; `virtual` is one whose address must not be known."""

    id: Id
    location_type: Literal["physical", "virtual"]
    name: str | UnsetType = UNSET
    latitude: float | UnsetType = UNSET
    longitude: float | UnsetType = UNSET
    addresses: tuple[Address, ...] | UnsetType = UNSET
    accessibility: tuple[Accessibility, ...] | UnsetType = UNSET
    attributes: Attributes = UNSET


class CostOption(Struct, frozen=True, kw_only=True):
    """What is paid."""

    id: Id
    service_id: Id
    option: str
    amount: float
    currency: str


class OrganizationSummary(Struct, frozen=True, kw_only=True):
    """An organization without lists."""

    id: Id
    name: str
    alternate_name: str | UnsetType = UNSET
    description: str
    email: Email | UnsetType = UNSET
    website: Uri | UnsetType = UNSET
    parent_organization_id: Id | UnsetType = UNSET


class ServiceSummary(Struct, frozen=True, kw_only=True):
    """A service without lists; `organization` is left out inside an organization."""

    id: Id
    organization_id: Id
    name: str
    alternate_name: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    url: Uri | UnsetType = UNSET
    email: Email | UnsetType = UNSET
    status: Literal["active", "inactive", "defunct", "temporarily closed"]
    interpretation_services: str | UnsetType = UNSET
    application_process: str | UnsetType = UNSET
    fees_description: str | UnsetType = UNSET
    eligibility_description: str | UnsetType = UNSET
    minimum_age: int | UnsetType = UNSET
    maximum_age: int | UnsetType = UNSET
    assured_date: date | UnsetType = UNSET
    alert: str | UnsetType = UNSET
    last_modified: Moment
    organization: OrganizationSummary | UnsetType = UNSET


class ServiceAtLocationSummary(Struct, frozen=True, kw_only=True):
    """A service at a location, without lists."""

    id: Id
    service_id: Id
    location_id: Id
    description: str | UnsetType = UNSET
    location: Location
    service: ServiceSummary | UnsetType = UNSET


class ServiceAtLocation(ServiceAtLocationSummary, frozen=True, kw_only=True):
    """A service at a location, with all that belongs to it."""

    service_areas: tuple[ServiceArea, ...] | UnsetType = UNSET
    phones: tuple[Phone, ...] | UnsetType = UNSET
    schedules: tuple[Schedule, ...] | UnsetType = UNSET
    attributes: Attributes = UNSET


class Service(ServiceSummary, frozen=True, kw_only=True):
    """A service with all that belongs to it."""

    additional_urls: tuple[Url, ...] | UnsetType = UNSET
    phones: tuple[Phone, ...] | UnsetType = UNSET
    schedules: tuple[Schedule, ...] | UnsetType = UNSET
    service_areas: tuple[ServiceArea, ...] | UnsetType = UNSET
    service_at_locations: tuple[ServiceAtLocation, ...] | UnsetType = UNSET
    languages: tuple[Language, ...] | UnsetType = UNSET
    cost_options: tuple[CostOption, ...] | UnsetType = UNSET
    attributes: Attributes = UNSET


class ServiceReference(Struct, frozen=True, kw_only=True):
    """A service by its id, for those who look it up."""

    id: Id
    name: str
    status: str
    last_modified: Moment


class Organization(OrganizationSummary, frozen=True, kw_only=True):
    """An organization with all that belongs to it; its services are named only."""

    phones: tuple[Phone, ...] | UnsetType = UNSET
    attributes: Attributes = UNSET
    services: tuple[ServiceReference, ...] | UnsetType = UNSET


class OrganizationWithServices(OrganizationSummary, frozen=True, kw_only=True):
    """An organization with all that belongs to it, its services in full."""

    phones: tuple[Phone, ...] | UnsetType = UNSET
    attributes: Attributes = UNSET
    services: tuple[Service, ...] | UnsetType = UNSET


class Publisher(Struct, frozen=True, kw_only=True):
    """Who publishes this."""

    name: str
    website: Uri


class About(Struct, frozen=True, kw_only=True):
    """The root of the API."""

    version: str
    profile: Uri
    openapi_url: Uri
    description: str
    publisher: Publisher


class Problem(Struct, frozen=True, kw_only=True):
    """What went wrong (RFC 9457); `parameter` names what could not be used."""

    type: str
    title: str
    status: int
    detail: str
    parameter: str | UnsetType = UNSET
