"""Completions: names in the catalog that go on as what was typed begins, never what others searched."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Container, Iterator
from dataclasses import dataclass

from services_dir.catalog.kinds import PlaceKind
from services_dir.errors import N_
from services_dir.search import analyzer
from services_dir.search.columns import Completion, Snapshot
from services_dir.search.query import Facet
from services_dir.values import Labelled

MAXIMUM = 8
_LONGEST = 80
_PLACES = (PlaceKind.TOWN, PlaceKind.COUNTY, PlaceKind.NAMED_AREA, PlaceKind.VILLAGE)


class SuggestionKind(Labelled):
    """What a completion names."""

    CATEGORY = "category", N_("Kind of help")
    PROGRAM = "program", N_("Program")
    ORGANIZATION = "organization", N_("Organization")
    PLACE = "place", N_("Place")


@dataclass(frozen=True)
class Suggestion:
    """A completion: the text, what it names, and the slug or key of that, if it has one."""

    text: str
    kind: SuggestionKind
    value: str | None


def complete(
    snapshot: Snapshot, typed: str, language: str, hidden: Container[int] = ()
) -> tuple[Suggestion, ...]:
    """Give at most eight names with a word that begins as what was typed, in the order of their kinds."""
    start = " ".join(analyzer.terms(typed[:_LONGEST]))
    if not start:
        return ()
    names = snapshot.completions(language, lambda: sorted(_completions(snapshot, language)))
    found: dict[tuple[str, str], Suggestion] = {}
    for index in range(bisect_left(names, (start,)), len(names)):
        words, rank, text, value, number = names[index]
        if not words.startswith(start) or len(found) > 20 * MAXIMUM:
            break
        kind = list(SuggestionKind)[rank]
        if number not in hidden:
            found.setdefault((kind, text), Suggestion(text, kind, value or None))
    order = list(SuggestionKind)
    ranked = sorted(found.values(), key=lambda one: (order.index(one.kind), len(one.text), one.text))
    return tuple(ranked[:MAXIMUM])


def _completions(snapshot: Snapshot, language: str) -> Iterator[Completion]:
    """Give each name once for each of its words, from that word on."""
    for slug, term in snapshot.vocabulary.terms[Facet.CATEGORY].items():
        if not term.is_retired:
            yield from _from_each_word(SuggestionKind.CATEGORY, term.label(language), slug, -1)
    for number in snapshot.live:
        yield from _from_each_word(SuggestionKind.PROGRAM, snapshot.name(number, language), "", number)
        yield from _from_each_word(SuggestionKind.ORGANIZATION, snapshot.organization(number), "", number)
    for place in snapshot.gazetteer.places.values():
        if place.kind in _PLACES:
            yield from _from_each_word(SuggestionKind.PLACE, place.name, place.key, -1)


def _from_each_word(kind: SuggestionKind, text: str, value: str, number: int) -> Iterator[Completion]:
    words = analyzer.terms(text)
    rank = list(SuggestionKind).index(kind)
    for index in range(len(words)):
        yield " ".join(words[index:]), rank, text, value, number
