"""Hours in cells: `MO TU 09:00-17:00 | SA 10:00-12:00`, and back."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from services_dir.catalog.kinds import Day
from services_dir.errors import N_
from services_dir.exchange.rows import Row
from services_dir.values import seed_uuid

# The columns of a schedule, in each file whose rows may have one.
COLUMNS = ("hours_words", "time_zone", "round_the_clock", "weekly_hours", "dated_hours")

_TIME = r"(?:[01]\d|2[0-3]):[0-5]\d|24:00"
_DAY = "|".join(Day)
_WEEKLY = re.compile(
    rf"(?P<days>(?:{_DAY})(?: (?:{_DAY}))*) (?P<opens>{_TIME})-(?P<closes>{_TIME})", re.ASCII
)
_DATED = re.compile(
    rf"(?P<on>\d{{4}}-\d\d-\d\d) (?:closed|(?P<opens>{_TIME})-(?P<closes>{_TIME}))(?: \((?P<note>[^|]*)\))?",
    re.ASCII,
)


def read_hours(row: Row, owner: str) -> dict[str, Any] | None:
    """Build the document of the schedule that a row tells for its owner (a UUID); None if it tells none."""
    words = row.text("hours_words")
    round_the_clock = row.yes_or_no("round_the_clock")
    weekly = [line for cell in row.texts("weekly_hours") if (line := _read_weekly(row, cell))]
    dated = [line for cell in row.texts("dated_hours") if (line := _read_dated(row, cell))]
    if not (words or round_the_clock or weekly or dated):
        return None
    zone = row.text("time_zone")
    if zone is None:
        row.error("time_zone", N_("Say the time zone of the hours, such as America/New_York."))
    return {
        "id": seed_uuid("schedule", owner),
        "words": words or "",
        "zone": zone,
        "round_the_clock": bool(round_the_clock),
        "weekly": weekly,
        "exceptions": dated,
    }


def _read_weekly(row: Row, cell: str) -> dict[str, Any] | None:
    found = _WEEKLY.fullmatch(" ".join(cell.split()))
    if found is None:
        row.error("weekly_hours", N_("“{value}” is not written like this: MO TU FR 09:00-17:00"), value=cell)
        return None
    days = list(dict.fromkeys(found["days"].split()))
    return {"days": days, "opens": found["opens"], "closes": found["closes"]}


def _read_dated(row: Row, cell: str) -> dict[str, Any] | None:
    found = _DATED.fullmatch(" ".join(cell.split()))
    try:
        on = date.fromisoformat(found["on"]) if found else None
    except ValueError:
        on = None
    if found is None or on is None:
        message = N_(
            "“{value}” is not written like this: 2026-12-25 closed, or 2026-12-24 09:00-12:00 (note)"
        )
        row.error("dated_hours", message, value=cell)
        return None
    return {"on": on, "opens": found["opens"], "closes": found["closes"], "note": found["note"]}
