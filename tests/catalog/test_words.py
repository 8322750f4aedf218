"""Public values in words, in both languages."""

from __future__ import annotations

from datetime import date

import pytest

from services_dir.catalog.freshness import Freshness
from services_dir.catalog.kinds import AssuranceMethod, DatePrecision, PlaceKind
from services_dir.catalog.public import (
    PublicAsOf,
    PublicAssurance,
    PublicException,
    PublicHours,
    PublicInterval,
    PublicPlace,
)
from services_dir.catalog.words import (
    Words,
    age_words,
    as_of_words,
    confirmed_words,
    hours_words,
    place_words,
    said,
)
from tests.support.factories import ZONE

TODAY = date(2026, 3, 2)
pytestmark = pytest.mark.sqlite


@pytest.fixture(autouse=True)
def english_page(app):
    with app.test_request_context("/"):
        yield


@pytest.fixture
def spanish_page(app, english_page):
    with app.test_request_context("/es/"):
        yield


def hours(
    *intervals: tuple[int, int, int], words: str = "", always: bool = False, exceptions=()
) -> PublicHours:
    lines = tuple(PublicInterval(*interval) for interval in intervals)
    return PublicHours("an-id", words, ZONE, always, lines, tuple(exceptions))


def lines(value: PublicHours, language: str = "en") -> list[str]:
    return [str(words).replace("\u202f", " ") for words in hours_words(value, language, TODAY)]


def test_hours_are_shown_in_the_words_of_the_source():
    assert lines(hours((0, 540, 1020), words="Mondays from nine")) == ["Mondays from nine"]


def test_hours_without_words_are_said_in_words_of_ours():
    week = [(day, 540, 1020) for day in range(5)]

    assert lines(hours(*week, (5, 720, 1440))) == [
        "Monday to Friday: 9:00 AM to 5:00 PM (Eastern Time)",
        "Saturday: noon to midnight (Eastern Time)",
    ]


def test_two_days_and_two_spans_are_joined():
    assert lines(hours((0, 540, 720), (0, 780, 840), (2, 540, 720), (3, 540, 720))) == [
        "Monday: 9:00 AM to noon and 1:00 PM to 2:00 PM (Eastern Time)",
        "Wednesday and Thursday: 9:00 AM to noon (Eastern Time)",
    ]


def test_hours_that_cross_midnight_end_at_a_time_of_day():
    assert lines(hours(*[(day, 1200, 1500) for day in range(7)])) == [
        "Every day: 8:00 PM to 1:00 AM (Eastern Time)"
    ]


def test_round_the_clock_is_said_so():
    assert lines(hours(always=True)) == ["24 hours a day, every day"]


def test_dates_to_come_follow_and_those_past_do_not():
    dated = (
        PublicException(date(2026, 1, 1), None, None, None),
        PublicException(date(2026, 7, 4), None, None, "holiday"),
        PublicException(date(2026, 12, 24), 540, 720, None),
    )

    assert lines(hours(words="Weekdays", exceptions=dated)) == [
        "Weekdays",
        "Closed on July 4, 2026",
        "holiday",
        "On December 24, 2026: 9:00 AM to noon",
    ]


def test_on_a_spanish_page_times_come_first_and_the_source_is_marked(spanish_page):
    shown = hours_words(hours((0, 540, 1020), words="Mondays from nine"), "es", TODAY)

    assert "9:00" in shown[0].text
    assert shown[-1] == Words("Mondays from nine", "en")


def test_words_that_say_no_more_than_round_the_clock_are_not_repeated(spanish_page):
    plain = hours_words(hours(words="24 hours a day, 7 days a week", always=True), "es", TODAY)
    more = hours_words(hours(words="24 hours a day (if money allows)", always=True), "es", TODAY)

    assert [words.lang for words in plain] == [None]
    assert [words.lang for words in more] == [None, "en"]


def test_a_text_in_another_language_is_marked_and_made_safe():
    assert f"{said('<b>', 'es').__html__()}" == '<span lang="en">&lt;b&gt;</span>'
    assert f"{said('<b>', 'en').__html__()}" == "&lt;b&gt;"
    assert said("", "es") is said(None, "es") is None


@pytest.mark.parametrize(
    ("least", "most", "words"),
    [
        (None, None, None),
        (18, None, "Age 18 and older"),
        (None, 17, "Up to age 17"),
        (12, 17, "Ages 12 to 17"),
        (0, 5, "Ages 0 to 5"),
    ],
)
def test_ages_in_words(least, most, words):
    assert age_words(least, most) == words


@pytest.mark.parametrize(
    ("text", "precision", "words"),
    [
        ("2026", DatePrecision.YEAR, "2026"),
        ("2026-02", DatePrecision.MONTH, "February 2026"),
        ("2026-02-13", DatePrecision.DAY, "February 13, 2026"),
    ],
)
def test_a_date_is_as_exact_as_it_is_known(text, precision, words):
    assert as_of_words(PublicAsOf(text, precision)) == words


@pytest.mark.parametrize(
    ("kind", "name", "words"),
    [
        (PlaceKind.COUNTY, "Hartford", "Hartford County"),
        (PlaceKind.COUNTY, "Hartford County", "Hartford County"),
        (PlaceKind.PLANNING_REGION, "Capitol", "Capitol planning region"),
        (PlaceKind.NAMED_AREA, "Greater New Haven", "Greater New Haven"),
        (PlaceKind.TOWN, "Hamden", "Hamden"),
    ],
)
def test_a_place_is_named_so_that_its_kind_is_clear(kind, name, words):
    assert place_words(PublicPlace("a-key", kind, name)) == words


@pytest.mark.parametrize(
    ("assured", "words"),
    [
        (None, "Not yet confirmed by a coordinator. Call before you go."),
        (
            PublicAssurance(date(2026, 2, 1), AssuranceMethod.VISIT, None, None),
            "Confirmed on February 1, 2026, by a visit.",
        ),
        (
            PublicAssurance(date(2026, 2, 1), AssuranceMethod.MAIL_LINK, None, None),
            "Confirmed by the provider on February 1, 2026.",
        ),
        (
            PublicAssurance(date(2026, 2, 1), AssuranceMethod.FEED, None, "Made-up 211"),
            "Confirmed by Made-up 211 on February 1, 2026.",
        ),
        (
            PublicAssurance(date(2025, 2, 1), AssuranceMethod.PHONE, None, None),
            "Not confirmed since February 1, 2025. Call before you go.",
        ),
    ],
)
def test_a_confirmation_says_when_and_how(assured, words):
    assert confirmed_words(assured, TODAY, Freshness(), is_grave=False) == words
