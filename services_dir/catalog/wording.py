"""Values of a document in words that a person reads: labels for codes, names for what it refers to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from services_dir.catalog.kinds import (
    Availability,
    DatePrecision,
    Day,
    Known,
    Level,
    PhoneKind,
    Precision,
    ProgramKind,
    RunBy,
    Visibility,
    Vocabulary,
)
from services_dir.errors import N_
from services_dir.values import Labelled, spoken_number

# Fields whose values are of closed lists; those of parts and of the whole may share a name.
_CLOSED: dict[str, tuple[type[Labelled], ...]] = {
    "kind": (ProgramKind, PhoneKind),
    "level": (Level,),
    "visibility": (Visibility,),
    "precision": (Precision, DatePrecision),
    "days": (Day,),
    "asks_immigration_status": (Known,),
    "needs_police_report": (Known,),
    "mandated_reporters": (Known,),
    "run_by": (RunBy,),
    "availability": (Availability,),
}
_VOCABULARIES = {
    "categories": Vocabulary.CATEGORY,
    "populations": Vocabulary.POPULATION,
    "populations_excluded": Vocabulary.POPULATION,
}
_REFERENCES = ("place", "town", "region", "organization", "parent")
# Of a part, what speaks for itself; the rest is named.
_BARE = (
    "number name kind level visibility street city state postal_code town region place code title label url "
    "words text days"
).split()
_PARTS = {
    "extension": N_("extension"),
    "language": N_("language"),
    "instruction": N_("say or press"),
    "note": N_("note"),
    "hours": N_("hours"),
    "round_the_clock": N_("round the clock"),
    "weekly": N_("by day"),
    "opens": N_("from"),
    "closes": N_("to"),
    "exceptions": N_("on single days"),
    "on": N_("on"),
    "zone": N_("time zone"),
    "available": N_("available"),
    "access_notes": N_("how to get in"),
    "phones": N_("phones"),
    "service_areas": N_("area served"),
    "latitude": N_("latitude"),
    "longitude": N_("longitude"),
    "precision": N_("exact to"),
    "as_of": N_("as of"),
    "is_public": N_("public"),
    "supports": N_("supports"),
    "fields": N_("fields"),
    "aliases": N_("other names"),
    "former_names": N_("former names"),
    "email": N_("e-mail"),
    "descriptions": N_("what it does"),
    "partners_note": N_("partners"),
}
IDENTITIES = ("id", "location_id")


@dataclass(frozen=True)
class Wording:
    """How values are said.

    `names` holds what documents refer to: terms as `category/housing`, places by key, organizations by
    UUID. `translate` puts our own words into the language of the page.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    translate: Callable[[str], str] = str

    def say(self, name: str, value: Any) -> str | None:
        """Give the value of a field as one readable text; None when it says nothing."""
        if value is None or value in ("", [], {}):
            return None
        if isinstance(value, bool):
            return self.translate(N_("yes") if value else N_("no"))
        if isinstance(value, list):
            separator = "\n" if any(isinstance(item, dict) for item in value) else ", "
            return separator.join(filter(None, (self.say(name, item) for item in value))) or None
        if isinstance(value, dict):
            return "; ".join(self._parts(value)) or None
        return self._one(name, str(value))

    def _parts(self, part: dict[str, Any]) -> Iterator[str]:
        unsaid = {*IDENTITIES, "precision"} if "text" in part else IDENTITIES  # a date shows how exact it is
        for name, value in part.items():
            said = None if name in unsaid or value is False else self.say(name, value)
            if said is None:
                continue
            label = _PARTS.get(name, name.replace("_", " "))
            yield said if name in _BARE else f"{self.translate(label)}: {said}"

    def _one(self, name: str, value: str) -> str:
        for kind in _CLOSED.get(name, ()):
            if value in list(kind):
                return self.translate(kind(value).label)
        if name == "number":
            return spoken_number(value)
        if name in _VOCABULARIES:
            return self.names.get(f"{_VOCABULARIES[name]}/{value}", value)
        return self.names.get(value, value) if name in _REFERENCES else value


PLAIN = Wording()
