"""What to leave out of a search that finds little, and how much each such search finds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from services_dir.search import analyzer
from services_dir.search.query import Facet, SearchQuery, Sort
from services_dir.search.words import Understood

# So few programs that more may be wanted, and how many ways to more are shown then.
FEW = 3
_MOST_FROM_FEW = 3
# Leaving out each is a search of its own; of more things than these, one does not help and all take long.
_MOST_LEFT_OUT = 4

_QUOTE = '"“”„«»'
_PIECE = re.compile(rf"-?[{_QUOTE}][^{_QUOTE}]*[{_QUOTE}]?|\S+")


@dataclass(frozen=True)
class Way:
    """A search that asks for less, and the number of programs it finds.

    `part` is the parameter of the address that it lacks, or else the only one that is kept; of words,
    `text` are those.
    """

    part: str
    query: SearchQuery
    text: str = ""
    total: int = 0
    is_kept: bool = False


def ways_on(
    query: SearchQuery,
    words: Understood,
    total: int,
    *,
    are_words_found: bool,
    count: Callable[[SearchQuery], int],
) -> tuple[Way, ...]:
    """Give searches that lack one thing each and find more, the most first; nothing where enough was found.

    Where leaving out a single thing finds nothing, the words alone and the place alone are tried.
    """
    if total > FEW:
        return ()
    ways = list(_without_one(query, words, are_words_found=are_words_found))
    if total:
        # Who asked for it by name does not want anything else instead.
        more = [way for way in ways if way.query.q or not query.q]
        return _best(more, count, above=total)[:_MOST_FROM_FEW]
    return _best(ways, count) or _best(_alone(query), count)


def _best(ways: Iterable[Way], count: Callable[[SearchQuery], int], above: int = 0) -> tuple[Way, ...]:
    counted = [replace(way, total=count(way.query)) for way in ways]
    return tuple(sorted((way for way in counted if way.total > above), key=lambda way: -way.total))


def _without_one(query: SearchQuery, words: Understood, *, are_words_found: bool) -> Iterator[Way]:
    """Give the search without each thing that was asked for. Words that nobody has go together."""
    query = query.on_page(1)
    if query.q:
        is_one_in_the_way = are_words_found or words.unwanted
        is_short = len(words.phrases) <= _MOST_LEFT_OUT
        rests = _without_each(query.q, words.phrases) if is_one_in_the_way and is_short else {}
        if len(rests) < 2:
            rests = {query.q: ""}
        for text, rest in rests.items():
            yield Way("q", replace(query, q=rest), text)
    for facet in Facet:
        if query.chosen(facet):
            yield Way(facet.value, query.choosing(facet, ()))
    if query.place:
        sort = Sort.RELEVANCE if query.sort is Sort.DISTANCE else query.sort
        yield Way("place", replace(query, place="", within=None, reach=None, sort=sort))
    if query.within is not None:
        yield Way("within", replace(query, within=None))
    if query.reach is not None:
        yield Way("reach", replace(query, reach=None))
    if query.kind is not None:
        yield Way("kind", replace(query, kind=None))
    if query.open_now:
        yield Way("open", replace(query, open_now=False))


def _alone(query: SearchQuery) -> Iterator[Way]:
    if query.q:
        yield Way("q", SearchQuery(q=query.q), is_kept=True)
    if query.place:
        yield Way("place", SearchQuery(place=query.place), is_kept=True)


def _without_each(text: str, phrases: tuple[tuple[str, ...], ...]) -> dict[str, str]:
    """Give each thing that a text names, as typed, with the text without it."""
    pieces = _PIECE.findall(text)
    groups = [_group(piece, at, phrases) for at, piece in enumerate(pieces)]
    rests: dict[str, str] = {}
    for group in dict.fromkeys(group for group in groups if group is not None):
        named = [piece for piece, one in zip(pieces, groups, strict=True) if one == group]
        others = [(piece, one) for piece, one in zip(pieces, groups, strict=True) if one != group]
        while others and others[-1][1] is None:  # a small word would lean on what is gone
            others.pop()
        while others and others[0][1] is None:
            others.pop(0)
        rests[" ".join(named)] = " ".join(piece for piece, _one in others)
    return rests


def _group(piece: str, at: int, phrases: tuple[tuple[str, ...], ...]) -> tuple[str, int] | None:
    """Tell with which pieces one belongs together; None if it asks for nothing by itself."""
    if piece.startswith(("-", *_QUOTE)):
        return "exactly", at
    terms = set(analyzer.terms(piece))
    for number, phrase in enumerate(phrases):
        if terms & set(phrase):
            return "phrase", number
    return ("number", 0) if any(c.isdecimal() for c in piece) else None
