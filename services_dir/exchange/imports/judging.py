"""Judging records: whether each would be added, changed, left, doubted or refused, and why."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy.orm import Session

from services_dir.catalog.draft import Draft, OrganizationDraft, ProgramDraft, to_builtins, to_json
from services_dir.catalog.models import ForeignId
from services_dir.catalog.rules import (
    Problem,
    References,
    check_organization,
    check_program,
    list_identities,
)
from services_dir.errors import N_, InvalidError
from services_dir.exchange.imports import merging
from services_dir.exchange.imports.known import Held, find_held, find_links, list_taken, list_taken_slugs
from services_dir.exchange.imports.matching import Index, Match
from services_dir.exchange.imports.models import RecordKind, Verdict
from services_dir.hsds.reading.context import derived_uuid
from services_dir.hsds.reading.notes import Weight
from services_dir.hsds.reading.records import ReadRecord
from services_dir.hsds.reading.secrecy import CELLS_OF_PLACES
from services_dir.hsds.reading.tabular import ORIGIN, Record
from services_dir.values import sha256

# A reason: the sentence, its values, the column, the line and the file it speaks of.
Reason = tuple[str, dict[str, str], str, int, str]

_TWICE = N_("The id “{value}” stands further up already.")
_NOT_READ = N_("This cannot be read as a listing: {reason}")
_LIKE = N_("It may be the same as “{name}”: {reasons}.")
_BOTH = N_("Changed here and in the feed since the last import: {fields}.")
_REFUSED_OWNER = N_("The organization that runs it, “{value}”, is not in the files or cannot be taken.")
_GONE_THERE = N_("The feed says that it no longer exists.")
_SAME = N_("It is here already and nothing changed.")
_BROUGHT = N_("An earlier import brought the same. It waits for review, or it was not accepted.")
_SAME_NAME = N_("An organization of this name is here already; it stays as it is.")
_WITHDRAWN = N_("It was withdrawn here.")
_NOT_YET = N_("Nobody can have confirmed it on {value}, which is yet to come.")
_MERGED = N_("It was merged into another here, which stays as it is.")
_SLUG = N_("Its web name is taken here; it gets another one.")
GONE: Reason = (N_("It is in the feed no more."), {}, "", 0, "")


@dataclass(frozen=True)
class Judged:
    """What the plan says of a record. `base` is the feed's own document; `assures`: it confirms a date."""

    verdict: Verdict
    uuid: str | None
    name: str = ""
    reasons: tuple[Reason, ...] = ()
    fields: tuple[str, ...] = ()
    document: str | None = None
    base: str | None = None
    fingerprint: str | None = None
    version: int | None = None
    assures: bool = False
    heir: str | None = None  # the UUID of what it was merged into here

    @property
    def owner(self) -> str | None:
        """Give the UUID of the organization that a record stands for; None if it cannot be taken."""
        return None if self.verdict is Verdict.REFUSE else self.heir or self.uuid


@dataclass(frozen=True)
class _Here:
    """What the register holds of a record: its link to the feed, records by UUID, and what is taken."""

    link: ForeignId | None
    held: Mapping[str, Held]
    taken: Collection[str]
    slugs: Collection[str]


@dataclass
class Judge:
    """Judges records of a feed against the register. References grow by the organizations of the feed."""

    feed: str
    address: str
    references: References
    indexes: Mapping[RecordKind, Index]
    at: datetime
    linked: frozenset[str] = frozenset()  # records that the feed brought before
    _own: set[str] = field(default_factory=set)  # organizations of this import
    _claimed: dict[int, int] = field(default_factory=dict)  # identities of parts by who has them

    def judge(
        self, session: Session, kind: RecordKind, reads: Sequence[ReadRecord], seen: set[int]
    ) -> list[Judged]:
        """Judge a stretch of records; about ten statements, however many they are."""
        links = find_links(session, self.feed, kind, {read.foreign_id for read in reads})
        drafts = [self._draft(kind, read) for read in reads]
        uuids = {read.id for read in reads} | {link.uuid for link in links.values()}
        held = find_held(session, kind, uuids)
        fresh = [one for one in drafts if isinstance(one, ProgramDraft | OrganizationDraft)]
        new = [one for one in fresh if one.id not in held]
        taken, slugs = list_taken(session, new), list_taken_slugs(session, kind, fresh)
        judged = []
        for read, draft in zip(reads, drafts, strict=True):
            key = hash(read.foreign_id) if kind is RecordKind.PROGRAM else hash((kind, read.foreign_id))
            if key in seen and not read.notes.is_refused:
                read.notes.error({}, "id", _TWICE, value=read.foreign_id)
            seen.add(key)
            here = _Here(links.get(read.foreign_id), held, taken, slugs)
            one = self._judge(kind, read, draft, here)
            if kind is RecordKind.ORGANIZATION and one.uuid is not None and one.verdict is not Verdict.REFUSE:
                self._own.add(one.heir or one.uuid)
            judged.append(one)
        return judged

    def _draft(self, kind: RecordKind, read: ReadRecord) -> Draft | InvalidError | None:
        """Build the draft of a record; the error if that cannot be, None if it is refused already."""
        if read.notes.is_refused:
            return None
        try:
            return _as_draft(kind, read.document)
        except InvalidError as error:
            return error

    def _judge(
        self,
        kind: RecordKind,
        read: ReadRecord,
        draft: Draft | InvalidError | None,
        here: _Here,
    ) -> Judged:
        link = here.link
        if read.assured_on is not None and read.assured_on > self.at.date():
            read.notes.hint({}, "assured_date", _NOT_YET, value=read.assured_on.isoformat())
            read.assured_on = None
        if isinstance(draft, InvalidError):
            read.notes.error({}, "", _NOT_READ, reason=str(draft.values.get("reason", draft)))
        if read.notes.is_refused or draft is None or isinstance(draft, InvalidError):
            return Judged(Verdict.REFUSE, None, reasons=_reasons(read))
        if draft.slug in here.slugs:
            read.notes.hint({}, "slug", _SLUG)
            draft = msgspec.structs.replace(draft, slug=None)
        base = to_json(draft)
        fingerprint = sha256(base)
        current = here.held.get(link.uuid if link else read.id)
        if link is not None and current is None and link.fingerprint == fingerprint:
            return Judged(Verdict.LEAVE, link.uuid, reasons=_reasons(read, (_BROUGHT, {})))
        if current is not None and current.heir is not None:
            return Judged(
                Verdict.LEAVE, current.uuid, reasons=_reasons(read, (_MERGED, {})), heir=current.heir
            )
        if current is not None and current.is_published and read.is_gone:
            return self._withdrawal(current)
        if read.is_gone:
            return Judged(Verdict.REFUSE, None, reasons=_reasons(read, (_GONE_THERE, {})))
        judged = Judged(Verdict.ADD, read.id, base=base, fingerprint=fingerprint)
        if current is None:
            return self._new(kind, read, draft, judged, here.taken)
        return self._known(read, draft, judged, link, current)

    def _withdrawal(self, current: Held) -> Judged:
        reasons: tuple[Reason, ...] = ((_GONE_THERE, {}, "status", 0, ""),)
        document = to_json(current.draft)
        return Judged(
            Verdict.WITHDRAW, current.uuid, reasons=reasons, document=document, version=current.version
        )

    def _new(
        self, kind: RecordKind, read: ReadRecord, draft: Draft, judged: Judged, taken: Collection[str]
    ) -> Judged:
        match = self.indexes[kind].find(draft)
        if match is not None and match.uuid in self.linked:
            match = None  # the feed tells the two apart itself
        is_same_name = match is not None and match.name.casefold() == draft.name.casefold()
        if kind is RecordKind.ORGANIZATION and match is not None and is_same_name:
            return replace(
                judged,
                verdict=Verdict.LEAVE,
                uuid=match.uuid,
                name=match.name,
                reasons=_reasons(read, (_SAME_NAME, {})),
            )
        document = self._without_taken(draft, judged.base or "", taken)
        content = msgspec.json.decode(document)
        fields = tuple(merging.said_fields(content))
        if kind is RecordKind.PROGRAM:
            content = self._sourced(content, fields, read)
        assures = read.assured_on is not None and kind is RecordKind.PROGRAM
        return self._checked(kind, read, replace(judged, fields=fields, assures=assures), content, match)

    def _known(
        self, read: ReadRecord, draft: Draft, judged: Judged, link: ForeignId | None, current: Held
    ) -> Judged:
        judged = replace(
            judged,
            uuid=current.uuid,
            version=current.version if current.is_published else None,
            assures=current.is_published and self._is_confirmed(current.draft, draft, read),
        )
        is_seen = link is not None and link.fingerprint == judged.fingerprint
        if not current.is_published:
            if is_seen:
                return replace(
                    judged,
                    verdict=Verdict.LEAVE,
                    base=None,
                    reasons=_reasons(read, (_WITHDRAWN, {})),
                )
            if link is None or link.fingerprint is not None:
                read.notes.doubt({}, "", _WITHDRAWN)
        elif is_seen:
            return replace(judged, verdict=Verdict.LEAVE, base=None, reasons=_reasons(read, (_SAME, {})))
        base = self._base(link, draft)
        merged = merging.merge(current.draft, base, draft, is_whole=read.is_whole, feed=self.feed)
        if not merged.fields and current.is_published:
            return replace(judged, verdict=Verdict.LEAVE, reasons=_reasons(read, (_SAME, {})))
        if merged.conflicts:
            read.notes.doubt({}, "", _BOTH, fields=", ".join(merged.conflicts))
        content = merged.document
        kind = RecordKind.PROGRAM if isinstance(draft, ProgramDraft) else RecordKind.ORGANIZATION
        if kind is RecordKind.PROGRAM:
            content = self._sourced(content, merged.fields, read)
        is_confirmed = self._is_confirmed(_as_draft(kind, content), draft, read)
        judged = replace(judged, verdict=Verdict.CHANGE, fields=merged.fields, assures=is_confirmed)
        return self._checked(kind, read, judged, content, None)

    def _is_confirmed(self, listing: Draft, draft: Draft, read: ReadRecord) -> bool:
        """Tell whether the feed's date confirms a listing: only if that says just what the feed says.

        What a coordinator mended, and what only we know better, no feed vouches for.
        """
        if read.assured_on is None or not isinstance(draft, ProgramDraft):
            return False
        return not merging.merge(listing, None, draft, is_whole=read.is_whole, feed=self.feed).fields

    def _base(self, link: ForeignId | None, draft: Draft) -> Draft | None:
        if link is None or link.document is None:
            return None
        kind = RecordKind.PROGRAM if isinstance(draft, ProgramDraft) else RecordKind.ORGANIZATION
        return _as_draft(kind, msgspec.json.decode(link.document))

    def _sourced(self, content: dict[str, Any], fields: Sequence[str], read: ReadRecord) -> dict[str, Any]:
        on: date = (read.modified_at or self.at).date()
        return merging.with_provenance(content, fields, feed=self.feed, address=self.address, on=on)

    def _checked(
        self,
        kind: RecordKind,
        read: ReadRecord,
        judged: Judged,
        content: dict[str, Any],
        match: Match | None,
    ) -> Judged:
        """Give the verdict with the document, as doubtful if something is wrong or it is like another."""
        draft: Draft
        if kind is RecordKind.PROGRAM:
            draft = merging.as_draft(content, ProgramDraft)
            owners = self.references.organizations | (self._own if draft.organization in self._own else set())
            problems = check_program(draft, replace(self.references, organizations=owners))
        else:
            draft = merging.as_draft(content, OrganizationDraft)
            owners = self.references.organizations | {draft.parent or ""}
            problems = check_organization(draft, replace(self.references, organizations=owners))
        for problem in problems:
            _note(read, problem)
        if match is not None:
            reasons = ", ".join(reason.label for reason in match.reasons)
            read.notes.doubt({}, "", _LIKE, name=match.name, reasons=reasons)
        return replace(
            judged,
            verdict=Verdict.DOUBT if read.notes.is_doubtful else judged.verdict,
            document=to_json(draft),
            reasons=_reasons(read),
        )

    def _without_taken(self, draft: Draft, document: str, taken: Collection[str]) -> str:
        """Give parts whose identity another listing has one of their own."""
        owner = hash(draft.id)
        for _path, identity in list_identities(draft):
            holder = self._claimed.setdefault(hash(identity), owner)
            if holder != owner or identity in taken:
                document = document.replace(identity, derived_uuid(draft.id, "part", identity))
        return document


def _as_draft(kind: RecordKind, document: dict[str, Any]) -> Draft:
    if kind is RecordKind.PROGRAM:
        return merging.as_draft(document, ProgramDraft)
    return merging.as_draft(document, OrganizationDraft)


def name_owner(read: ReadRecord, owners: Mapping[str, str | None]) -> None:
    """Put our identity of the organization into a program's document; note if there is none."""
    key = read.organization_key
    if key is None or read.notes.is_refused:
        return
    if key == read.document.get("organization") and key not in owners:
        return  # our own format names it by our identity, and was checked
    if owners.get(key) is None:
        read.notes.error({}, "organization_id", _REFUSED_OWNER, value=key)
        return
    read.document["organization"] = owners[key]


def find_published(session: Session, uuids: Collection[str]) -> list[Held]:
    """Give those of some programs that are published."""
    held = find_held(session, RecordKind.PROGRAM, uuids)
    return [one for one in held.values() if one.is_published]


def cells_to_mend(record: Record) -> str:
    """Give the cells of a refused record as they are written out to be mended, without those of places."""
    cells = {
        name: str(value)
        for name, value in record.items()
        if name != ORIGIN and isinstance(value, str | int | float) and name not in CELLS_OF_PLACES
    }
    return msgspec.json.encode(cells).decode()


def _note(read: ReadRecord, problem: Problem) -> None:
    tell = read.notes.hint if problem.is_warning else read.notes.doubt
    tell({}, problem.path, problem.message, **problem.values)


def _reasons(read: ReadRecord, *first: tuple[str, dict[str, str]]) -> tuple[Reason, ...]:
    """Give the reasons of a verdict: what was said first, then doubts and errors that were noted."""
    file, line = read.notes.origin
    told = [(message, values, "", line, file) for message, values in first]
    told += [
        (note.message, dict(note.values), note.column, note.line, note.file)
        for note in read.notes.found
        if note.weight is not Weight.HINT
    ]
    return tuple(told)


__all__ = [
    "GONE",
    "Judge",
    "Judged",
    "Reason",
    "cells_to_mend",
    "find_published",
    "name_owner",
    "to_builtins",
]
