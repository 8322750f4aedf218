"""Generated listings: always the same, of the seed's words, with made-up numbers."""

from __future__ import annotations

from dataclasses import replace as changed
from statistics import mean

import pytest

from benchmarks.homes import make_home
from benchmarks.questions import KINDS, Questions
from services_dir.search import analyzer
from services_dir.search.document import TEXTS


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    made = make_home(tmp_path_factory.mktemp("benchmark") / "home")
    yield made
    with made.app.app_context():
        from services_dir.db import db

        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture(scope="module")
def spool(home, tmp_path_factory):
    return home.spool(tmp_path_factory.mktemp("spool") / "spool", 500)


def test_a_number_always_gives_the_same_listing(home):
    assert list(home.listings.make(3, first=40)) == list(home.listings.make(43))[40:]


def test_texts_are_made_of_words_of_the_project_alone(home):
    known = {
        term for program in home.listings.seed for text in _texts(program) for term in analyzer.terms(text)
    }
    known |= {
        term
        for terms in home.words.terms.values()
        for view in terms.values()
        for text in (*view.labels.values(), *(word for held in view.words.values() for word in held))
        for term in analyzer.terms(text)
    }
    known |= {term for place in home.places.places.values() for term in analyzer.terms(place.name)}

    used = {
        term for made in home.listings.make(200) for text in _texts(made) for term in analyzer.terms(text)
    }

    assert used <= known | {"help", "with", "and"}


def test_every_number_to_call_is_made_up(home):
    numbers = [phone.number for made in home.listings.make(300) for phone in made.all_phones]

    assert numbers
    assert all(number[5:10] == "55501" for number in numbers)


def test_listings_are_as_long_as_those_of_a_directory(spool):
    words = [sum(len(document.terms[name]) for name in TEXTS) for document in spool]

    assert 85 <= mean(words) <= 120
    assert max(words) > 3 * mean(words)


def test_documents_come_back_from_the_disk_as_they_were(home, spool):
    from services_dir.search.document import make_document

    made = [make_document(one, home.words, home.places) for one in home.listings.make(500)]

    assert list(spool) == made


def test_no_question_is_asked_twice(home, spool):
    questions = Questions.of(spool, home.places)

    asked = [question for kind in KINDS for question in questions.some(kind, 30)]
    asked += questions.touching(asked)

    assert len({question.key for question in asked}) == len(asked)
    assert {question.kind for question in asked} >= {kind.name for kind in KINDS}


def test_the_same_words_in_another_order_are_the_same_question(home, spool):
    question = Questions.of(spool, home.places).some(KINDS[4], 1)[0]

    assert changed(question, words=question.words[::-1]).key == question.key


def _texts(program):
    organization = program.organization
    for text in program.texts.values():
        yield from (
            text.name,
            text.description,
            text.eligibility,
            text.how_to_apply,
            text.what_happens,
            text.cost,
        )
    yield from (organization.name, *program.alternate_names)
