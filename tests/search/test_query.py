"""Searches read themselves from addresses, whatever stands there, and write themselves back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services_dir.catalog.kinds import ProgramKind
from services_dir.search.query import MAXIMUM_PAGE, Facet, Reach, SearchQuery, Sort

PARAMETERS = ["q", *Facet, "place", "within", "open", "sort", "page", "kind", "reach", "other"]


def read(**args):
    return SearchQuery.read(
        {name: [value] if isinstance(value, str) else value for name, value in args.items()}
    )


def test_every_parameter_is_understood():
    query, notices = read(
        q=" shelter  tonight ",
        category=["housing", "food", "housing"],
        language="es",
        place="New Haven",
        within="25",
        open="now",
        sort="distance",
        page="3",
        kind="legal-right",
        reach="town",
    )

    assert notices == ()
    assert query == SearchQuery(
        q="shelter tonight",
        category=("housing", "food"),
        language=("es",),
        place="New Haven",
        within=25,
        open_now=True,
        sort=Sort.DISTANCE,
        page=3,
        kind=ProgramKind.LEGAL_RIGHT,
        reach=Reach.TOWN,
    )


@given(st.dictionaries(st.sampled_from(PARAMETERS), st.lists(st.text(max_size=300), max_size=4)))
def test_anything_is_read_and_survives_its_own_address(args):
    query, notices = SearchQuery.read(args)
    again, more = SearchQuery.read(
        {name: value if isinstance(value, list) else [str(value)] for name, value in query.to_args().items()}
    )

    assert again == query
    assert more == ()
    assert all(notice.sentence for notice in notices)
    assert len(query.q) <= 200
    assert len(query.q.split()) <= 12


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        ({"q": "a" * 10_000}, "first 200 characters"),
        ({"q": "word " * 20}, "first 12 words"),
        ({"within": "z"}, "must be from 1 to 500"),
        ({"within": "0"}, "must be from 1 to 500"),
        ({"within": "9" * 400}, "must be from 1 to 500"),
        ({"sort": "price"}, "do not know “price”"),
        ({"open": "tomorrow"}, "do not know “tomorrow”"),
        ({"reach": "moon"}, "do not know “moon”"),
        ({"page": "-1"}, "no such page"),
        ({"page": "0"}, "no such page"),
        ({"category": [str(n) for n in range(99)]}, "Too many choices"),
    ],
)
def test_what_cannot_be_used_is_left_out_with_a_sentence(args, sentence):
    _query, notices = read(**args)

    assert sentence in " ".join(notice.sentence for notice in notices)


def test_control_characters_are_dropped():
    query, _notices = read(q="shel\x00ter\x1b\u2028", place="\ufeffHartford\n")

    assert (query.q, query.place) == ("shelter", "Hartford")


def test_of_a_repeated_single_value_the_first_counts():
    query, notices = read(q=["", "one", "two"], page=["2", "9"])

    assert (query.q, query.page, notices) == ("one", 2, ())


def test_a_huge_page_number_is_taken_as_the_last_one_there_can_be():
    assert read(page="9" * 100)[0].page == MAXIMUM_PAGE


def test_a_choice_is_added_and_taken_away_from_the_first_page():
    query = SearchQuery(q="x", category=("housing",), page=4)

    assert query.toggling(Facet.CATEGORY, "food").category == ("housing", "food")
    assert query.toggling(Facet.CATEGORY, "housing") == SearchQuery(q="x")
