"""Pure decisions about listings: what is wrong with a draft, what looks doubtful, what follows from facts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from msgspec import Struct
from phonenumbers import shortnumberinfo

from services_dir.catalog.draft import (
    AreaDraft,
    Hours,
    LinkDraft,
    OrganizationDraft,
    PhoneDraft,
    ProgramDraft,
    SiteDraft,
)
from services_dir.catalog.kinds import Availability, PhoneKind, Visibility
from services_dir.errors import N_

GRAVE_CATEGORIES = ("housing", "crisis-hotline")

_STREET = re.compile(
    r"\b\d{1,5}[A-Z]?(?:-\d+)?\s+(?:[A-Z][\w.'-]*\s+){1,4}"
    r"(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Drive|Dr|Lane|Ln|Place|Pl|Court|Ct|Way"
    r"|Turnpike|Tpke|Highway|Hwy|Parkway|Pkwy|Pike|Square|Sq|Plaza|Circle|Cir|Terrace|Ter)\b",
    re.IGNORECASE,
)
# Fields where an address may stand: those of the public places of a listing that has a confidential one too.
_ADDRESSES = ("street", "url")
_NOT_DIALLED = re.compile(r"[\s().\-/\u2010-\u2015]+")
_ZIP = re.compile(r"\d{5}(-\d{4})?")


@dataclass(frozen=True)
class Problem:
    """Something wrong with a draft: where (`phones.0.number`), and a sentence with its values."""

    path: str
    message: str
    values: dict[str, Any] = field(default_factory=dict)
    is_warning: bool = False

    @property
    def sentence(self) -> str:
        """Give the English sentence."""
        return self.message.format(**self.values)


@dataclass(frozen=True)
class References:
    """The names a draft may refer to: slugs of terms, keys of places, UUIDs of organizations.

    `taken` are identities of parts that belong to other listings.
    """

    categories: frozenset[str]
    populations: frozenset[str]
    places: frozenset[str]
    organizations: frozenset[str]
    taken: frozenset[str] = frozenset()


def normal_number(text: str, region: str = "US") -> str | None:
    """Give a typed number as E.164 or as the digits of a short code; None if it is no number.

    ITU-T E.164 for the form; a North American number is taken when the country is not said.
    """
    typed = _NOT_DIALLED.sub("", text)
    if typed.isascii() and typed.isdecimal() and 3 <= len(typed) <= 6:
        code = phonenumbers.PhoneNumber(country_code=1, national_number=int(typed))
        return typed if shortnumberinfo.is_valid_short_number(code) else None
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if number.extension or not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def split_extension(text: str, region: str = "US") -> tuple[str, str]:
    """Give a number, and the extension that was written behind it; "" if there is none."""
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return text, ""
    extension = number.extension or ""
    if not extension:
        return text, ""
    number.extension = None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164), extension


def looks_like_street(text: str) -> bool:
    """Tell whether a text seems to hold a street address."""
    return _STREET.search(text) is not None


def without_streets(text: str, instead: str) -> str:
    """Give a text with other words where it seems to hold a street address."""
    return _STREET.sub(instead, text)


def is_grave(categories: Iterable[str], phones: Iterable[PhoneKind]) -> bool:
    """Tell whether people call this program in danger: a place to stay, or a hotline."""
    return any(slug in GRAVE_CATEGORIES for slug in categories) or PhoneKind.HOTLINE in set(phones)


def has_way_to_reach(draft: ProgramDraft) -> bool:
    """Tell whether a draft names any phone, mail, web address or place to go to."""
    if draft.phones or draft.email or draft.url or draft.links:
        return True
    return any(site.phones or site.street for site in draft.sites)


def check_program(draft: ProgramDraft, known: References) -> list[Problem]:
    """List everything wrong with a program draft; warnings do not keep it from being published."""
    return list(_program_problems(draft, known))


def check_organization(draft: OrganizationDraft, known: References, path: str = "") -> list[Problem]:
    """List everything wrong with an organization draft; paths start with `path`."""
    return list(_organization_problems(draft, known, path))


def _program_problems(draft: ProgramDraft, known: References) -> Iterator[Problem]:
    yield from _text_problems(draft)
    yield from _who_runs_it(draft, known)
    yield from _who_it_is_for(draft, known)
    if not draft.service_areas and not any(site.service_areas for site in draft.sites):
        yield Problem("service_areas", N_("Say which area the program serves."))
    yield from _area_problems("service_areas", draft.service_areas, known)
    yield from _contact_problems("", draft.phones, draft.email, draft.url, draft.links)
    yield from _hours_problems("hours", draft.hours)
    for index, site in enumerate(draft.sites):
        yield from _site_problems(f"sites.{index}", site, known)
    if draft.paused_until is not None and draft.availability is not Availability.PAUSED:
        yield Problem("paused_until", N_("A date to pause until needs the state “Paused”."))
    for index, source in enumerate(draft.sources):
        if source.feed is not None and not source.url:
            continue  # a file that somebody handed in has no address
        yield from _address_problems(f"sources.{index}.url", source.url)
    yield from _identity_problems(draft, known)
    if not has_way_to_reach(draft):
        yield Problem("phones", N_("There is no way to reach this program."), is_warning=True)


def _text_problems(draft: ProgramDraft) -> Iterator[Problem]:
    if "en" not in draft.texts or not draft.name:
        yield Problem("texts.en.name", N_("Give the program a name in English."))
    elif not draft.texts["en"].description:
        yield Problem("texts.en.description", N_("Say in a few sentences what the program does."))
    if any(site.visibility is Visibility.AREA_ONLY for site in draft.sites):
        yield from _streets_in_words(draft)


def _who_runs_it(draft: ProgramDraft, known: References) -> Iterator[Problem]:
    if draft.new_organization is not None and draft.organization is not None:
        yield Problem("organization", N_("Choose an organization or name a new one, not both."))
    elif draft.new_organization is not None and draft.new_organization.id in known.organizations:
        yield Problem("new_organization.name", N_("This organization is in the register already."))
    elif draft.new_organization is not None:
        yield from _organization_problems(draft.new_organization, known, "new_organization.")
    elif draft.organization is None:
        yield Problem("organization", N_("Say which organization runs the program."))
    elif draft.organization not in known.organizations:
        yield Problem("organization", N_("This organization is not in the register."))


def _who_it_is_for(draft: ProgramDraft, known: References) -> Iterator[Problem]:
    if not draft.categories:
        yield Problem("categories", N_("Choose at least one kind of help."))
    yield from _unknown("categories", draft.categories, known.categories)
    yield from _unknown("populations", draft.populations, known.populations)
    yield from _unknown("populations_excluded", draft.populations_excluded, known.populations)
    for slug in sorted(set(draft.populations) & set(draft.populations_excluded)):
        message = N_("“{value}” is both served and not served.")
        yield Problem("populations_excluded", message, {"value": slug})
    if draft.min_age is not None and draft.max_age is not None and draft.min_age > draft.max_age:
        yield Problem("max_age", N_("The highest age is below the lowest age."))


def _organization_problems(draft: OrganizationDraft, known: References, path: str) -> Iterator[Problem]:
    if not draft.name:
        yield Problem(f"{path}name", N_("Give the organization a name."))
    if draft.parent is not None and draft.parent not in known.organizations:
        yield Problem(f"{path}parent", N_("This organization is not in the register."))
    if draft.parent == draft.id:
        yield Problem(f"{path}parent", N_("No organization is a part of itself."))
    yield from _contact_problems(path, draft.phones, draft.email, draft.url, ())
    if not path:  # a program looks at the parts of its new organization itself
        yield from _identity_problems(draft, known)


def _site_problems(path: str, site: SiteDraft, known: References) -> Iterator[Problem]:
    for name in ("town", "region"):
        key = getattr(site, name)
        if key is not None and key not in known.places:
            yield Problem(f"{path}.{name}", N_("We do not know the place “{value}”."), {"value": key})
    if site.visibility is Visibility.AREA_ONLY and site != site.without_address():
        yield Problem(path, N_("A confidential place may have no address."))
    if (site.latitude is None) != (site.longitude is None):
        yield Problem(f"{path}.latitude", N_("Give both latitude and longitude, or neither."))
    if site.postal_code is not None and not _ZIP.fullmatch(site.postal_code):
        yield Problem(f"{path}.postal_code", N_("A ZIP code has five digits."))
    if site.visibility is Visibility.PUBLIC and not (site.town or site.city or site.street):
        yield Problem(f"{path}.town", N_("Say at least in which town the place is."))
    yield from _area_problems(f"{path}.service_areas", site.service_areas, known)
    yield from _contact_problems(f"{path}.", site.phones, None, None, ())
    yield from _hours_problems(f"{path}.hours", site.hours)


def _contact_problems(
    path: str,
    phones: Iterable[PhoneDraft],
    email: str | None,
    url: str | None,
    links: Iterable[LinkDraft],
) -> Iterator[Problem]:
    for index, phone in enumerate(phones):
        if normal_number(phone.number) != phone.number:
            message = N_("“{value}” is not a phone number we can dial.")
            yield Problem(f"{path}phones.{index}.number", message, {"value": phone.number})
        if phone.number == "711" and phone.kind is not PhoneKind.RELAY:
            yield Problem(f"{path}phones.{index}.kind", N_("711 is the relay service."))
        yield from _hours_problems(f"{path}phones.{index}.hours", phone.hours)
    if email is not None:
        try:
            validate_email(email, check_deliverability=False, test_environment=True)
        except EmailNotValidError:
            message = N_("“{value}” is not an e-mail address.")
            yield Problem(f"{path}email", message, {"value": email})
    if url is not None:
        yield from _address_problems(f"{path}url", url)
    for index, link in enumerate(links):
        yield from _address_problems(f"{path}links.{index}.url", link.url)


def _address_problems(path: str, url: str) -> Iterator[Problem]:
    try:
        parts = urlsplit(url)
        is_web = parts.scheme in ("http", "https") and bool(parts.hostname) and "." in (parts.hostname or "")
    except ValueError:
        is_web = False
    if not is_web or any(character.isspace() for character in url):
        message = N_("“{value}” is not a web address. It starts with https://")
        yield Problem(path, message, {"value": url})


def _hours_problems(path: str, hours: Hours | None) -> Iterator[Problem]:
    if hours is None:
        return
    if hours.zone not in _zones():
        yield Problem(f"{path}.zone", N_("“{value}” is not a time zone."), {"value": hours.zone})
    if hours.round_the_clock and hours.weekly:
        yield Problem(f"{path}.weekly", N_("Round the clock leaves no room for weekly hours."))
    for index, line in enumerate(hours.weekly):
        if not line.days:
            yield Problem(f"{path}.weekly.{index}.days", N_("Choose at least one day."))
        if line.opens == "24:00":
            yield Problem(f"{path}.weekly.{index}.opens", N_("A day begins at 00:00."))
    for index, dated in enumerate(hours.exceptions):
        if (dated.opens is None) != (dated.closes is None):
            yield Problem(f"{path}.exceptions.{index}", N_("Give both times, or neither for a closed day."))


def _area_problems(path: str, areas: Iterable[AreaDraft], known: References) -> Iterator[Problem]:
    for index, area in enumerate(areas):
        if area.place not in known.places:
            message = N_("We do not know the place “{value}”.")
            yield Problem(f"{path}.{index}.place", message, {"value": area.place})


def _unknown(path: str, slugs: Iterable[str], known: frozenset[str]) -> Iterator[Problem]:
    for slug in slugs:
        if slug not in known:
            yield Problem(path, N_("“{value}” is not in our list."), {"value": slug})


def list_identities(draft: ProgramDraft | OrganizationDraft) -> list[tuple[str, str]]:
    """Give path and identity of each part of a draft, also of the location of a site, not of the draft."""
    return [
        (path, identity)
        for path, part in walk(draft)
        if path
        for identity in (getattr(part, "id", None), getattr(part, "location_id", None))
        if identity is not None
    ]


def _identity_problems(draft: ProgramDraft | OrganizationDraft, known: References) -> Iterator[Problem]:
    seen: set[str] = set()
    for path, identity in list_identities(draft):
        if identity in seen:
            yield Problem(path, N_("Two parts of this listing have the same identity."))
        elif identity in known.taken:
            yield Problem(path, N_("This part belongs to another listing."))
        seen.add(identity)


def _streets_in_words(draft: ProgramDraft) -> Iterator[Problem]:
    message = N_("This looks like a street address, and this listing's place is confidential.")
    for path, part in walk(draft):
        for name in part.__struct_fields__:
            value = getattr(part, name)
            if isinstance(value, str) and name not in _ADDRESSES and looks_like_street(value):
                yield Problem(f"{path}.{name}".lstrip("."), message, is_warning=True)


def walk(part: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Give each part of a draft that is itself a value, with its path, the draft first."""
    yield path, part
    for name in part.__struct_fields__:
        value = getattr(part, name)
        if isinstance(value, Struct):
            yield from walk(value, f"{path}.{name}" if path else name)
        elif value and isinstance(value, tuple | dict):
            here = f"{path}.{name}" if path else name
            for index, item in value.items() if isinstance(value, dict) else enumerate(value):
                if isinstance(item, Struct):
                    yield from walk(item, f"{here}.{index}")


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())
