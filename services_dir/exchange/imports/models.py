"""Tables of imports: feeds, runs with their rows and notes, and what foreign terms stand for."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services_dir.catalog.kinds import Level
from services_dir.db import Base, choice
from services_dir.errors import N_
from services_dir.exchange.imports.sources import Format
from services_dir.hsds.reading.notes import Weight
from services_dir.values import Labelled


class RunState(Labelled):
    """Where an import stands."""

    PLANNING = "planning", N_("Being planned")
    PLANNED = "planned", N_("Planned")
    APPLYING = "applying", N_("Being applied")
    APPLIED = "applied", N_("Applied")
    UNDONE = "undone", N_("Taken back")
    BROKEN = "broken", N_("Could not be read")


class Verdict(Labelled):
    """What a plan says of a record."""

    ADD = "add", N_("Would be added")
    CHANGE = "change", N_("Would be changed")
    LEAVE = "leave", N_("Stays as it is")
    DOUBT = "doubt", N_("Needs a person")
    WITHDRAW = "withdraw", N_("Would be withdrawn")
    REFUSE = "refuse", N_("Cannot be taken")


class RowState(Labelled):
    """What was done with a row of a plan."""

    WAITING = "waiting", N_("Not yet applied")
    QUEUED = "queued", N_("Waits for review")
    PUBLISHED = "published", N_("Published")
    NOTHING = "nothing", N_("Nothing to do")
    FAILED = "failed", N_("Could not be applied")
    UNDONE = "undone", N_("Taken back")
    KEPT = "kept", N_("Changed since, so it stays")


class RecordKind(Labelled):
    """What a row is about."""

    ORGANIZATION = "organization", N_("Organization")
    PROGRAM = "service", N_("Program")


class Feed(Base):
    """Where imports come from, with what is usual in its records."""

    __tablename__ = "feed"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    address: Mapped[str | None] = mapped_column(String(500))  # of its API, if it is followed
    level: Mapped[Level] = mapped_column(choice(Level))
    zone: Mapped[str] = mapped_column(String(60))
    areas: Mapped[str] = mapped_column(Text, default="")  # keys of places, comma-separated
    modified_after: Mapped[datetime | None]  # up to where its API was read
    made_at: Mapped[datetime]


class ImportRun(Base):
    """One import of a feed: planned, then applied; it can be taken back as a whole."""

    __tablename__ = "import_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    feed_id: Mapped[int] = mapped_column(ForeignKey("feed.id"), index=True)
    state: Mapped[RunState] = mapped_column(choice(RunState))
    format: Mapped[Format] = mapped_column(choice(Format))
    file_name: Mapped[str] = mapped_column(String(200))
    publishes: Mapped[bool] = mapped_column(default=False)  # past the queue, as an administrator said
    counts: Mapped[str] = mapped_column(Text, default="{}")  # JSON: verdict to number
    files: Mapped[str] = mapped_column(Text, default="[]")  # JSON: the account of each file
    problem: Mapped[str | None] = mapped_column(Text)  # why it could not be read
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime]
    planned_at: Mapped[datetime | None]
    applied_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]

    feed: Mapped[Feed] = relationship()


class ImportRow(Base):
    """A record of an import: what the plan says of it and why, its content, and what was done.

    `document` is the draft as it would be published, `base` the feed's own part of it; of what is refused it
    holds the cells to mend. Neither ever holds an address that must not be known.
    """

    __tablename__ = "import_row"
    __table_args__ = (
        Index("ix_import_row_run", "run_id", "verdict", "position"),
        Index("ix_import_row_state", "run_id", "state", "position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("import_run.id", ondelete="CASCADE"))
    position: Mapped[int]
    file: Mapped[str] = mapped_column(String(200))
    line: Mapped[int]
    kind: Mapped[RecordKind] = mapped_column(choice(RecordKind))
    verdict: Mapped[Verdict] = mapped_column(choice(Verdict))
    state: Mapped[RowState] = mapped_column(choice(RowState))
    name: Mapped[str] = mapped_column(String(200))
    foreign_id: Mapped[str] = mapped_column(String(200))
    uuid: Mapped[str | None] = mapped_column(String(36), index=True)
    reasons: Mapped[str] = mapped_column(Text, default="[]")  # JSON: [sentence, values, column, line, file]
    fields: Mapped[str] = mapped_column(Text, default="")  # that change, comma-separated
    document: Mapped[str | None] = mapped_column(Text)
    base: Mapped[str | None] = mapped_column(Text)
    fingerprint: Mapped[str | None] = mapped_column(String(64))
    terms: Mapped[str] = mapped_column(Text, default="[]")  # JSON: unmapped terms as [taxonomy, code, name]
    version_before: Mapped[int | None]
    version_after: Mapped[int | None]
    assured_on: Mapped[date | None]
    modified_at: Mapped[datetime | None]
    submission_id: Mapped[int | None] = mapped_column(ForeignKey("submission.id"), index=True)


class ImportNote(Base):
    """Something that was noted of a part of a record while it was read."""

    __tablename__ = "import_note"
    __table_args__ = (Index("ix_import_note_run", "run_id", "file", "line"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("import_run.id", ondelete="CASCADE"))
    file: Mapped[str] = mapped_column(String(200))
    line: Mapped[int]
    column: Mapped[str] = mapped_column("column_name", String(60))
    weight: Mapped[Weight] = mapped_column(choice(Weight))
    message: Mapped[str] = mapped_column(Text)
    values: Mapped[str] = mapped_column("message_values", Text, default="{}")


class TermMapping(Base):
    """What a term of a feed stands for here, as a coordinator decided, or not yet."""

    __tablename__ = "term_mapping"
    __table_args__ = (UniqueConstraint("feed_id", "taxonomy", "code", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    feed_id: Mapped[int] = mapped_column(ForeignKey("feed.id", ondelete="CASCADE"))
    taxonomy: Mapped[str] = mapped_column(String(120))
    code: Mapped[str] = mapped_column(String(120))
    name: Mapped[str] = mapped_column(String(200))
    categories: Mapped[str] = mapped_column(Text, default="")  # slugs, comma-separated
    populations: Mapped[str] = mapped_column(Text, default="")
    is_decided: Mapped[bool] = mapped_column(default=False)
    count: Mapped[int] = mapped_column(default=0)  # records of the last import that bear it
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime | None]
