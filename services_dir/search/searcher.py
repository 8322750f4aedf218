"""The search of one process: its snapshot, the thread that keeps it fresh, and what happens without it."""

from __future__ import annotations

import atexit
import gc
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from threading import Event, Lock, Thread
from typing import TypeVar

import structlog
from flask import Flask, current_app
from pyroaring import BitMap
from sqlalchemy.orm import Session

from services_dir.catalog import gazetteer
from services_dir.db import db
from services_dir.search import engine, fallback, suggestions, sync, vocabulary
from services_dir.search.columns import Snapshot
from services_dir.search.index import IndexFolder, IndexUnusableError, fingerprint
from services_dir.search.query import SearchQuery
from services_dir.search.results import SearchResult
from services_dir.search.suggestions import Suggestion
from services_dir.web.logs import chain

AnswerT = TypeVar("AnswerT")

_INTERVAL = 0.25
_PAUSE = 2.0  # after a failure

_log = structlog.get_logger("services_dir.search")


class Searcher:
    """Answers searches of this process; its snapshot is replaced by assignment, never changed."""

    def __init__(self, home: Path) -> None:
        self.folder = IndexFolder(home)
        self.wanted = Event()
        self.on_change: list[Callable[[], object]] = []  # called by the follower when the catalog changed
        self.verified: str | None = None  # the generation whose files were compared with their checksums
        self._snapshot: Snapshot | None = None
        self._broken: str | None = None
        self._refreshing = Lock()

    @property
    def snapshot(self) -> Snapshot | None:
        """Give what is searched now; None before the first index was opened."""
        return self._snapshot

    @property
    def is_broken(self) -> bool:
        """Tell whether the generation in place could not be read by this process."""
        return self._broken is not None and self._broken == self._current_name()

    def search(self, query: SearchQuery, *, at: datetime, language: str) -> SearchResult:
        """Answer from the snapshot, without what was withdrawn or hidden since; or from the database."""
        answered = self._from_snapshot(partial(engine.answer, query=query, at=at, language=language))
        return answered or fallback.search(db.session, query, at=at, language=language)

    def find_ids(self, query: SearchQuery, *, at: datetime, language: str) -> list[str]:
        """Give the ids of all programs that a search finds, best first; or those the database finds."""

        def found(snapshot: Snapshot, masked: BitMap) -> list[str]:
            numbers = engine.in_order(snapshot, query, masked, at=at, language=language)
            return [snapshot.ids.of(int(number)) for number in numbers]

        held = self._from_snapshot(lambda snapshot, *, masked: found(snapshot, masked))
        return fallback.find_ids(db.session, query) if held is None else held

    def _from_snapshot(self, answer: Callable[..., AnswerT]) -> AnswerT | None:
        """Call with the snapshot and what is masked in it; None if there is none that can be used."""
        snapshot = self._usable()
        if snapshot is not None:
            news = _read_news(snapshot)
            if news.follows(snapshot.state):
                masked = BitMap(snapshot.ids[key] for key in news.hidden if key in snapshot.ids)
                try:
                    return answer(snapshot, masked=masked)
                except IndexUnusableError as error:
                    self._set_aside(snapshot.mark[0], error)
        self.wanted.set()
        return None

    def suggest(self, text: str, *, language: str) -> tuple[Suggestion, ...]:
        """Give what a text may be the beginning of; nothing while there is no index."""
        snapshot = self._usable()
        if snapshot is None:
            return ()
        news = _read_news(snapshot)
        hidden = {snapshot.ids[key] for key in news.hidden if key in snapshot.ids}
        return suggestions.complete(snapshot, text, language, hidden)

    def refresh(self, session: Session) -> bool:
        """Take up the newest commit on this machine, if it is not the one in use. True if it was replaced."""
        with self._refreshing:
            try:
                if self._snapshot is not None and not self._snapshot.is_intact:
                    raise IndexUnusableError("a file of the index was cut off")
                generation = self.folder.current()
                if self._snapshot is not None and self._snapshot.mark == generation.mark:
                    return False
                words, places = vocabulary.load(session), gazetteer.current(session)
                snapshot = Snapshot.build(generation, words, places, before=self._snapshot)
                if snapshot.state.fingerprint != fingerprint():
                    raise IndexUnusableError("it was built by other rules")
            except IndexUnusableError as error:
                self._set_aside(self._current_name(), error)
                return False
            self._snapshot, self._broken = snapshot, None
            return True

    def needs_catching_up(self, session: Session) -> bool:
        """Tell whether the database is not where the snapshot is, or its files are to be wiped."""
        if self._snapshot is None or self.folder.must_wipe:
            return True
        state = self._snapshot.state
        head = (sync.queries.database_id(session), sync.queries.last_change(session))
        return (state.database_id, state.applied) != head or state.fingerprint != fingerprint()

    def _usable(self) -> Snapshot | None:
        """Give the snapshot to answer from, if there is one, and its files can be read.

        A file that was cut off in place would end the process when what is missing is read; a look at its
        length costs a microsecond.
        """
        if self._snapshot is None or not self._snapshot.is_intact:
            self.refresh(db.session)
        return self._snapshot

    def _set_aside(self, name: str | None, error: Exception) -> None:
        self._snapshot = None
        if name is not None and name != self._broken:
            _log.warning("index unusable", errors=chain(error))
        self._broken = name

    def _current_name(self) -> str | None:
        return self.folder.current_name()


def _read_news(snapshot: Snapshot) -> sync.News:
    with db.engine.connect() as connection:  # a session would cost as much again as the statement
        return sync.read_news(connection, snapshot.state.applied)


class Follower(Thread):
    """Keeps the searches of this process fresh: looks several times a second, and when it is nudged."""

    def __init__(self, app: Flask) -> None:
        super().__init__(name="search-follower", daemon=True)
        self._app = app
        self._searcher: Searcher = app.extensions["search"]
        self._ended = Event()

    def run(self) -> None:
        """Follow until `stop`; a failure is logged and does not end it."""
        is_frozen = False
        while not self._ended.is_set():
            pause = _INTERVAL
            try:
                self.step()
                if not is_frozen and self._searcher.snapshot is not None:
                    # What was read stays as it is: a full collection must not walk all of it each time.
                    gc.collect()
                    gc.freeze()
                    is_frozen = True
            except Exception as error:  # noqa: BLE001 - whatever it is, the next look may succeed
                _log.warning("catching up failed", errors=chain(error))
                pause = _PAUSE
            self._searcher.wanted.wait(pause)
            self._searcher.wanted.clear()
        if is_frozen:
            gc.unfreeze()

    def step(self) -> None:
        """Take up what another process committed, and what the database has that the index has not."""
        before = self._searcher.snapshot
        with self._app.app_context():
            self._searcher.refresh(db.session)
            is_behind = self._searcher.needs_catching_up(db.session)
            db.session.rollback()
        if is_behind:
            sync.catch_up(self._app, wait=0)
        if self._searcher.snapshot is not before:
            with self._app.app_context():
                for heard in self._searcher.on_change:
                    heard()

    def stop(self, timeout: float = 10.0) -> None:
        """End after the step that is under way."""
        self._ended.set()
        self._searcher.wanted.set()
        if self.is_alive():
            self.join(timeout)


def init_app(app: Flask) -> None:
    """Give the application its searcher. Opens nothing: workers fork after this."""
    app.extensions["search"] = Searcher(app.config["SETTINGS"].home)


def start_follower(app: Flask) -> Follower:
    """Start following in this process; never before it forks. It ends with the process."""
    follower = Follower(app)
    atexit.register(follower.stop)
    follower.start()
    return follower


def nudge() -> None:
    """Have the follower look at once: something was just published."""
    current_app.extensions["search"].wanted.set()
