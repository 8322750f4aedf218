"""The tabular form of HSDS: its files by their official names, and what each column holds.

Columns are the plain fields of the objects in `objects.py`, so that both forms say the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec import Struct

from services_dir.hsds.objects import (
    VERSION,
    Accessibility,
    Address,
    Attribute,
    CostOption,
    Language,
    Location,
    OrganizationSummary,
    Phone,
    Schedule,
    ServiceArea,
    ServiceAtLocationSummary,
    ServiceSummary,
    Taxonomy,
    TaxonomyTerm,
    Url,
)

Field = dict[str, Any]
_TIMES = ("opens_at", "closes_at")
_DATES = ("valid_from", "valid_to")
_TYPES = {"integer": "number", "number": "number", "string": "string"}
_FORMATS = {"date": "date", "date-time": "datetime"}


@dataclass(frozen=True)
class Table:
    """A file: its official name and path, the objects in its rows, and where its columns point."""

    name: str
    path: str
    kind: type[Struct]
    required: tuple[str, ...] = ("id",)
    references: tuple[tuple[str, str], ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Give the names of the columns."""
        return tuple(field["name"] for field in fields(self))


# In the order of the official descriptor. `link_id` of an attribute points at a row of `link_entity`.
TABLES = (
    Table(
        "organization",
        "organizations.csv",
        OrganizationSummary,
        ("id", "name", "description"),
        (("parent_organization_id", ""),),
    ),
    Table(
        "service",
        "services.csv",
        ServiceSummary,
        ("id", "organization_id", "name", "status"),
        (("organization_id", "organization"),),
    ),
    Table(
        "attribute",
        "attributes.csv",
        Attribute,
        ("id", "link_id", "link_entity", "taxonomy_term_id"),
        (("taxonomy_term_id", "taxonomy_term"),),
    ),
    Table(
        "service_at_location",
        "service_at_location.csv",
        ServiceAtLocationSummary,
        ("id", "service_id", "location_id"),
        (("service_id", "service"), ("location_id", "location")),
    ),
    Table("location", "locations.csv", Location, ("id", "location_type")),
    Table(
        "phone",
        "phones.csv",
        Phone,
        ("id", "number"),
        (
            ("service_id", "service"),
            ("service_at_location_id", "service_at_location"),
            ("organization_id", "organization"),
        ),
    ),
    Table(
        "address",
        "addresses.csv",
        Address,
        ("id", "address_1", "city", "state_province", "postal_code", "country", "address_type"),
        (("location_id", "location"),),
    ),
    Table(
        "schedule",
        "schedules.csv",
        Schedule,
        references=(("service_id", "service"), ("service_at_location_id", "service_at_location")),
    ),
    Table(
        "service_area",
        "service_areas.csv",
        ServiceArea,
        references=(("service_id", "service"), ("service_at_location_id", "service_at_location")),
    ),
    Table(
        "language",
        "languages.csv",
        Language,
        references=(("service_id", "service"), ("phone_id", "phone")),
    ),
    Table("accessibility", "accessibility.csv", Accessibility, references=(("location_id", "location"),)),
    Table(
        "taxonomy_term",
        "taxonomy_terms.csv",
        TaxonomyTerm,
        ("id", "name", "description"),
        (("parent_id", ""), ("taxonomy_id", "taxonomy")),
    ),
    Table(
        "cost_option",
        "cost_options.csv",
        CostOption,
        ("id", "service_id"),
        (("service_id", "service"),),
    ),
    Table("taxonomy", "taxonomies.csv", Taxonomy, ("id", "name", "description")),
    Table("url", "url.csv", Url, ("id", "url"), (("service_id", "service"),)),
)

# The property of an object that holds rows of another file. What is left out there is a row elsewhere.
NESTED: Mapping[str, str] = {
    "service_at_locations": "service_at_location",
    "location": "location",
    "phones": "phone",
    "addresses": "address",
    "schedules": "schedule",
    "service_areas": "service_area",
    "languages": "language",
    "accessibility": "accessibility",
    "cost_options": "cost_option",
    "additional_urls": "url",
    "attributes": "attribute",
}


def fields(table: Table) -> list[Field]:
    """Give name, type and format of each column, as a table schema (Frictionless) has them."""
    (_ref,), parts = msgspec.json.schema_components([table.kind])
    properties = parts[table.kind.__name__]["properties"]
    described = ((name, _plain(schema)) for name, schema in properties.items())
    return [_field(table, name, schema) for name, schema in described if schema is not None]


def describe(tables: Mapping[str, Table], title: str) -> dict[str, Any]:
    """Give the descriptor (`datapackage.json`) of those files that are there."""
    return {
        "name": "human_services_data",
        "title": title,
        "description": "Human Services Data Specification, an Open Referral resource.",
        "profile": "tabular-data-package",
        "version": VERSION,
        "homepage": "https://docs.openreferral.org/",
        "resources": [_resource(table, tables) for table in tables.values()],
    }


def _resource(table: Table, tables: Mapping[str, Table]) -> dict[str, Any]:
    schema: dict[str, Any] = {"fields": fields(table), "primaryKey": "id"}
    keys = [
        {"fields": column, "reference": {"resource": target, "fields": "id"}}
        for column, target in table.references
        if not target or target in tables
    ]
    if keys:
        schema["foreignKeys"] = keys
    return {
        "name": table.name,
        "path": table.path,
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema,
    }


def _plain(schema: dict[str, Any]) -> dict[str, Any] | None:
    """Give the schema of a plain value, None for what holds other objects."""
    return schema if schema.get("type", "string") in _TYPES and "$ref" not in schema else None


def _field(table: Table, name: str, schema: dict[str, Any]) -> Field:
    said = schema.get("format")
    field: Field = {"name": name, "type": _FORMATS.get(said or "", _TYPES[schema.get("type", "string")])}
    if name in _TIMES:
        field |= {"type": "time", "format": "%H:%M"}
    elif name in _DATES:
        field["type"] = "date"
    elif said is not None and said not in _FORMATS:
        field["format"] = said
    constraints: dict[str, Any] = {}
    if name in table.required:
        constraints["required"] = True
    if name == "id":
        constraints["unique"] = True
    if "enum" in schema:
        constraints["enum"] = schema["enum"]
    return field | ({"constraints": constraints} if constraints else {})
