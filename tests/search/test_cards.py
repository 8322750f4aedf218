"""Cards mark what was found in them, and say why a program is there that says it in other words."""

from __future__ import annotations

import re
from urllib.parse import unquote
from uuid import uuid4

import pytest

from services_dir.catalog.draft import SpokenLanguage
from services_dir.catalog.kinds import Vocabulary as Kind
from services_dir.catalog.models import Term, TermLabel
from services_dir.search import sync
from tests.support.factories import make_program

pytestmark = pytest.mark.sqlite

LONG = "Rooms for the night. " + "We sit and talk about what is next. " * 8


@pytest.fixture
def visit(app, client, session):
    """Publish programs, index them, and give the page of a search."""

    def show(query, *programs, path="/programs"):
        for changes in programs:
            make_program(session, **changes)
        session.rollback()
        sync.catch_up(app)
        return client.get(f"{path}?{query}").text

    return show


def marks(text):
    return re.findall("<mark>(.*?)</mark>", text)


def test_words_are_marked_in_name_and_description(visit):
    text = visit("q=harbors+room", {"name": "Harbor House", "description": "A room. Clothes."})

    assert "<mark>Harbor</mark> House</a>" in text
    assert "A <mark>room</mark>. Clothes." in text
    assert "<title>Results</title>" in text


def test_nothing_is_marked_without_words(visit):
    assert marks(visit("category=housing", {"name": "Harbor House"})) == []


def test_a_sentence_further_on_shows_what_is_found_only_there(visit):
    program = {
        "name": "North House",
        "description": LONG + "We also keep dogs and cats. Ring twice.",
        "eligibility": "Anyone with a dog.",
    }
    text = visit("q=dogs", program)

    assert "We also keep <mark>dogs</mark> and cats.</p>" in text
    assert "Ring twice" not in text
    assert "Rooms for the night.</p>" in text
    assert "Ring twice" not in visit("q=night")


def test_a_long_sentence_is_cut_around_the_word_at_whole_words(visit):
    sentence = "one two three four five six seven " * 9 + "dogs " + "eight nine ten " * 20
    text = visit("q=dogs", {"name": "North House", "description": LONG + sentence})
    [context] = re.findall(r"</p>\s*<p>(.*?)</p>", text)

    assert "<mark>dogs</mark>" in context
    assert context.startswith("… ")
    assert context.endswith(" …")
    assert len(context) < 200


def test_of_many_groups_a_card_names_the_first_and_those_asked_for(visit, session):
    more = ("first", "second", "third", "fourth", "fifth")
    for number, slug in enumerate(more):
        labels = [TermLabel(language="en", label=slug.title())]
        term = Term(
            uuid=str(uuid4()), vocabulary=Kind.POPULATION, slug=slug, position=100 + number, labels=labels
        )
        session.add(term)
    session.commit()
    visit("", {"name": "North House", "populations": ("minors", "men", *more)})

    assert "First, Second, 3 more groups</li>" in visit("q=north")
    assert "First, Second, Fifth, 2 more groups</li>" in visit("population=fifth")
    assert "3 grupos más</li>" in visit("q=north", path="/es/programs")


def test_what_was_meant_by_other_words_is_said(visit):
    law = {"name": "North Office", "description": "Counsel.", "categories": ("legal-assistance",)}
    text = visit("q=ayuda+legal", law)

    assert marks(text) == ["Legal help"]
    assert marks(visit("q=ayuda+legal", path="/es/programs")) == ["Ayuda legal"]


def test_languages_and_groups_that_were_meant_are_marked_where_they_stand(visit):
    program = {
        "name": "North House",
        "languages": (SpokenLanguage(code="en"), SpokenLanguage(code="vi")),
        "populations": ("minors",),
    }
    assert "English, <mark>Vietnamese</mark>" in visit("q=vietnamese", program)


def test_text_stays_text(visit):
    program = {"name": "<b>North</b> & House", "description": "<script>north</script>"}
    text = visit("q=north", program)

    assert "&lt;b&gt;<mark>North</mark>&lt;/b&gt; &amp; House" in text
    assert "<script>north" not in text


def test_every_way_on_finds_as_many_as_it_says(visit, client):
    text = visit(
        "q=harbor+law&place=hartford&category=housing&language=vi&open=now",
        {"name": "Harbor House", "categories": ("housing",)},
        {"name": "Harbor Law", "categories": ("legal-assistance",)},
        {"name": "Law of the Sea", "languages": (SpokenLanguage(code="vi"),)},
    )
    found = re.findall(
        r'<li><a href="([^"]+)">(?:Without|Only|Everything)[^<]*</a> <span class="hint">(\d+) ', text
    )

    assert "Nothing fits all of this" in text
    assert found
    for address, number in found:
        page = client.get(unquote(address.replace("&amp;", "&"))).text
        assert f"<h1>{number} result" in page


def test_a_word_nobody_has_is_named_with_what_there_is_without_it(visit):
    text = visit("q=xyzzyq&place=hartford", {"name": "North House"})

    assert 'Without “xyzzyq”</a> <span class="hint">1 result</span>' in text
    assert "Everything in this directory" in visit("q=xyzzyq")


def test_few_results_offer_more(visit):
    text = visit(
        "q=house&language=vi",
        {"name": "North House", "languages": (SpokenLanguage(code="vi"),)},
        {"name": "South House"},
    )
    assert "More, if you ask for less" in text
    assert 'Without “Vietnamese”</a> <span class="hint">2 results</span>' in text
