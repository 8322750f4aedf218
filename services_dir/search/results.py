"""What a search answers: hits, facets and notices, as frozen values for pages, JSON and the command line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from services_dir.catalog.gazetteer import PlaceEntry
from services_dir.errors import N_
from services_dir.search.document import Card
from services_dir.search.facets import FacetCounts
from services_dir.search.query import PER_PAGE, Notice, Reach, SearchQuery
from services_dir.search.ways import Way
from services_dir.search.words import Understood
from services_dir.values import Labelled


class Group(Labelled):
    """Headings under which hits stand; those that answer best of all stand under none."""

    FIRST = "first", N_("Results")
    BY_PHONE = "by-phone", N_("By phone or online")
    HOURS_UNKNOWN = "hours-unknown", N_("Hours not known")
    HOURS_UNKNOWN_BY_PHONE = "hours-unknown-by-phone", N_("Hours not known, by phone or online")


@dataclass(frozen=True)
class Hit:
    """A program found: its card, and what this search says of it at this moment."""

    card: Card
    open: bool | None
    group: Group = Group.FIRST
    distance_miles: float | None = None
    is_about: bool = False
    town: str | None = None
    reach: Reach | None = None
    by_interpreter: bool = False


@dataclass(frozen=True)
class SearchResult:
    """The answer to a search. `total` counts all pages; `place` is what the place was understood as.

    `suggestion` is what was looked for in place of words that nobody has; `offer` is the same search with
    a place that was named among the words as its place. `words` is what the words were understood as, and
    `ways` are searches that ask for less, where little was found. `lines` answer anyone at any hour.
    """

    query: SearchQuery
    total: int
    hits: tuple[Hit, ...]
    facets: tuple[FacetCounts, ...]
    notices: tuple[Notice, ...]
    today: date
    place: PlaceEntry | None = None
    suggestion: str | None = None
    offer: SearchQuery | None = None
    words: Understood | None = None
    ways: tuple[Way, ...] = ()
    lines: tuple[Card, ...] = ()
    is_complete: bool = True

    @property
    def page(self) -> int:
        """Give the number of the page shown, from 1."""
        return self.query.page

    @property
    def pages(self) -> int:
        """Give the number of pages, at least 1."""
        return max(1, -(-self.total // PER_PAGE))
