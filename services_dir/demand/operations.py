"""Writes of demand: adding to the running month, and closing months that ended."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, TypeAlias

from sqlalchemy import delete, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from services_dir.demand import queries
from services_dir.demand.models import Breakdown, DemandMonth, KeptDemand, RunningDemand
from services_dir.demand.rules import Key, Sums, last_complete, rounded_month

RunningKey: TypeAlias = tuple[date, Breakdown, str]


def add(session: Session, counted: Mapping[RunningKey, Sums]) -> None:
    """Add to the running sums, in one statement. The caller's transaction writes."""
    rows = [
        {"month": month, "breakdown": breakdown, "value": value, **_numbers(sums)}
        for (month, breakdown, value), sums in sorted(counted.items(), key=lambda one: one[0])
    ]
    added = _insert(session)(RunningDemand).values(rows)
    session.execute(
        added.on_conflict_do_update(
            index_elements=["month", "breakdown", "value"],
            set_={name: getattr(RunningDemand, name) + added.excluded[name] for name in _numbers(Sums())},
        )
    )


def close_months(session: Session, possible: Mapping[Breakdown, int], *, at: datetime) -> int:
    """Keep the months that ended, rounded, and delete their exact sums; give how many were kept.

    Months of which nothing was counted are kept as well, so that it is seen that nothing was. What was
    counted for a month after it was closed is deleted and never added: a figure that was shown stays.
    `possible` is how many values each breakdown may have. The caller's transaction writes.
    """
    number = sum(_keep(session, month, possible) for month in queries.list_unclosed(session, at))
    session.execute(delete(RunningDemand).where(RunningDemand.month <= last_complete(at)))
    return number


def _keep(session: Session, month: date, possible: Mapping[Breakdown, int]) -> bool:
    """Keep a month, if nobody else was faster."""
    made = _insert(session)(DemandMonth).values(month=month).on_conflict_do_nothing()
    if session.execute(made.returning(DemandMonth.month)).first() is None:
        return False
    exact: dict[Key, Sums] = defaultdict(Sums)
    for row in session.scalars(select(RunningDemand).where(RunningDemand.month == month)):
        exact[row.breakdown, row.value] = Sums(row.searches, row.empty, row.sheets)
    rows = [
        {"month": month, "breakdown": breakdown, "value": value, **_numbers(sums)}
        for (breakdown, value), sums in rounded_month(exact, possible).items()
    ]
    if rows:
        session.execute(insert(KeptDemand), rows)
    return True


def _numbers(sums: Sums) -> dict[str, int]:
    return {"searches": sums.searches, "empty": sums.empty, "sheets": sums.sheets}


def _insert(session: Session) -> Any:
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    return postgresql.insert if is_postgresql else sqlite.insert
