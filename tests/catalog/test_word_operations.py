"""Words that searches understand are added, changed and taken out, and every follower hears of it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from services_dir.audit import AuditEvent
from services_dir.catalog import queries
from services_dir.catalog.kinds import ChangeKind, Vocabulary, WordKind
from services_dir.catalog.models import CatalogChange, Term, TermWord
from services_dir.catalog.word_operations import (
    add_term_word,
    add_word,
    change_word,
    remove_term_word,
    remove_word,
)
from services_dir.db import transaction
from services_dir.errors import ConflictError, InvalidError, NotFoundError
from services_dir.search import engine, sync
from services_dir.search.query import SearchQuery
from services_dir.search.sync import Outcome
from tests.support.factories import NOON, make_program

DONE = {"by": None, "at": NOON}


def synonyms(session):
    return {word: means for kind, word, means in queries.list_words(session) if kind is WordKind.SYNONYM}


def news(session):
    return list(session.scalars(sa.select(CatalogChange.kind).order_by(CatalogChange.number)))


def deeds(session):
    return [(event.deed, event.fields) for event in session.scalars(sa.select(AuditEvent))]


def test_a_word_is_added_changed_and_taken_out(session):
    row = add_word(session, WordKind.SYNONYM, "  lantern   light ", "lamp", **DONE)
    assert synonyms(session)["lantern light"] == "lamp"

    change_word(session, row.id, WordKind.SYNONYM, "lantern light", "lamp | candle", **DONE)
    assert synonyms(session)["lantern light"] == "lamp | candle"

    remove_word(session, row.id, **DONE)
    assert "lantern light" not in synonyms(session)
    assert news(session) == [ChangeKind.WORDS] * 3
    assert deeds(session) == [
        ("word.added", ["kind", "word", "means"]),
        ("word.changed", ["means"]),
        ("word.removed", []),
    ]


def test_what_changes_nothing_is_no_news(session):
    row = add_word(session, WordKind.SYNONYM, "lantern", "lamp", **DONE)
    change_word(session, row.id, WordKind.SYNONYM, "lantern", " lamp ", **DONE)

    assert news(session) == [ChangeKind.WORDS]


def test_a_word_is_there_once_however_it_is_written(session):
    add_word(session, WordKind.SYNONYM, "lámpara", "lamp", **DONE)
    other = add_word(session, WordKind.SYNONYM, "candle", "lamp", **DONE)

    with pytest.raises(ConflictError, match="in the list already"):
        add_word(session, WordKind.SYNONYM, "LAMPARA", "light", **DONE)
    with pytest.raises(ConflictError, match="in the list already"):
        change_word(session, other.id, WordKind.SYNONYM, "Lámpara", "lamp", **DONE)
    add_word(session, WordKind.MISSPELLING, "lampara", "lamp", **DONE)


@pytest.mark.parametrize(
    ("word", "means"), [("", "lamp"), ("lantern", " \x00 "), ("x" * 81, "lamp"), ("lantern", "x" * 161)]
)
def test_a_word_that_cannot_be_kept_is_refused(session, word, means):
    with pytest.raises(InvalidError):
        add_word(session, WordKind.SYNONYM, word, means, **DONE)
    assert news(session) == []


def test_a_word_that_is_not_there_cannot_be_changed(session):
    with pytest.raises(NotFoundError):
        change_word(session, 12345, WordKind.SYNONYM, "lantern", "lamp", **DONE)
    with pytest.raises(NotFoundError):
        remove_word(session, 12345, **DONE)
    with pytest.raises(NotFoundError):
        remove_term_word(session, 12345, **DONE)


def test_a_term_gets_another_word_and_loses_it(session):
    term = session.scalars(sa.select(Term).where(Term.vocabulary == Vocabulary.CATEGORY)).first()
    row = add_term_word(session, Vocabulary.CATEGORY, term.slug, "es", "Farolito", **DONE)
    assert "Farolito" in [word.word for word in term.words]

    with pytest.raises(ConflictError):
        add_term_word(session, Vocabulary.CATEGORY, term.slug, "es", "farolíto", **DONE)
    with pytest.raises(NotFoundError):
        add_term_word(session, Vocabulary.CATEGORY, "no-such-term", "es", "farol", **DONE)

    remove_term_word(session, row.id, **DONE)
    assert session.get(TermWord, row.id) is None
    assert news(session) == [ChangeKind.WORDS] * 2


def test_a_running_search_understands_a_new_word_without_a_new_index(app, session):
    program = make_program(session, name="North House", categories=("housing",))
    sync.catch_up(app)
    before = app.extensions["search"].snapshot.mark
    assert found(app, "lantern") == set()

    with transaction(session):
        add_word(session, WordKind.SYNONYM, "lantern", "housing", **DONE)

    assert sync.catch_up(app) is Outcome.UPDATED
    assert found(app, "lantern") == {program.slug}
    assert app.extensions["search"].snapshot.mark[0] == before[0], "it was built anew"


def found(app, q):
    with app.app_context():
        return {hit.card.slug for hit in engine.search(SearchQuery(q=q), at=NOON).hits}
