"""Tantivy through its Python bindings: fast fields and terms aggregations."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from benchmarks.engines import NotHereError
from benchmarks.questions import Answer, Question
from services_dir.search.document import AREAS, TEXTS, Document, encode
from services_dir.search.query import Facet

try:
    import tantivy
except ImportError as error:  # it comes with the dependencies of the benchmark alone
    raise NotHereError("tantivy is not installed (make bench installs it)") from error

_HEAP = 512 * 1024 * 1024
_MOST_VALUES = 200
_CARD = "card"


def fill(folder: Path, documents: Iterable[Document]) -> None:
    """Write an index with one thread."""
    folder.mkdir()
    builder = tantivy.SchemaBuilder()
    for name in TEXTS:
        builder.add_text_field(name, tokenizer_name="whitespace")
    builder.add_bytes_field(_CARD, stored=True)
    builder.add_text_field(AREAS, tokenizer_name="raw", index_option="basic")
    for facet in Facet:
        builder.add_text_field(facet.value, tokenizer_name="raw", index_option="basic", fast=True)
    index = tantivy.Index(builder.build(), path=str(folder))
    writer = index.writer(_HEAP, 1)
    for document in documents:
        made = tantivy.Document()
        for name in TEXTS:
            made.add_text(name, " ".join(document.terms[name]))
        made.add_bytes(_CARD, encode(document.card))
        for key in document.facts.areas:
            made.add_text(AREAS, key)
        for facet, values in document.facts.options.items():
            for value in values:
                made.add_text(facet.value, value)
        writer.add_document(made)
    writer.commit()
    writer.wait_merging_threads()


def _asked(facets: list[Facet]) -> dict[str, Any]:
    return {facet.value: {"terms": {"field": facet.value, "size": _MOST_VALUES}} for facet in facets}


class Tantivy:
    """Searches with one thread."""

    name = "Tantivy"

    def __init__(self, folder: Path) -> None:
        index = tantivy.Index.open(str(folder))
        index.reload()
        self._schema: Any = index.schema
        self._searcher: Any = index.searcher()

    def prepare(self, question: Question) -> list[tuple[Any, dict[str, Any]]]:
        """Give queries and what is aggregated over each: one more for each facet with a choice."""
        chosen = {facet for facet, _value in question.chosen}
        others = [facet for facet in Facet if facet not in chosen]
        counted: list[tuple[Facet | None, list[Facet]]] = [(None, others), *((f, [f]) for f in chosen)]
        return [(self._query(question, without), _asked(facets)) for without, facets in counted]

    def ask(self, query: list[tuple[Any, dict[str, Any]]]) -> Answer:
        """Search by the first, and aggregate over all."""
        found = self._searcher.search(query[0][0], 20, True)
        cards = [self._searcher.doc(address).get_first(_CARD) for _score, address in found.hits]
        counts = {}
        for wanted, asked in query:
            for facet, held in self._searcher.aggregate(wanted, asked).items():
                counts[Facet(facet)] = {one["key"]: one["doc_count"] for one in held["buckets"]}
        return Answer(found.count, counts, len(cards))

    def _query(self, question: Question, without: Facet | None) -> Any:
        must = [self._word(word.stem) for word in question.words]
        if question.areas:
            must.append(self._filter([(AREAS, key) for key in question.areas]))
        for facet, value in question.chosen:
            if facet is not without:
                must.append(self._filter([(facet.value, value)]))
        if not must:
            return tantivy.Query.all_query()
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, part) for part in must])

    def _word(self, text: str) -> Any:
        should = tantivy.Occur.Should
        return tantivy.Query.boolean_query(
            [
                (should, tantivy.Query.boost_query(tantivy.Query.term_query(self._schema, name, text), boost))
                for name, boost in TEXTS.items()
            ]
        )

    def _filter(self, terms: list[tuple[str, str]]) -> Any:
        should = tantivy.Occur.Should
        parts = [
            (should, tantivy.Query.term_query(self._schema, name, text, "basic")) for name, text in terms
        ]
        return tantivy.Query.const_score_query(tantivy.Query.boolean_query(parts), 0.0)

    def close(self) -> None:
        """Let the files go."""
        self._searcher = None
