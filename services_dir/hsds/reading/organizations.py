"""An organization of HSDS as the document of a draft."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from services_dir.catalog.kinds import Level, Vocabulary
from services_dir.errors import N_
from services_dir.hsds.reading.contacts import read_phones
from services_dir.hsds.reading.context import Context
from services_dir.hsds.reading.facts import Attributes, read_attributes, records
from services_dir.hsds.reading.notes import Notes
from services_dir.hsds.reading.records import ReadRecord
from services_dir.hsds.reading.secrecy import says_secret, without_places, without_places_in_notes
from services_dir.hsds.reading.tabular import ORIGIN, Record
from services_dir.hsds.reading.texts import line, long_text, mail_address, moment, said, web_address


def read_organization(record: Record, context: Context, *, streets: Iterable[str] = ()) -> ReadRecord:
    """Read an organization. `streets` are those of its places that must not be known; its texts tell none."""
    notes = Notes(record.get(ORIGIN, ("", 0)))
    attributes = read_attributes(record, context)
    foreign_id = said(record, "id")
    identity = context.uuid("organization", foreign_id)
    name = line(record, notes, "name")
    if not foreign_id:
        notes.error(record, "id", N_("This organization has no id."))
    if name is None:
        notes.error(record, "name", N_("This organization has no name."))
    document = _document(record, identity, name, attributes, context=context, notes=notes)
    for place in _lone_places(record):
        message = N_("The place “{value}” belongs to no service; it was not kept.")
        notes.hint(record, "locations", message, value=said(place, "id"))
    if streets or says_secret(record):
        document = without_places(document, streets)
        without_places_in_notes(notes, streets)
    return ReadRecord(
        foreign_id,
        identity,
        name or foreign_id,
        document,
        notes,
        is_whole=attributes.is_ours,
        modified_at=moment(said(record, "last_modified")),
    )


def _document(
    record: Record,
    identity: str,
    name: str | None,
    attributes: Attributes,
    *,
    context: Context,
    notes: Notes,
) -> dict[str, Any]:
    description = long_text(record, notes, "description", "short_desc")
    aliases = [line(record, notes, "alternate_name")]
    aliases += [value for value, _label in attributes.facts.get("alternate-name", ())]
    levels = attributes.slugs(Vocabulary.LEVEL)
    parent = said(record, "parent_organization_id")
    return {
        "id": identity,
        "slug": attributes.fact("slug"),
        "name": name or "",
        "level": levels[0] if levels and levels[0] in list(Level) else context.level,
        "aliases": list(dict.fromkeys(alias[:200] for alias in aliases if alias and alias != name)),
        "former_names": [value[:200] for value, _ in attributes.facts.get("organization-former-name", ())],
        "parent": context.uuid("organization", parent) if parent else None,
        "url": web_address(record, notes, "website", "url", "uri"),
        "email": mail_address(record, notes, "email"),
        "descriptions": {
            **({"en": description} if description and description != name else {}),
            **attributes.labelled("description"),
        },
        "partners_note": attributes.fact("partners"),
        "phones": read_phones(_own_phones(record, notes), identity, context, notes),
    }


def _lone_places(record: Record) -> list[Record]:
    """Give the places of an organization at which none of the services that come with it is."""
    used = {
        said(link, "location_id") or said(place, "id")
        for service in records(record.get("services"))
        for link in records(service.get("service_at_locations"))
        for place in [link.get("location") or {}]
    }
    return [place for place in records(record.get("locations")) if said(place, "id") not in used]


def _own_phones(record: Record, notes: Notes) -> list[Record]:
    """Give the phones of the organization itself; a number of a person is not kept."""
    own = []
    for phone in records(record.get("phones")):
        if said(phone, "contact_id"):
            notes.drop(phone, "contact_id", N_("The number of a person is not kept."))
        else:
            own.append(phone)
    return own
