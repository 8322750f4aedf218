"""Writes of the library: one function for each thing a coordinator does. The caller opens the transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import uuid4

from sqlalchemy import delete, func, insert, select, text
from sqlalchemy.orm import Session

from services_dir import audit
from services_dir.council import queries, rules
from services_dir.council.kinds import Approval, DocumentKind, Reading
from services_dir.council.models import (
    Act,
    Committee,
    Document,
    DocumentWord,
    Meeting,
    Member,
    PageText,
    Piece,
    StoredFile,
)
from services_dir.council.pdf.uploads import Found, Upload
from services_dir.council.queries import Entry
from services_dir.errors import N_, ConflictError, NotFoundError

_KINDS: dict[type[Entry], str] = {
    Act: "council_act",
    Member: "council_member",
    Committee: "council_committee",
}


@dataclass(frozen=True)
class MeetingFacts:
    """When and where a meeting is."""

    held_on: date
    starts: time | None = None
    ends: time | None = None
    zone: str | None = None
    place: str | None = None
    url: str | None = None
    note: str | None = None
    is_canceled: bool = False


@dataclass(frozen=True)
class DocumentFacts:
    """What is known of a document beside its file. `title` may be left out for a paper of a meeting."""

    kind: DocumentKind
    title: str | None = None
    language: str = "en"
    period: str | None = None
    meeting_id: int | None = None
    approval: Approval | None = None
    url: str | None = None
    notes: Mapping[str, str] | None = None


def _take_turns(session: Session) -> None:
    """Let writers of the library wait for each other until the transaction ends; readers go on.

    Two who hand in the same file, or a document of the same name, would else both add it. On SQLite
    transactions that write take turns anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE council_document IN SHARE ROW EXCLUSIVE MODE"))


def save_meeting(
    session: Session, meeting: Meeting | None, facts: MeetingFacts, *, by: int | None, at: datetime
) -> Meeting:
    """Publish a meeting, or change one; its documents are found by its new date as well."""
    _take_turns(session)
    is_new = meeting is None
    if meeting is None:
        meeting = Meeting(uuid=str(uuid4()), revision=-1, slug="", held_on=facts.held_on, changed_at=at)
        session.add(meeting)
    changed = _set(meeting, vars(facts))
    session.flush()
    if is_new or "held_on" in changed:
        others = session.scalars(select(Meeting.slug).where(Meeting.id != meeting.id))
        meeting.slug = rules.free_slug(facts.held_on.isoformat(), others)
    meeting.revision += 1
    meeting.changed_at = at
    session.flush()
    deed = "meeting.published" if is_new else "meeting.changed"
    audit.record(session, deed, kind="council_meeting", subject=meeting.id, by=by, at=at, fields=changed)
    if "held_on" in changed and not is_new:
        for document in meeting.documents:
            index(session, document)
    return meeting


def remove_meeting(session: Session, meeting: Meeting, *, by: int | None, at: datetime) -> None:
    """Take out a meeting that was put there by mistake. Raises ConflictError while it has papers."""
    _take_turns(session)
    if meeting.documents:
        raise ConflictError(
            N_("This meeting has papers. Take them away first, or give them another meeting.")
        )
    number = meeting.id
    session.delete(meeting)
    session.flush()
    audit.record(session, "meeting.removed", kind="council_meeting", subject=number, by=by, at=at)


def save_document(
    session: Session,
    document: Document | None,
    facts: DocumentFacts,
    upload: Upload | None = None,
    *,
    by: int | None,
    at: datetime,
) -> Document:
    """Publish a document, or change one; a file that is handed in takes the place of the one before."""
    _take_turns(session)
    is_new = document is None
    meeting = session.get(Meeting, facts.meeting_id) if facts.meeting_id else None
    day = meeting.held_on if meeting else None
    values = vars(facts) | {
        "title": facts.title or rules.usual_title(facts.kind, day or at.date()),
        "notes": dict(facts.notes or {}),
    }
    if document is None:
        wanted = rules.slug_of(facts.kind, values["title"], day=day, period=facts.period)
        place = session.scalar(select(func.max(Document.position))) or 0
        document = Document(
            slug=rules.free_slug(wanted, queries.list_slugs(session, wanted)), position=place + 1
        )
        session.add(document)
    changed = _set(document, values)
    document.changed_at = at
    if upload is not None:
        changed.append("file")
        _put_file(session, document, upload, at)
    session.flush()
    deed = "document.published" if is_new else "document.changed"
    audit.record(session, deed, kind="council_document", subject=document.id, by=by, at=at, fields=changed)
    index(session, document)
    return document


def approve_document(
    session: Session, document: Document, approval: Approval, *, by: int | None, at: datetime
) -> None:
    """Say whether a document is a draft or approved."""
    if document.approval is not approval:
        document.approval, document.changed_at = approval, at
        audit.record(
            session,
            "document.changed",
            kind="council_document",
            subject=document.id,
            by=by,
            at=at,
            fields=["approval"],
        )


def remove_file(session: Session, document: Document, *, by: int | None, at: datetime) -> None:
    """Take the file of a document away, its bytes and words too; its title stays."""
    _take_turns(session)
    if document.digest is None:
        raise NotFoundError(N_("This document has no file."))
    digest, document.digest, document.changed_at = document.digest, None, at
    session.flush()
    _drop_unused(session, digest)
    audit.record(session, "document.file_removed", kind="council_document", subject=document.id, by=by, at=at)
    index(session, document)


def remove_document(session: Session, document: Document, *, by: int | None, at: datetime) -> None:
    """Take a document away with its file: what was put there by mistake."""
    _take_turns(session)
    digest, number = document.digest, document.id
    session.execute(delete(DocumentWord).where(DocumentWord.document_id == number))
    session.delete(document)
    session.flush()
    if digest is not None:
        _drop_unused(session, digest)
    audit.record(session, "document.removed", kind="council_document", subject=number, by=by, at=at)


def save_entry(
    session: Session,
    kind: type[Entry],
    entry: Entry | None,
    values: Mapping[str, Any],
    *,
    by: int,
    at: datetime,
) -> Entry:
    """Add or change an act, a seat or a committee."""
    is_new = entry is None
    if entry is None:
        entry = kind()
        session.add(entry)
    changed = _set(entry, values)
    session.flush()
    word = _KINDS[kind]
    deed = f"{word}.added" if is_new else f"{word}.changed"
    audit.record(session, deed, kind=word, subject=entry.id, by=by, at=at, fields=changed)
    return entry


def remove_entry(session: Session, entry: Entry, *, by: int, at: datetime) -> None:
    """Take out an act, a seat or a committee."""
    word, number = _KINDS[type(entry)], entry.id
    session.delete(entry)
    session.flush()
    audit.record(session, f"{word}.removed", kind=word, subject=number, by=by, at=at)


def keep_texts(session: Session, digest: str, found: Found) -> None:
    """Keep the words of a file that were read by `work`, however many pages were reached."""
    _take_turns(session)
    file = session.get(StoredFile, digest)
    if file is None or file.reading is not Reading.WAITING:
        return  # taken away meanwhile, or read by another machine
    session.execute(delete(PageText).where(PageText.digest == digest))
    _write_texts(session, digest, found.texts)
    file.reading = Reading.READ if found.is_whole else Reading.PARTLY
    for document in session.scalars(select(Document).where(Document.digest == digest)):
        index(session, document)


def give_up_reading(session: Session, digest: str) -> None:
    """Remember that no more words of a file can be read."""
    file = session.get(StoredFile, digest)
    if file is not None:
        file.reading = Reading.PARTLY


def index(session: Session, document: Document) -> None:
    """Write down anew under which words a document and its pages are found."""
    session.execute(delete(DocumentWord).where(DocumentWord.document_id == document.id))
    day = document.meeting.held_on if document.meeting else None
    of_title = rules.title_words(document.kind, document.title, day=day, period=document.period)
    pages: dict[int, frozenset[str]] = {0: of_title}
    if document.digest is not None:
        texts = select(PageText.number, PageText.text).where(PageText.digest == document.digest)
        pages |= {number: of_title | rules.words_of(words) for number, words in session.execute(texts)}
    rows = [
        {"word": word, "document_id": document.id, "page": page}
        for page, words in pages.items()
        for word in sorted(words)
    ]
    session.execute(insert(DocumentWord), rows)


def _put_file(session: Session, document: Document, upload: Upload, at: datetime) -> None:
    before = document.digest
    if session.get(StoredFile, upload.digest) is None:
        file = StoredFile(
            digest=upload.digest,
            size=upload.size,
            pages=upload.found.pages,
            reading=Reading.READ if upload.found.is_whole else Reading.WAITING,
            added_at=at,
        )
        session.add(file)
        session.flush()
        for number, content in enumerate(upload.pieces):
            session.execute(insert(Piece).values(digest=upload.digest, number=number, content=content))
        _write_texts(session, upload.digest, upload.found.texts)
    document.digest = upload.digest
    session.flush()
    if before is not None:
        _drop_unused(session, before)


def _write_texts(session: Session, digest: str, texts: Sequence[str]) -> None:
    rows = [{"digest": digest, "number": number, "text": words} for number, words in enumerate(texts, 1)]
    if rows:
        session.execute(insert(PageText), rows)


def _drop_unused(session: Session, digest: str) -> None:
    if session.scalar(select(Document.id).where(Document.digest == digest).limit(1)) is not None:
        return
    for table in (PageText, Piece, StoredFile):
        session.execute(delete(table).where(table.digest == digest))


def _set(row: Any, values: Mapping[str, Any]) -> list[str]:
    """Set what differs; give the names of what changed."""
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    return changed
