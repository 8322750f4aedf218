"""Meetings for a calendar, as iCalendar (RFC 5545)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from services_dir.council.models import Meeting


def calendar(meetings: Iterable[Meeting], name: str, address: Callable[[Meeting], str]) -> bytes:
    """Give meetings as a calendar. `name` is what each is called, `address` gives its page."""
    held = Calendar()
    held.add("prodid", "-//services-dir//council//EN")
    held.add("version", "2.0")
    for meeting in meetings:
        held.add_component(_event(meeting, name, address(meeting)))
    return bytes(held.to_ical())


def _event(meeting: Meeting, name: str, address: str) -> Event:
    event = Event()
    event.add("uid", meeting.uuid)
    event.add("dtstamp", meeting.changed_at)
    event.add("last-modified", meeting.changed_at)
    event.add("sequence", meeting.revision)
    event.add("summary", name)
    event.add("status", "CANCELLED" if meeting.is_canceled else "CONFIRMED")
    event.add("dtstart", _moment(meeting, meeting.starts))
    if meeting.starts is not None and meeting.ends is not None:
        event.add("dtend", _moment(meeting, meeting.ends))
    elif meeting.starts is None:
        event.add("dtend", meeting.held_on + timedelta(days=1))
    where = [said for said in (meeting.place, meeting.url) if said]
    if where:
        event.add("location", ", ".join(where))
    event.add("url", address)
    if meeting.note:
        event.add("description", meeting.note)
    return event


def _moment(meeting: Meeting, at: time | None) -> date | datetime:
    """Give a moment in UTC; a day where the hour is not known, a floating hour where the zone is not."""
    if at is None:
        return meeting.held_on
    if meeting.zone is None:
        return datetime.combine(meeting.held_on, at)
    return datetime.combine(meeting.held_on, at, ZoneInfo(meeting.zone)).astimezone(UTC)
