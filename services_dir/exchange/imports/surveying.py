"""The first pass over a feed: which of its places must not be known, and which several services share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from services_dir.catalog.kinds import Vocabulary
from services_dir.hsds.reading.context import Context
from services_dir.hsds.reading.facts import read_attributes, records
from services_dir.hsds.reading.places import says_public
from services_dir.hsds.reading.programs import Secrets
from services_dir.hsds.reading.secrecy import place_key, says_secret, sounds_like_shelter, streets_of
from services_dir.hsds.reading.tabular import Record
from services_dir.hsds.reading.texts import said


@dataclass
class Survey:
    """Ids of secret and of shared locations, their streets, and those by the organization that runs them."""

    secret: set[str] = field(default_factory=set)
    shared: set[str] = field(default_factory=set)
    streets: set[str] = field(default_factory=set)
    by_owner: dict[str, set[str]] = field(default_factory=dict)

    def secrets_of(self, record: Record) -> Secrets:
        """Give what must be known to read one service."""
        here = {said(location, "id") or said(link, "location_id") for link, location in _places(record)}
        streets: set[str] = set()
        if here & self.secret:
            streets = {street for _link, location in _places(record) for street in streets_of(location)}
            streets |= self.by_owner.get(owner_of(record), set())
        return Secrets(frozenset(here & self.secret), frozenset(here & self.shared), tuple(sorted(streets)))


def survey(services: Iterable[Record], context: Context, hidden: frozenset[str]) -> Survey:
    """Look through all services. `hidden` are ids of locations that are confidential here already.

    A place is secret if anything says so, or if any service there shelters people; then it is for every
    service at it, also under another id.
    """
    found = Survey(secret=set(hidden))
    keys: dict[str, int] = {}
    secret_keys: set[int] = set()
    seen: set[int] = set()
    for record in services:
        shelters = is_sheltering(record, context)
        says = says_secret(record)
        for link, location in _places(record):
            place = said(location, "id") or said(link, "location_id")
            if hash(place) in seen:
                found.shared.add(place)
            seen.add(hash(place))
            key = place_key(location)
            keys[place] = hash(key) if any(key) else 0
            is_marked = read_attributes(location, context).fact("confidential-address") == "yes"
            is_secret = is_marked or says_secret(location) or says_secret(link)
            is_said_public = says_public(location, context)
            if is_secret or place in hidden or ((shelters or says) and not is_said_public):
                found.secret.add(place)
                secret_keys.add(keys[place])
                found.by_owner.setdefault(owner_of(record), set()).update(streets_of(location))
    secret_keys.discard(0)
    found.secret |= {place for place, key in keys.items() if key in secret_keys}
    return found


def is_sheltering(record: Record, context: Context) -> bool:
    """Tell whether a service gives people a place to stay, by its kind of help or by its words."""
    attributes = read_attributes(record, context)
    categories = set(attributes.slugs(Vocabulary.CATEGORY))
    names = [said(record, "name"), said(record, "alternate_name")]
    for term, _is_excluded in attributes.foreign:
        categories |= set(context.terms.look_up(term, count=False).categories)
        names.append(term.name)
    return bool(categories & context.sheltering) or (not attributes.is_ours and sounds_like_shelter(names))


def owner_of(record: Record) -> str:
    """Give the id of the organization of a service."""
    organization = record.get("organization")
    held = said(organization, "id") if isinstance(organization, dict) else ""
    return held or said(record, "organization_id")


def _places(record: Record) -> Iterator[tuple[Record, Record]]:
    for link in records(record.get("service_at_locations")):
        location = link.get("location")
        if isinstance(location, dict):
            yield link, location
