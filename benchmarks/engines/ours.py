"""This application's engine: its index, its snapshot, and answers with all that the page needs."""

from __future__ import annotations

import time
from contextlib import ExitStack
from datetime import datetime
from datetime import time as clock_time
from zoneinfo import ZoneInfo

from flask import Flask
from pyroaring import BitMap

from benchmarks.listings import TODAY
from benchmarks.questions import COMPARED, Answer, Question
from services_dir.catalog import queries
from services_dir.db import db
from services_dir.search import Searcher, engine
from services_dir.search.columns import Snapshot
from services_dir.search.document import Document
from services_dir.search.index import Generation, IndexFolder, State, fingerprint
from services_dir.search.query import SearchQuery
from services_dir.search.results import SearchResult

AT = datetime.combine(TODAY, clock_time(10, 30), ZoneInfo("America/New_York"))


FIRST_TOUCH = "first touch"


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
        self._searcher = Searcher(app.config["SETTINGS"].home)
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

    def ask(self, question: Question) -> Answer:
        """Answer a question."""
        result = self.answer(question.query())
        counts = {
            facet.name: {option.value: option.count or 0 for option in facet.options}
            for facet in result.facets
            if facet.name in COMPARED
        }
        return Answer(result.total, counts, len(result.hits))

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


def opened_anew(app: Flask, before: list[Question]) -> Ours:
    """Give an engine that was just opened, of which only other questions were asked."""
    fresh = Ours(app)
    fresh.name = FIRST_TOUCH
    for question in before:
        fresh.ask(question)
    return fresh
