"""The search of one process: its snapshot, what happened since, and what happens without it."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import replace
from datetime import datetime
from functools import partial
from threading import Event, Lock
from typing import TypeVar

import structlog
from flask import Flask
from pyroaring import BitMap
from sqlalchemy.orm import Session

from services_dir.catalog import gazetteer
from services_dir.catalog.queries import vocabulary_mark
from services_dir.db import CommitMarks, db
from services_dir.search import engine, fallback, matrix, suggestions, sync, vocabulary
from services_dir.search.columns import Snapshot
from services_dir.search.coverage import Coverage, cover
from services_dir.search.index import IndexFolder, IndexUnusableError, fingerprint
from services_dir.search.lines import lines_at_hand
from services_dir.search.matrix import Columns, Matrix
from services_dir.search.query import Facet, SearchQuery
from services_dir.search.results import SearchResult
from services_dir.search.suggestions import Suggestion, SuggestionKind
from services_dir.search.vocabulary import Vocabulary
from services_dir.settings import Settings
from services_dir.web.logs import chain

AnswerT = TypeVar("AnswerT")

_log = structlog.get_logger("services_dir.search")


class Searcher:
    """Answers searches of this process; its snapshot is replaced by assignment, never changed."""

    def __init__(self, settings: Settings) -> None:
        self.folder = IndexFolder(settings.home)
        self.wanted = Event()
        self.on_change: list[Callable[[], object]] = []  # called by the follower when the catalog changed
        self.verified: str | None = None  # the generation whose files were compared with their checksums
        self._memory = settings.search_memory
        self._snapshot: Snapshot | None = None
        self._words: tuple[Hashable, Vocabulary] | None = None  # the vocabulary, and its mark
        self._broken: str | None = None
        self._refreshing = Lock()
        self._marks: CommitMarks | None = None  # opened by the process that searches, not before it forks
        self._news: tuple[Hashable, int, sync.News] | None = None

    @property
    def snapshot(self) -> Snapshot | None:
        """Give what is searched now; None before the first index was opened."""
        return self._snapshot

    @property
    def is_broken(self) -> bool:
        """Tell whether the generation in place could not be read by this process."""
        return self._broken is not None and self._broken == self._current_name()

    @property
    def is_verified(self) -> bool:
        """Tell whether this process compared the files in place with their checksums."""
        return self.verified is not None and self.verified == self._current_name()

    def search(self, query: SearchQuery, *, at: datetime, language: str) -> SearchResult:
        """Answer from the snapshot, without what was withdrawn or hidden since; or from the database."""

        def answer(snapshot: Snapshot, masked: BitMap) -> SearchResult:
            result = engine.answer(snapshot, query, masked, at=at, language=language)
            return replace(result, lines=lines_at_hand(snapshot, masked, at=at))

        answered = self._from_snapshot(answer)
        return answered or fallback.search(db.session, query, at=at, language=language)

    def cover(self, query: SearchQuery, *, at: datetime) -> Coverage | None:
        """Count what a search finds by place; None without an index, or where nothing can be drawn."""
        return self._from_snapshot(partial(cover, query=query, at=at))

    def find_ids(self, query: SearchQuery, *, at: datetime, language: str) -> list[str]:
        """Give the ids of all programs that a search finds, best first; or those the database finds."""

        def found(snapshot: Snapshot, masked: BitMap) -> list[str]:
            numbers = engine.in_order(snapshot, query, masked, at=at, language=language)
            return [snapshot.ids.of(int(number)) for number in numbers]

        held = self._from_snapshot(lambda snapshot, *, masked: found(snapshot, masked))
        return fallback.find_ids(db.session, query) if held is None else held

    def matrix(self, query: SearchQuery, facet: Facet, columns: Columns, *, at: datetime) -> Matrix | None:
        """Count what serves some places, for each option of a facet; None without an index."""
        return self._from_snapshot(partial(matrix.count, query=query, facet=facet, columns=columns, at=at))

    def _from_snapshot(self, answer: Callable[..., AnswerT]) -> AnswerT | None:
        """Call with the snapshot and what is masked in it; None if there is none that can be used."""
        snapshot = self._usable()
        if snapshot is not None:
            news = self._news_since(snapshot.state.applied)
            if news.follows(snapshot.state):
                masked = BitMap(snapshot.ids[key] for key in news.hidden if key in snapshot.ids)
                try:
                    return answer(snapshot, masked=masked)
                except IndexUnusableError as error:
                    self._set_aside(snapshot.mark[0], error)
        self.wanted.set()
        return None

    def suggest(
        self, text: str, *, language: str, kind: SuggestionKind | None = None
    ) -> tuple[Suggestion, ...]:
        """Give what a text may be the beginning of, of a kind or of any; nothing while there is no index."""
        snapshot = self._usable()
        if snapshot is None:
            return ()
        news = self._news_since(snapshot.state.applied)
        hidden = {snapshot.ids[key] for key in news.hidden if key in snapshot.ids}
        return suggestions.complete(snapshot, text, language, hidden, kind=kind)

    def refresh(self, session: Session) -> bool:
        """Take up the newest commit on this machine, if it is not the one in use. True if it was replaced."""
        with self._refreshing:
            try:
                if self._snapshot is not None and not self._snapshot.is_intact:
                    raise IndexUnusableError("a file of the index was cut off")
                generation = self.folder.current()
                if self._snapshot is not None and self._snapshot.mark == generation.mark:
                    return False
                words, places = self.words(session), gazetteer.current(session)
                snapshot = Snapshot.build(
                    generation, words, places, before=self._snapshot, memory=self._memory
                )
                if snapshot.state.fingerprint != fingerprint():
                    raise IndexUnusableError("it was built by other rules")
            except IndexUnusableError as error:
                self._set_aside(self._current_name(), error)
                return False
            self._snapshot, self._broken = snapshot, None
            return True

    def words(self, session: Session) -> Vocabulary:
        """Give the vocabulary, read again only if it changed: that takes as long as taking up a commit."""
        mark = vocabulary_mark(session, with_words=True)
        kept = self._words
        if kept is None or kept[0] != mark:
            kept = self._words = mark, vocabulary.load(session)
        return kept[1]

    def needs_catching_up(self, session: Session) -> bool:
        """Tell whether the database is not where the snapshot is."""
        if self._snapshot is None:
            return True
        state = self._snapshot.state
        head = sync.read_head(session.connection())
        return (state.database_id, state.applied) != head or state.fingerprint != fingerprint()

    def database_mark(self) -> Hashable:
        """Give what is another value after every commit to the database that may concern a search."""
        mark = self._commit_mark()
        if mark is not None:
            return mark
        with db.engine.connect() as connection:
            return sync.read_head(connection)

    def _commit_mark(self) -> Hashable:
        if self._marks is None:
            self._marks = CommitMarks(db.engine)
        return self._marks.newest()

    def _news_since(self, applied: int) -> sync.News:
        """Give what happened since a change; read again only if anything was committed since it was read."""
        mark = self._commit_mark()
        kept = self._news
        if kept is not None and mark is not None and kept[:2] == (mark, applied):
            return kept[2]
        with db.engine.connect() as connection:  # a session would cost as much again as the statement
            news = sync.read_news(connection, applied)
        self._news = (mark, applied, news)
        return news

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


def init_app(app: Flask) -> None:
    """Give the application its searcher. Opens nothing: workers fork after this."""
    app.extensions["search"] = Searcher(app.config["SETTINGS"])
