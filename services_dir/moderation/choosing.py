"""Approving some fields of a change: those not accepted stay as they are published."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from services_dir.catalog.diff import compare
from services_dir.catalog.draft import (
    Document,
    Draft,
    OrganizationDraft,
    ProgramDraft,
    from_builtins,
    to_builtins,
)


def choose(old: Draft, new: Draft, accepted: Collection[str]) -> Draft:
    """Give `old` with those changes of `new` that are accepted, named by their paths as `compare` gives them.

    Raises InvalidError if what remains is no listing.
    """
    before, document = to_builtins(old), to_builtins(new)
    refused = [change.path.split(".") for change in compare(old, new) if change.path not in accepted]
    for path in sorted(refused, key=lambda path: path[-1] == "order"):
        _take_back(before, document, path)
    _drop_nameless(document)
    if isinstance(new, ProgramDraft):
        return from_builtins(document, ProgramDraft)
    return from_builtins(document, OrganizationDraft)


def _take_back(before: Document, document: Document, path: list[str]) -> None:
    name, *inner = path
    if isinstance(before.get(name) or document.get(name), list) and inner:
        document[name] = _with_part(before.get(name) or [], document.get(name) or [], inner[0])
    elif inner and isinstance(before.get(name) or document.get(name), dict):
        held = document[name] = document.get(name) or {}
        _take_back(before.get(name) or {}, held, inner)
    elif name in before:
        document[name] = before[name]
    else:
        document.pop(name, None)


def _with_part(old: list[Any], new: list[Any], identity: str) -> list[Any]:
    """Give the new list with one part (or the order) as in the old one."""
    if identity == "order":
        known = {part["id"]: part for part in new}
        kept = [known.pop(part["id"]) for part in old if part["id"] in known]
        return [*kept, *known.values()]
    former = next((part for part in old if part["id"] == identity), None)
    if any(part["id"] == identity for part in new):
        changed = [former if part["id"] == identity else part for part in new]
        return [part for part in changed if part is not None]
    before = [part["id"] for part in old[: old.index(former)]] if former is not None else []
    place = 1 + max((i for i, part in enumerate(new) if part["id"] in before), default=-1)
    return [*new[:place], former, *new[place:]]


def _drop_nameless(document: Document) -> None:
    """Of a language that is new only some texts may be accepted; without its name it is left out."""
    texts = document.get("texts") or {}
    kept = {language: said for language, said in texts.items() if said.get("name")}
    if texts:
        document["texts"] = kept
    descriptions = document.get("descriptions")
    if descriptions:
        document["descriptions"] = {key: said for key, said in descriptions.items() if said}
