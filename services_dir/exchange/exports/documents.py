"""The whole catalog as JSON: one document, or one service a line; records are those of the API."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import msgspec
from sqlalchemy.orm import Session

from services_dir.exchange.exports.catalog import open_catalog
from services_dir.hsds.objects import PROFILE, VERSION


def json_chunks(session: Session, today: date) -> Iterator[bytes]:
    """Write one JSON object: `organizations`, `services`, `taxonomies`, `taxonomy_terms`, by their ids.

    Organizations are in full, without their services; services are in full. One record stands on a line.
    """
    with open_catalog(session, today) as catalog:
        terms = catalog.taxonomies
        parts: tuple[tuple[str, Iterable[Any]], ...] = (
            ("organizations", catalog.organizations()),
            ("services", catalog.services()),
            ("taxonomies", _by_id(terms.taxonomies)),
            ("taxonomy_terms", _by_id(terms.terms)),
        )
        head = msgspec.json.encode({"version": VERSION, "profile": PROFILE})
        yield head[:-1]
        for name, records in parts:
            yield f',\n"{name}": ['.encode()
            separator = b"\n"
            for record in records:
                yield separator + msgspec.json.encode(record)
                separator = b",\n"
            yield b"\n]"
        yield b"\n}\n"


def ndjson_chunks(session: Session, today: date) -> Iterator[bytes]:
    """Write every service in full, one a line, by their ids; as `/hsds/services?format=ndjson` does."""
    with open_catalog(session, today) as catalog:
        for service in catalog.services():
            yield msgspec.json.encode(service) + b"\n"


def _by_id(held: Any) -> list[Any]:
    return sorted(held.values(), key=lambda one: one.id)
