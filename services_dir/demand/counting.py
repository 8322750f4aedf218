"""Counting in memory: a page adds to a dictionary, and a thread of its process writes the sums down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from threading import Lock
from typing import Final, TypeAlias, cast

from flask import Flask, current_app

from services_dir.db import transaction
from services_dir.demand import operations
from services_dir.demand.models import Breakdown
from services_dir.demand.rules import NOT_SAID, Sums, month_of

INTERVAL: Final = 60.0  # seconds between two writes of a process: what is lost if it is killed

Counted: TypeAlias = dict[operations.RunningKey, Sums]


class Tally:
    """What one process counted and did not write yet: sums only."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._sums: Counted = {}

    def add(self, counted: Counted) -> None:
        """Add some sums."""
        with self._lock:
            for key, sums in counted.items():
                self._sums[key] = self._sums.get(key, Sums()) + sums

    def take(self) -> Counted:
        """Give all sums and begin anew."""
        with self._lock:
            taken, self._sums = self._sums, {}
            return taken


def init_app(app: Flask) -> None:
    """Begin to count."""
    app.extensions["demand"] = Tally()


def count(sums: Sums, values: Mapping[Breakdown, Iterable[str]], *, at: datetime) -> None:
    """Count something once for each of its values; where a breakdown has none, as “not said”."""
    counted: Counted = {(month_of(at), Breakdown.ALL, ""): sums}
    for breakdown in (Breakdown.CATEGORY, Breakdown.REGION, Breakdown.LANGUAGE):
        for value in set(values.get(breakdown, ())) or {NOT_SAID}:
            counted[month_of(at), breakdown, value] = sums
    _tally(current_app).add(counted)


def flush(app: Flask) -> None:
    """Write down what this process counted; what cannot be written is kept for the next time."""
    taken = _tally(app).take()
    if not taken:
        return
    try:
        with app.app_context(), transaction() as session:
            operations.add(session, taken)
    except BaseException:
        _tally(app).add(taken)
        raise


def _tally(app: Flask) -> Tally:
    return cast("Tally", app.extensions["demand"])
