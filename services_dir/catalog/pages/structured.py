"""A program in the words of schema.org, for search engines: a data block on its page.

It says what the page says and no more: a confidential place has neither address nor point in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from markupsafe import Markup

from services_dir.catalog.kinds import PhoneKind, PlaceKind
from services_dir.catalog.public import PublicHours, PublicPhone, PublicPlace, PublicProgram, PublicSite

_CONTEXT = "https://schema.org"
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_KINDS = {PlaceKind.TOWN: "City", PlaceKind.STATE: "State", PlaceKind.NATION: "Country"}
_SPOKEN = (PhoneKind.VOICE, PhoneKind.HOTLINE)
# What a browser could take for the end of the block, and what some take for the end of a line.
_UNSAFE = str.maketrans(
    {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
)


def data_block(program: PublicProgram, labels: Mapping[str, str], address: str, language: str) -> Markup:
    """Give the JSON-LD of a program. `labels` are those of its categories by slug, `address` is its page."""
    encoded = msgspec.json.encode(_filled(_service(program, labels, address, language))).decode()
    return Markup(encoded.translate(_UNSAFE))  # noqa: S704 - all that could end the block is escaped above


def _service(
    program: PublicProgram, labels: Mapping[str, str], address: str, language: str
) -> dict[str, Any]:
    text, runner = program.text(language), program.organization
    return {
        "@context": _CONTEXT,
        "@type": "Service",
        "@id": f"urn:uuid:{program.id}",
        "url": address,
        "name": text.name,
        "alternateName": list(program.alternate_names),
        "description": text.description,
        "serviceType": [labels[slug] for slug in program.categories],
        "provider": {"@type": "Organization", "name": runner.name, "url": runner.url},
        "areaServed": [_area(area.place) for area in program.all_areas],
        "availableLanguage": [spoken.code for spoken in program.languages],
        "availableChannel": [*_channels(program)],
        "hoursAvailable": _hours(program.hours),
    }


def _channels(program: PublicProgram) -> Iterator[dict[str, Any]]:
    for phone in program.phones:
        yield _by_phone(phone)
    for site in program.public_sites:
        if site.street:
            yield {"@type": "ServiceChannel", "serviceLocation": _place(site)}
    if program.url:
        yield {"@type": "ServiceChannel", "serviceUrl": program.url}


def _by_phone(phone: PublicPhone) -> dict[str, Any]:
    kind = None if phone.kind in _SPOKEN else phone.kind.value
    point = {"@type": "ContactPoint", "telephone": phone.number, "name": phone.label, "contactType": kind}
    name = "serviceSmsNumber" if phone.kind is PhoneKind.TEXT else "servicePhone"
    return {"@type": "ServiceChannel", name: point}


def _place(site: PublicSite) -> dict[str, Any]:
    address = {
        "@type": "PostalAddress",
        "streetAddress": site.street,
        "addressLocality": site.city or (site.town.name if site.town else None),
        "addressRegion": site.state,
        "postalCode": site.postal_code,
    }
    return {"@type": "Place", "name": site.name, "address": address}


def _area(place: PublicPlace) -> dict[str, str]:
    return {"@type": _KINDS.get(place.kind, "AdministrativeArea"), "name": place.name}


def _hours(hours: PublicHours | None) -> list[dict[str, Any]]:
    if hours is None:
        return []
    if hours.round_the_clock:
        return [
            {
                "@type": "OpeningHoursSpecification",
                "dayOfWeek": list(_DAYS),
                "opens": "00:00",
                "closes": "23:59",
            }
        ]
    return [
        {
            "@type": "OpeningHoursSpecification",
            "dayOfWeek": _DAYS[interval.weekday],
            "opens": _clock(interval.opens),
            "closes": _clock(interval.closes),
        }
        for interval in hours.intervals
    ]


def _clock(minutes: int) -> str:
    return "{:02}:{:02}".format(*divmod(minutes % (24 * 60), 60))


def _filled(value: Any) -> Any:
    """Leave out what is not known."""
    if isinstance(value, dict):
        return {key: _filled(held) for key, held in value.items() if held not in (None, "", [])}
    return [_filled(held) for held in value] if isinstance(value, list) else value
