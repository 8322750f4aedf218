"""Tables of the library: duties, acts, people, meetings, documents, and the pieces and words of files."""

from __future__ import annotations

from datetime import date, datetime, time

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services_dir.council.kinds import ActKind, Approval, DocumentKind, Holding, Reading
from services_dir.db import Base, choice

LONGEST_WORD = 64


class Duty(Base):
    """What the law asks the Council to do; `answer` names what this directory does for it."""

    __tablename__ = "council_duty"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    answer: Mapped[str] = mapped_column(String(30))
    names: Mapped[dict[str, str]] = mapped_column(JSON)  # by language, as all texts in JSON here
    texts: Mapped[dict[str, str]] = mapped_column(JSON)


class Act(Base):
    """An act or a section of the statutes: what it does, where its text is, and who says so."""

    __tablename__ = "council_act"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ActKind] = mapped_column(choice(ActKind))
    year: Mapped[int | None]
    name: Mapped[str] = mapped_column(String(200))
    effects: Mapped[dict[str, str]] = mapped_column(JSON)
    url: Mapped[str | None] = mapped_column(String(500))
    source: Mapped[str | None] = mapped_column(String(300))
    source_url: Mapped[str | None] = mapped_column(String(500))


_committee_member = Table(
    "council_committee_member",
    Base.metadata,
    Column("committee_id", Integer, ForeignKey("council_committee.id", ondelete="CASCADE"), primary_key=True),
    Column("member_id", Integer, ForeignKey("council_member.id", ondelete="CASCADE"), primary_key=True),
)


class Member(Base):
    """A seat of the Council and who holds it, as far as that is known."""

    __tablename__ = "council_member"

    id: Mapped[int] = mapped_column(primary_key=True)
    seat: Mapped[str] = mapped_column(String(200))
    name: Mapped[str | None] = mapped_column(String(120))
    since: Mapped[date | None]
    until: Mapped[date | None]
    position: Mapped[int] = mapped_column(default=0)

    committees: Mapped[list[Committee]] = relationship(
        secondary=_committee_member, back_populates="members", order_by="Committee.name"
    )


class Committee(Base):
    """A group of members that works on one matter."""

    __tablename__ = "council_committee"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    purpose: Mapped[str | None] = mapped_column(Text)

    members: Mapped[list[Member]] = relationship(
        secondary=_committee_member, back_populates="committees", order_by="Member.position, Member.id"
    )


class Meeting(Base):
    """A meeting: when, where, and what the former page called it if that is not its date."""

    __tablename__ = "council_meeting"

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[str] = mapped_column(String(36), unique=True)
    slug: Mapped[str] = mapped_column(String(20), unique=True)  # its date
    held_on: Mapped[date] = mapped_column(index=True)
    starts: Mapped[time | None]
    ends: Mapped[time | None]
    zone: Mapped[str | None] = mapped_column(String(60))
    place: Mapped[str | None] = mapped_column(String(300))
    url: Mapped[str | None] = mapped_column(String(500))  # to take part from elsewhere
    note: Mapped[str | None] = mapped_column(Text)
    listed_as: Mapped[str | None] = mapped_column(String(80))
    is_canceled: Mapped[bool] = mapped_column(default=False)
    revision: Mapped[int] = mapped_column(default=0)  # calendars take up a higher one
    changed_at: Mapped[datetime]

    documents: Mapped[list[Document]] = relationship(
        back_populates="meeting", order_by="Document.position, Document.id"
    )


class StoredFile(Base):
    """A PDF by the SHA-256 of its bytes, which lie in pieces beside it."""

    __tablename__ = "council_file"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[int]
    pages: Mapped[int]
    reading: Mapped[Reading] = mapped_column(choice(Reading))
    added_at: Mapped[datetime]


class Piece(Base):
    """A stretch of the bytes of a file: no statement holds a whole file."""

    __tablename__ = "council_piece"

    digest: Mapped[str] = mapped_column(ForeignKey("council_file.digest"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class PageText(Base):
    """The words of a page of a file, as they were read."""

    __tablename__ = "council_page"

    digest: Mapped[str] = mapped_column(ForeignKey("council_file.digest"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)  # from 1
    text: Mapped[str] = mapped_column(Text)


class Document(Base):
    """A document by its title: its file, its address elsewhere, or neither if only the title is known."""

    __tablename__ = "council_document"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    kind: Mapped[DocumentKind] = mapped_column(choice(DocumentKind))
    title: Mapped[str] = mapped_column(String(300))
    language: Mapped[str] = mapped_column(String(3), default="en")
    period: Mapped[str | None] = mapped_column(String(20))  # the years it is about: 2008, 2009-2010
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("council_meeting.id"), index=True)
    approval: Mapped[Approval | None] = mapped_column(choice(Approval))  # None: not said
    url: Mapped[str | None] = mapped_column(String(500))
    digest: Mapped[str | None] = mapped_column(ForeignKey("council_file.digest"), index=True)
    notes: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    source: Mapped[str | None] = mapped_column(String(300))
    position: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime]

    meeting: Mapped[Meeting | None] = relationship(back_populates="documents")
    file: Mapped[StoredFile | None] = relationship()

    @property
    def holding(self) -> Holding:
        """Tell where the document itself is."""
        return holding_of(self.digest, self.url)


def holding_of(digest: str | None, url: str | None) -> Holding:
    """Tell where a document with this file and address is."""
    if digest:
        return Holding.HELD
    return Holding.LINKED if url else Holding.TITLE_ONLY


class DocumentWord(Base):
    """A word by which a page of a document is found; those of its title stand with each page, and with 0."""

    __tablename__ = "council_word"
    __table_args__ = (Index("ix_council_word_document", "document_id"),)

    word: Mapped[str] = mapped_column(String(LONGEST_WORD), primary_key=True)
    document_id: Mapped[int] = mapped_column(
        ForeignKey("council_document.id", ondelete="CASCADE"), primary_key=True
    )
    page: Mapped[int] = mapped_column(primary_key=True)
