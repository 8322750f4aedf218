"""Tables of indicators: figures with their source, and tables of figures that were handed in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services_dir.db import Base, choice
from services_dir.errors import N_
from services_dir.values import Labelled


class IndicatorFigure(Base):
    """What a source says of a series in a year; of a number too small to be shown only that it is one."""

    __tablename__ = "indicator_figure"
    __table_args__ = (
        UniqueConstraint("series", "period", "breakdown", "part"),
        CheckConstraint("value >= 0", "not_negative"),
        CheckConstraint("length(source_title) > 0", "has_source"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    series: Mapped[str] = mapped_column(String(40))
    period: Mapped[str] = mapped_column(String(9))  # "2025", or "2024-2025" for a year that begins in summer
    breakdown: Mapped[str] = mapped_column(String(20))  # "" for the whole
    part: Mapped[str] = mapped_column(String(20))
    value: Mapped[int | None]  # None: from 1 to 4, and not kept
    source_title: Mapped[str] = mapped_column(String(200))
    source_url: Mapped[str] = mapped_column(String(500))
    source_as_of: Mapped[str] = mapped_column(String(10))
    note: Mapped[str] = mapped_column(String(300))
    import_id: Mapped[int] = mapped_column(ForeignKey("indicator_import.id"))


class ImportState(Labelled):
    """How far an import of figures is."""

    PLANNED = "planned", N_("Planned")
    APPLIED = "applied", N_("Applied")


class IndicatorImport(Base):
    """A table of figures that was handed in: its rows as they were read, without small numbers."""

    __tablename__ = "indicator_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    file_name: Mapped[str] = mapped_column(String(200))
    rows: Mapped[str] = mapped_column(Text)
    state: Mapped[ImportState] = mapped_column(choice(ImportState))
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]
