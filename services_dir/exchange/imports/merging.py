"""Putting what a feed says on top of what is published: values in, values out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from services_dir.catalog.draft import (
    Document,
    Draft,
    DraftT,
    OrganizationDraft,
    ProgramDraft,
    from_builtins,
    to_builtins,
)
from services_dir.catalog.kinds import Visibility
from services_dir.hsds.reading.context import derived_uuid
from services_dir.moderation import rules

# What is for editors only, or ours alone: no feed replaces it.
_OURS = ("confidence", "editor_note", "as_of")
_DAYS = "MO TU WE TH FR SA SU".split()


@dataclass(frozen=True)
class Merged:
    """What would be published: the document, the fields that change, and those changed on both sides."""

    document: Document
    fields: tuple[str, ...]
    conflicts: tuple[str, ...] = ()


def merge(current: Draft, base: Draft | None, proposed: Draft, *, is_whole: bool, feed: str) -> Merged:
    """Put a feed's draft on top of the published one.

    With what the feed said last (`base`) only what changed there since is taken; without it everything it
    says, and of a whole record also what it leaves out. A place that is confidential here stays so, and one
    that was made public here is not hidden.
    """
    now, new = to_builtins(current), to_builtins(proposed)
    conflicts: tuple[str, ...] = ()
    if base is not None:
        rebased = rules.rebase(base, current, proposed)
        merged, conflicts = to_builtins(rebased.draft), rebased.conflicts
    elif is_whole:
        merged = new | {name: now[name] for name in _OURS if name in now and not new.get(name)}
        if "sources" in now:
            merged["sources"] = _sources(now["sources"], new.get("sources", ()))
        _keep_translations(now, merged)
    else:
        merged = _overlaid(now, new)
    merged["id"] = now["id"]
    if not (is_whole and new.get("slug")):
        merged["slug"] = now.get("slug")
    if "sites" in now:
        merged["sites"] = _with_our_places(now["sites"], merged.get("sites", ()))
    fields = changed_fields(now, merged, feed)
    return Merged(merged, fields, tuple(conflicts))


def changed_fields(before: Document | None, after: Document, feed: str) -> tuple[str, ...]:
    """Name the fields that differ, each text of each language on its own; notes of the feed itself aside."""
    old, new = (_spread(document or {}, feed) for document in (before, after))
    return tuple(sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name)))


def with_provenance(
    document: Document, fields: Iterable[str], *, feed: str, address: str, on: date
) -> Document:
    """Note in a program's sources which fields came from a feed, and on which date."""
    names = {name for name in fields if name not in ("sources", "id", "slug")}
    kept = []
    for source in document.get("sources", ()):
        if source.get("feed") != feed or source.get("is_public"):
            kept.append(source)
            continue
        left = [name for name in source.get("fields", ()) if name not in names]
        if source.get("as_of", {}).get("text") == on.isoformat():
            names |= set(left)
        elif left:
            kept.append(source | {"fields": left})
    if not names:
        return document | {"sources": kept}
    source = {
        "id": derived_uuid(document["id"], "feed", feed, on.isoformat()),
        "title": feed,
        "url": address,
        "as_of": {"text": on.isoformat(), "precision": "day"},
        "is_public": False,
        "fields": sorted(names),
        "feed": feed,
    }
    return document | {"sources": [*kept, source]}


def said_fields(document: Document) -> list[str]:
    """Name the fields that a document says something in."""
    return [name for name, value in _spread(document, "").items() if value not in (None, [], {}, "")]


def as_draft(document: Document, kind: type[DraftT]) -> DraftT:
    """Build the draft of a document. Raises InvalidError with the first thing that does not fit."""
    return from_builtins(document, kind)


def _overlaid(now: Document, new: Document) -> Document:
    merged = dict(now)
    for name, value in new.items():
        if name == "texts":
            merged["texts"] = dict(now.get("texts", {}))
            for language, text in value.items():
                held = merged["texts"].get(language, {})
                merged["texts"][language] = held | {key: said for key, said in text.items() if said}
        elif name in ("level", "kind", "availability", "sources", "categories", "populations"):
            merged[name] = _more(now.get(name), value) if isinstance(value, list) else now.get(name, value)
        elif value not in (None, [], {}, "", "unknown") and value != {"available": None, "note": None}:
            merged[name] = value
    return merged


def _more(now: Any, new: Sequence[Any]) -> list[Any]:
    held = list(now or ())
    return held + [item for item in new if item not in held]


def _sources(now: Sequence[Document], new: Sequence[Document]) -> list[Document]:
    """Keep the sources for editors; of public ones take those of the feed, ours where they are the same."""
    ours = {(one["title"], one["url"], _as_of(one)): one for one in now if one.get("is_public")}
    kept = [one for one in now if not one.get("is_public")]
    return [ours.get((one["title"], one["url"], _as_of(one)), one) for one in new] + kept


def _as_of(source: Document) -> str:
    return (source.get("as_of") or {}).get("text", "")


def _keep_translations(now: Document, merged: Document) -> None:
    for language, text in merged.get("texts", {}).items():
        held = now.get("texts", {}).get(language, {})
        if held.get("translated_version") and not text.get("translated_version"):
            text["translated_version"] = held["translated_version"]


def _with_our_places(now: Sequence[Document], new: Sequence[Document]) -> list[Document]:
    held = {site["id"]: site for site in now}
    sites = []
    for site in new:
        ours = held.get(site["id"])
        if ours is None or ours["visibility"] == site["visibility"]:
            sites.append(site)
        elif ours["visibility"] == Visibility.AREA_ONLY:
            sites.append(_hidden(site, ours))
        else:
            sites.append(ours)
    return sites


def _hidden(site: Document, ours: Document) -> Document:
    names = ("visibility", "town", "region", "location_id")
    kept = ("id", "name", "phones", "hours", "service_areas")
    return {name: site.get(name) for name in kept} | {name: ours.get(name) for name in names}


def _spread(document: Document, feed: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in document.items():
        if name == "texts":
            for language, text in value.items():
                found |= {f"texts.{language}.{key}": said or None for key, said in text.items()}
        elif name == "sources":
            found[name] = [_canonical(one) for one in value if one.get("feed") != feed or not feed]
        else:
            found[name] = _canonical(value)
    return {name: value for name, value in found.items() if value not in (None, [], {})}


def _canonical(value: Any) -> Any:
    """Give a value in which two ways of writing the same hours are the same."""
    if isinstance(value, dict):
        plain = {key: _canonical(item) for key, item in value.items()}
        if "weekly" in value:
            plain["weekly"] = sorted(
                (_DAYS.index(day), line["opens"], line["closes"])
                for line in value["weekly"] or ()
                for day in line["days"]
            )
        return {key: item for key, item in plain.items() if item not in (None, [], {}, "")}
    if isinstance(value, list | tuple):
        return [_canonical(item) for item in value]
    return value


__all__ = [
    "Merged",
    "OrganizationDraft",
    "ProgramDraft",
    "as_draft",
    "changed_fields",
    "merge",
    "with_provenance",
]
