"""The index follows the database: taking up changes, building anew, and saying how it stands.

Every change of the catalog has a number without gaps (`catalog_change`); a commit of the index holds
the last one it took up. What a process does when it is killed at any point is at most done again.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from flask import Flask, current_app
from sqlalchemy import Connection, bindparam, select
from sqlalchemy.orm import Session

from services_dir.catalog import gazetteer, queries
from services_dir.catalog.kinds import CatalogStatus, ChangeKind
from services_dir.catalog.models import CatalogChange, CatalogState, Program
from services_dir.db import db
from services_dir.db import snapshot as one_moment
from services_dir.search.document import Document, make_document
from services_dir.search.index import (
    Generation,
    IndexBusyError,
    IndexFolder,
    IndexUnusableError,
    State,
    fingerprint,
)
from services_dir.web.context import settings

_BATCH = 200
_ROUNDS = 20
_WAIT = 60.0  # seconds for which a command waits for the process that writes


# Asked before every search, so it is put together once.
_NEWS = (
    select(
        CatalogState.database_id,
        CatalogState.last_change,
        CatalogChange.number,
        CatalogChange.kind,
        Program.uuid,
    )
    .select_from(CatalogState)
    .outerjoin(CatalogChange, CatalogChange.number > bindparam("applied"))
    .outerjoin(Program, Program.id == CatalogChange.program_id)
    .order_by(CatalogChange.number)
)


_HEAD = select(CatalogState.database_id, CatalogState.last_change)


class Outcome(StrEnum):
    """What catching up did."""

    NOTHING = "nothing"
    UPDATED = "updated"
    REBUILT = "rebuilt"
    BUSY = "busy"


@dataclass(frozen=True)
class Change:
    """A catalog change as followers see it."""

    number: int
    kind: ChangeKind
    program: str | None


@dataclass(frozen=True)
class News:
    """The database's id, its last change, and the changes after a number."""

    database_id: str
    last_change: int
    changes: tuple[Change, ...]

    def follows(self, state: State) -> bool:
        """Tell whether a commit with this state can be brought up to date by these changes."""
        return (
            state.database_id == self.database_id
            and state.fingerprint == fingerprint()
            and state.applied + len(self.changes) == self.last_change
        )

    @property
    def hidden(self) -> frozenset[str]:
        """Give the programs that must not be shown as they were: withdrawn, or an address removed."""
        grave = (ChangeKind.WITHDRAW, ChangeKind.HIDE_PLACE)
        return frozenset(c.program for c in self.changes if c.program is not None and c.kind in grave)


@dataclass(frozen=True)
class Status:
    """How the index stands: what it holds, what the database holds, and what is wrong if anything is."""

    applied: int | None
    last_change: int
    programs: int
    problem: str | None

    @property
    def behind(self) -> int:
        """Give the number of changes not taken up yet."""
        return self.last_change - (self.applied or 0)


def read_news(connection: Connection, applied: int) -> News:
    """Read in one query what happened after a change."""
    rows = connection.execute(_NEWS, {"applied": applied}).all()
    database_id, last_change = rows[0][:2]
    changes = tuple(Change(number, kind, uuid) for *_, number, kind, uuid in rows if number is not None)
    return News(database_id, last_change, changes)


def read_head(connection: Connection) -> tuple[str, int]:
    """Give the database's id and the number of its last change."""
    database_id, last_change = connection.execute(_HEAD).one()
    return database_id, last_change


def catch_up(app: Flask, *, wait: float = _WAIT) -> Outcome:
    """Bring this machine's index up to date, building it anew where it cannot follow.

    Gives BUSY if another process writes for longer than `wait` seconds.
    """
    with app.app_context():
        folder = IndexFolder(settings().home)
        searcher = app.extensions["search"]
        try:
            with folder.lock(wait):
                outcome = _bring_up(folder, db.session, anew=searcher.is_broken, verified=searcher.verified)
                searcher.verified = folder.current_name()
                _clean_up(folder, db.session)
        except IndexBusyError:
            outcome = Outcome.BUSY
        searcher.refresh(db.session)
        return outcome


def prepare(app: Flask, *, wait: float = _WAIT) -> Outcome:
    """Bring the index up to date before serving; this process opens nothing of it, for it may fork."""
    with app.app_context():
        folder = IndexFolder(settings().home)
        try:
            with folder.lock(wait):
                outcome = _bring_up(folder, db.session, anew=False, verified=None)
                _clean_up(folder, db.session)
                return outcome
        except IndexBusyError:
            return Outcome.BUSY


def rebuild(app: Flask, *, wait: float = _WAIT) -> Outcome:
    """Build the index anew beside the old one, which answers until the new one takes its place."""
    with app.app_context():
        folder = IndexFolder(settings().home)
        try:
            with folder.lock(wait):
                _build(folder, db.session)
                _clean_up(folder, db.session)
        except IndexBusyError:
            return Outcome.BUSY
        app.extensions["search"].refresh(db.session)
        return Outcome.REBUILT


def status(app: Flask) -> Status:
    """Say how the index stands."""
    with app.app_context():
        database_id, last_change = queries.database_id(db.session), queries.last_change(db.session)
        programs = queries.count_programs(db.session, CatalogStatus.PUBLISHED)
        try:
            state = IndexFolder(settings().home).current().state()
        except IndexUnusableError as error:
            return Status(None, last_change, programs, str(error))
        problem = None
        if state.database_id != database_id:
            problem = "it belongs to another database"
        elif state.fingerprint != fingerprint():
            problem = "it was built by other rules"
        elif state.applied > last_change:
            problem = "it is ahead of the database"
        return Status(state.applied, last_change, programs, problem)


def _bring_up(folder: IndexFolder, session: Session, *, anew: bool, verified: str | None) -> Outcome:
    try:
        generation = folder.current()
        if not anew:
            generation.verify(deep=generation.folder.name != verified)
            outcome = _take_up(folder, generation, session)
            if outcome is not None:
                return outcome
    except IndexUnusableError:
        pass  # it is set aside: the new generation takes its place and removes it
    _build(folder, session)
    return Outcome.REBUILT


def _take_up(folder: IndexFolder, generation: Generation, session: Session) -> Outcome | None:
    """Apply what happened since the last commit; None if that needs an index built anew."""
    with one_moment(session):
        state = generation.state()
        news = read_news(session.connection(), state.applied)
        kinds = {change.kind for change in news.changes}
        if not news.follows(state) or ChangeKind.VOCABULARY in kinds:
            return None
        if not news.changes:
            return Outcome.NOTHING
        changed = {change.program for change in news.changes if change.program is not None}
        is_grave = ChangeKind.HIDE_PLACE in kinds
        head = State(news.last_change, news.database_id, fingerprint())
        with generation.writing(head, clean=is_grave) as writer:
            for document_id in sorted(changed):
                writer.remove(document_id)
            ids = session.scalars(select(Program.id).where(Program.uuid.in_(changed))).all()
            for document in _documents(session, list(ids)):
                writer.add(document)
    return Outcome.UPDATED


def _build(folder: IndexFolder, session: Session) -> None:
    generation = folder.create()
    try:
        with one_moment(session):
            head = State(queries.last_change(session), queries.database_id(session), fingerprint())
            ids = session.scalars(
                select(Program.id).where(Program.status == CatalogStatus.PUBLISHED).order_by(Program.id)
            ).all()
            with generation.writing(head) as writer:
                for document in _documents(session, list(ids)):
                    writer.add(document)
        for _round in range(_ROUNDS):  # what happened while it was built
            if _take_up(folder, generation, session) is not Outcome.UPDATED:
                break
        folder.swap(generation)
    except BaseException:
        shutil.rmtree(generation.folder, ignore_errors=True)
        raise


def _documents(session: Session, ids: Sequence[int]) -> Iterator[Document]:
    """Give the documents of the published among some programs."""
    words, places = current_app.extensions["search"].words(session), gazetteer.current(session)
    for start in range(0, len(ids), _BATCH):
        for program in queries.list_public_programs(session, ids[start : start + _BATCH]):
            yield make_document(program, words, places)
        session.expunge_all()


def _clean_up(folder: IndexFolder, session: Session) -> None:
    """Remove what a killed rebuild left."""
    session.rollback()
    current = folder.current_name()
    if current is not None:
        folder.remove_others(current)
