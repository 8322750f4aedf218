"""The standard as `hsds check` knows it, by the official schemas and the values that fail (guide, 4.3)."""

from __future__ import annotations

import json

import pytest

from services_dir.hsds.standard import OBJECTS, list_faults
from tests.support.hsds import OFFICIAL, official_validator

ID = "ac148810-d857-441c-9679-408f346de14b"
SERVICE = {"id": ID, "name": "Made-up", "status": "active"}
PLACE = {"id": ID, "location_type": "physical"}

official = pytest.mark.skipif(
    not OFFICIAL.is_dir(), reason="the official schemas are not beside this checkout"
)

# Kind, record, and whether it is valid: every line of section 4.3.
VALUES = [
    ("service", SERVICE, True),
    ("service", SERVICE | {"description": None}, False),
    ("service", SERVICE | {"status": "open"}, False),
    ("service", SERVICE | {"id": "1"}, False),
    ("service", SERVICE | {"url": "www.example.org"}, False),
    ("service", SERVICE | {"url": ""}, False),
    ("service", SERVICE | {"url": "https://example.org/"}, True),
    ("service", SERVICE | {"email": "n/a"}, False),
    ("service", SERVICE | {"phones": [{"id": ID, "number": "1", "extension": "012"}]}, False),
    ("service", SERVICE | {"phones": [{"id": ID, "number": "1", "extension": 12}]}, True),
    ("service", SERVICE | {"last_modified": "2026-01-02"}, False),
    ("service", SERVICE | {"last_modified": "2026-01-02T10:00:00"}, False),
    ("service", SERVICE | {"last_modified": "2026-01-02T10:00:00Z"}, True),
    ("service", SERVICE | {"last_modified": "2026-01-02T10:00:00.5+01:00"}, True),
    ("service", SERVICE | {"schedules": [{"id": ID, "freq": "DAILY"}]}, False),
    ("service", SERVICE | {"schedules": [{"id": ID, "freq": "MONTHLY"}]}, True),
    ("location", PLACE | {"location_type": "redacted"}, False),
    ("location", PLACE | {"addresses": [{"id": ID, "city": "Hartford"}]}, False),
    ("location", PLACE, True),
    ("service", SERVICE | {"x_extra": {"anything": None}}, True),
    ("service", {"id": ID, "name": "Made-up"}, False),
    ("service", SERVICE | {"phones": {}}, False),
    ("service", SERVICE | {"minimum_age": "18"}, False),
    ("taxonomy", {"id": ID, "name": "x"}, False),
]


@pytest.mark.parametrize(("kind", "record", "is_valid"), VALUES)
def test_4_3_values_that_pass_and_values_that_fail(kind, record, is_valid):
    faults = list(list_faults(kind, record))

    assert (faults == []) is is_valid, faults


@official
@pytest.mark.parametrize(("kind", "record", "is_valid"), VALUES)
def test_4_3_the_official_schemas_say_the_same(kind, record, is_valid):
    assert official_validator(f"schema/{kind}.json").is_valid(record) is is_valid


@official
@pytest.mark.parametrize("kind", OBJECTS)
def test_every_object_has_the_fields_of_the_official_schema(kind):
    schema = json.loads((OFFICIAL / "schema" / f"{kind}.json").read_text())
    fields = OBJECTS[kind]
    added = {"service"} if kind == "service_at_location" else set()  # only in the compiled schema

    assert fields.keys() - added == schema["properties"].keys()
    assert {name for name, field in fields.items() if field.is_required} == set(schema.get("required", ()))
    for name, held in schema["properties"].items():
        field = fields[name]
        assert field.is_list is (held.get("type") == "array")
        target = (held.get("items") or held).get("$ref", "").removesuffix(".json")
        assert (field.type if field.type in OBJECTS else "") == target
        assert (field.type == "number") is (held.get("type") == "number")
        kinds = {"uuid": "uuid", "uri": "uri", "email": "email", "date-time": "moment"}
        assert kinds.get(held.get("format"), field.type) == field.type


@official
@pytest.mark.parametrize(
    ("kind", "file"),
    [
        ("service", "service_full"),
        ("organization", "organization_full"),
        ("service_at_location", "service_at_location_full"),
        ("location", "location"),
        ("taxonomy", "taxonomy"),
        ("taxonomy_term", "taxonomy_term"),
    ],
)
def test_the_official_examples_have_no_fault(kind, file):
    record = json.loads((OFFICIAL / "examples" / f"{file}.json").read_text())

    assert list(list_faults(kind, record)) == []
