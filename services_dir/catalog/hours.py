"""Whether somebody answers at a moment: one answer for search, lists and pages.

The clock on the wall at the schedule's place decides. Hours belong to the day on which they begin, so
an interval that crosses midnight runs on into the next day whatever that day's own hours are. An hour that
comes twice in autumn is open both times; one that is left out in spring is nobody's. A dated exception
replaces all hours that begin on its date, also those of a line that else answers round the clock.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from services_dir.catalog.kinds import Availability
from services_dir.catalog.public import PublicHours, PublicProgram

_DAY = 24 * 60
Interval = tuple[int, int]


def is_open(hours: PublicHours, at: datetime) -> bool | None:
    """Tell whether a schedule is open at an aware moment; None where only its words are known."""
    local = at.astimezone(_zone(hours.zone))
    today, minute = local.date(), local.hour * 60 + local.minute
    todays = _begun_on(hours, today)
    yesterdays = _begun_on(hours, today - timedelta(days=1))
    if todays is not None and _covers(todays, minute):
        return True
    if yesterdays is not None and _covers(yesterdays, minute + _DAY):
        return True
    return None if todays is None else False


class Timetable(Struct, frozen=True):
    """All that decides whether a program can be reached at a moment; equal ones answer alike."""

    own: PublicHours | None
    others: tuple[PublicHours, ...]
    availability: Availability
    paused_until: date | None

    @classmethod
    def of(cls, program: PublicProgram) -> Timetable:
        """Take what counts from a program: its own hours, those of its sites and phones, its state."""
        held = [site.hours for site in program.sites] + [phone.hours for phone in program.all_phones]
        others = {_bare(hours): None for hours in held if hours is not None}
        own = _bare(program.hours) if program.hours is not None else None
        return cls(own, tuple(others), program.availability, program.paused_until)

    def openness(self, at: datetime) -> bool | None:
        """Tell whether the program is open (True), closed (False), or neither is known (None).

        What the program says of its own hours counts. Where it says nothing, or only in words, it is open
        as soon as one of its sites or phones is, closed when all those that are known are closed, and else
        unknown. A program that takes nobody at present (paused, closed) is not open.
        """
        if self._takes_nobody(at):
            return False
        own = is_open(self.own, at) if self.own is not None else None
        if own is not None:
            return own
        known = {is_open(hours, at) for hours in self.others} - {None}
        return None if not known else True in known

    def _takes_nobody(self, at: datetime) -> bool:
        if self.availability is Availability.PAUSED and self.paused_until is not None:
            first = self.own or next(iter(self.others), None)
            today = (at.astimezone(_zone(first.zone)) if first is not None else at).date()
            return today <= self.paused_until
        return self.availability in (Availability.PAUSED, Availability.CLOSED)


def openness(program: PublicProgram, at: datetime) -> bool | None:
    """Tell whether a program can be reached at a moment: open, closed (False), or not known (None)."""
    return Timetable.of(program).openness(at)


def _bare(hours: PublicHours) -> PublicHours:
    """Give a schedule without its identity and words, so that equal hours are equal."""
    exceptions = tuple(replace(line, note=None) for line in hours.exceptions)
    return replace(hours, id="", words="", exceptions=exceptions)


def _begun_on(hours: PublicHours, day: date) -> tuple[Interval, ...] | None:
    """Give the intervals that begin on a date, or None if nothing is known of that date."""
    dated = [line for line in hours.exceptions if line.on == day]
    if dated:
        return tuple(
            (line.opens, line.closes) for line in dated if line.opens is not None and line.closes is not None
        )
    if hours.round_the_clock:
        return ((0, _DAY),)
    if not hours.intervals:
        return None
    return tuple((line.opens, line.closes) for line in hours.intervals if line.weekday == day.weekday())


def _covers(intervals: Iterable[Interval], minute: int) -> bool:
    return any(opens <= minute < closes for opens, closes in intervals)


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
