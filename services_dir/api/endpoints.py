"""The endpoints of the API in one table: routes, parameters and `openapi.json` are all made from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services_dir.hsds.objects import (
    Organization,
    OrganizationSummary,
    OrganizationWithServices,
    Service,
    ServiceAtLocation,
    ServiceAtLocationSummary,
    ServiceReference,
    ServiceSummary,
    Taxonomy,
    TaxonomyTerm,
)

_TEXT = {"type": "string"}
_UUID = {"type": "string", "format": "uuid"}
_FLAG = {"type": "boolean", "default": False}

# The schema of each parameter, and what it does.
PARAMETERS: Mapping[str, tuple[dict[str, Any], str]] = {
    "search": ({**_TEXT, "maxLength": 200}, "Words, searched as on the pages of this site; best first."),
    "page": (
        {"type": "integer", "minimum": 1, "default": 1},
        "The page, from 1. After the last it is empty.",
    ),
    "per_page": (
        {"type": "integer", "minimum": 1, "default": 25},
        "Items on a page; more than 500 are taken as 500.",
    ),
    "format": (
        {"type": "string", "enum": ["json", "ndjson"], "default": "json"},
        "ndjson gives all records in full, one a line, without pages.",
    ),
    "taxonomy_term_id": (_UUID, "Only records with this term, or one below it."),
    "taxonomy_id": (_UUID, "Only records with any term of this taxonomy."),
    "organization_id": (_UUID, "Only records of this organization."),
    "modified_after": (
        {"type": "string", "format": "date-time"},
        "Only records changed in this catalog at this moment or later.",
    ),
    "minimal": (_FLAG, "Only id, name, status and last_modified."),
    "full": (_FLAG, "Records with all that belongs to them."),
    "full_service": (_FLAG, "Whole services in each organization."),
    "postcode": (_TEXT, "Only services at locations whose area holds this ZIP code."),
    "proximity": ({"type": "number", "minimum": 0}, "Also no farther than so many metres from the postcode."),
    "top_only": (_FLAG, "Only terms that are not below another one."),
    "parent_id": (_UUID, "Only terms directly below this one."),
}


@dataclass(frozen=True)
class Endpoint:
    """A list and its records: parameters, the objects its items may be, and those of one record."""

    name: str
    title: str
    parameters: tuple[str, ...]
    items: tuple[type, ...]
    record: tuple[type, ...]
    record_parameters: tuple[str, ...] = ()
    is_required: bool = False


_PAGING = ("search", "page", "per_page", "format")
_BY_TERM = ("taxonomy_term_id", "taxonomy_id")

ENDPOINTS = (
    Endpoint(
        "services",
        "services",
        (*_PAGING, *_BY_TERM, "organization_id", "modified_after", "minimal", "full"),
        (ServiceSummary, Service, ServiceReference),
        (Service,),
        is_required=True,
    ),
    Endpoint(
        "organizations",
        "organizations",
        (*_PAGING, *_BY_TERM, "full", "full_service"),
        (OrganizationSummary, Organization, OrganizationWithServices),
        (Organization, OrganizationWithServices),
        ("full_service",),
    ),
    Endpoint(
        "service_at_locations",
        "services at locations",
        (*_PAGING, *_BY_TERM, "organization_id", "modified_after", "full", "postcode", "proximity"),
        (ServiceAtLocationSummary, ServiceAtLocation),
        (ServiceAtLocation,),
    ),
    Endpoint("taxonomies", "taxonomies", _PAGING, (Taxonomy,), (Taxonomy,)),
    Endpoint(
        "taxonomy_terms",
        "taxonomy terms",
        (*_PAGING, "taxonomy_id", "top_only", "parent_id"),
        (TaxonomyTerm,),
        (TaxonomyTerm,),
    ),
)
