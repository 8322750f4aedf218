"""This application's engine: its index, its snapshot, and answers with all that the page needs."""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from datetime import time as clock_time
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask
from pyroaring import BitMap

from benchmarks.listings import TODAY
from benchmarks.questions import Answer, Question
from services_dir.catalog import queries
from services_dir.db import db
from services_dir.search import Searcher, engine
from services_dir.search.columns import Snapshot
from services_dir.search.document import Document
from services_dir.search.facets import count_options
from services_dir.search.index import Generation, IndexFolder, State, fingerprint
from services_dir.search.picking import first, pick
from services_dir.search.plan import make_plan
from services_dir.search.query import PER_PAGE, SearchQuery
from services_dir.search.results import SearchResult

AT = datetime.combine(TODAY, clock_time(10, 30), ZoneInfo("America/New_York"))


FIRST_TOUCH, WHOLE = "first touch", "whole answer"


class Building:
    """A new index that is being filled; it answers after `finish`."""

    def __init__(self, app: Flask) -> None:
        self._folder = IndexFolder(app.config["SETTINGS"].home)
        self._generation = self._folder.create()
        with app.app_context():
            head = State(queries.last_change(db.session), queries.database_id(db.session), fingerprint())
            db.session.rollback()
        self._open = ExitStack()
        self._writer = self._open.enter_context(self._generation.writing(head))

    def add(self, documents: list[Document]) -> None:
        """Add some documents."""
        for document in documents:
            self._writer.add(document)

    def finish(self) -> None:
        """Commit, and let it answer from now on."""
        self._open.close()
        self._folder.swap(self._generation)


class Ours:
    """A snapshot of the index in a home, as a worker holds it."""

    name = "this engine"

    def __init__(self, app: Flask) -> None:
        """Open the index."""
        self._app = app
        self._searcher = Searcher(app.config["SETTINGS"])
        self.refresh()

    @property
    def snapshot(self) -> Snapshot:
        """Give what answers."""
        snapshot = self._searcher.snapshot
        assert snapshot is not None, "the index cannot be read"
        return snapshot

    def refresh(self) -> None:
        """Take up what was committed."""
        with self._app.app_context():
            self._searcher.refresh(db.session)
            db.session.rollback()

    def answer(self, query: SearchQuery) -> SearchResult:
        """Answer as a page needs it: 20 cards, their facts, labelled counts."""
        return engine.answer(self.snapshot, query, BitMap(), at=AT)

    def prepare(self, question: Question) -> Any:
        """Give the trees of its words, its areas and options, without what else goes into the order."""
        plan = make_plan(self.snapshot, question.query(), at=AT, language="en")
        return replace(plan, words=replace(plan.words, bonus=()), exact=None)

    def ask(self, query: Any) -> Answer:
        """Do what `engine.answer` does between reading a search and making it ready to be shown."""
        snapshot = self.snapshot
        picked = pick(snapshot, query, BitMap())
        best = first(snapshot, query, picked, PER_PAGE)
        cards = [snapshot.stored(number) for number in best.tolist()]
        counted = count_options(snapshot, picked.base, picked.chosen)
        counts = {
            facet: dict(zip(snapshot.countable[facet].values, held.listed, strict=True))
            for facet, held in counted.items()
        }
        return Answer(len(picked.found), counts, len(cards))

    def approve(self, document: Document) -> tuple[float, float]:
        """Replace a document as after an approval; give the seconds of the commit and of taking it up."""
        begin = time.perf_counter()
        generation: Generation = IndexFolder(self._app.config["SETTINGS"].home).current()
        with generation.writing(generation.state()) as writer:
            writer.put(document)
        between = time.perf_counter()
        self.refresh()
        return between - begin, time.perf_counter() - between

    def close(self) -> None:
        """Nothing is held but memory."""


class WholeAnswer(Ours):
    """The same engine, from what was typed to what a page shows; its peers do less."""

    name = WHOLE

    def prepare(self, question: Question) -> Any:
        """Give the question as typed, in quotation marks."""
        return question.query()

    def ask(self, query: Any) -> Answer:
        """Answer as a page needs it: 20 cards, their facts, labelled counts."""
        result = self.answer(query)
        counts = {
            facet.name: {option.value: option.count or 0 for option in facet.options}
            for facet in result.facets
        }
        return Answer(result.total, counts, len(result.hits))


def opened_anew(app: Flask) -> Ours:
    """Give an engine that was just opened."""
    fresh = Ours(app)
    fresh.name = FIRST_TOUCH
    return fresh
