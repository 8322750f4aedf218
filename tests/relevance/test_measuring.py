"""The figures and the report: computed by hand from small answers, and once from the real catalog."""

from __future__ import annotations

import pytest

from tests.relevance.judged import JudgedQuery, Kind
from tests.relevance.measuring import ALL, Outcome, measure, report, seeded_search, summarize


def judged(query="shelter", *, place="", kinds=(Kind.LAY,), first_3=("good",), first_10=()):
    return JudgedQuery(2, query, place, "en", kinds, tuple(first_3), tuple(first_10), "For a reason")


def outcome(*found, **changes):
    return Outcome(judged(**changes), found)


def others(count):
    return tuple(f"other-{number}" for number in range(count))


@pytest.mark.parametrize(
    ("before", "rank", "at_3", "at_10"),
    [
        (0, 1, True, True),
        (2, 3, True, True),
        (3, 4, False, True),
        (9, 10, False, True),
        (10, 11, False, False),
    ],
)
def test_the_first_good_answer_counts(before, rank, at_3, at_10):
    one = outcome(*others(before), "good", "also-good", first_3=("also-good", "good"))

    assert (one.rank, one.is_at_3, one.is_at_10) == (rank, at_3, at_10)
    assert one.is_miss is not at_3


def test_nothing_found_is_a_miss():
    one = outcome()

    assert (one.rank, one.is_at_3, one.is_at_10, one.is_miss) == (None, False, False, True)


def test_all_that_must_be_in_ten_is_asked_for():
    one = outcome("good", *others(8), "tenth", "eleventh", first_10=("good", "tenth", "eleventh"))

    assert one.lacking == ("eleventh",)
    assert (one.is_at_3, one.is_at_10, one.is_miss) == (True, False, True)


def test_figures_are_given_for_all_and_for_each_kind():
    outcomes = [
        outcome("good"),
        outcome("other", "good", kinds=(Kind.LAY, Kind.PLACE)),
        outcome(*others(4), "good", kinds=(Kind.PHONE,)),
        outcome(kinds=(Kind.PHONE,)),
    ]

    every, lay, phone, place = summarize(outcomes)

    assert (every.name, every.count, every.at_3, every.at_10) == (ALL, 4, 0.5, 0.75)
    assert every.reciprocal_rank == pytest.approx((1 + 1 / 2 + 1 / 5) / 4)
    assert (lay.name, lay.count, lay.reciprocal_rank) == ("lay", 2, 0.75)
    assert (phone.name, phone.at_3, phone.at_10, phone.without_results) == ("phone", 0.0, 0.5, 1)
    assert (place.name, place.count) == ("place", 1)


def test_the_report_shows_each_miss_with_what_came_instead():
    text = "\n".join(
        report(
            [
                outcome("good", query="found"),
                outcome(*others(4), "good", query="bed", place="Hartford", first_10=("lacking",)),
                outcome(query="nothing at all"),
            ]
        )
    )

    assert "2 of 3 queries miss something" in text
    assert "found (" not in text
    assert "bed [Hartford] (lay; line 2): For a reason" in text
    assert "wanted in 3:  good (first at 5)" in text
    assert "lacks in 10:  lacking" in text
    assert "came instead: other-0, other-1, other-2" in text
    assert "good (not on the first page)\n  came instead: nothing" in text


def test_the_seeded_catalog_is_asked_as_the_page_asks_it():
    rows = [
        judged("Interval House", first_3=["interval-house"]),
        judged("hospital", place="Meriden", kinds=(Kind.PLACE,), first_3=["midstate-medical-center"]),
        judged("xyzzy", first_3=["ct-211"]),
    ]

    with seeded_search() as find:
        by_name, by_place, nothing = measure(rows, find)

    assert by_name.rank == 1
    assert by_place.is_at_3
    assert nothing.found == ()
