"""What time it is: the one place that asks the machine."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """Give this moment, aware, in UTC."""
    return datetime.now(UTC)


def today(zone: str) -> date:
    """Give the date it is now in an IANA zone."""
    return now().astimezone(ZoneInfo(zone)).date()
