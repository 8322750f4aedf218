"""Removing an address from the past: the one deed that rewrites what was stored.

When a place becomes area-only, its street and point are taken out of every document that was ever
stored of that program. Higher parts (revisions, reviews, import rows) register what they hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from services_dir.catalog.draft import CONFIDENTIAL, ProgramDraft, read_program, to_json
from services_dir.catalog.kinds import Visibility
from services_dir.catalog.models import Program, ProgramVersion
from services_dir.values import fold

# Stands where an address was; also in texts of editors and submitters.
REMOVED = "(address removed)"
_SHORTEST = 5  # a shorter street would hit innocent words
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True)
class Removal:
    """What must be forgotten of a program: the sites that hide, and the words of their addresses."""

    sites: frozenset[str]
    words: frozenset[str]

    def from_text(self, text: str) -> str:
        """Give a text without the words of the addresses, whatever their case."""
        for word in sorted(self.words, key=len, reverse=True):
            text = _without(text, fold(word))
        return text

    def from_value(self, value: Any) -> Any:
        """Give a document without the sites' addresses."""
        if isinstance(value, str):
            return self.from_text(value)
        if isinstance(value, list):
            return [self.from_value(item) for item in value]
        if isinstance(value, dict):
            if value.get("id") in self.sites:
                hidden = dict.fromkeys(CONFIDENTIAL & value.keys())
                value = value | hidden | {"visibility": Visibility.AREA_ONLY.value}
            return {key: self.from_value(item) for key, item in value.items()}
        return value

    def from_draft(self, draft: ProgramDraft) -> ProgramDraft:
        """Give a draft whose texts do not tell the addresses either."""
        return read_program(self.from_document(to_json(draft)))

    def from_document(self, document: str) -> str:
        """Give a stored JSON document without the sites' addresses."""
        return msgspec.json.encode(
            self.from_value(msgspec.json.decode(document)), order="deterministic"
        ).decode()


class Holder(Protocol):
    """A higher part that stores documents or words about programs."""

    def documents(self, session: Session, program: Program) -> Iterable[str]:
        """Give every document it stores of the program."""

    def rewrite(self, session: Session, program: Program, removal: Removal) -> None:
        """Take the addresses out of all it stores of the program."""


_holders: list[Holder] = []


def register(holder: Holder) -> None:
    """Have a part take its share in removing an address from the past."""
    if holder not in _holders:
        _holders.append(holder)


def removal_for(
    draft: ProgramDraft, documents: Iterable[str], *, versions: Iterable[str] = ()
) -> Removal | None:
    """Tell what must be forgotten now that this draft is published; None if nothing was known.

    Looks through all documents stored of the program for what sites said that hide in the draft. A place
    that hides and is in none of the versions may stand for one that was taken out of the form: then
    what was said of the sites that are gone is forgotten too.
    """
    hiding = frozenset(site.id for site in draft.sites if site.visibility is Visibility.AREA_ONLY)
    if not hiding:
        return None
    held = [site for document in documents for site in _sites(document) if _told(site)]
    if hiding - {site.get("id") for document in versions for site in _sites(document)}:
        hiding |= _gone(draft, held)
    known = [site for site in held if site.get("id") in hiding]
    words = frozenset(word for site in known for word in _words(str(site.get("street") or "")))
    return Removal(hiding, words) if known else None


def find_removal(session: Session, program: Program, draft: ProgramDraft) -> Removal | None:
    """Tell what must be forgotten of a program, by whomever it is stored, when this draft is published."""
    if not any(site.visibility is Visibility.AREA_ONLY for site in draft.sites):
        return None
    query = select(ProgramVersion.document).where(ProgramVersion.program_id == program.id)
    versions = session.scalars(query).all()
    held = [document for holder in _holders for document in holder.documents(session, program)]
    return removal_for(draft, [*versions, *held], versions=versions)


def rewrite(session: Session, program: Program, removal: Removal) -> None:
    """Take the addresses out of all that is stored of the program; no undo brings them back."""
    for version in session.scalars(select(ProgramVersion).where(ProgramVersion.program_id == program.id)):
        version.document = removal.from_document(version.document)
    for holder in _holders:
        holder.rewrite(session, program, removal)


def _sites(document: str) -> list[dict[str, Any]]:
    sites: list[dict[str, Any]] = msgspec.json.decode(document).get("sites", [])
    return sites


def _told(site: dict[str, Any]) -> bool:
    return any(site.get(key) is not None for key in CONFIDENTIAL)


def _gone(draft: ProgramDraft, held: Iterable[dict[str, Any]]) -> frozenset[str]:
    """Give the sites that were held and are not in a draft, but for those whose street is still public."""
    stays = {site.id for site in draft.sites}
    public = {fold(site.street) for site in draft.sites if site.street}
    return frozenset(
        site["id"]
        for site in held
        if site["id"] not in stays and fold(site.get("street") or "") not in public
    )


def _words(street: str) -> Iterator[str]:
    """Give a street as it was written, and each part of it that holds a number.

    A word without a space is left alone: it could stand in an identity, a number or a name of the code.
    """
    parts = [part.strip() for part in street.split(",")]
    for word in (street, *(part for part in parts if _DIGIT.search(part))):
        if len(word) >= _SHORTEST and " " in word:
            yield word


def _without(text: str, sought: str) -> str:
    """Replace what is sought, which is folded, wherever it stands in a text."""
    pieces = [fold(sign) for sign in text]  # of one sign there may be none or several
    folded, origins = "".join(pieces), [index for index, piece in enumerate(pieces) for _ in piece]
    kept, end = [], 0
    for found in re.finditer(re.escape(sought), folded):
        kept += [text[end : origins[found.start()]], REMOVED]
        end = origins[found.end() - 1] + 1
    return "".join((*kept, text[end:]))
