"""The lines that answer anyone at any hour and reach far: in reach on every page of results."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from pyroaring import BitMap

from services_dir.catalog.kinds import Access, Level
from services_dir.search import engine
from services_dir.search.document import Card
from services_dir.search.query import SearchQuery
from services_dir.search.vocabulary import ALL_SURVIVORS

if TYPE_CHECKING:
    from services_dir.search.columns import Snapshot

_CRISIS_LINES = "crisis-hotline"
_FAR_REACHING = (Level.FEDERAL, Level.NATIONAL, Level.STATE)
_TRAFFICKED = frozenset({"labor-trafficking", "sex-trafficking"})
_LOOKED_AT = 20
MOST_LINES = 5


def lines_query(place: str = "") -> SearchQuery:
    """Give the search for lines for anyone that answer at any hour; those that serve a place come first."""
    return SearchQuery(
        category=(_CRISIS_LINES,),
        population=(ALL_SURVIVORS,),
        access=(Access.ROUND_THE_CLOCK.value,),
        place=place,
    )


def is_line(card: Card) -> bool:
    """Tell whether a program is above all such a line, and reaches beyond one town."""
    return card.categories[:1] == (_CRISIS_LINES,) and card.level in _FAR_REACHING


def lines_at_hand(snapshot: Snapshot, masked: BitMap, *, at: datetime) -> tuple[Card, ...]:
    """Give the first lines of a snapshot, read once for all its searches, without those that are masked.

    Those that name people who were trafficked come first.
    """

    def read() -> tuple[tuple[int, Card], ...]:
        numbers = engine.in_order(snapshot, lines_query(), BitMap(), at=at, language="en")[:_LOOKED_AT]
        cards = ((int(number), snapshot.card(int(number))) for number in numbers)
        lines = [(number, card) for number, card in cards if is_line(card)]
        return tuple(sorted(lines, key=lambda line: -len(_TRAFFICKED.intersection(line[1].populations))))

    held = (card for number, card in snapshot.lines(read) if number not in masked)
    return tuple(held)[:MOST_LINES]
