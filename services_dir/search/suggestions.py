"""Completions: names in the catalog that go on as what was typed begins, never what others searched."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice

from pyroaring import BitMap

from services_dir.catalog.kinds import PlaceKind
from services_dir.errors import N_
from services_dir.search import analyzer
from services_dir.search.columns import Completion, Snapshot
from services_dir.search.query import Facet
from services_dir.values import Labelled

MAXIMUM = 8
_LONGEST = 80
_LOOKED_AT = 160  # names from one source, of which the shortest are shown
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
    snapshot: Snapshot, typed: str, language: str, hidden: Collection[int] = ()
) -> tuple[Suggestion, ...]:
    """Give at most eight names with a word that begins as what was typed, in the order of their kinds."""
    start = " ".join(analyzer.terms(typed[:_LONGEST]))
    if not start:
        return ()
    found: dict[tuple[str, str], Suggestion] = {}
    for source in (
        _listed(snapshot, start, language),
        _programs(snapshot, start, language, hidden),
        _organizations(snapshot, start, BitMap(hidden)),
    ):
        for suggestion in islice(source, _LOOKED_AT):
            found.setdefault((suggestion.kind, suggestion.text), suggestion)
    order = list(SuggestionKind)
    ranked = sorted(found.values(), key=lambda one: (order.index(one.kind), len(one.text), one.text))
    return tuple(ranked[:MAXIMUM])


def _listed(snapshot: Snapshot, start: str, language: str) -> Iterator[Suggestion]:
    """Give categories and places."""
    names = snapshot.completions(language, lambda: sorted(_completions(snapshot, language)))
    for index in range(bisect_left(names, (start,)), len(names)):
        words, rank, text, value = names[index]
        if not words.startswith(start):
            break
        yield Suggestion(text, list(SuggestionKind)[rank], value)


def _programs(snapshot: Snapshot, start: str, language: str, hidden: Collection[int]) -> Iterator[Suggestion]:
    for number, name in snapshot.names_starting(start, language):
        if number not in hidden:
            yield Suggestion(name, SuggestionKind.PROGRAM, None)


def _organizations(snapshot: Snapshot, start: str, hidden: BitMap) -> Iterator[Suggestion]:
    for name, programs in snapshot.organizations_starting(start):
        if programs - hidden:
            yield Suggestion(name, SuggestionKind.ORGANIZATION, None)


def _completions(snapshot: Snapshot, language: str) -> Iterator[Completion]:
    """Give each name once for each of its words, from that word on."""
    for slug, term in snapshot.vocabulary.terms[Facet.CATEGORY].items():
        if not term.is_retired:
            yield from _from_each_word(SuggestionKind.CATEGORY, term.label(language), slug)
    for place in snapshot.gazetteer.places.values():
        if place.kind in _PLACES:
            yield from _from_each_word(SuggestionKind.PLACE, place.name, place.key)


def _from_each_word(kind: SuggestionKind, text: str, value: str) -> Iterator[Completion]:
    words = analyzer.terms(text)
    rank = list(SuggestionKind).index(kind)
    for index in range(len(words)):
        yield " ".join(words[index:]), rank, text, value
