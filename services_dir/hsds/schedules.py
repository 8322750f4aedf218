"""Hours as HSDS writes them: rows of days with the same hours, and rows of single dates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

import msgspec
from msgspec import UNSET

from services_dir.catalog.kinds import Day
from services_dir.catalog.public import PublicHours
from services_dir.hsds.objects import Schedule
from services_dir.hsds.taxonomies import Taxonomies, derived_id

_DAYS = tuple(day.value for day in Day)
_WHOLE_DAY = ("00:00", "23:59")  # what HSDS recommends for round the clock
_MINUTES = 24 * 60


def schedules(taxonomies: Taxonomies, hours: PublicHours | None, **owner: Any) -> list[Schedule]:
    """Give one row for all days of the same hours, and one for each date with others.

    The first row also holds the hours as this site keeps them: HSDS knows neither zones nor nights.
    """
    if hours is None:
        return []
    rows = list(_weekly(hours, owner))
    rows += [
        Schedule(
            id=derived_id(hours.id, "exception", other.on, other.opens, other.closes),
            valid_from=other.on.isoformat(),
            valid_to=other.on.isoformat(),
            opens_at=_clock(other.opens) if other.opens is not None else UNSET,
            closes_at=_clock(other.closes) if other.closes is not None else UNSET,
            description="Closed" if other.opens is None else UNSET,
            notes=other.note or UNSET,
            **owner,
        )
        for other in hours.exceptions
    ]
    first = rows[0] if rows else Schedule(id=derived_id(hours.id, "words"), description=hours.words, **owner)
    kept = taxonomies.fact("schedule", first.id, "hours", hours_as_json(hours))
    return [msgspec.structs.replace(first, attributes=tuple(kept)), *rows[1:]]


def hours_as_json(hours: PublicHours | None) -> str | None:
    """Give hours as this site keeps them, for those who read them back."""
    return msgspec.json.encode(hours).decode() if hours is not None else None


def _weekly(hours: PublicHours, owner: dict[str, Any]) -> Iterable[Schedule]:
    if hours.round_the_clock:
        opens, closes = _WHOLE_DAY
        yield _week(hours, _DAYS, opens, closes, owner)
        return
    times = sorted((line.opens, line.closes, line.weekday) for line in hours.intervals)
    for (opens_at, closes_at), lines in groupby(times, key=lambda line: line[:2]):
        days = [_DAYS[weekday] for *_times, weekday in lines]
        yield _week(hours, days, _clock(opens_at), _clock(closes_at), owner)


def _week(
    hours: PublicHours, days: Sequence[str], opens: str, closes: str, owner: dict[str, Any]
) -> Schedule:
    byday = ",".join(days)
    return Schedule(
        id=derived_id(hours.id, "weekly", byday, opens, closes),
        freq="WEEKLY",
        wkst="MO",
        byday=byday,
        opens_at=opens,
        closes_at=closes,
        description=hours.words or UNSET,
        notes="Ends on the next day." if closes <= opens else UNSET,
        **owner,
    )


def _clock(minutes: int) -> str:
    """Write minutes of a day as HH:MM; midnight at the end of a day is 00:00 of the next."""
    return f"{minutes % _MINUTES // 60:02d}:{minutes % 60:02d}"
