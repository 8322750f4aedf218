"""The thread of a process that keeps its search fresh: it takes up commits of others, and commits itself."""

from __future__ import annotations

import atexit
import gc
import time
from collections.abc import Hashable
from threading import Event, Thread

import structlog
from flask import Flask, current_app

from services_dir.db import db
from services_dir.search import sync
from services_dir.search.searcher import Searcher
from services_dir.search.sync import Outcome
from services_dir.web.logs import chain

_INTERVAL = 0.05  # between two looks, which cost some microseconds
_AGAIN = 0.25  # after another process was found writing
_ANYWAY = 2.0  # at most between two steps, whatever the looks say
_PAUSE = 2.0  # after a failure

_log = structlog.get_logger("services_dir.search")


class Follower(Thread):
    """Keeps the searches of this process fresh: looks many times a second, and when it is nudged."""

    def __init__(self, app: Flask) -> None:
        super().__init__(name="search-follower", daemon=True)
        self._app = app
        self._searcher: Searcher = app.extensions["search"]
        self._ended = Event()
        self._seen: Hashable = None
        self._next_step = 0.0

    def run(self) -> None:
        """Follow until `stop`; a failure is logged and does not end it."""
        is_frozen = False
        while not self._ended.is_set():
            pause = _INTERVAL
            try:
                self.look()
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

    def look(self) -> None:
        """Make a step if the database or the index may have changed, or if the last one is long ago."""
        with self._app.app_context():
            signs = (self._searcher.database_mark(), self._searcher.folder.mark())
        if signs == self._seen and time.monotonic() < self._next_step:
            return
        outcome = self.step()
        self._seen = signs
        self._next_step = time.monotonic() + (_AGAIN if outcome is Outcome.BUSY else _ANYWAY)

    def step(self) -> Outcome:
        """Take up what another process committed, and what the database has that the index has not."""
        before = self._searcher.snapshot
        outcome = Outcome.NOTHING
        with self._app.app_context():
            self._searcher.refresh(db.session)
            # Every byte is compared once, when this process starts: the first approval need not wait for it.
            is_wanted = self._searcher.needs_catching_up(db.session) or not self._searcher.is_verified
            db.session.rollback()
        if is_wanted:
            outcome = sync.catch_up(self._app, wait=0)
        if self._searcher.snapshot is not before:
            with self._app.app_context():
                for heard in self._searcher.on_change:
                    heard()
        return outcome

    def stop(self, timeout: float = 10.0) -> None:
        """End after the step that is under way."""
        self._ended.set()
        self._searcher.wanted.set()
        if self.is_alive():
            self.join(timeout)


def start_follower(app: Flask) -> Follower:
    """Start following in this process; never before it forks. It ends with the process."""
    follower = Follower(app)
    atexit.register(follower.stop)
    follower.start()
    return follower


def nudge() -> None:
    """Have the follower look at once: something was just published."""
    current_app.extensions["search"].wanted.set()
