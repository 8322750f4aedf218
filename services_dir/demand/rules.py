"""When a month is over, and how its sums are rounded so that nobody's search can be worked out from them.

`docs/decisions` (demand) has the reasoning; in short: who knows all that is published must, for every
figure, still have to reckon with each of the five sums that round to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, TypeAlias

from services_dir.demand.models import STEP, Breakdown, Measure
from services_dir.values import months_later

# Workers write what they counted once a minute: the last minute of a month arrives in the next one.
GRACE: Final = timedelta(minutes=10)

NOT_SAID: Final = ""  # the value of what names no kind of help, or no place in one region

Key: TypeAlias = tuple[Breakdown, str]


@dataclass(frozen=True)
class Sums:
    """How many searches, searches that found nothing, and sheets."""

    searches: int = 0
    empty: int = 0
    sheets: int = 0

    def __add__(self, other: Sums) -> Sums:
        """Add them one by one."""
        return Sums(self.searches + other.searches, self.empty + other.empty, self.sheets + other.sheets)

    def of(self, measure: Measure) -> int:
        """Give one of the sums."""
        number: int = getattr(self, measure.value)
        return number

    @property
    def is_nothing(self) -> bool:
        """Tell whether all are 0."""
        return not (self.searches or self.empty or self.sheets)


def month_of(at: datetime) -> date:
    """Give the first day of the month of a moment, in UTC."""
    return at.astimezone(UTC).date().replace(day=1)


def last_complete(at: datetime) -> date:
    """Give the newest month of which nothing can arrive any more."""
    return months_later(month_of(at - GRACE), -1)


def end_of(month: date) -> datetime:
    """Give the moment at which a month is closed."""
    return datetime.combine(months_later(month, 1), time(), UTC) + GRACE


def months_between(first: date, last: date) -> Iterator[date]:
    """Give the months from one to another, both included."""
    while first <= last:
        yield first
        first = months_later(first, 1)


def rounded(number: int) -> int:
    """Round down to a multiple of 5."""
    return number - number % STEP


def rounded_month(exact: Mapping[Key, Sums], possible: Mapping[Breakdown, int]) -> dict[Key, Sums]:
    """Give what is kept of a month: each sum rounded down, the totals as far as they tell nothing more.

    `possible` is how many values a breakdown may have, with those nobody asked for. Sums of 0 are left out.
    """
    figures = {
        measure: _unrevealing({key: rounded(sums.of(measure)) for key, sums in exact.items()}, possible)
        for measure in Measure
    }
    kept = {}
    for key in exact:
        sums = Sums(**{measure.value: figures[measure][key] for measure in Measure})
        sums = replace(sums, empty=min(sums.empty, sums.searches))
        if not sums.is_nothing:
            kept[key] = sums
    return kept


def _unrevealing(figures: dict[Key, int], possible: Mapping[Breakdown, int]) -> dict[Key, int]:
    """Lower the total, and what tells of it, to where none of the five sums behind a figure is ruled out.

    A search stands in each breakdown, so one of n values that shows S in sum has at most S + 4n searches;
    with one of the values at its least, S + 4(n - 1). A total beyond that would tell that every value was
    asked for; and so would parts from which a larger total follows.
    """
    whole: Key = (Breakdown.ALL, "")
    parts = [breakdown for breakdown in Breakdown if breakdown is not Breakdown.ALL]
    most = min(
        sum(_values(figures, breakdown).values()) + (STEP - 1) * (possible[breakdown] - 1)
        for breakdown in parts
    )
    figures[whole] = min(figures.get(whole, 0), rounded(most))
    for breakdown in parts:
        while figures[whole] < _least_whole(figures, breakdown):
            held = _values(figures, breakdown)
            figures[max(held, key=lambda key: held[key])] -= STEP
    return figures


def _least_whole(figures: Mapping[Key, int], breakdown: Breakdown) -> int:
    """Give how many searches there must be, by the figures of a breakdown.

    A search has one region, but may ask for several kinds of help; without any it stands under none else.
    """
    held = _values(figures, breakdown)
    if breakdown is Breakdown.REGION:
        return sum(held.values())
    not_said = held.pop((breakdown, NOT_SAID), 0)
    return not_said + max(held.values(), default=0)


def _values(figures: Mapping[Key, int], breakdown: Breakdown) -> dict[Key, int]:
    return {key: number for key, number in figures.items() if key[0] is breakdown}
