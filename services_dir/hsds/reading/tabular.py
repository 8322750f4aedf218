"""Tables of HSDS 3.x, 2.x and 1.1 and of Ohana, put together into the nested records of HSDS 3.

Older names of files and columns are brought to those of version 3 here; what reads a record knows only these.
A record carries the file and line each of its parts came from under `ORIGIN`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

ORIGIN = "@"
Record = dict[str, Any]

# Files by the object of HSDS 3 whose rows they hold.
FILES: Mapping[str, tuple[str, ...]] = {
    "organization": ("organizations", "organization"),
    "program": ("programs", "program"),
    "service": ("services", "service"),
    "service_at_location": (
        "service_at_location",
        "service_at_locations",
        "services_at_location",
        "services_at_locations",
    ),
    "location": ("locations", "location"),
    "address": ("addresses", "address", "physical_addresses", "physical_address"),
    "postal_address": ("postal_addresses", "postal_address", "mail_addresses"),
    "phone": ("phones", "phone"),
    "contact": ("contacts", "contact"),
    "schedule": ("schedules", "schedule"),
    "regular_schedule": ("regular_schedules", "regular_schedule"),
    "holiday_schedule": ("holiday_schedules", "holiday_schedule"),
    "service_area": ("service_areas", "service_area"),
    "language": ("languages", "language"),
    "accessibility": ("accessibility", "accessibility_for_disabilities"),
    "cost_option": ("cost_options", "cost_option"),
    "required_document": ("required_documents", "required_document"),
    "eligibility": ("eligibility", "eligibilities"),
    "payment": ("payments_accepted", "payment_accepted"),
    "funding": ("funding", "fundings"),
    "organization_identifier": ("organization_identifiers", "organization_identifier"),
    "url": ("url", "urls"),
    "attribute": ("attributes", "attribute"),
    "service_taxonomy": ("services_taxonomy", "service_taxonomy", "service_attributes", "service_attribute"),
    "other_attribute": ("other_attributes", "other_attribute"),
    "taxonomy_term": ("taxonomy_terms", "taxonomy_term", "taxonomy"),
    "taxonomy": ("taxonomies",),
    "service_capacity": ("service_capacity", "service_capacities"),
    "unit": ("units", "unit"),
    "metadata": ("metadata",),
    "meta_table_description": ("meta_table_descriptions", "meta_table_description"),
}
OBJECTS: Mapping[str, str] = {file: name for name, files in FILES.items() for file in files}

# Columns of older versions, by the names of version 3.
_RENAMED: Mapping[str, Mapping[str, str]] = {
    "organization": {"url": "website"},
    "service": {
        "website": "url",
        "fees": "fees_description",
        "eligibility": "eligibility_description",
        "accrediations": "accreditations",
        "how_to_apply": "application_process",
        "interpretation_sources": "interpretation_services",
    },
    "phone": {"number_type": "type", "phone_number": "number"},
    "address": {
        "address": "address_1",
        "street": "address_1",
        "state": "state_province",
        "zip": "postal_code",
    },
    "service_area": {"service_area": "name"},
    "language": {"language": "name"},
    "accessibility": {"accessibility": "description"},
    "eligibility": {"eligibility": "description"},
    "taxonomy_term": {"term": "name", "vocabulary": "taxonomy"},
    "service_taxonomy": {"taxonomy_id": "taxonomy_term_id"},
    "payment": {"payment": "name"},
}
# The columns by which rows of each object are found.
KEYS: Mapping[str, tuple[str, ...]] = {
    "organization": ("id",),
    "program": ("id",),
    "service": ("organization_id", "location_id", "id"),
    "service_at_location": ("service_id",),
    "location": ("id", "organization_id"),
    "address": ("location_id",),
    "phone": ("service_id", "location_id", "organization_id", "service_at_location_id"),
    "contact": ("service_id", "location_id", "organization_id"),
    "schedule": ("service_id", "location_id", "service_at_location_id"),
    "regular_schedule": ("service_id", "location_id", "service_at_location_id"),
    "holiday_schedule": ("service_id", "location_id", "service_at_location_id"),
    "service_area": ("service_id", "service_at_location_id"),
    "language": ("service_id", "phone_id", "location_id"),
    "accessibility": ("location_id",),
    "cost_option": ("service_id",),
    "required_document": ("service_id",),
    "eligibility": ("service_id",),
    "payment": ("service_id",),
    "organization_identifier": ("organization_id",),
    "url": ("service_id", "organization_id"),
    "attribute": ("link_id",),
    "service_taxonomy": ("service_id",),
    "other_attribute": ("link_id",),
    "taxonomy_term": ("id", "code", "taxonomy_id"),
    "taxonomy": ("id",),
}
# What no listing is made of, and why; the report says so instead of passing it over.
NOT_KEPT = (
    "postal_address",
    "contact",
    "funding",
    "metadata",
    "meta_table_description",
    "service_capacity",
    "unit",
)


class Tables(Protocol):
    """Rows of a package by object and key; `use` notes that a row became part of a record."""

    def has(self, name: str) -> bool:
        """Tell whether there are rows of an object."""

    def scan(self, name: str) -> Iterator[tuple[str, int, dict[str, str]]]:
        """Give all rows of an object: file, line, cells."""

    def find(self, name: str, column: str, value: str) -> list[tuple[str, int, dict[str, str]]]:
        """Give the rows of an object that have a value in a column."""


class Joiner:
    """Puts rows together; `is_ohana` says that a service lies at one location and has no organization."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._terms: dict[str, Record | None] = {}

    def organizations(self) -> Iterator[Record]:
        """Give each organization with its parts."""
        for row in self._rows("organization"):
            key = row.get("id", "")
            yield row | {
                "phones": self._phones("organization_id", key),
                "additional_websites": self._of("url", "organization_id", key),
                "organization_identifiers": self._of("organization_identifier", "organization_id", key),
                "attributes": self._attributes(key, "organization"),
            }

    def services(self) -> Iterator[Record]:
        """Give each service with its parts, in the order of the file."""
        for row in self._rows("service"):
            yield self._service(row)

    def _service(self, row: Record) -> Record:
        key, at = row.get("id", ""), row.get("location_id")
        record = row | {
            "phones": self._phones("service_id", key),
            "schedules": self._schedules("service_id", key),
            "service_areas": self._of("service_area", "service_id", key),
            "languages": self._of("language", "service_id", key),
            "cost_options": self._of("cost_option", "service_id", key),
            "required_documents": self._of("required_document", "service_id", key),
            "additional_urls": self._of("url", "service_id", key),
            "attributes": self._attributes(key, "service") + self._listed_terms(row),
            "eligibilities": self._of("eligibility", "service_id", key),
            "payments_accepted": self._of("payment", "service_id", key),
        }
        if row.get("program_id"):
            record["program"] = self._one("program", row["program_id"])
        if at and not self._tables.has("service_at_location"):
            record |= self._at_its_location(record, str(at))
        else:
            links = self._of("service_at_location", "service_id", key)
            if at and not links:  # the older way, in files that have both
                links = [{"location_id": str(at), ORIGIN: row[ORIGIN]}]
            record["service_at_locations"] = [self._at_location(link) for link in links]
        return record

    def _at_its_location(self, record: Record, at: str) -> Record:
        """Ohana: the row of a service names its one location, and that names the organization."""
        location = self._location(at)
        if location is None:
            return {"missing_location": at, "service_at_locations": []}
        link = {"id": f"{record.get('id', '')}-{at}", "location_id": at, "location": location}
        languages = location.pop("languages_text", None) or location.get("languages")
        return {
            "organization_id": record.get("organization_id") or location.get("organization_id"),
            "service_at_locations": [link | {ORIGIN: location[ORIGIN]}],
            "url": record.get("url") or location.get("website"),
            "email": record.get("email") or location.get("email"),
            "languages_text": record.get("languages_text") or languages,
        }

    def _at_location(self, link: Record) -> Record:
        key = link.get("id", "")
        return link | {
            "location": self._location(link.get("location_id", "")),
            "phones": self._phones("service_at_location_id", key) if key else [],
            "schedules": self._schedules("service_at_location_id", key),
            "service_areas": self._of("service_area", "service_at_location_id", key),
        }

    def _location(self, key: str) -> Record | None:
        row = self._one("location", key)
        if row is None:
            return None
        languages = row.pop("languages", None)
        return row | {
            "languages_text": languages,
            "addresses": self._of("address", "location_id", key),
            "phones": [phone for phone in self._phones("location_id", key) if not phone.get("service_id")],
            "schedules": self._schedules("location_id", key),
            "accessibility": self._of("accessibility", "location_id", key) or row.get("accessibility"),
            "attributes": self._attributes(key, "location"),
        }

    def _phones(self, column: str, key: str) -> list[Record]:
        phones = self._of("phone", column, key)
        return [
            phone
            | {
                "languages": self._of("language", "phone_id", phone.get("id", "")),
                "attributes": self._attributes(phone.get("id", ""), "phone"),
            }
            for phone in phones
            if column != "organization_id" or not (phone.get("service_id") or phone.get("location_id"))
        ]

    def _schedules(self, column: str, key: str) -> list[Record]:
        rows = self._of("schedule", column, key)
        return [
            *(row | {"attributes": self._attributes(row.get("id", ""), "schedule")} for row in rows),
            *self._of("regular_schedule", column, key),
            *self._of("holiday_schedule", column, key),
        ]

    def _attributes(self, key: str, entity: str) -> list[Record]:
        rows = [
            row
            for row in self._of("attribute", "link_id", key) + self._of("other_attribute", "link_id", key)
            if OBJECTS.get(str(row.get("link_entity") or row.get("link_type")), entity) == entity
        ]
        if entity == "service":
            rows += self._of("service_taxonomy", "service_id", key)
        return [row | {"taxonomy_term": self._term(row.get("taxonomy_term_id", ""))} for row in rows]

    def _listed_terms(self, row: Record) -> list[Record]:
        """Older files list the ids of terms in a cell."""
        ids = [one.strip() for one in str(row.get("taxonomy_ids") or "").replace(";", ",").split(",")]
        return [
            {"taxonomy_term_id": one, "taxonomy_term": self._term(one), ORIGIN: row[ORIGIN]}
            for one in dict.fromkeys(ids)
            if one
        ]

    def _term(self, key: str) -> Record | None:
        if key not in self._terms:
            found = [
                row
                for column in ("id", "taxonomy_id", "code")
                for row in self._of("taxonomy_term", column, key)
            ]
            term = found[0] if found else None
            if term is not None:
                term = term | {"taxonomy_detail": self._one("taxonomy", term.get("taxonomy_id", ""))}
            self._terms[key] = term
        return self._terms[key]

    def term(self, key: str) -> Record | None:
        """Give a term by its id or code; None if there is none."""
        return self._term(key)

    def _one(self, name: str, key: str) -> Record | None:
        found = self._of(name, "id", key)
        return found[0] if found else None

    def _of(self, name: str, column: str, key: str) -> list[Record]:
        if not key or not self._tables.has(name):
            return []
        return [_renamed(name, *row) for row in self._tables.find(name, column, key)]

    def _rows(self, name: str) -> Iterator[Record]:
        if self._tables.has(name):
            for row in self._tables.scan(name):
                yield _renamed(name, *row)


def _renamed(name: str, file: str, line: int, cells: dict[str, str]) -> Record:
    record: Record = dict(cells)
    for old, new in _RENAMED.get(name, {}).items():
        if old in record and new not in record:
            record[new] = record.pop(old)
    if name == "service" and isinstance(record.get("languages"), str):
        record["languages_text"] = record.pop("languages")
    if name == "service" and isinstance(record.get("service_areas"), str):
        record["service_areas_text"] = record.pop("service_areas")
    if name == "service" and isinstance(record.get("required_documents"), str):
        record["required_documents_text"] = record.pop("required_documents")
    record[ORIGIN] = (file, line)
    return record
