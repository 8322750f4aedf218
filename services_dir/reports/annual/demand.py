"""The demand of a year, as kept: the rounded sums of its months, and nothing finer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from services_dir.demand import queries
from services_dir.demand.models import Breakdown
from services_dir.demand.rules import Sums, last_complete
from services_dir.reports.annual.figures import DemandLine


def list_demand(session: Session, year: int, moment: datetime) -> tuple[DemandLine, ...]:
    """Give what people looked for in the months of a year that were over at a moment, in order."""
    last = last_complete(moment)
    return tuple(
        DemandLine(
            month=f"{month:%Y-%m}",
            breakdown=breakdown.value,
            value=value,
            searches=sums.searches,
            empty=sums.empty,
            sheets=sums.sheets,
        )
        for month, kept in sorted(queries.list_kept(session).items())
        if month.year == year and month <= last
        for (breakdown, value), sums in sorted(kept.items())
    )


def sums_of(lines: Iterable[DemandLine], breakdown: Breakdown) -> dict[str, Sums]:
    """Add up the months by the values of a breakdown."""
    added: dict[str, Sums] = {}
    for line in lines:
        if line.breakdown == breakdown.value:
            sums = Sums(line.searches, line.empty, line.sheets)
            added[line.value] = added.get(line.value, Sums()) + sums
    return added
