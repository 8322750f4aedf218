"""What is asked for again and again, kept in this process for as long as it is right."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from threading import Lock

from sqlalchemy.orm import Session

from services_dir.api import queries
from services_dir.api.queries import Mark

_MOST = 64
_LARGEST = 256 * 1024  # bytes: all of them together are at most 16 MB
_ROOM = 8 * 1024 * 1024  # bytes of records


class KeptAnswers:
    """The newest answers by their tags; a tag names all that an answer depends on."""

    def __init__(self) -> None:
        self._held: OrderedDict[str, bytes] = OrderedDict()
        self._lock = Lock()

    def find(self, tag: str) -> bytes | None:
        """Give the answer of a tag, if it is here."""
        with self._lock:
            if tag in self._held:
                self._held.move_to_end(tag)
            return self._held.get(tag)

    def keep(self, tag: str, body: bytes) -> None:
        """Keep an answer, unless it is large; what was not asked for longest makes room."""
        if len(body) > _LARGEST:
            return
        with self._lock:
            self._held[tag] = body
            while len(self._held) > _MOST:
                self._held.popitem(last=False)


@dataclass(frozen=True)
class _State:
    """What all records depend on: the database, its newest change, and the day, on which alerts end."""

    database_id: str
    change: int
    day: date


class KeptRecords:
    """Services as they were written into a list, by form and id; a change of one leaves the others here."""

    def __init__(self) -> None:
        self._held: OrderedDict[tuple[str, str], bytes] = OrderedDict()
        self._bytes = 0
        self._state: _State | None = None
        self._lock = Lock()

    def at(self, session: Session, mark: Mark, day: date) -> RecordsAt:
        """Give what is kept for the catalog as a request has read it; what changed is forgotten."""
        state = _State(mark.database_id, mark.last_change, day)
        with self._lock:
            before = self._state
        if before != state and not _is_behind(state, before):
            changed = _changed(session, before, state)
            with self._lock:
                if self._state == before:
                    self._forget(changed)
                    self._state = state
        return RecordsAt(self, state)

    def find(self, state: _State, form: str, ids: Iterable[str]) -> dict[str, bytes]:
        """Give those of some records that are here."""
        with self._lock:
            if state != self._state:
                return {}
            return {one: self._held[form, one] for one in ids if (form, one) in self._held}

    def keep(self, state: _State, form: str, records: Mapping[str, bytes]) -> None:
        """Keep records that were read at a state, if it is still that; the oldest make room."""
        with self._lock:
            if state != self._state:
                return
            for one, body in records.items():
                self._bytes += len(body) - len(self._held.get((form, one), b""))
                self._held[form, one] = body
            while self._bytes > _ROOM:
                _key, body = self._held.popitem(last=False)
                self._bytes -= len(body)

    def _forget(self, changed: set[str] | None) -> None:
        gone = list(self._held) if changed is None else [key for key in self._held if key[1] in changed]
        for key in gone:
            self._bytes -= len(self._held.pop(key))


@dataclass(frozen=True)
class RecordsAt:
    """Kept records as one request may use them."""

    _kept: KeptRecords
    _state: _State

    def find(self, form: str, ids: Iterable[str]) -> dict[str, bytes]:
        """Give those of some records that are here."""
        return self._kept.find(self._state, form, ids)

    def keep(self, form: str, records: Mapping[str, bytes]) -> None:
        """Keep records for the next request."""
        self._kept.keep(self._state, form, records)


def _is_behind(state: _State, before: _State | None) -> bool:
    """Tell whether a request read the catalog before another one that was here already."""
    return before is not None and state.database_id == before.database_id and state.change < before.change


def _changed(session: Session, before: _State | None, state: _State) -> set[str] | None:
    """Give the ids of services that changed between two states; None if any may have."""
    if before is None or (before.database_id, before.day) != (state.database_id, state.day):
        return None
    return queries.list_changed(session, before.change, state.change)
