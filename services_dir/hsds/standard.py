"""What HSDS 3.1 asks of each object, and whether a record of anybody's feed gives it.

Names and meanings are those of the Human Services Data Specification, an Open Referral resource
(CC BY-SA 4.0). A field is written `name:type`, with `!` behind the name where it is required; a name alone is
a text, `:thing` an object, `:[thing]` a list of them. What is not listed may be there and may hold anything.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

_ATTRIBUTES = "attributes:[attribute] metadata:[metadata]"
_OWNERS = "service_id:uuid service_at_location_id:uuid location_id:uuid organization_id:uuid"
_FIELDS: Mapping[str, str] = {
    "organization": "id!:uuid name! alternate_name description! email:email website:uri tax_status tax_id "
    "additional_websites:[url] year_incorporated:number legal_status logo uri:uri "
    "parent_organization_id:uuid funding:[funding] contacts:[contact] phones:[phone] "
    "locations:[location] programs:[program] "
    f"organization_identifiers:[organization_identifier] {_ATTRIBUTES}",
    "program": f"id!:uuid organization_id:uuid name! alternate_name description! {_ATTRIBUTES}",
    "service": "id!:uuid organization_id:uuid program_id:uuid name! alternate_name description url:uri "
    "additional_urls:[url] email:email status!:status interpretation_services application_process "
    "fees_description wait_time fees accreditations eligibility_description minimum_age:number "
    "maximum_age:number assured_date assurer_email:email licenses alert last_modified:moment phones:[phone] "
    "schedules:[schedule] service_areas:[service_area] service_at_locations:[service_at_location] "
    "languages:[language] organization:organization funding:[funding] cost_options:[cost_option] "
    "program:program required_documents:[required_document] contacts:[contact] "
    f"capacities:[service_capacity] {_ATTRIBUTES}",
    "service_at_location": "id!:uuid service_id:uuid location_id:uuid description "
    "service_areas:[service_area] contacts:[contact] phones:[phone] schedules:[schedule] location:location "
    f"service:service {_ATTRIBUTES}",
    "location": "id!:uuid location_type!:place_type url:uri organization_id:uuid name alternate_name "
    "description transportation latitude:number longitude:number external_identifier "
    "external_identifier_type languages:[language] addresses:[address] contacts:[contact] "
    f"accessibility:[accessibility] phones:[phone] schedules:[schedule] {_ATTRIBUTES}",
    "address": "id!:uuid location_id:uuid attention address_1! address_2 city! region state_province! "
    f"postal_code! country! address_type!:place_type {_ATTRIBUTES}",
    "phone": f"id!:uuid {_OWNERS} contact_id:uuid number! extension:number type description "
    f"languages:[language] {_ATTRIBUTES}",
    "contact": f"id!:uuid {_OWNERS} name title department email:email phones:[phone] {_ATTRIBUTES}",
    "schedule": "id!:uuid service_id:uuid location_id:uuid service_at_location_id:uuid valid_from valid_to "
    "dtstart timezone:number until count:number wkst:day freq:frequency interval:number byday byweekno "
    "bymonthday byyearday description opens_at closes_at schedule_link:uri attending_type notes "
    f"{_ATTRIBUTES}",
    "service_area": "id!:uuid service_id:uuid service_at_location_id:uuid name description extent "
    f"extent_type uri {_ATTRIBUTES}",
    "language": f"id!:uuid service_id:uuid location_id:uuid phone_id:uuid name code note {_ATTRIBUTES}",
    "accessibility": f"id!:uuid location_id:uuid description details url:uri {_ATTRIBUTES}",
    "cost_option": "id!:uuid service_id:uuid valid_from valid_to option currency amount:number "
    f"amount_description {_ATTRIBUTES}",
    "required_document": f"id!:uuid service_id:uuid document uri:uri {_ATTRIBUTES}",
    "funding": f"id!:uuid organization_id:uuid service_id:uuid source {_ATTRIBUTES}",
    "organization_identifier": "id!:uuid organization_id:uuid identifier_scheme identifier_type! "
    f"identifier! {_ATTRIBUTES}",
    "service_capacity": "id!:uuid service_id:uuid unit!:unit unit_id:uuid available!:number maximum:number "
    f"description updated!:moment {_ATTRIBUTES}",
    "unit": f"id!:uuid name! scheme identifier uri:uri {_ATTRIBUTES}",
    "url": f"id!:uuid label url!:uri organization_id:uuid service_id:uuid {_ATTRIBUTES}",
    "attribute": "id!:uuid link_id:uuid taxonomy_term_id:uuid link_type link_entity value label "
    "taxonomy_term:taxonomy_term metadata:[metadata]",
    "taxonomy": "id!:uuid name! description! uri:uri version metadata:[metadata]",
    "taxonomy_term": "id!:uuid code name! description! parent_id:uuid taxonomy taxonomy_detail:taxonomy "
    "language taxonomy_id:uuid term_uri:uri metadata:[metadata]",
    "metadata": "id!:uuid resource_id:uuid resource_type last_action_date! last_action_type! field_name! "
    "previous_value! replacement_value! updated_by!",
}
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "status": ("active", "inactive", "defunct", "temporarily closed"),
    "place_type": ("physical", "postal", "virtual"),
    "day": ("MO", "TU", "WE", "TH", "FR", "SA", "SU"),
    "frequency": ("WEEKLY", "MONTHLY"),
}
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_URI = re.compile(r"[a-z][a-z0-9+.-]*:[^\s<>\"{}|\\^`]+", re.IGNORECASE)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.IGNORECASE)


@dataclass(frozen=True)
class Field:
    """What one field must be: a type by its name, an object of a kind, or a list of such."""

    name: str
    type: str
    is_required: bool
    is_list: bool


def _read(text: str) -> dict[str, Field]:
    found = {}
    for written in text.split():
        head, _, kind = written.partition(":")
        name = head.removesuffix("!")
        found[name] = Field(name, kind.strip("[]") or "text", head.endswith("!"), kind.startswith("["))
    return found


OBJECTS: Mapping[str, Mapping[str, Field]] = {kind: _read(text) for kind, text in _FIELDS.items()}


def list_faults(kind: str, record: object, path: str = "") -> Iterator[str]:
    """Say what in a record is not as the standard asks, each with where it stands."""
    if not isinstance(record, dict):
        yield f"{path or kind}: this should be an object"
        return
    for field in OBJECTS[kind].values():
        where = f"{path}/{field.name}".lstrip("/")
        if field.name in record:
            yield from _faults(field, record[field.name], where)
        elif field.is_required:
            yield f"{where}: this is missing"


def _faults(field: Field, value: object, where: str) -> Iterator[str]:
    if value is None:
        yield f"{where}: this is null; leave out what is not known"
    elif field.is_list and not isinstance(value, list):
        yield f"{where}: this should be a list"
    elif field.is_list:
        assert isinstance(value, list)
        for at, one in enumerate(value):
            yield from list_faults(field.type, one, f"{where}/{at}")
    elif field.type in OBJECTS:
        yield from list_faults(field.type, value, where)
    elif field.type == "number":
        if isinstance(value, bool) or not isinstance(value, int | float):
            yield f"{where}: {value!r} should be a number"
    elif not isinstance(value, str):
        yield f"{where}: {value!r} should be a text"
    elif field.type in _CHOICES:
        if value not in _CHOICES[field.type]:
            yield f"{where}: {value!r} is none of {', '.join(_CHOICES[field.type])}"
    elif not _FORMATS[field.type](value):
        yield f"{where}: {value!r} is no {_WORDS[field.type]}"


def is_uuid(text: str) -> bool:
    """Tell whether a text is a UUID as it is usually written."""
    return _UUID.fullmatch(text) is not None and str(UUID(text)) == text.lower()


def is_uri(text: str) -> bool:
    """Tell whether a text is an address with its scheme."""
    return _URI.fullmatch(text) is not None


def is_moment(text: str) -> bool:
    """Tell whether a text is a date and time with its offset (RFC 3339)."""
    if _MOMENT.fullmatch(text) is None:
        return False
    try:
        return datetime.fromisoformat(text.upper()).tzinfo is not None
    except ValueError:
        return False


_FORMATS: Mapping[str, Callable[[str], bool]] = {
    "text": lambda _text: True,
    "uuid": is_uuid,
    "uri": is_uri,
    "email": lambda text: _EMAIL.fullmatch(text) is not None,
    "moment": is_moment,
}
_WORDS = {
    "uuid": "UUID",
    "uri": "web address with its scheme",
    "email": "e-mail address",
    "moment": "date and time with an offset from UTC",
}


def list_nothings(value: Any, path: str = "") -> Iterator[str]:
    """Give where an answer holds null, or an empty text where the standard wants an address or an id."""
    if value is None:
        yield f"{path}: this is null; leave out what is not known"
    elif isinstance(value, dict):
        for key, held in value.items():
            if held == "" and key.endswith(("id", "url", "uri", "email", "website")):
                yield f"{path}/{key}: this is empty; leave out what is not known"
            else:
                yield from list_nothings(held, f"{path}/{key}")
    elif isinstance(value, list):
        for at, held in enumerate(value):
            yield from list_nothings(held, f"{path}/{at}")
