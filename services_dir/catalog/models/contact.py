"""Tables of how and when to reach a program: phones and hours."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services_dir.catalog.kinds import PhoneKind
from services_dir.db import Base, choice

_CASCADE = "all, delete-orphan"


def _one_of(*columns: str) -> CheckConstraint:
    terms = " + ".join(f"CASE WHEN {column} IS NULL THEN 0 ELSE 1 END" for column in columns)
    return CheckConstraint(f"{terms} = 1", name="one_owner")


class Phone(Base):
    """A number of a program, a site or an organization: E.164, or the digits of a short code."""

    __tablename__ = "phone"
    __table_args__ = (_one_of("program_id", "site_id", "organization_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[str] = mapped_column(String(36), unique=True)
    program_id: Mapped[int | None] = mapped_column(ForeignKey("program.id", ondelete="CASCADE"), index=True)
    site_id: Mapped[int | None] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"), index=True)
    organization_id: Mapped[int | None] = mapped_column(
        ForeignKey("organization.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[PhoneKind] = mapped_column(choice(PhoneKind))
    number: Mapped[str] = mapped_column(String(16), index=True)
    extension: Mapped[str | None] = mapped_column(String(20))
    label: Mapped[str | None] = mapped_column(String(200))
    language: Mapped[str | None] = mapped_column(String(3))
    instruction: Mapped[str | None] = mapped_column(Text)
    position: Mapped[int]

    schedule: Mapped[Schedule | None] = relationship(cascade=_CASCADE, foreign_keys="Schedule.phone_id")


class Schedule(Base):
    """Hours of a program, a site or a phone, in its own zone, with the words of the source."""

    __tablename__ = "schedule"
    __table_args__ = (_one_of("program_id", "site_id", "phone_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[str] = mapped_column(String(36), unique=True)
    program_id: Mapped[int | None] = mapped_column(ForeignKey("program.id", ondelete="CASCADE"), unique=True)
    site_id: Mapped[int | None] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"), unique=True)
    phone_id: Mapped[int | None] = mapped_column(ForeignKey("phone.id", ondelete="CASCADE"), unique=True)
    words: Mapped[str] = mapped_column(Text)
    zone: Mapped[str] = mapped_column(String(60))
    round_the_clock: Mapped[bool]

    intervals: Mapped[list[ScheduleInterval]] = relationship(
        cascade=_CASCADE, order_by="ScheduleInterval.weekday, ScheduleInterval.opens"
    )
    exceptions: Mapped[list[ScheduleException]] = relationship(
        cascade=_CASCADE, order_by="ScheduleException.on, ScheduleException.opens"
    )


class ScheduleInterval(Base):
    """Open on a weekday (0 is Monday) from minute to minute; past 1,440 is the next day."""

    __tablename__ = "schedule_interval"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint(
            "opens BETWEEN 0 AND 1439 AND closes > opens AND closes <= opens + 1440", name="minutes"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    schedule_id: Mapped[int] = mapped_column(ForeignKey("schedule.id", ondelete="CASCADE"), index=True)
    weekday: Mapped[int]
    opens: Mapped[int]
    closes: Mapped[int]


class ScheduleException(Base):
    """Other hours on one date; no hours means closed that day."""

    __tablename__ = "schedule_exception"
    __table_args__ = (
        CheckConstraint("(opens IS NULL) = (closes IS NULL)", name="both_or_none"),
        CheckConstraint("closes > opens AND closes <= opens + 1440", name="minutes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    schedule_id: Mapped[int] = mapped_column(ForeignKey("schedule.id", ondelete="CASCADE"), index=True)
    on: Mapped[date] = mapped_column("on_date")
    opens: Mapped[int | None]
    closes: Mapped[int | None]
    note: Mapped[str | None] = mapped_column(Text)
