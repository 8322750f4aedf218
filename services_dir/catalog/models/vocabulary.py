"""Tables of the vocabularies: terms, their labels and the words people type for them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services_dir.catalog.kinds import Vocabulary, WordKind
from services_dir.db import Base, choice


class Term(Base):
    """A term of a vocabulary. A used term is retired, never deleted."""

    __tablename__ = "term"
    __table_args__ = (UniqueConstraint("vocabulary", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[str] = mapped_column(String(36), unique=True)
    vocabulary: Mapped[Vocabulary] = mapped_column(choice(Vocabulary))
    slug: Mapped[str] = mapped_column(String(80))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("term.id"), index=True)
    position: Mapped[int]
    statutory: Mapped[bool] = mapped_column(default=False)
    retired_on: Mapped[date | None]

    labels: Mapped[list[TermLabel]] = relationship(
        cascade="all, delete-orphan", order_by="TermLabel.language"
    )
    words: Mapped[list[TermWord]] = relationship(cascade="all, delete-orphan", order_by="TermWord.position")


class TermLabel(Base):
    """What a term is called in one language."""

    __tablename__ = "term_label"

    term_id: Mapped[int] = mapped_column(ForeignKey("term.id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(String(3), primary_key=True)
    label: Mapped[str] = mapped_column(String(120))
    definition: Mapped[str] = mapped_column(Text, default="")


class TermWord(Base):
    """A word or phrase that people type when they mean a term."""

    __tablename__ = "term_word"
    __table_args__ = (UniqueConstraint("term_id", "language", "word"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    term_id: Mapped[int] = mapped_column(ForeignKey("term.id", ondelete="CASCADE"))
    language: Mapped[str] = mapped_column(String(3))
    word: Mapped[str] = mapped_column(String(120))
    position: Mapped[int]


class Word(Base):
    """A misspelling, an abbreviation or another word for something, and what it stands for."""

    __tablename__ = "word"
    __table_args__ = (UniqueConstraint("kind", "word"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[WordKind] = mapped_column(choice(WordKind))
    word: Mapped[str] = mapped_column(String(80))
    means: Mapped[str] = mapped_column(String(160))
