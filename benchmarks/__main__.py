"""`make bench`: the seeded catalog searched by our engine and by Whoosh alone, interleaved, in one run.

Both hold the same analysed terms and look for the same trees of terms: the best 20 and the counts of
five facets. Ours also orders by what is near and assured. A row whose totals differ is void.
Milliseconds depend on the machine; read the ratios.
"""

from __future__ import annotations

import logging
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import geometric_mean, median
from typing import Any

import structlog
from pyroaring import BitMap
from whoosh import query as whoosh
from whoosh.analysis import SpaceSeparatedTokenizer
from whoosh.fields import ID, KEYWORD, TEXT, Schema
from whoosh.filedb.filestore import RamStorage
from whoosh.scoring import BM25F
from whoosh.sorting import FieldFacet

from services_dir import clock
from services_dir.app import create_app
from services_dir.catalog import gazetteer, queries
from services_dir.db import db
from services_dir.search import engine, sync, vocabulary, words
from services_dir.search.document import FIELDS, TEXTS, Document, make_document
from services_dir.search.query import Facet, SearchQuery
from services_dir.search.tree import And, DisjunctionMax, Not, Or, Phrase, Term, Tree
from services_dir.settings import Settings
from services_dir.upkeep import start

QUERIES = (
    "shelter hartford",
    "legal",
    "t visa",
    "counseling spanish",
    "hotline",
    "english classes",
    "food",
    "children",
    "services for victims",
    "health center",
    "refugio",
    "housing for women",
)
ROUNDS = 15


def main() -> int:
    """Measure and print a table."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings.from_environment({"SERVICES_DIR_HOME": str(Path(folder) / "home")}))
        seconds = _time(lambda: start.prepare(app, "http://127.0.0.1"))
        print(f"First start, seed and index included: {seconds:.1f} s")
        print(f"Rebuild of the index: {_time(lambda: sync.rebuild(app)):.2f} s")
        with app.app_context():
            documents = _documents()
            _compare_engines(app.extensions["search"].snapshot, documents)
        _measure_pages(app)
    return 0


def _documents() -> list[Document]:
    terms, places = vocabulary.load(db.session), gazetteer.current(db.session)
    return [make_document(program, terms, places) for program in queries.list_public_programs(db.session)]


def _compare_engines(snapshot: Any, documents: list[Document]) -> None:
    stock = _StockWhoosh(documents, snapshot.lexicon)
    at, nobody = clock.now(), BitMap()
    print(f"\nBest 20 and five facets of {len(documents)} programs, median of {ROUNDS}, milliseconds")
    print(f"{'query':<24}{'found':>7}{'ours':>9}{'Whoosh':>9}{'ratio':>8}")
    ratios = []
    for text in QUERIES:
        totals: set[int] = set()
        ours, theirs = [], []
        for _ in range(ROUNDS):
            query = SearchQuery(q=text)
            begin = time.perf_counter()
            totals.add(engine.answer(snapshot, query, nobody, at=at).total)
            between = time.perf_counter()
            totals.add(stock.search(text))
            ours.append(1e3 * (between - begin))
            theirs.append(1e3 * (time.perf_counter() - between))
        if len(totals) != 1:
            print(f"{text:<24}   void: totals {sorted(totals)}")
            continue
        ratio = median(theirs) / median(ours)
        ratios.append(ratio)
        print(f"{text:<24}{totals.pop():>7}{median(ours):>9.2f}{median(theirs):>9.2f}{ratio:>8.1f}")
    print(f"{'geometric mean':<49}{geometric_mean(ratios):>8.1f}")


def _measure_pages(app: Any) -> None:
    client = app.test_client()
    pages = {
        "liveness": "/healthz",
        "home": "/",
        "results": "/programs?q=legal&category=housing",
        "results, JSON": "/programs.json?q=legal&category=housing",
        "program": "/programs/national-human-trafficking-hotline",
    }
    times: dict[str, list[float]] = {name: [] for name in pages}
    for _ in range(ROUNDS * 2):
        for name, path in pages.items():
            times[name].append(_time(partial(client.get, path)))
    floor = median(times["liveness"])
    print(f"\nPages inside one process, median of {ROUNDS * 2}; times the page that says only that it lives")
    for name, measured in times.items():
        print(f"{name:<24}{median(measured) * 1e3:>9.2f} ms{median(measured) / floor:>8.1f}")


class _StockWhoosh:
    """The same documents in an index as Whoosh alone would keep it, counted by `groupedby`."""

    def __init__(self, documents: list[Document], lexicon: words.Lexicon) -> None:
        self._lexicon = lexicon
        text = {name: TEXT(analyzer=SpaceSeparatedTokenizer(), phrase=name in TEXTS) for name in FIELDS}
        facets = {facet.value: KEYWORD(sortable=True) for facet in Facet}
        index = RamStorage().create_index(Schema(id=ID(stored=True), **text, **facets))
        writer = index.writer()
        for document in documents:
            terms = {name: " ".join(held) for name, held in document.terms.items() if held}
            options = {facet.value: " ".join(values) for facet, values in document.facts.options.items()}
            writer.add_document(id=document.id, **terms, **options)
        writer.commit()
        self._searcher = index.searcher(weighting=BM25F())

    def search(self, text: str) -> int:
        """Find the best 20 of what the same trees find, count the facets, and give the total."""
        wanted = whoosh.And([_for_whoosh(tree) for tree in words.read(text, self._lexicon).wanted])
        groups = {facet.value: FieldFacet(facet.value, allow_overlap=True) for facet in Facet}
        results = self._searcher.search(wanted, limit=20, groupedby=groups)
        for facet in Facet:
            results.groups(facet.value)
        return len(results)


def _for_whoosh(tree: Tree) -> whoosh.Query:
    match tree:
        case Term(field, text, weight):
            return whoosh.Term(field, text, boost=weight)
        case Phrase(field, terms, weight):
            return whoosh.Phrase(field, list(terms), boost=weight)
        case Or(parts):
            return whoosh.Or([_for_whoosh(part) for part in parts])
        case DisjunctionMax(parts):
            return whoosh.DisjunctionMax([_for_whoosh(part) for part in parts])
        case And(parts):
            return whoosh.And([_for_whoosh(part) for part in parts if not isinstance(part, Not)])


def _time(deed: Callable[[], object]) -> float:
    begin = time.perf_counter()
    deed()
    return time.perf_counter() - begin


if __name__ == "__main__":
    sys.exit(main())
