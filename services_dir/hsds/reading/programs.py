"""A service of HSDS as the document of a draft."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from services_dir.catalog.kinds import Availability, DatePrecision, Known, Level, Vocabulary
from services_dir.errors import N_
from services_dir.hsds.reading.contacts import read_languages, read_phones
from services_dir.hsds.reading.context import Context, ForeignTerm, derived_uuid
from services_dir.hsds.reading.facts import Attributes, read_attributes, records
from services_dir.hsds.reading.hours import read_schedules
from services_dir.hsds.reading.notes import Notes
from services_dir.hsds.reading.places import default_areas, read_areas, read_sites
from services_dir.hsds.reading.records import ReadRecord
from services_dir.hsds.reading.secrecy import without_places, without_places_in_notes
from services_dir.hsds.reading.tabular import ORIGIN, Record
from services_dir.hsds.reading.texts import (
    LONGEST,
    day,
    line,
    long_text,
    mail_address,
    moment,
    said,
    web_address,
    whole_number,
)

_STATUSES = {
    "active": Availability.OPEN,
    "": Availability.OPEN,
    "inactive": Availability.CLOSED,
    "temporarily closed": Availability.PAUSED,
}
_GONE = "defunct"
_DATES = {4: DatePrecision.YEAR, 7: DatePrecision.MONTH, 10: DatePrecision.DAY}
# What services say and no listing has a place for; the report counts it.
_NOT_KEPT = (
    "accreditations",
    "licenses",
    "assurer_email",
    "keywords",
    "funding_sources",
    "accepted_payments",
)


@dataclass(frozen=True)
class Secrets:
    """What was found in a first pass: locations that must not be known, those that several services name,
    and the streets of the former."""

    locations: frozenset[str] = frozenset()
    shared: frozenset[str] = frozenset()
    streets: tuple[str, ...] = ()


def read_service(record: Record, context: Context, secrets: Secrets) -> ReadRecord:
    """Read a service; what cannot be kept is noted."""
    notes = Notes(record.get(ORIGIN, ("", 0)))
    attributes = read_attributes(record, context)
    foreign_id = said(record, "id")
    identity = context.uuid("service", foreign_id)
    name = line(record, notes, "name")
    if not foreign_id:
        notes.error(record, "id", N_("This service has no id."))
    if name is None:
        notes.error(record, "name", N_("This service has no name."))
    organization = record.get("organization")
    owner = said(organization, "id") if isinstance(organization, dict) else ""
    owner = owner or said(record, "organization_id")
    if record.get("missing_location"):
        message = N_("There is no location “{value}” in the files, so nobody knows who runs this.")
        notes.error(record, "location_id", message, value=record["missing_location"])
    elif not owner:
        notes.error(record, "organization_id", N_("This service names no organization."))
    unmapped: list[ForeignTerm] = []
    document = _document(
        record,
        identity,
        name,
        attributes,
        context=context,
        notes=notes,
        secrets=secrets,
        unmapped=unmapped,
    )
    document["organization"] = context.uuid("organization", owner) if owner else None
    is_secret = any(site["visibility"] == "area_only" for site in document["sites"])
    if is_secret:
        document = without_places(document, secrets.streets)
        without_places_in_notes(notes, secrets.streets)
    return ReadRecord(
        foreign_id,
        identity,
        name or foreign_id,
        document,
        notes,
        organization_key=owner or None,
        is_whole=attributes.is_ours,
        is_gone=said(record, "status").casefold() == _GONE,
        is_secret=is_secret,
        assured_on=day(attributes.fact("assured-on") or said(record, "assured_date")),
        modified_at=moment(said(record, "last_modified")),
        unmapped=tuple(unmapped),
    )


def _document(
    record: Record,
    identity: str,
    name: str | None,
    attributes: Attributes,
    *,
    context: Context,
    notes: Notes,
    secrets: Secrets,
    unmapped: list[ForeignTerm],
) -> dict[str, Any]:
    fact = attributes.fact
    sites = read_sites(record, identity, context, notes, secret=secrets.locations, shared=secrets.shared)
    areas = read_areas(record, identity, context, notes)
    has_areas = areas.documents or any(site["service_areas"] for site in sites.documents)
    phones = read_phones(record.get("phones"), identity, context, notes)
    told = {phone["number"] for site in sites.documents for phone in site["phones"]}
    if not attributes.is_ours:  # feeds repeat the numbers of a place at the service
        phones = [phone for phone in phones if phone["number"] not in told]
    hours = read_schedules(record.get("schedules"), identity, context, notes) or sites.hours
    languages, further = read_languages(record, identity, notes)
    interpreting = dict.fromkeys(filter(None, (long_text(record, notes, "interpretation_services"), further)))
    levels = attributes.slugs(Vocabulary.LEVEL)
    return {
        "id": identity,
        "slug": fact("slug"),
        "kind": fact("kind") or "program",
        "level": levels[0] if levels and levels[0] in list(Level) else context.level,
        "texts": _texts(record, name, attributes, notes),
        "alternate_names": _names(record, name, attributes, notes),
        "former_names": [value[:200] for value, _ in attributes.facts.get("former-name", ())],
        **_terms(record, attributes, context, notes, unmapped),
        "population_note": fact("population-note") or said(record, "audience")[:8000] or None,
        "min_age": whole_number(record, notes, "minimum_age"),
        "max_age": whole_number(record, notes, "maximum_age"),
        "languages": languages,
        "interpreter": {
            "available": {"yes": True, "no": False}.get(fact("interpreter") or ""),
            "note": "; ".join(interpreting)[:LONGEST] or None,
        },
        "phones": phones + sites.phones,
        "email": mail_address(record, notes, "email"),
        "url": web_address(record, notes, "url", "website"),
        "links": _links(record, notes),
        "hours": hours,
        "sites": sites.documents,
        "service_areas": areas.documents if has_areas else default_areas(identity, context),
        "area_words": fact("area-words") or areas.words,
        "asks_immigration_status": _known(fact("asks-immigration-status")),
        "needs_police_report": _known(fact("needs-police-report")),
        "mandated_reporters": _known(fact("mandated-reporters")),
        "run_by": fact("run-by"),
        **_availability(record, attributes, notes),
        "alert_until": _date(fact("alert-until")),
        "partners_note": fact("partners"),
        "as_of": _as_of(fact("as-of")),
        "sources": _sources(identity, attributes),
    }


def _texts(
    record: Record, name: str | None, attributes: Attributes, notes: Notes
) -> dict[str, dict[str, Any]]:
    english = {
        "name": name or "",
        "description": long_text(record, notes, "description", "short_desc"),
        "eligibility": _eligibility(record, notes),
        "how_to_apply": _how_to_apply(record, notes),
        "what_happens": attributes.fact("what-happens", "en") or "",
        "cost": long_text(record, notes, "fees_description", "fees") or _costs(record),
        "alert": long_text(record, notes, "alert"),
    }
    texts: dict[str, dict[str, Any]] = {"en": english}
    codes = {
        "name": "name",
        "description": "description",
        "eligibility": "eligibility",
        "how-to-apply": "how_to_apply",
        "what-happens": "what_happens",
        "cost": "cost",
        "alert": "alert",
        "translated-on": "translated_on",
    }
    for code, field in codes.items():
        for language, value in attributes.labelled(code).items():
            if language != "en":
                texts.setdefault(language, {})[field] = value
    return {language: text for language, text in texts.items() if language == "en" or text.get("name")}


def _eligibility(record: Record, notes: Notes) -> str:
    text = long_text(record, notes, "eligibility_description")
    further = [said(row, "description") for row in records(record.get("eligibilities"))]
    return "\n".join(dict.fromkeys(filter(None, (text, *further))))[:8000]


def _how_to_apply(record: Record, notes: Notes) -> str:
    """Give how to begin; what to bring and how long one waits have no field of their own here."""
    text = long_text(record, notes, "application_process")
    documents = [said(row, "document") for row in records(record.get("required_documents"))]
    documents += [said(record, "required_documents_text")]
    needed = "; ".join(dict.fromkeys(filter(None, documents)))
    wait = said(record, "wait_time")
    parts = [text, f"Documents: {needed}" if needed else "", f"Waiting time: {wait}" if wait else ""]
    for name in _NOT_KEPT:
        if said(record, name):
            notes.hint(record, name, N_("There is no place for “{value}” in a listing."), value=name)
    return "\n".join(filter(None, parts))[:8000]


def _costs(record: Record) -> str:
    costs = []
    for row in records(record.get("cost_options")):
        amount = " ".join(filter(None, (said(row, "amount"), said(row, "currency").upper())))
        words = (said(row, "option"), said(row, "amount_description"), amount if amount[:2] != "0 " else "")
        costs.append(", ".join(filter(None, words)))
    return "; ".join(filter(None, costs))[:8000]


def _names(record: Record, name: str | None, attributes: Attributes, notes: Notes) -> list[str]:
    found = [line(record, notes, "alternate_name")]
    found += [value[:200] for value, _ in attributes.facts.get("alternate-name", ())]
    program = record.get("program")
    if isinstance(program, dict):
        found.append(line(program, notes, "name"))
    return list(dict.fromkeys(one for one in found if one and one != name))


def _terms(
    record: Record, attributes: Attributes, context: Context, notes: Notes, unmapped: list[ForeignTerm]
) -> dict[str, list[str]]:
    categories = [*attributes.slugs(Vocabulary.CATEGORY)]
    populations = [*attributes.slugs(Vocabulary.POPULATION)]
    excluded = [*attributes.slugs(Vocabulary.POPULATION, excluded=True)]
    for term, is_excluded in attributes.foreign:
        mapped = context.terms.look_up(term)
        if not mapped.is_decided:
            unmapped.append(term)
        (excluded if is_excluded else populations).extend(mapped.populations)
        categories += mapped.categories if not is_excluded else ()
    for name in {term.name for term in unmapped}:
        notes.hint(
            record, "attributes", N_("The term “{value}” is not mapped to a kind of help yet."), value=name
        )
    return {
        "categories": _listed(categories, context.categories),
        "populations": _listed(populations, context.populations),
        "populations_excluded": [
            slug for slug in _listed(excluded, context.populations) if slug not in populations
        ],
    }


def _listed(slugs: Iterable[str], known: frozenset[str]) -> list[str]:
    return [slug for slug in dict.fromkeys(slugs) if slug in known]


def _links(record: Record, notes: Notes) -> list[dict[str, str]]:
    links = []
    for row in records(record.get("additional_urls")):
        url = web_address(row, notes, "url")
        if url is not None:
            links.append({"label": line(row, notes, "label") or url[:200], "url": url})
    return links


def _availability(record: Record, attributes: Attributes, notes: Notes) -> dict[str, Any]:
    kept, status = attributes.fact("availability"), said(record, "status").casefold()
    if kept is None and status not in _STATUSES and status != _GONE:
        notes.doubt(record, "status", N_("“{value}” is not a status of HSDS."), value=status)
    availability = kept or _STATUSES.get(status, Availability.OPEN)
    is_paused = availability == Availability.PAUSED
    return {
        "availability": availability,
        "paused_until": _date(attributes.fact("paused-until")) if is_paused else None,
    }


def _known(text: str | None) -> str:
    return text if text in (Known.YES, Known.NO) else Known.UNKNOWN.value


def _date(text: str | None) -> str | None:
    found: date | None = day(text) if text else None
    return found.isoformat() if found else None


def _as_of(text: str | None) -> dict[str, Any] | None:
    precision = _DATES.get(len(text or ""))
    return {"text": text, "precision": precision} if precision else None


def _sources(owner: str, attributes: Attributes) -> list[dict[str, Any]]:
    dates = attributes.labelled("source-as-of")
    return [
        {
            "id": derived_uuid(owner, "source", title, url),
            "title": title or url,
            "url": url,
            "as_of": _as_of(dates.get(url)),
            "is_public": True,
        }
        for url, title in attributes.facts.get("source", ())
    ]
