"""Reads of demand: of what is kept, and of which months wait to be closed. Nothing else reads exact sums."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services_dir.demand.models import DemandMonth, KeptDemand, RunningDemand
from services_dir.demand.rules import Key, Sums, last_complete, months_between
from services_dir.values import months_later


def list_unclosed(session: Session, at: datetime) -> list[date]:
    """List the months that ended and were not closed, the oldest first."""
    newest = session.scalar(select(func.max(DemandMonth.month)))
    oldest = session.scalar(select(func.min(RunningDemand.month)))
    begin = months_later(newest, 1) if newest is not None else oldest
    return list(months_between(begin, last_complete(at))) if begin is not None else []


def is_due(session: Session, at: datetime) -> bool:
    """Tell whether a month waits to be closed, or something was counted for one that was."""
    late = select(RunningDemand.month).where(RunningDemand.month <= last_complete(at)).limit(1)
    return session.scalar(late) is not None or bool(list_unclosed(session, at))


def list_months(session: Session) -> list[date]:
    """List the months that were closed, the newest first."""
    return list(session.scalars(select(DemandMonth.month).order_by(DemandMonth.month.desc())))


def list_kept(session: Session) -> dict[date, dict[Key, Sums]]:
    """Give all that is kept, month by month, the newest first."""
    kept: dict[date, dict[Key, Sums]] = {month: {} for month in list_months(session)}
    for row in session.scalars(select(KeptDemand)):
        kept[row.month][row.breakdown, row.value] = Sums(row.searches, row.empty, row.sheets)
    return kept
