"""Reads of the library."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from sqlalchemy import BindParameter, ColumnElement, Connection, Integer, Select, bindparam, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from services_dir.catalog.models import Schedule
from services_dir.council.kinds import DocumentKind, Holding, Reading
from services_dir.council.models import (
    Act,
    Committee,
    Document,
    DocumentWord,
    Duty,
    Meeting,
    Member,
    PageText,
    Piece,
    StoredFile,
    holding_of,
)
from services_dir.errors import N_, NotFoundError
from services_dir.values import Paged

Entry = Act | Member | Committee

_NO_DOCUMENT = N_("There is no such document.")
_NO_MEETING = N_("There is no such meeting.")


@dataclass(frozen=True)
class FoundDocument:
    """A document that a question finds, and the first of its pages with all its words; None: by its title."""

    slug: str
    title: str
    period: str | None
    language: str
    kind: DocumentKind
    holding: Holding
    page: int | None


def list_duties(session: Session) -> Sequence[Duty]:
    """Give the duties in the order of the law."""
    return session.scalars(select(Duty).order_by(Duty.number)).all()


def list_acts(session: Session) -> Sequence[Act]:
    """Give acts and statutes by their years; sections of the statutes, which have none, come last."""
    return session.scalars(select(Act).order_by(Act.year.is_(None), Act.year, Act.name)).all()


def list_members(session: Session) -> Sequence[Member]:
    """Give the seats with their committees."""
    loaded = selectinload(Member.committees)
    return session.scalars(select(Member).options(loaded).order_by(Member.position, Member.id)).all()


def list_committees(session: Session) -> Sequence[Committee]:
    """Give the committees with their members."""
    return session.scalars(
        select(Committee).options(selectinload(Committee.members)).order_by(Committee.name)
    ).all()


def list_meetings(session: Session, *, page: int = 1, size: int = 50) -> Paged[Meeting]:
    """Give meetings with their documents, the newest first."""
    total = session.scalar(select(func.count(Meeting.id))) or 0
    rows = session.scalars(
        select(Meeting)
        .options(selectinload(Meeting.documents))
        .order_by(Meeting.held_on.desc(), Meeting.starts.desc(), Meeting.id.desc())
        .offset((page - 1) * size)
        .limit(size)
    ).all()
    return Paged(rows, page, size, total)


def find_next_meeting(session: Session, today: date) -> Meeting | None:
    """Give the next meeting that takes place."""
    return session.scalars(
        select(Meeting)
        .where(Meeting.held_on >= today, Meeting.is_canceled.is_(False))
        .order_by(Meeting.held_on, Meeting.starts)
        .limit(1)
    ).first()


def get_meeting(session: Session, slug: str) -> Meeting:
    """Give a meeting with its documents by its name in addresses. Raises NotFoundError."""
    found = session.scalars(
        select(Meeting).where(Meeting.slug == slug).options(selectinload(Meeting.documents))
    ).first()
    if found is None:
        raise NotFoundError(_NO_MEETING)
    return found


def get_meeting_by_id(session: Session, meeting_id: int) -> Meeting:
    """Give a meeting by its number. Raises NotFoundError."""
    found = session.get(Meeting, meeting_id)
    if found is None:
        raise NotFoundError(_NO_MEETING)
    return found


def list_documents(
    session: Session, kinds: Sequence[DocumentKind] = (), *, page: int = 1, size: int = 100
) -> Paged[Document]:
    """Give documents of some kinds, or all, each with its meeting: the newest first."""
    wanted: list[ColumnElement[bool]] = [Document.kind.in_(kinds)] if kinds else []
    total = session.scalar(select(func.count(Document.id)).where(*wanted)) or 0
    rows = session.scalars(
        select(Document)
        .outerjoin(Document.meeting)
        .where(*wanted)
        .options(joinedload(Document.meeting), joinedload(Document.file))
        .order_by(
            func.coalesce(Document.period, "").desc(),
            Meeting.held_on.is_(None),
            Meeting.held_on.desc(),
            Document.position,
            Document.id,
        )
        .offset((page - 1) * size)
        .limit(size)
    ).all()
    return Paged(rows, page, size, total)


def get_document(session: Session, slug: str) -> Document:
    """Give a document by its name in addresses. Raises NotFoundError."""
    found = session.scalars(
        select(Document)
        .where(Document.slug == slug)
        .options(joinedload(Document.meeting), joinedload(Document.file))
    ).first()
    if found is None:
        raise NotFoundError(_NO_DOCUMENT)
    return found


def get_document_by_id(session: Session, document_id: int) -> Document:
    """Give a document by its number. Raises NotFoundError."""
    found = session.get(Document, document_id)
    if found is None:
        raise NotFoundError(_NO_DOCUMENT)
    return found


def get_page_text(session: Session, document: Document, number: int) -> str:
    """Give the words of a page of a document. Raises NotFoundError if it has no such page that was read."""
    text = session.scalar(
        select(PageText.text).where(PageText.digest == document.digest, PageText.number == number)
    )
    if document.digest is None or text is None:
        raise NotFoundError(N_("This document has no such page that could be read."))
    return text


def has_words(session: Session, digest: str) -> bool:
    """Tell whether a file has any words: one that was scanned has none."""
    wanted = (PageText.digest == digest, PageText.text != "")
    return session.scalar(select(PageText.number).where(*wanted).limit(1)) is not None


def each_piece(session: Session, digest: str) -> Iterator[bytes]:
    """Give the bytes of a file, one piece after the other."""
    number = 0
    while (
        piece := session.scalar(select(Piece.content).where(Piece.digest == digest, Piece.number == number))
    ) is not None:
        yield piece
        number += 1


def _found() -> Select[Any]:
    words: BindParameter[str] = bindparam("words", expanding=True)
    pages = (
        select(DocumentWord.document_id, DocumentWord.page)
        .where(DocumentWord.word.in_(words))
        .group_by(DocumentWord.document_id, DocumentWord.page)
        .having(func.count() == bindparam("number", type_=Integer))
        .subquery()
    )
    first = (
        select(pages.c.document_id, func.min(pages.c.page).label("page"))
        .group_by(pages.c.document_id)
        .subquery()
    )
    return (
        select(
            Document.slug,
            Document.title,
            Document.period,
            Document.language,
            Document.kind,
            Document.digest,
            Document.url,
            func.nullif(first.c.page, 0),
        )
        .join(first, first.c.document_id == Document.id)
        .outerjoin(Document.meeting)
        .order_by(
            first.c.page > 0,
            func.coalesce(Meeting.held_on, date.min).desc(),
            func.coalesce(Document.period, "").desc(),
            Document.id,
        )
        .limit(bindparam("most", type_=Integer))
    )


# Built once: it is asked with every search for words, and to build it takes longer than to ask it.
_FOUND = _found()


def find_documents(
    connection: Session | Connection, words: Sequence[str], *, limit: int
) -> list[FoundDocument]:
    """Give the documents with all of some words on one page, the title counting as part of each page.

    Those whose title holds them all come first, then the newest. One more than `limit` tells of more.
    A mere connection answers in half the time of a session.
    """
    if not words:
        return []
    asked = {"words": list(words), "number": len(words), "most": limit + 1}
    return [
        FoundDocument(slug, title, period, language, kind, holding_of(digest, url), page)
        for slug, title, period, language, kind, digest, url, page in connection.execute(_FOUND, asked)
    ]


def find_unread_file(session: Session) -> str | None:
    """Give the digest of a file whose words are still to be read."""
    wanted = StoredFile.reading == Reading.WAITING
    return session.scalar(select(StoredFile.digest).where(wanted).order_by(StoredFile.added_at).limit(1))


def get_entry(session: Session, table: type[Entry], entry_id: int) -> Entry:
    """Give a line of a register. Raises NotFoundError."""
    found = cast("Entry | None", session.get(table, entry_id))
    if found is None:
        raise NotFoundError(N_("There is no such entry."))
    return found


def usual_zone(session: Session) -> str | None:
    """Give the time zone of meetings: that of the newest with hours, else of most schedules of programs."""
    newest = select(Meeting.zone).where(Meeting.zone.is_not(None)).order_by(Meeting.held_on.desc())
    usual = select(Schedule.zone).group_by(Schedule.zone).order_by(func.count().desc(), Schedule.zone)
    return session.scalar(newest.limit(1)) or session.scalar(usual.limit(1))


def list_slugs(session: Session, beginning: str) -> Sequence[str]:
    """Give the names of documents in addresses that begin like one that is wanted."""
    return session.scalars(select(Document.slug).where(Document.slug.startswith(beginning[:70]))).all()


def is_empty(session: Session) -> bool:
    """Tell whether the library holds nothing yet."""
    tables = (Duty, Act, Member, Committee, Meeting, Document)
    return all(session.scalar(select(table.id).limit(1)) is None for table in tables)
