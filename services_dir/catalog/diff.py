"""What changed between two drafts, field by field, in words a person can read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from services_dir.catalog.draft import Draft, to_builtins
from services_dir.catalog.wording import IDENTITIES, PLAIN, Wording
from services_dir.errors import N_

# Words for the fields of drafts; a field without one is not shown to people.
LABELS = {
    "name": N_("Name"),
    "description": N_("What it does"),
    "eligibility": N_("Who can get help"),
    "how_to_apply": N_("How to get help"),
    "what_happens": N_("What happens when you call"),
    "cost": N_("Cost"),
    "alert": N_("Caution"),
    "alert_until": N_("Caution shown until"),
    "translated_on": N_("Translated on"),
    "translated_version": N_("Translated version"),
    "slug": N_("Web name"),
    "kind": N_("Kind"),
    "level": N_("Who runs it"),
    "organization": N_("Organization"),
    "new_organization": N_("New organization"),
    "parent": N_("Part of"),
    "aliases": N_("Other names"),
    "alternate_names": N_("Other names"),
    "former_names": N_("Former names"),
    "descriptions": N_("What it does"),
    "categories": N_("Kinds of help"),
    "populations": N_("Who it is for"),
    "populations_excluded": N_("Who it is not for"),
    "population_note": N_("Who it is for, in words"),
    "min_age": N_("Lowest age"),
    "max_age": N_("Highest age"),
    "languages": N_("Languages"),
    "interpreter": N_("Interpreter"),
    "phones": N_("Phones"),
    "email": N_("E-mail"),
    "url": N_("Website"),
    "links": N_("Further links"),
    "hours": N_("Hours"),
    "sites": N_("Places"),
    "service_areas": N_("Area served"),
    "area_words": N_("Area served, in words"),
    "asks_immigration_status": N_("Asks about immigration status"),
    "needs_police_report": N_("Needs a police report"),
    "mandated_reporters": N_("Staff must report abuse of children"),
    "run_by": N_("Run by an authority"),
    "availability": N_("Takes new people"),
    "paused_until": N_("Paused until"),
    "partners_note": N_("Partners"),
    "as_of": N_("Facts as of"),
    "sources": N_("Sources"),
    "confidence": N_("Confidence"),
    "editor_note": N_("Note for editors"),
}
# Parts of a listing that carry an identity, and what names them to a person.
_NAMED_BY = ("number", "name", "place", "code", "title", "label", "words", "street", "town")
# What a new listing says when nobody said anything.
_UNSAID = {
    "kind": "program",
    "asks_immigration_status": "unknown",
    "needs_police_report": "unknown",
    "mandated_reporters": "unknown",
    "availability": "open",
}


@dataclass(frozen=True)
class FieldChange:
    """One field that differs: its path, its label (marked), old and new as text; None is nothing."""

    path: str
    label: str
    old: str | None
    new: str | None


def compare(old: Draft | None, new: Draft | None, wording: Wording = PLAIN) -> list[FieldChange]:
    """List what differs, in the order of the draft. Without `old` everything said is new."""
    before = to_builtins(old) if old is not None else {}
    after = to_builtins(new) if new is not None else {}
    unsaid = _UNSAID if not before else {}
    return [
        change
        for name in (after or before)
        if name != "id" and not (name in unsaid and after.get(name) == unsaid[name])
        for change in _field_changes(wording, name, name, before.get(name), after.get(name))
    ]


def _field_changes(wording: Wording, path: str, name: str, old: Any, new: Any) -> Iterator[FieldChange]:
    if old == new:
        return
    if name in ("texts", "descriptions"):
        for language in sorted({*(old or {}), *(new or {})}):
            before, after = (old or {}).get(language), (new or {}).get(language)
            yield from _language_changes(wording, f"{path}.{language}", name, before, after)
    elif _has_identities(old) or _has_identities(new):
        yield from _part_changes(wording, path, name, old or [], new or [])
    elif isinstance(old, dict) and isinstance(new, dict) and name == "new_organization":
        for inner in new:
            if inner not in IDENTITIES:
                before, after = old.get(inner), new.get(inner)
                yield from _field_changes(wording, f"{path}.{inner}", inner, before, after)
    else:
        before, after = wording.say(name, old), wording.say(name, new)
        if before != after:
            yield FieldChange(path, LABELS.get(name, name), before, after)


def _language_changes(wording: Wording, path: str, name: str, old: Any, new: Any) -> Iterator[FieldChange]:
    if name == "descriptions":
        yield from _field_changes(wording, path, "description", old, new)
        return
    for inner in new or old:
        before, after = (old or {}).get(inner), (new or {}).get(inner)
        yield from _field_changes(wording, f"{path}.{inner}", inner, before, after)


def _part_changes(
    wording: Wording, path: str, name: str, old: list[Any], new: list[Any]
) -> Iterator[FieldChange]:
    before = {part["id"]: part for part in old}
    after = {part["id"]: part for part in new}
    label = LABELS.get(name, name)
    for identity, part in before.items():
        if part != after.get(identity):
            told = wording.say(name, after.get(identity))
            yield FieldChange(f"{path}.{identity}", label, wording.say(name, part), told)
    for identity, part in after.items():
        if identity not in before:
            yield FieldChange(f"{path}.{identity}", label, None, wording.say(name, part))
    if [i for i in before if i in after] != [i for i in after if i in before]:
        yield FieldChange(f"{path}.order", label, _names(wording, old), _names(wording, new))


def _has_identities(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(item, dict) and "id" in item for item in value)


def _names(wording: Wording, parts: list[Any]) -> str:
    named = (next((key for key in _NAMED_BY if part.get(key)), None) for part in parts)
    return ", ".join(
        wording.say(key, part[key]) or "" for key, part in zip(named, parts, strict=True) if key is not None
    )
