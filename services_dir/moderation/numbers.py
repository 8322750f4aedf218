"""A number that several listings name: the document of its change, and a listing with another number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import msgspec

from services_dir.catalog.draft import (
    Draft,
    OrganizationDraft,
    Part,
    ProgramDraft,
    Uuid,
    from_builtins,
    to_builtins,
)


class NumberChange(Part, frozen=True, kw_only=True):
    """One number in the place of another, in these listings: identity and version of each, as seen."""

    number: str
    new_number: str
    listings: tuple[tuple[Uuid, int], ...]


@dataclass(frozen=True)
class ListingWith:
    """A published listing that names a number."""

    uuid: str
    slug: str
    name: str
    is_program: bool
    version: int
    draft: Draft


def change_of(number: str, new_number: str, listings: Iterable[ListingWith]) -> NumberChange:
    """Give the change of a number in listings as they are now."""
    seen = tuple((listing.uuid, listing.version) for listing in listings)
    return NumberChange(number=number, new_number=new_number, listings=seen)


def to_json(change: NumberChange) -> str:
    """Give the document of a change as a revision stores it."""
    return msgspec.json.encode(change, order="deterministic").decode()


def read(document: str) -> NumberChange:
    """Read the document of a change."""
    return msgspec.json.decode(document, type=NumberChange)


def with_number(draft: Draft, number: str, new: str) -> Draft:
    """Give a listing in which one number stands in the place of another."""
    document = _replaced(to_builtins(draft), number, new)
    if isinstance(draft, ProgramDraft):
        return from_builtins(document, ProgramDraft)
    return from_builtins(document, OrganizationDraft)


def _replaced(value: Any, number: str, new: str) -> Any:
    if isinstance(value, list):
        return [_replaced(item, number, new) for item in value]
    if isinstance(value, dict):
        return {
            key: new if key == "number" and item == number else _replaced(item, number, new)
            for key, item in value.items()
        }
    return value
