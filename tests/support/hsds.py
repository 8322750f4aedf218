"""Records of the API held to the official schemas, where those lie beside the checkout, and to our own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource

OFFICIAL = Path(__file__).resolve().parents[3] / "shared" / "hsds"
_BASE = "https://schemas.example/"


def official_validator(file: str) -> Draft202012Validator:
    """Give the validator of an official schema, such as `schema/service.json`."""
    return Draft202012Validator(
        {"$ref": _BASE + file}, registry=_official_registry(), format_checker=FormatChecker()
    )


def described_validator(description: dict[str, Any], schema: dict[str, Any]) -> Draft202012Validator:
    """Give the validator of a schema that stands in our own description of the API."""
    whole = {**schema, "components": description["components"]}
    return Draft202012Validator(whole, format_checker=FormatChecker())


def nothings(value: Any, path: str = "") -> Iterator[str]:
    """Give where a record holds null or an empty text."""
    if value is None or value == "":
        yield path
    elif isinstance(value, dict):
        for key, held in value.items():
            yield from nothings(held, f"{path}/{key}")
    elif isinstance(value, list):
        for at, held in enumerate(value):
            yield from nothings(held, f"{path}/{at}")


def _official_registry() -> Registry[Any]:
    resources = []
    for folder in ("schema", "schema-list"):
        for file in sorted((OFFICIAL / folder).glob("*.json")):
            if file.name == "openapi.json":
                continue
            schema = json.loads(file.read_text())
            schema["$id"] = f"{_BASE}{folder}/{file.name}"
            schema.setdefault("$schema", "https://json-schema.org/draft/2020-12/schema")
            resources.append((schema["$id"], Resource.from_contents(schema)))
    return Registry().with_resources(resources)
