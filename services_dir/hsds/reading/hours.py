"""Schedules of any version as hours of this site; what is not understood stays as words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import msgspec

from services_dir.catalog.kinds import Day
from services_dir.catalog.public import PublicHours
from services_dir.errors import N_
from services_dir.hsds.reading.context import Context, derived_uuid
from services_dir.hsds.reading.facts import read_attributes, records
from services_dir.hsds.reading.notes import Notes
from services_dir.hsds.reading.tabular import Record
from services_dir.hsds.reading.texts import day, said

_DAYS = tuple(day.value for day in Day)
_TIME = re.compile(
    r"^(\d{1,2})(?::?(\d\d))?(?::\d\d(?:\.\d+)?)?\s*([ap])?\.?m?\.?(?:Z|[+-]\d\d:?\d\d)?$", re.IGNORECASE
)
_WHOLE_DAY = (("00:00", "23:59"), ("00:00", "00:00"), ("00:00", "24:00"))
_MINUTES = 24 * 60
_SHORT = 14  # days
_SPAN = re.compile(r"\s*(?:-|–|\bTO\b|\bTHROUGH\b)\s*")
_NOT_WEEKLY = ("bymonthday", "byweekno", "byyearday", "count")


def read_kept_hours(text: str | None) -> dict[str, Any] | None:
    """Give hours as a directory of our kind wrote them; None if there are none or they are broken."""
    if not text:
        return None
    try:
        kept = msgspec.json.decode(text, type=PublicHours)
    except msgspec.DecodeError:
        return None
    weekly: dict[tuple[int, int], list[str]] = {}
    for line in kept.intervals:
        weekly.setdefault((line.opens, line.closes), []).append(_DAYS[line.weekday])
    return {
        "id": kept.id,
        "words": kept.words,
        "zone": kept.zone,
        "round_the_clock": kept.round_the_clock,
        "weekly": [
            {"days": days, "opens": _clock(opens), "closes": _closing(closes)}
            for (opens, closes), days in weekly.items()
        ],
        "exceptions": [
            {
                "on": other.on.isoformat(),
                "opens": None if other.opens is None else _clock(other.opens),
                "closes": None if other.closes is None else _closing(other.closes),
                "note": other.note,
            }
            for other in kept.exceptions
        ],
    }


def read_schedules(schedules: Any, owner: str, context: Context, notes: Notes) -> dict[str, Any] | None:
    """Give the hours that schedules tell for their owner (a UUID); None if they tell none."""
    rows = list(records(schedules, text_as="description"))
    for row in rows:
        kept = read_kept_hours(read_attributes(row, context).fact("hours"))
        if kept is not None:
            return kept
    weekly: dict[tuple[str, str], list[str]] = {}
    exceptions: dict[str, dict[str, Any]] = {}
    words: list[str] = []
    for row in rows:
        told = said(row, "description", "schedule_description")
        is_read = _read_row(row, weekly, exceptions)
        told = told or ("" if is_read else _in_words(row))
        if not (told or is_read):
            notes.drop(row, "opens_at", N_("This schedule says nothing; it was not kept."))
        words += [text for text in (told,) if text not in words]
    if not (weekly or exceptions or any(words)):
        return None
    is_always = any(pair in _WHOLE_DAY and set(days) == set(_DAYS) for pair, days in weekly.items())
    return {
        "id": derived_uuid(owner, "schedule"),
        "words": "\n".join(filter(None, words)),
        "zone": context.zone,
        "round_the_clock": is_always,
        "weekly": []
        if is_always
        else [
            {"days": sorted(set(days), key=_DAYS.index), "opens": opens, "closes": closes}
            for (opens, closes), days in weekly.items()
        ],
        "exceptions": list(exceptions.values()),
    }


def _read_row(
    row: Record, weekly: dict[tuple[str, str], list[str]], exceptions: dict[str, dict[str, Any]]
) -> bool:
    """Take up the times of a row; tell if that cannot be done, so that it stays in words."""
    opens, closes = read_time(said(row, "opens_at")), read_time(said(row, "closes_at"))
    has_times = bool(opens and closes)
    first, last = said(row, "start_date", "valid_from"), said(row, "end_date", "valid_to")
    is_closed = _is_closed(row)
    if is_closed is not None or (first and first == last):
        dates = _dates(day(first), day(last) or day(first))
        if not dates or not (is_closed or has_times):
            return False
        for on in dates:
            exceptions[on.isoformat()] = {
                "on": on.isoformat(),
                "opens": None if is_closed else opens,
                "closes": None if is_closed else closes,
                "note": said(row, "notes")[:200] or None,
            }
        return True
    days = list(_days_of(row)) if not any(said(row, name) for name in _NOT_WEEKLY) else []
    is_weekly = said(row, "freq").upper() in ("", "WEEKLY") and said(row, "interval") in ("", "1", "1.0")
    if opens and closes and days and is_weekly and not last:  # what ends is not how it is always
        weekly.setdefault((opens, closes), []).extend(days)
        return True
    return False


def _is_closed(row: Record) -> bool | None:
    """Tell what a row of holidays says; None for any other row."""
    value = row.get("closed")
    text = str(value).casefold() if isinstance(value, bool) else said(row, "closed").casefold()
    return text in ("true", "yes", "1", "t") if text else None


def _dates(first: date | None, last: date | None) -> list[date]:
    """Give the days of a short time; of a longer one nothing is made, it is a season."""
    if first is None or last is None or not 0 <= (last - first).days <= _SHORT:
        return []
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _in_words(row: Record) -> str:
    """Write what a row says in a line, for people to read."""
    opens, closes = said(row, "opens_at"), said(row, "closes_at")
    times = "closed" if _is_closed(row) else " – ".join(filter(None, (opens, closes)))
    first, last = said(row, "start_date", "valid_from"), said(row, "end_date", "valid_to")
    dates = " – ".join(dict.fromkeys(filter(None, (first, last)))).replace(", 0001", "")
    freq = said(row, "freq").casefold()
    parts = [dates, _day_text(row), times, freq if freq != "weekly" else ""]
    parts += [f"{name}: {said(row, name)}" for name in ("interval", *_NOT_WEEKLY) if said(row, name)]
    return ", ".join(filter(None, parts)) if opens or closes or times else ""


def _day_text(row: Record) -> str:
    held = row.get("byday")
    listed = ",".join(map(str, held)) if isinstance(held, list) else ""
    return listed or said(row, "byday", "weekday")


def _days_of(row: Record) -> Iterable[str]:
    """Give the days as RFC 5545 writes them: of `MO,TU`, `Monday`, `Mon-Fri`, or of a number from 1."""
    text = _SPAN.sub("-", _day_text(row).upper())
    for word in re.split(r"[,;\s/&]+", text):
        first, _dash, last = word.partition("-")
        if last and (begin := _day_of(first)) and (end := _day_of(last)):
            at, to = _DAYS.index(begin), _DAYS.index(end)
            yield from (_DAYS[n % 7] for n in range(at, (to if to >= at else to + 7) + 1))
        elif not last and (one := _day_of(word)):
            yield one


def _day_of(word: str) -> str | None:
    if word[:2] in _DAYS and (word[:2] == word or word.isalpha()):
        return word[:2]
    return _DAYS[int(word) - 1] if word.isdecimal() and 1 <= int(word) <= len(_DAYS) else None


def read_time(text: str) -> str | None:
    """Give a time of day as HH:MM, of `09:00:00`, `9:30 AM` or `0900`; None if it is none."""
    found = _TIME.match(text.strip())
    if found is None:
        return None
    hours, minutes, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
    if half and hours <= 12:
        hours = hours % 12 + (12 if half == "p" else 0)
    if hours == 24 and minutes == 0:
        return "24:00"
    return f"{hours:02d}:{minutes:02d}" if hours < 24 and minutes < 60 else None


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _closing(minutes: int) -> str:
    return "24:00" if minutes == _MINUTES else _clock(minutes % _MINUTES)
