"""Tables of demand: the running month's exact sums, and what is kept of months that ended."""

from __future__ import annotations

from datetime import date
from typing import Final

from sqlalchemy import CheckConstraint, Date, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from services_dir.db import Base, choice
from services_dir.errors import N_
from services_dir.values import Labelled

STEP: Final = 5  # every figure that is kept or shown is a multiple of it


class Breakdown(Labelled):
    """By what is counted. Each breakdown stands alone: they are never crossed, not even in exact sums."""

    ALL = "all", N_("All")
    CATEGORY = "category", N_("Kind of help")
    REGION = "region", N_("Planning region")
    LANGUAGE = "language", N_("Language")


class Measure(Labelled):
    """What is counted."""

    SEARCHES = "searches", N_("Searches")
    EMPTY = "empty", N_("Found nothing")
    SHEETS = "sheets", N_("Sheets made")


class RunningDemand(Base):
    """Exact sums of a month that has not ended. Backups leave them out; they are deleted at its end.

    Rows lie in the order of their key, so that it is not seen which of them came first.
    """

    __tablename__ = "demand_running"
    __table_args__ = ({"sqlite_with_rowid": False},)

    month: Mapped[date] = mapped_column(Date, primary_key=True)
    breakdown: Mapped[Breakdown] = mapped_column(choice(Breakdown), primary_key=True)
    value: Mapped[str] = mapped_column(String(120), primary_key=True)
    searches: Mapped[int]
    empty: Mapped[int]
    sheets: Mapped[int]


class DemandMonth(Base):
    """A month that ended and was kept, whatever was counted in it."""

    __tablename__ = "demand_month"

    month: Mapped[date] = mapped_column(Date, primary_key=True)


class KeptDemand(Base):
    """Sums of a month that ended, each rounded down; a value whose sums are all 0 has no row."""

    __tablename__ = "demand_kept"
    __table_args__ = (
        CheckConstraint(f"searches % {STEP} = 0 AND empty % {STEP} = 0 AND sheets % {STEP} = 0", "rounded"),
        CheckConstraint("searches + empty + sheets > 0", "not_nothing"),
    )

    month: Mapped[date] = mapped_column(ForeignKey("demand_month.month"), primary_key=True)
    breakdown: Mapped[Breakdown] = mapped_column(choice(Breakdown), primary_key=True)
    value: Mapped[str] = mapped_column(String(120), primary_key=True)
    searches: Mapped[int]
    empty: Mapped[int]
    sheets: Mapped[int]


TABLES_LEFT_OUT_OF_BACKUPS: Final = (RunningDemand.__tablename__,)
