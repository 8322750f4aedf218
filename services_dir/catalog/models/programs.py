"""Tables of programs: what people search for, as last published, and every version of it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services_dir.catalog.kinds import (
    AssuranceMethod,
    Availability,
    CatalogStatus,
    DatePrecision,
    Known,
    Level,
    ProgramKind,
    RunBy,
)
from services_dir.catalog.models.contact import Phone, Schedule
from services_dir.catalog.models.organizations import Organization
from services_dir.catalog.models.sites import ServiceArea, Site
from services_dir.catalog.models.vocabulary import Term
from services_dir.db import Base, choice

_CASCADE = "all, delete-orphan"


class Program(Base):
    """One kind of help an organization offers, as last published."""

    __tablename__ = "program"
    __table_args__ = (
        CheckConstraint("min_age >= 0 AND max_age >= min_age", name="ages"),
        Index("ix_program_status_slug", "status", "slug"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[str] = mapped_column(String(36), unique=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    # Of a withdrawn one: the program that it repeats, to which its addresses lead.
    merged_into_id: Mapped[int | None]
    kind: Mapped[ProgramKind] = mapped_column(choice(ProgramKind))
    level: Mapped[Level] = mapped_column(choice(Level))
    status: Mapped[CatalogStatus] = mapped_column(choice(CatalogStatus))
    availability: Mapped[Availability] = mapped_column(choice(Availability))
    paused_until: Mapped[date | None]
    alert_until: Mapped[date | None]
    population_note: Mapped[str | None] = mapped_column(Text)
    min_age: Mapped[int | None]
    max_age: Mapped[int | None]
    has_interpreter: Mapped[bool | None]
    interpreter_note: Mapped[str | None] = mapped_column(Text)
    email: Mapped[str | None] = mapped_column(String(254))
    url: Mapped[str | None] = mapped_column(String(500))
    area_words: Mapped[str | None] = mapped_column(Text)
    partners_note: Mapped[str | None] = mapped_column(Text)
    asks_immigration_status: Mapped[Known] = mapped_column(choice(Known))
    needs_police_report: Mapped[Known] = mapped_column(choice(Known))
    mandated_reporters: Mapped[Known] = mapped_column(choice(Known))
    run_by: Mapped[RunBy | None] = mapped_column(choice(RunBy))
    as_of: Mapped[str | None] = mapped_column(String(10))
    as_of_precision: Mapped[DatePrecision | None] = mapped_column(choice(DatePrecision))
    confidence: Mapped[str | None] = mapped_column(String(10))  # for editors
    editor_note: Mapped[str | None] = mapped_column(Text)  # for editors
    version: Mapped[int]
    published_at: Mapped[datetime]
    modified_at: Mapped[datetime]

    organization: Mapped[Organization] = relationship()
    texts: Mapped[list[ProgramText]] = relationship(cascade=_CASCADE, order_by="ProgramText.language")
    names: Mapped[list[ProgramName]] = relationship(cascade=_CASCADE, order_by="ProgramName.position")
    terms: Mapped[list[ProgramTerm]] = relationship(cascade=_CASCADE, order_by="ProgramTerm.position")
    languages: Mapped[list[ProgramLanguage]] = relationship(
        cascade=_CASCADE, order_by="ProgramLanguage.position"
    )
    links: Mapped[list[Link]] = relationship(cascade=_CASCADE, order_by="Link.position")
    sources: Mapped[list[Source]] = relationship(cascade=_CASCADE, order_by="Source.position")
    sites: Mapped[list[Site]] = relationship(cascade=_CASCADE, order_by="Site.position")
    phones: Mapped[list[Phone]] = relationship(
        cascade=_CASCADE, order_by="Phone.position", foreign_keys=[Phone.program_id]
    )
    schedule: Mapped[Schedule | None] = relationship(cascade=_CASCADE, foreign_keys=[Schedule.program_id])
    service_areas: Mapped[list[ServiceArea]] = relationship(
        cascade=_CASCADE, order_by="ServiceArea.position", foreign_keys=[ServiceArea.program_id]
    )
    assurances: Mapped[list[Assurance]] = relationship(order_by="Assurance.on.desc(), Assurance.id.desc()")


class ProgramText(Base):
    """All that is said of a program in one language; `en` is always there."""

    __tablename__ = "program_text"

    program_id: Mapped[int] = mapped_column(ForeignKey("program.id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(String(3), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text, default="")
    eligibility: Mapped[str] = mapped_column(Text, default="")
    how_to_apply: Mapped[str] = mapped_column(Text, default="")
    what_happens: Mapped[str] = mapped_column(Text, default="")
    cost: Mapped[str] = mapped_column(Text, default="")
    alert: Mapped[str] = mapped_column(Text, default="")
    translated_on: Mapped[date | None]
    translated_version: Mapped[int | None]


class ProgramName(Base):
    """Another name of a program: an alternate one, or one it no longer uses."""

    __tablename__ = "program_name"

    id: Mapped[int] = mapped_column(primary_key=True)
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    is_former: Mapped[bool]
    position: Mapped[int]


class ProgramTerm(Base):
    """A category or population of a program; `is_excluded` for groups it does not serve."""

    __tablename__ = "program_term"

    program_id: Mapped[int] = mapped_column(ForeignKey("program.id", ondelete="CASCADE"), primary_key=True)
    term_id: Mapped[int] = mapped_column(ForeignKey("term.id"), primary_key=True, index=True)
    is_excluded: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int]

    term: Mapped[Term] = relationship()


class ProgramLanguage(Base):
    """A language in which staff answer."""

    __tablename__ = "program_language"

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[str] = mapped_column(String(36), unique=True)
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id", ondelete="CASCADE"), index=True)
    code: Mapped[str] = mapped_column(String(3))
    note: Mapped[str | None] = mapped_column(Text)
    position: Mapped[int]


class Link(Base):
    """A further web address of a program, with a label."""

    __tablename__ = "link"

    id: Mapped[int] = mapped_column(primary_key=True)
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id", ondelete="CASCADE"), index=True)
    label: Mapped[str] = mapped_column(String(200))
    url: Mapped[str] = mapped_column(String(500))
    position: Mapped[int]


class Source(Base):
    """Where facts come from; `supports` and sources that are not public are for editors."""

    __tablename__ = "source"

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[str] = mapped_column(String(36), unique=True)
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(Text)
    url: Mapped[str] = mapped_column(Text)
    as_of: Mapped[str | None] = mapped_column(String(10))
    as_of_precision: Mapped[DatePrecision | None] = mapped_column(choice(DatePrecision))
    is_public: Mapped[bool]
    supports: Mapped[str | None] = mapped_column(Text)
    fields: Mapped[str | None] = mapped_column(Text)  # names of the fields it supports, comma-separated
    feed: Mapped[str | None] = mapped_column(String(120))
    position: Mapped[int]


class Assurance(Base):
    """Somebody checked a program's details: when, how, who answered."""

    __tablename__ = "assurance"

    id: Mapped[int] = mapped_column(primary_key=True)
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id"), index=True)
    on: Mapped[date] = mapped_column("assured_on")
    method: Mapped[AssuranceMethod] = mapped_column(choice(AssuranceMethod))
    role: Mapped[str | None] = mapped_column(String(120))  # of the person who answered, never a name
    feed: Mapped[str | None] = mapped_column(String(120))
    by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    review_id: Mapped[int | None] = mapped_column(ForeignKey("review.id"))
    recorded_at: Mapped[datetime | None]  # None: before this was kept


class PrivateContact(Base):
    """Whom coordinators may ask about a listing; never in a draft, the index or a public value."""

    __tablename__ = "private_contact"
    __table_args__ = (CheckConstraint("(program_id IS NULL) <> (organization_id IS NULL)", name="one_owner"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    program_id: Mapped[int | None] = mapped_column(ForeignKey("program.id"), index=True)
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(String(254))
    role: Mapped[str | None] = mapped_column(String(120))
    language: Mapped[str] = mapped_column(String(3), default="en")
    consented_at: Mapped[datetime | None]
    bounced_at: Mapped[datetime | None]
    recorded_by_id: Mapped[int | None]  # the account that vouches; None: a sender gave it


class ProgramVersion(Base):
    """A program as published for a while; none is open while it is withdrawn."""

    __tablename__ = "program_version"
    __table_args__ = (UniqueConstraint("program_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id"))
    number: Mapped[int]
    format: Mapped[int]
    document: Mapped[str] = mapped_column(Text)
    valid_from: Mapped[datetime]
    valid_to: Mapped[datetime | None]
    review_id: Mapped[int | None] = mapped_column(ForeignKey("review.id"), index=True)


class FormerSlug(Base):
    """A slug that was in use before; it leads on for good and is never given out again."""

    __tablename__ = "former_slug"
    __table_args__ = (CheckConstraint("(program_id IS NULL) <> (organization_id IS NULL)", name="one_owner"),)

    kind: Mapped[str] = mapped_column(String(20), primary_key=True)  # "program" or "organization"
    slug: Mapped[str] = mapped_column(String(80), primary_key=True)
    program_id: Mapped[int | None] = mapped_column(ForeignKey("program.id"))
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))


class ForeignId(Base):
    """What another system calls one of our records, and what it said of it last.

    `document` is the draft as the feed alone tells it, so that the next import finds what changed there;
    `terms` are terms of the feed that stand for nothing here, kept as JSON: taxonomy, code, name.
    """

    __tablename__ = "foreign_id"
    __table_args__ = (UniqueConstraint("feed", "kind", "foreign_id"), Index("ix_foreign_id_uuid", "uuid"))

    id: Mapped[int] = mapped_column(primary_key=True)
    feed: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(30))
    uuid: Mapped[str] = mapped_column(String(36))
    foreign_id: Mapped[str] = mapped_column(String(200))
    document: Mapped[str | None] = mapped_column(Text)
    fingerprint: Mapped[str | None] = mapped_column(String(64))
    terms: Mapped[str] = mapped_column(Text, default="[]")
    seen_run: Mapped[int | None]  # the import that held it last
    seen_at: Mapped[datetime | None]
