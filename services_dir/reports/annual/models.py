"""Tables of yearly reports: the figures as published, and the files made from them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services_dir.db import Base


class AnnualReport(Base):
    """A report as published; its figures never change. A later edition of the same year stands beside it."""

    __tablename__ = "annual_report"
    __table_args__ = (UniqueConstraint("year", "edition"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    edition: Mapped[int]
    as_of: Mapped[date]
    moment: Mapped[datetime]  # what was listed just before it is counted
    published_at: Mapped[datetime]
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    figures: Mapped[str] = mapped_column(Text)  # JSON of `figures.Figures`


class AnnualFile(Base):
    """A published report as PDF in a language. It can be made again from the figures and the versions."""

    __tablename__ = "annual_file"

    report_id: Mapped[int] = mapped_column(
        ForeignKey("annual_report.id", ondelete="CASCADE"), primary_key=True
    )
    language: Mapped[str] = mapped_column(String(3), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
