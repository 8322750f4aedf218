"""Completions: names in the catalog that go on as what was typed begins, never what others searched."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from pyroaring import BitMap

from services_dir.catalog.kinds import PlaceKind
from services_dir.errors import N_
from services_dir.search import analyzer
from services_dir.search.columns import Completion, Snapshot
from services_dir.search.query import Facet
from services_dir.search.vocabulary import language_name
from services_dir.values import Labelled, fold, one_edit

MAXIMUM = 8
_LONGEST = 80
_LOOKED_AT = 60  # names from one source, of which the shortest are shown
_OF_ONE_KIND = 3  # unless there is nothing else
_SHORTEST_NEAR, _LONGEST_NEAR = 4, 20  # of what is mended
_NEAR = 3
_PLACES = (PlaceKind.TOWN, PlaceKind.COUNTY, PlaceKind.NAMED_AREA, PlaceKind.VILLAGE)


class SuggestionKind(Labelled):
    """What a completion names."""

    CATEGORY = "category", N_("Kind of help")
    PROGRAM = "program", N_("Program")
    ORGANIZATION = "organization", N_("Organization")
    PLACE = "place", N_("Place")
    POPULATION = "population", N_("Who it is for")
    LANGUAGE = "language", N_("Language")


@dataclass(frozen=True)
class Suggestion:
    """A completion: the text, what it names, and the slug or key of that, if it has one."""

    text: str
    kind: SuggestionKind
    value: str | None


def complete(
    snapshot: Snapshot,
    typed: str,
    language: str,
    hidden: Collection[int] = (),
    *,
    kind: SuggestionKind | None = None,
) -> tuple[Suggestion, ...]:
    """Give at most eight names with a word that begins as what was typed: the best first, of several kinds.

    If there is none, one letter may be wrong. With a kind, only names of that kind are given.
    """
    start = " ".join(analyzer.terms(typed[:_LONGEST]))
    if not start:
        return ()
    found = _found(snapshot, start, language, hidden, kind)
    if not found and _SHORTEST_NEAR <= len(start) <= _LONGEST_NEAR:
        for near in _near(snapshot, start, language):
            found |= _found(snapshot, near, language, hidden, kind)
    return _mixed(sorted(found, key=lambda one: (found[one], len(one.text), one.text)))


def _found(
    snapshot: Snapshot, start: str, language: str, hidden: Collection[int], kind: SuggestionKind | None
) -> dict[Suggestion, tuple[int, int]]:
    """Give each name with its place: kinds of help first, then names that begin so, then the others."""
    order = list(SuggestionKind)
    found: dict[Suggestion, tuple[int, int]] = {}
    for source in (
        _listed(snapshot, start, language),
        _programs(snapshot, start, language, hidden),
        _organizations(snapshot, start, BitMap(hidden)),
    ):
        for suggestion in islice(source, _LOOKED_AT):
            begins = fold(suggestion.text).startswith(start)
            is_category = suggestion.kind is SuggestionKind.CATEGORY
            tier = 0 if is_category and begins else 1 if is_category or begins else 2
            found.setdefault(suggestion, (tier, order.index(suggestion.kind)))
    names = {one.text for one in found if one.kind is SuggestionKind.PROGRAM}
    return {
        one: place
        for one, place in found.items()
        if (one.kind is not SuggestionKind.ORGANIZATION or one.text not in names) and kind in (None, one.kind)
    }


def _mixed(ranked: Sequence[Suggestion]) -> tuple[Suggestion, ...]:
    """Give the first ones, a few of each kind before more of the same."""
    counts: Counter[SuggestionKind] = Counter()
    first: list[Suggestion] = []
    rest: list[Suggestion] = []
    for one in ranked:
        counts[one.kind] += 1
        (first if counts[one.kind] <= _OF_ONE_KIND else rest).append(one)
    chosen = {*first[:MAXIMUM], *rest[: MAXIMUM - len(first[:MAXIMUM])]}
    return tuple(one for one in ranked if one in chosen)


def _near(snapshot: Snapshot, start: str, language: str) -> Iterator[str]:
    """Give beginnings one letter away: of what is listed, and with another last word of the catalog."""
    *before, last = start.split()
    words = snapshot.lexicon.spelling.near(last, _NEAR)
    yield from (" ".join((*before, word)) for word in words)
    if not words:
        names = _names(snapshot, language)
        begun = (one for one in one_edit(start) if _begins(names, one))
        yield from islice(dict.fromkeys(begun), _NEAR)


def _begins(names: list[Completion], start: str) -> bool:
    at = bisect_left(names, (start,))
    return at < len(names) and names[at][0].startswith(start)


def _listed(snapshot: Snapshot, start: str, language: str) -> Iterator[Suggestion]:
    """Give kinds of help, groups, languages and places."""
    names = _names(snapshot, language)
    for index in range(bisect_left(names, (start,)), len(names)):
        words, rank, text, value = names[index]
        if not words.startswith(start):
            break
        yield Suggestion(text, list(SuggestionKind)[rank], value)


def _names(snapshot: Snapshot, language: str) -> list[Completion]:
    return snapshot.completions(language, lambda: sorted(_completions(snapshot, language)))


def _programs(snapshot: Snapshot, start: str, language: str, hidden: Collection[int]) -> Iterator[Suggestion]:
    for number, name in snapshot.names_starting(start, language):
        if number not in hidden:
            yield Suggestion(name, SuggestionKind.PROGRAM, None)


def _organizations(snapshot: Snapshot, start: str, hidden: BitMap) -> Iterator[Suggestion]:
    for name, programs in snapshot.organizations_starting(start):
        if programs - hidden:
            yield Suggestion(name, SuggestionKind.ORGANIZATION, None)


def _completions(snapshot: Snapshot, language: str) -> Iterator[Completion]:
    """Give names by what they go on as from each word, and kinds of help by what people call them."""
    vocabulary = snapshot.vocabulary
    for kind, facet in (
        (SuggestionKind.CATEGORY, Facet.CATEGORY),
        (SuggestionKind.POPULATION, Facet.POPULATION),
    ):
        for slug, term in vocabulary.terms.get(facet, {}).items():
            if not term.is_retired:
                label = term.label(language)
                for words in (label, *vocabulary.search_words(facet, slug)):
                    yield from _from_each_word(kind, words, label, slug)
    for code in snapshot.spoken:
        name = language_name(code, language)
        yield from _from_each_word(SuggestionKind.LANGUAGE, name, name, code)
    for place in snapshot.gazetteer.places.values():
        if place.kind in _PLACES:
            yield from _from_each_word(SuggestionKind.PLACE, place.name, place.name, place.key)


def _from_each_word(kind: SuggestionKind, said: str, text: str, value: str) -> Iterator[Completion]:
    words = analyzer.terms(said)
    rank = list(SuggestionKind).index(kind)
    for index in range(len(words)):
        yield " ".join(words[index:]), rank, text, value
