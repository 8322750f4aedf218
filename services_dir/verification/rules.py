"""Pure decisions of verification: when a program is due, how urgent it is, when to ask again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services_dir.catalog.freshness import DEFAULT, Freshness
from services_dir.errors import N_
from services_dir.values import Labelled, months_later

REMIND_AFTER = (timedelta(weeks=3), timedelta(weeks=6))  # of the first mail
LINK_LIVES = timedelta(days=180)
# Who did not answer is not written to again before this; the call list names them meanwhile.
ASK_AGAIN_AFTER = timedelta(days=182)


class Standing(Labelled):
    """How a program stands with regard to being confirmed."""

    FRESH = "fresh", N_("Confirmed")
    DUE = "due", N_("Due")
    OVERDUE = "overdue", N_("Overdue")
    NEVER = "never", N_("Never confirmed")

    @property
    def is_due(self) -> bool:
        """Tell whether somebody should ask."""
        return self is not Standing.FRESH


@dataclass(frozen=True)
class Deadlines:
    """After how many months a program should be confirmed again: a policy."""

    usual: int
    grave: int
    freshness: Freshness = DEFAULT  # when what is due is overdue


def standing_of(assured_on: date | None, deadlines: Deadlines, today: date, *, is_grave: bool) -> Standing:
    """Tell how a program stands on a day."""
    if assured_on is None:
        return Standing.NEVER
    if deadlines.freshness.is_overdue(assured_on, today, is_grave=is_grave):
        return Standing.OVERDUE
    months = deadlines.grave if is_grave else deadlines.usual
    return Standing.DUE if today >= months_later(assured_on, months) else Standing.FRESH


def needs_reminder(started_at: datetime, reminders: int, at: datetime) -> bool:
    """Tell whether a round without a full answer should be brought to mind again."""
    return reminders < len(REMIND_AFTER) and at >= started_at + REMIND_AFTER[reminders]
