"""Where little is found, the page says what to leave out, and how much there is then."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from services_dir.search import engine, plan
from services_dir.search.query import Facet, SearchQuery, Sort
from services_dir.search.ways import FEW
from tests.search.test_properties import AT, programs, searches
from tests.support.programs import make_public, make_snapshot
from tests.support.slow_search import SlowSearch


@pytest.fixture(scope="module")
def ways(tmp_path_factory):
    """Ask for the ways on from a search of a few programs: what each lacks, its query and its total."""
    snapshot = make_snapshot(
        tmp_path_factory.mktemp("ways"),
        *(make_public(name=f"Safe House {n}", areas=("town/east",), languages=("es",)) for n in "ABCD"),
        make_public(name="Harbor Law", areas=("town/mill",), categories=("legal-assistance",)),
        make_public(name="House of Green Law", areas=("town/mill",), phones=()),
    )

    def ask(q="", **query):
        return engine.answer(snapshot, SearchQuery(q=q, **query), BitMap(), at=AT).ways

    return ask


def parts(ways):
    return [(way.part, way.text, way.total) for way in ways]


def test_each_thing_that_was_asked_for_can_be_left_out(ways):
    found = ways("safe house", place="mill", language=("es",), open_now=True, page=3)

    assert parts(found) == [("place", "", 4)]
    assert found[0].query == SearchQuery(q="safe house", language=("es",), open_now=True)


def test_the_way_that_finds_most_comes_first(ways):
    found = ways("house", place="mill", category=("legal-assistance",))

    assert parts(found) == sorted(parts(found), key=lambda part: -part[2])
    assert {part for part, _text, _total in parts(found)} == {"q", "category"}


def test_words_are_left_out_one_by_one(ways):
    found = ways("for the safe house", place="mill")

    assert [(way.text, way.query.q) for way in found if way.part == "q"] == [("safe", "house")]


def test_what_is_quoted_or_unwanted_is_left_out_as_one(ways):
    assert ("q", '-"safe house"', 4) in parts(ways('safe -"safe house"'))
    assert ("q", "-house", 4) in parts(ways("safe -house"))


def test_words_that_nobody_has_are_left_out_together(ways):
    [way] = ways("xyzzyq qwwwrt", place="mill")

    assert (way.part, way.text, way.query) == ("q", "xyzzyq qwwwrt", SearchQuery(place="mill"))


def test_a_long_text_asks_no_more_searches_for_its_words(ways, monkeypatch):
    asked = []
    read = plan.read
    monkeypatch.setattr(plan, "read", lambda text, lexicon: asked.append(text) or read(text, lexicon))

    ways("safe house harbor", place="mill")
    assert 1 < len([text for text in asked if text]) <= 4
    asked.clear()
    ways("safe house harbor green law xyzzyq", place="mill", language=("es",), open_now=True)

    assert len([text for text in asked if text]) == 1


def test_the_distance_goes_with_the_place(ways):
    found = ways("safe", place="mill", within=5, sort=Sort.DISTANCE)

    assert SearchQuery(q="safe") in [way.query for way in found]


def test_where_no_single_thing_stands_in_the_way_the_words_or_the_place_are_kept(ways):
    found = ways("harbor law", place="east", level=("federal",), language=("vi",))

    assert [(way.part, way.is_kept, way.query) for way in found] == [
        ("place", True, SearchQuery(place="east")),
        ("q", True, SearchQuery(q="harbor law")),
    ]


def test_few_are_offered_more_and_many_are_not(ways):
    assert parts(ways("safe", place="east")) == []
    assert parts(ways(place="mill", language=("es",))) == [("place", "", 4), ("language", "", 2)]
    assert [way.query for way in ways("law", category=("legal-assistance",))] == [SearchQuery(q="law")]
    assert ways("harbor") == ()


def without_one(query):
    """Give the query without each thing but words, as somebody would type it anew."""
    yield from (query.choosing(facet, ()) for facet in Facet if query.chosen(facet))
    if query.place:
        sort = Sort.RELEVANCE if query.sort is Sort.DISTANCE else query.sort
        yield replace(query, place="", within=None, reach=None, sort=sort)
    for name, nothing in (("within", None), ("reach", None), ("kind", None), ("open_now", False)):
        if getattr(query, name):
            yield replace(query, **{name: nothing})


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(st.lists(programs, min_size=1, max_size=10), st.lists(searches, min_size=1, max_size=8))
def test_the_numbers_are_those_that_the_searches_find(held, queries):
    slow = SlowSearch(held)
    with tempfile.TemporaryDirectory() as folder:
        snapshot = make_snapshot(Path(folder), *held)
        for query in queries:
            answer = engine.answer(snapshot, query, BitMap(), at=AT)
            for way in answer.ways:
                assert way.total == len(slow.find(way.query, AT)), (query, way)
                assert way.total > answer.total
            assert answer.total <= FEW or not answer.ways
            if answer.total == 0:
                offered = {way.query for way in answer.ways if not way.is_kept}
                fruitful = {other for other in without_one(query) if slow.find(other, AT)}
                assert fruitful <= offered
