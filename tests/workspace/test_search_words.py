"""The pages of words: coordinators extend what searches understand, administrators change terms."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from services_dir.accounts.models import Role
from services_dir.audit import AuditEvent
from services_dir.catalog.kinds import WordKind
from services_dir.catalog.models import Term, TermWord, Word
from services_dir.catalog.word_operations import add_word
from services_dir.db import transaction
from services_dir.search import engine, sync
from services_dir.search.query import SearchQuery
from tests.support.factories import NOON, make_account, make_program
from tests.support.statements import counted_statements

pytestmark = pytest.mark.sqlite

WORDS = "/workspace/search-words"
HOUSING = "/workspace/words/category/housing"


def make_word(session, word="farolito", means="housing", kind=WordKind.SYNONYM):
    with transaction(session):
        return add_word(session, kind, word, means, by=None, at=NOON).id


def found(app, q):
    sync.catch_up(app)
    with app.app_context():
        return {hit.card.slug for hit in engine.search(SearchQuery(q=q), at=NOON).hits}


def test_a_running_search_understands_what_a_coordinator_adds_and_forgets_what_she_takes_out(
    app, client, session
):
    program = make_program(session, name="North House", categories=("housing",))
    assert found(app, "farolito") == set()
    client.sign_in(session, make_account(session))
    page = client.get(WORDS)

    said = {"kind": "synonym", "word": "farolito", "means": "housing"}
    listed = client.follow(client.submit(page, said, action=WORDS)).page

    assert "The word is added." in listed.text
    assert "1 to 1 of 1" in listed.text
    assert found(app, "farolito") == {program.slug}

    number = session.scalars(select(Word.id).where(Word.word == "farolito")).one()
    one = client.get(f"{WORDS}/{number}")
    client.submit(one, {}, action=f"{WORDS}/{number}/removal")

    assert found(app, "farolito") == set()
    session.rollback()
    deeds = session.scalars(select(AuditEvent.deed).where(AuditEvent.kind == "word")).all()
    assert deeds == ["word.added", "word.removed"]


def test_a_word_is_changed_and_found_by_a_part_of_it_or_of_its_meaning_without_accents(client, session):
    number = make_word(session, "faról", "housing")
    make_word(session, "candle holder", "lantern")
    client.sign_in(session, make_account(session))
    page = client.get(f"{WORDS}/{number}")

    client.submit(page, {"means": "housing | shelter"}, action=f"{WORDS}/{number}")

    by_word = client.get(f"{WORDS}?q=FARO").page.text
    assert "faról" in by_word
    assert "housing | shelter" in by_word
    assert "candle holder" in client.get(f"{WORDS}?q=lantern").page.text
    assert "No word fits." in client.get(f"{WORDS}?q=faro&kind=misspelling").page.text


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"word": " ", "means": "housing"}, "Please enter a word."),
        ({"word": "lantern", "means": ""}, "Please enter a word."),
        ({"word": "FARÓLITO", "means": "housing"}, "in the list already"),
        ({"word": "x" * 81, "means": "housing"}, "80"),
    ],
)
def test_a_word_that_cannot_be_kept_is_refused_and_what_was_typed_stays(client, session, said, sentence):
    number = make_word(session)
    other = make_word(session, "lamp post", "housing")
    client.sign_in(session, make_account(session))
    for action in (WORDS, f"{WORDS}/{other}"):
        page = client.get(action)

        refused = client.submit(page, {"kind": "synonym", **said}, action=action, status=422).page

        assert sentence in refused.text
        assert refused.form(action).values["means"] == [said["means"]]
    session.rollback()
    assert session.get_one(Word, number).word == "farolito"
    assert session.get_one(Word, other).word == "lamp post"


def test_thousands_of_words_come_in_pages_with_few_statements(app, client, session):
    client.sign_in(session, make_account(session))
    with counted_statements(app) as few:
        client.get(WORDS)
    session.add_all(Word(kind=WordKind.SYNONYM, word=f"lamp {n}", means="light") for n in range(3600))
    session.commit()

    with counted_statements(app) as many:
        page = client.get(f"{WORDS}?q=lamp&page=2").page

    assert len(many) == len(few)
    assert "51 to 100 of 3600" in page.text
    client.get(f"{WORDS}?page=99999999999&kind=nonsense")
    client.get(f"{WORDS}/2147483647", status=404)


def test_a_coordinator_extends_the_words_of_a_term_but_cannot_change_the_term(app, client, session):
    program = make_program(session, name="North House", categories=("housing",))
    client.sign_in(session, make_account(session))
    page = client.get(HOUSING)
    assert "In Spanish" not in page.page.text

    client.submit(page, {"word": "farolito", "language": "es"}, action=f"{HOUSING}/words")
    page = client.get(HOUSING)
    again = {"word": "Farolíto", "language": "es"}
    refused = client.submit(page, again, action=f"{HOUSING}/words", status=422)

    assert "in the list already" in refused.page.text
    assert found(app, "farolito") == {program.slug}
    assert "farolito" in client.get(f"{WORDS}?kind=term&q=farolito").page.text
    client.submit(page, {"label_en": "Mine"}, action=f"{HOUSING}/words", status=422)
    client.post(HOUSING, {"label_en": "Mine"}, status=403)

    number = session.scalars(select(TermWord.id).where(TermWord.word == "farolito")).one()
    client.submit(page, {"number": str(number)}, action=f"{HOUSING}/words/removal")
    assert found(app, "farolito") == set()


def test_a_word_of_another_term_is_not_taken_out(client, session):
    other = session.scalars(select(Term).where(Term.slug != "housing")).first()
    word = TermWord(term_id=other.id, language="en", word="lamp made up", position=99)
    session.add(word)
    session.commit()
    number = word.id
    client.sign_in(session, make_account(session))
    client.submit(client.get(HOUSING), {"word": "farolito", "language": "es"}, action=f"{HOUSING}/words")

    client.submit(client.get(HOUSING), {"number": str(number)}, action=f"{HOUSING}/words/removal", status=404)

    session.rollback()
    assert session.get(TermWord, number) is not None


def test_an_administrator_sees_the_form_of_the_term_beside_its_words(client, session):
    client.sign_in(session, make_account(session, Role.ADMINISTRATOR))

    assert "In Spanish" in client.get(HOUSING).page.text
