"""The thread of `serve` that does what is due; of all processes of a machine one does it at a time.

What a process counted of demand it writes down itself: once a minute, and when it ends.
"""

from __future__ import annotations

import atexit
import fcntl
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread
from typing import IO

import structlog
from flask import Flask

from services_dir import demand
from services_dir.upkeep.work import Report, work_once
from services_dir.web.logs import chain

INTERVAL = 15.0  # seconds between two looks

_log = structlog.get_logger()


class Worker(Thread):
    """Works again and again while it holds the lock of this machine; when it ends, another takes over."""

    def __init__(self, app: Flask, *, interval: float = INTERVAL) -> None:
        super().__init__(name="worker", daemon=True)
        self._app = app
        self._interval = interval
        self._ended = Event()
        self._lock: IO[str] | None = None
        self._next_count = 0.0

    def run(self) -> None:
        """Work until `stop`; a failure is logged and does not end it."""
        while not self._ended.wait(self._interval):
            try:
                self._write_demand()
                if self.has_turn():
                    work_once(self._app, with_index=False)  # the search follows by itself here
            except Exception as error:  # noqa: BLE001 - whatever it is, the next look may succeed
                _log.warning("work failed", errors=chain(error))

    def _write_demand(self) -> None:
        if time.monotonic() >= self._next_count:
            self._next_count = time.monotonic() + demand.INTERVAL
            demand.flush(self._app)

    def has_turn(self) -> bool:
        """Tell whether this process holds the lock, or takes it now. It ends with the process."""
        if self._lock is None:
            self._lock = _take_lock(self._app.config["SETTINGS"].home / "work.lock")
        return self._lock is not None

    def stop(self, timeout: float = 10.0) -> None:
        """End after what is under way."""
        self._ended.set()
        if self.is_alive():
            self.join(timeout)
        try:
            demand.flush(self._app)
        except Exception as error:  # noqa: BLE001 - a minute of sums is no reason not to end
            _log.warning("demand was not written", errors=chain(error))
        if self._lock is not None:
            self._lock.close()
            self._lock = None


def start_worker(app: Flask) -> Worker:
    """Start working in this process; never before it forks. It ends with the process."""
    worker = Worker(app)
    atexit.register(worker.stop)
    worker.start()
    return worker


def work_forever(app: Flask, tell: Callable[[Report], None]) -> None:
    """Work until the process is ended, telling what each pass did."""
    while True:
        tell(work_once(app))
        Event().wait(INTERVAL)


def _take_lock(file: Path) -> IO[str] | None:
    handle = file.open("a")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:  # another process works
        handle.close()
        return None
    return handle
