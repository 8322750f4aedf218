"""Whoosh as it comes: its own codec and writer, facets by `groupedby`."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from whoosh import index as whoosh_index
from whoosh import query as whoosh
from whoosh.analysis import SpaceSeparatedTokenizer
from whoosh.fields import ID, KEYWORD, STORED, TEXT, Schema
from whoosh.scoring import BM25F
from whoosh.sorting import Count, FieldFacet

from benchmarks.questions import Answer, Question
from services_dir.search.document import AREAS, FIELDS, TEXTS, Document, encode
from services_dir.search.query import Facet

_MEMORY_MB = 512  # as ours
_ENDING = "_facet"


class Building:
    """An index that is being filled, with the fields of ours and a column for each facet."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        text = {name: TEXT(analyzer=SpaceSeparatedTokenizer(), field_boost=1.0) for name in FIELDS}
        facets = {facet.value + _ENDING: KEYWORD(sortable=True) for facet in Facet}
        schema = Schema(id=ID(unique=True, stored=True), card=STORED, facts=STORED, **text, **facets)
        self._index = whoosh_index.create_in(str(folder), schema)
        self._writer = self._index.writer(limitmb=_MEMORY_MB)

    def add(self, documents: list[Document]) -> None:
        """Add some documents."""
        for document in documents:
            terms = {name: " ".join(held) for name, held in document.terms.items() if held}
            facets = {f.value + _ENDING: " ".join(held) for f, held in document.facts.options.items()}
            stored = {"card": encode(document.card), "facts": encode(document.facts)}
            self._writer.add_document(id=document.id, **stored, **terms, **facets)

    def finish(self) -> StockWhoosh:
        """Commit and open."""
        self._writer.commit()
        return StockWhoosh(self._index)


class _Search(NamedTuple):
    wanted: Any
    narrowed: Any
    counted: tuple[Facet, ...]


class StockWhoosh:
    """Searches with Whoosh's own searcher."""

    name = "Whoosh"

    def __init__(self, index: Any) -> None:
        self._searcher = index.searcher(weighting=BM25F())

    def prepare(self, question: Question) -> list[_Search]:
        """Give a search, and one more for each facet with a choice, which is counted without it."""
        words: Any = whoosh.And(
            [
                whoosh.Or([whoosh.Term(name, word.stem, boost=boost) for name, boost in TEXTS.items()])
                for word in question.words
            ]
        )
        wanted = words if question.words else whoosh.Every()
        chosen = {facet for facet, _value in question.chosen}
        others = tuple(facet for facet in Facet if facet not in chosen)
        return [
            _Search(wanted, self._filter(question, None), others),
            *(_Search(wanted, self._filter(question, facet), (facet,)) for facet in chosen),
        ]

    def ask(self, query: list[_Search]) -> Answer:
        """Take the best of the first, and the counts of all."""
        found = [self._search(one) for one in query]
        cards = [hit["card"] for hit in islice(found[0], 20)]
        counts = {
            facet: dict(results.groups(facet.value))
            for one, results in zip(query, found, strict=True)
            for facet in one.counted
        }
        return Answer(len(found[0]), counts, len(cards))

    def _filter(self, question: Question, without: Facet | None) -> Any:
        conditions: list[Any] = [
            whoosh.Term(facet.value + _ENDING, value)
            for facet, value in question.chosen
            if facet is not without
        ]
        if question.areas:
            conditions.append(whoosh.Or([whoosh.Term(AREAS, key) for key in question.areas]))
        return whoosh.And(conditions) if conditions else None

    def _search(self, one: _Search) -> Any:
        groups = {
            f.value: FieldFacet(f.value + _ENDING, allow_overlap=True, maptype=Count) for f in one.counted
        }
        return self._searcher.search(one.wanted, limit=20, groupedby=groups, filter=one.narrowed)

    def close(self) -> None:
        """Close its files."""
        self._searcher.close()
