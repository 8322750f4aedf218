"""Places that must not be known: which records have one, and taking the address out before anything is kept.

Nobody who sends us a list says reliably which of its addresses are secret. So the places of every kind of
help that shelters people are taken as confidential, and so is whatever a word says is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from services_dir.catalog.past import REMOVED, Removal
from services_dir.catalog.rules import looks_like_street, without_streets
from services_dir.hsds.reading.notes import Notes
from services_dir.hsds.reading.tabular import Record
from services_dir.values import fold

_SECRET = re.compile(
    r"confidential (?:location|address|site|place|shelter|facility)"
    r"|(?:location|address|site) (?:is |are |kept )?(?:strictly )?"
    r"(?:confidential|undisclosed|withheld|secret|not disclosed|not published|unpublished)"
    r"|undisclosed|secret (?:location|address)|safe ?-?house|safe ?-?home|battered"
    r"|violence shelter|do not (?:publish|disclose|list) (?:the )?address"
    r"|address (?:is )?(?:not|un) ?(?:listed|available|given)|protected address"
    r"|ubicaci[oó]n confidencial|direcci[oó]n confidencial",
    re.IGNORECASE,
)
_SHELTERING = re.compile(
    r"\bshelters?\b|\bhousing\b|\bsafe (?:bed|haven|home)|\btransitional (?:living|home)|\brefuge\b"
    r"|\bresidential (?:program|treatment|care)|\bgroup home|\bhomeless|\balbergue|\brefugio|\bhalfway house",
    re.IGNORECASE,
)
_PRIVATE_NUMBER = re.compile(
    r"confidential|not for (?:clients|the public|public)|staff only|internal|do not (?:give|publish|release)"
    r"|unlisted|private|unpublished|administrators? only|emergency use only",
    re.IGNORECASE,
)
_TEXTS = (
    "name",
    "alternate_name",
    "description",
    "application_process",
    "eligibility_description",
    "alert",
    "fees_description",
    "interpretation_services",
)
_YES = ("yes", "true", "1", "y")
_MARKS = ("confidential", "is_confidential", "confidential_address", "hide_address", "address_confidential")


def says_secret(record: Mapping[str, Any]) -> bool:
    """Tell whether a text or a mark of a record says that its place is confidential."""
    if any(str(record.get(name, "")).casefold() in _YES for name in _MARKS):
        return True
    return any(_SECRET.search(str(record[name])) for name in _TEXTS if record.get(name))


def sounds_like_shelter(texts: Iterable[str]) -> bool:
    """Tell whether names of a program or of its terms speak of a place to stay."""
    return any(_SHELTERING.search(text) for text in texts)


def is_private_number(phone: Mapping[str, Any]) -> bool:
    """Tell whether a phone is marked as not meant for those who seek help."""
    words = (phone.get(name) for name in ("description", "department", "type", "name"))
    return any(_PRIVATE_NUMBER.search(str(word)) for word in words if word)


def streets_of(location: Record) -> list[str]:
    """Give the streets of a location as they are written."""
    return [
        street
        for address in _addresses(location)
        for street in (str(address.get("address_1") or ""), str(address.get("address_2") or ""))
        if street
    ]


def _addresses(location: Record) -> list[Record]:
    """Give the addresses of a location; some feeds write one that stands alone."""
    held = location.get("addresses")
    return [one for one in (held if isinstance(held, list | tuple) else [held]) if isinstance(one, dict)]


def place_key(location: Record) -> tuple[str, ...]:
    """Give what makes two records of a location the same place: the streets, folded."""
    return tuple(sorted({" ".join(fold(street).split()) for street in streets_of(location)}))


def without_places(document: dict[str, Any], streets: Iterable[str]) -> dict[str, Any]:
    """Give a document whose texts tell none of some streets, nor anything else that looks like a street."""
    words = frozenset(street for street in streets if len(street) > 4 and " " in street)
    removal = Removal(frozenset(), words)
    return {key: _scrubbed(value, removal, key) for key, value in document.items()}


def without_places_in_notes(notes: Notes, streets: Iterable[str]) -> None:
    """Let what was noted of a record tell none of its streets either: notes quote what could not be read."""
    known = tuple(streets)
    notes.found = [replace(note, values=without_places(dict(note.values), known)) for note in notes.found]


def _scrubbed(value: Any, removal: Removal, key: str) -> Any:
    if isinstance(value, str):
        if key in ("id", "location_id", "url", "email"):
            return value
        text = removal.from_text(value) if removal.words else value
        return without_streets(text, REMOVED) if looks_like_street(text) else text
    if isinstance(value, list):
        return [_scrubbed(item, removal, key) for item in value]
    if isinstance(value, dict):
        if (
            value.get("visibility") == "public"
        ):  # another place of the same listing, which is meant to be found
            return value
        return {name: _scrubbed(item, removal, name) for name, item in value.items()}
    return value


# Cells that tell where a place is: they are never written into a file to mend.
CELLS_OF_PLACES = frozenset(
    (
        "address_1",
        "address_2",
        "address_3",
        "address_4",
        "attention",
        "street",
        "city",
        "postal_code",
        "zip",
        "latitude",
        "longitude",
        "access_notes",
        "transportation",
    )
)
