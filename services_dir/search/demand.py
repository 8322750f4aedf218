"""What a search asks for, as demand counts it: kinds of help, region and languages, and no words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from services_dir import demand
from services_dir.demand.models import Breakdown
from services_dir.demand.rules import Sums
from services_dir.search.asked import asked_for
from services_dir.search.columns import Snapshot
from services_dir.search.document import option_term
from services_dir.search.query import Facet, SearchQuery, Sort
from services_dir.search.results import SearchResult
from services_dir.search.vocabulary import Vocabulary

_OF_CATEGORY = option_term(Facet.CATEGORY, "")


def count_search(result: SearchResult, snapshot: Snapshot, language: str, *, at: datetime) -> None:
    """Count a search, by what was chosen, or else by what its words mean and where the page was read."""
    words = snapshot.vocabulary
    query, place = result.query, result.place or (result.words.place if result.words else None)
    region = snapshot.gazetteer.planning_region(place.key) if place else None
    languages = [code for code in query.chosen(Facet.LANGUAGE) if words.knows(Facet.LANGUAGE, code)]
    values = {
        Breakdown.CATEGORY: tuple(_kinds_of_help(result, words)),
        Breakdown.REGION: (region,) if region else (),
        Breakdown.LANGUAGE: languages or (language,),
    }
    demand.count(Sums(searches=1, empty=0 if result.total else 1), values, at=at)


def is_same_search(one: SearchQuery, other: SearchQuery) -> bool:
    """Tell whether two searches ask for the same, in whatever order it is listed."""
    return _bare(one) == _bare(other)


def _bare(query: SearchQuery) -> SearchQuery:
    return replace(query, page=1, sort=Sort.RELEVANCE)


def _kinds_of_help(result: SearchResult, words: Vocabulary) -> Iterator[str]:
    """Give the main kinds of help that were chosen, or those that the words stand for."""
    chosen = result.query.chosen(Facet.CATEGORY)
    meant = asked_for(result.words) if result.words and not chosen else ()
    options = (text for one in meant for text in one.options if text.startswith(_OF_CATEGORY))
    for slug in (*chosen, *(text.removeprefix(_OF_CATEGORY) for text in options)):
        if words.knows(Facet.CATEGORY, slug):
            yield words.with_ancestors(slug)[-1]
