"""The figures of a yearly report: a frozen value with a JSON form, which is what is kept of it."""

from __future__ import annotations

from datetime import date, datetime

import msgspec
from msgspec import Struct

from services_dir.catalog.freshness import Freshness
from services_dir.search.matrix import Reached
from services_dir.verification.rules import Deadlines, Standing

FORMAT = 1


class Part(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of the parts of the figures."""


class Months(Part, frozen=True, kw_only=True):
    """After how many months a program is due and overdue, usually and for places to stay and hotlines."""

    due: int
    due_grave: int
    overdue: int
    overdue_grave: int

    @classmethod
    def of(cls, deadlines: Deadlines) -> Months:
        """Take the months of a policy."""
        freshness = deadlines.freshness
        return cls(
            due=deadlines.usual,
            due_grave=deadlines.grave,
            overdue=freshness.usual,
            overdue_grave=freshness.grave,
        )

    def as_deadlines(self) -> Deadlines:
        """Give them as what decides how a program stands."""
        return Deadlines(self.due, self.due_grave, Freshness(self.overdue, self.overdue_grave))


class Changes(Part, frozen=True, kw_only=True):
    """What happened to the programs in the year: `start` + `new` + `again` - `withdrawn` is `end`.

    New is what was never listed before, also if it is gone at the end; `again` what was listed before, was
    not at the start, and came back; `changed` what is listed at both ends in another version.
    """

    start: int = 0
    new: int = 0
    again: int = 0
    withdrawn: int = 0
    end: int = 0
    changed: int = 0


class DemandLine(Part, frozen=True, kw_only=True):
    """What was looked for in a month, by one breakdown; every number is rounded down to a multiple of 5."""

    month: str
    breakdown: str
    value: str
    searches: int
    empty: int
    sheets: int


class Figures(Part, frozen=True, kw_only=True):
    """All figures of a report, by slugs of terms and keys of places; `labels` say what these were called.

    `labels` are by language and then by `category/…`, `level/…` or the key of a place. `coverage` is by
    place and kind of help, `freshness` by `all`, `category/…` and `level/…`. Rights that a law gives are
    counted as `rights` and nowhere else.
    """

    format: int = FORMAT
    year: int
    as_of: date
    moment: datetime
    begins: date
    months: Months
    categories: tuple[str, ...]
    statutory: tuple[str, ...]
    levels: tuple[str, ...]
    regions: tuple[str, ...]
    towns: tuple[str, ...]
    labels: dict[str, dict[str, str]]
    programs: int
    rights: int
    organizations: int
    by_level: dict[str, int]
    by_category: dict[str, int]
    cells: dict[str, dict[str, int]]
    changes: Changes
    changes_by_category: dict[str, Changes]
    coverage: dict[str, dict[str, tuple[int, int, int, int]]]
    freshness: dict[str, dict[Standing, int]]
    freshness_at_start: dict[Standing, int]
    demand: tuple[DemandLine, ...] = ()

    def reached(self, place: str, category: str) -> Reached:
        """Give how many programs of a kind serve a place, by how near."""
        return Reached(*self.coverage[place][category])

    def label(self, key: str, language: str) -> str:
        """Give what a term or a place was called."""
        return self.labels[language].get(key) or self.labels["en"].get(key, key)

    def to_json(self) -> str:
        """Give the figures as they are kept: JSON with its keys in a fixed order."""
        return msgspec.json.encode(self, order="deterministic").decode()

    @classmethod
    def read(cls, document: str) -> Figures:
        """Read kept figures."""
        return msgspec.json.decode(document, type=cls)
