"""Service areas and sites of a record; where a place must not be known, its address is not even read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from services_dir.catalog.gazetteer import PlaceEntry
from services_dir.catalog.kinds import PlaceKind, Precision, Visibility
from services_dir.errors import N_
from services_dir.hsds.reading.contacts import read_phones
from services_dir.hsds.reading.context import Context, derived_uuid, is_uuid
from services_dir.hsds.reading.facts import Attributes, read_attributes, records
from services_dir.hsds.reading.hours import read_schedules
from services_dir.hsds.reading.notes import Notes
from services_dir.hsds.reading.tabular import Record
from services_dir.hsds.reading.texts import line, said

_ZIP = re.compile(r"^(\d{5})(?:-?(\d{4}))?$")
_BETWEEN = re.compile(r"\s*[;|\n]\s*")


@dataclass(frozen=True)
class Areas:
    """The areas that a record serves, and how it names those we do not know."""

    documents: list[dict[str, str]]
    words: str | None


def read_areas(record: Record, owner: str, context: Context, notes: Notes) -> Areas:
    """Read the areas served: by our own keys, else by names that we know."""
    found: dict[str, dict[str, str]] = {}
    unknown: list[str] = []
    for area in records(record.get("service_areas"), text_as="name"):
        key = read_attributes(area, context).fact("place")
        place = context.gazetteer.places.get(key) if key else None
        if place is None:
            place = _named(area, context)
        name = said(area, "name", "description", "extent")
        if place is not None:
            own = said(area, "id")
            identity = own if is_uuid(own) else derived_uuid(owner, "service-area", place.key)
            found.setdefault(place.key, {"id": identity, "place": place.key})
        elif name:
            unknown.append(name)
            notes.hint(area, "name", N_("We do not know the place “{value}”; it stays in words."), value=name)
    for name in _names_in(said(record, "service_areas_text"), context):
        place = context.gazetteer.find(name) if name else None
        if place is not None:
            found.setdefault(
                place.key, {"id": derived_uuid(owner, "service-area", place.key), "place": place.key}
            )
        elif name:
            unknown.append(name)
            notes.hint(
                record,
                "service_areas",
                N_("We do not know the place “{value}”; it stays in words."),
                value=name,
            )
    return Areas(list(found.values()), "; ".join(dict.fromkeys(unknown))[:8000] or None)


def _names_in(text: str, context: Context) -> list[str]:
    """Give the names that a cell lists; a comma may part names, and may be within one: `Hartford, CT`."""
    names: list[str] = []
    for part in _BETWEEN.split(text):
        is_one = "," not in part or context.gazetteer.find(part) is not None
        names += [part] if is_one else [name.strip() for name in part.split(",")]
    return names


def _named(area: Record, context: Context) -> PlaceEntry | None:
    for name in ("name", "extent", "description"):
        text = said(area, name)
        place = context.gazetteer.find(text) if 0 < len(text) <= 100 else None
        if place is not None:
            return place
    return None


@dataclass(frozen=True)
class Sites:
    """The sites of a service; and phones and hours of places that nobody can go to."""

    documents: list[dict[str, Any]]
    phones: list[dict[str, Any]]
    hours: dict[str, Any] | None


def default_areas(owner: str, context: Context) -> list[dict[str, str]]:
    """Give the areas that are usual in the feed, for a record that names none."""
    return [{"id": derived_uuid(owner, "service-area", key), "place": key} for key in context.areas]


def says_public(location: Record, context: Context) -> bool:
    """Tell whether a directory of our kind says expressly that this address may be known."""
    return read_attributes(location, context).fact("confidential-address") == "no"


def read_sites(
    record: Record,
    owner: str,
    context: Context,
    notes: Notes,
    *,
    secret: frozenset[str],
    shared: frozenset[str],
) -> Sites:
    """Give the sites of a service.

    `secret` are ids of locations that must not be known, `shared` of those that several services name.
    """
    sites: list[dict[str, Any]] = []
    remote: list[dict[str, Any]] = []
    for link in records(record.get("service_at_locations")):
        location = link.get("location")
        if not isinstance(location, dict):
            missing = said(link, "location_id")
            notes.drop(link, "location_id", N_("There is no location “{value}”."), value=missing)
            continue
        site = _site(link, location, owner, context, notes, secret=secret, shared=shared)
        (remote if site["visibility"] is None else sites).append(site)
    phones = [phone for site in remote for phone in site["phones"]]
    return Sites(sites, phones, next((site["hours"] for site in remote if site["hours"]), None))


def _site(
    link: Record,
    location: Record,
    owner: str,
    context: Context,
    notes: Notes,
    *,
    secret: frozenset[str],
    shared: frozenset[str],
) -> dict[str, Any]:
    attributes = read_attributes(location, context)
    foreign = said(location, "id") or said(link, "location_id")
    own = said(link, "id")
    identity = own if is_uuid(own) else derived_uuid(owner, "site", own or foreign)
    is_whole = is_uuid(foreign) and foreign not in shared
    phones = [*records(link.get("phones")), *records(location.get("phones"))]
    document: dict[str, Any] = {
        "id": identity,
        "location_id": foreign if is_whole else derived_uuid(identity, "location"),
        "name": line(location, notes, "name"),
        "phones": read_phones(phones, identity, context, notes, keeps_ids=attributes.is_ours or is_whole),
        "hours": read_schedules(
            list(records(link.get("schedules"))) or location.get("schedules"), identity, context, notes
        ),
        "service_areas": read_areas(link, identity, context, notes).documents,
    }
    if foreign in secret:
        region = attributes.fact("region") or _region(location, context)
        town = attributes.fact("town") if attributes.fact("confidential-address") == "yes" else None
        return document | {"visibility": Visibility.AREA_ONLY, "town": town, "region": region}
    if said(location, "location_type") in ("virtual", "postal") and not any(
        records(location.get("addresses"))
    ):
        return document | {"visibility": None}
    return document | {"visibility": Visibility.PUBLIC} | _address(location, attributes, context, notes)


def _address(location: Record, attributes: Attributes, context: Context, notes: Notes) -> dict[str, Any]:
    held = [
        address
        for address in records(location.get("addresses"))
        if said(address, "address_type") in ("", "physical")
    ]
    for further in held[1:]:
        notes.drop(further, "address_1", N_("A place keeps one address here; this one was left out."))
    address = held[0] if held else {}
    facts = attributes.fact
    streets = [said(address, name) for name in ("address_1", "address_2", "address_3", "address_4")]
    street = facts("street") or ", ".join(dict.fromkeys(filter(None, streets)))
    city = facts("city") or said(address, "city")
    postal_code = _postal_code(facts("postal-code") or said(address, "postal_code"), address, notes)
    state = (facts("state-province") or said(address, "state_province")).strip().upper()
    latitude, longitude = _point(location, notes)
    is_ours = facts("confidential-address") is not None  # then nothing is added to what it says
    precision = facts("precision") or (Precision.EXACT if latitude is not None and not is_ours else None)
    stairs = [said(row, "description") for row in records(location.get("accessibility"))]
    stairs += [said(location, "accessibility")]
    town = facts("town") or (None if is_ours else _town(city, state, context))
    return {
        "street": street[:200] or None,
        "city": city[:120] or None,
        "state": state if len(state) == 2 and state.isalpha() else _state_code(state, context),
        "postal_code": postal_code,
        "town": town,
        "region": facts("region"),
        "latitude": latitude,
        "longitude": longitude,
        "precision": precision,
        "access_notes": "\n".join(filter(None, stairs))[:8000] or None,
    }


def _postal_code(text: str, address: Record, notes: Notes) -> str | None:
    found = _ZIP.match(text.strip())
    if found is not None:
        return f"{found[1]}-{found[2]}" if found[2] else found[1]
    if text.isdecimal() and len(text) == 4:  # a spreadsheet took the leading zero away
        return f"0{text}"
    if text:
        notes.hint(address, "postal_code", N_("“{value}” is not a ZIP code; it was not kept."), value=text)
    return None


def _point(location: Record, notes: Notes) -> tuple[float | None, float | None]:
    said_latitude, said_longitude = said(location, "latitude"), said(location, "longitude")
    if not said_latitude and not said_longitude:
        return None, None
    try:
        latitude, longitude = float(said_latitude), float(said_longitude)
    except ValueError:
        latitude = longitude = 1000.0
    if abs(latitude) > 90 or abs(longitude) > 180 or (latitude == 0 and longitude == 0):
        notes.hint(location, "latitude", N_("This point is not on the map; it was not kept."))
        return None, None
    return latitude, longitude


def _town(city: str, state: str, context: Context) -> str | None:
    """Give the key of the town of an address, if it lies where we know the places."""
    place = context.gazetteer.find(f"{city} {state}".strip()) if city else None
    if place is None or (state and not _is_state_known(state, context)):
        return None
    if place.kind is PlaceKind.TOWN:
        return place.key
    towns = context.gazetteer.towns(place.key) if place.kind is PlaceKind.VILLAGE else ()
    return towns[0].key if towns else None


def _region(location: Record, context: Context) -> str | None:
    """Give the planning region of a confidential place, and nothing nearer."""
    for address in records(location.get("addresses")):
        town = _town(said(address, "city"), said(address, "state_province").upper(), context)
        for key in sorted(context.gazetteer.ancestors(town)) if town else ():
            if context.gazetteer.places[key].kind is PlaceKind.PLANNING_REGION:
                return key
    return None


def _is_state_known(state: str, context: Context) -> bool:
    return context.gazetteer.find(state) is not None


def _state_code(state: str, context: Context) -> str | None:
    place = context.gazetteer.find(state) if state else None
    return place.code if place is not None and place.kind is PlaceKind.STATE else None
