"""Whether somebody answers: across midnight, changes of the clock and dated exceptions."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services_dir.catalog.hours import is_open, openness
from services_dir.catalog.kinds import Availability
from services_dir.catalog.public import PublicException
from tests.support.factories import ZONE
from tests.support.programs import closed_on, make_hours, make_phone, make_public, make_site, utc

HERE = ZoneInfo(ZONE)
MONDAY, FRIDAY, SATURDAY = 0, 4, 5


def at(year, month, day, hour, minute=0, fold=0):
    """Give a moment by the clock on the wall here."""
    return datetime(year, month, day, hour, minute, tzinfo=HERE, fold=fold).astimezone(UTC)


def test_hours_hold_from_opening_to_closing():
    hours = make_hours((MONDAY, 540, 1020))

    assert is_open(hours, at(2026, 3, 2, 9)) is True
    assert is_open(hours, at(2026, 3, 2, 16, 59)) is True
    assert is_open(hours, at(2026, 3, 2, 17)) is False
    assert is_open(hours, at(2026, 3, 2, 8, 59)) is False
    assert is_open(hours, at(2026, 3, 3, 12)) is False


def test_hours_run_on_past_midnight():
    hours = make_hours((FRIDAY, 20 * 60, 26 * 60))

    assert is_open(hours, at(2026, 3, 6, 23)) is True
    assert is_open(hours, at(2026, 3, 7, 1, 59)) is True
    assert is_open(hours, at(2026, 3, 7, 2)) is False
    assert is_open(hours, at(2026, 3, 6, 1)) is False


def test_a_day_off_closes_the_hours_that_begin_on_it_and_no_others():
    hours = make_hours(
        (FRIDAY, 20 * 60, 26 * 60), (SATURDAY, 600, 720), exceptions=(closed_on(date(2026, 3, 7)),)
    )

    assert is_open(hours, at(2026, 3, 7, 1)) is True
    assert is_open(hours, at(2026, 3, 7, 11)) is False
    assert is_open(hours, at(2026, 3, 14, 11)) is True


def test_other_hours_on_a_date_replace_the_usual_ones():
    special = PublicException(date(2026, 3, 2), 1320, 1500, None)
    hours = make_hours((MONDAY, 540, 1020), exceptions=(special,))

    assert is_open(hours, at(2026, 3, 2, 12)) is False
    assert is_open(hours, at(2026, 3, 2, 23)) is True
    assert is_open(hours, at(2026, 3, 3, 0, 30)) is True


def test_a_line_that_always_answers_may_have_a_day_off():
    hours = make_hours(round_the_clock=True, exceptions=(closed_on(date(2026, 12, 25)),))

    assert is_open(hours, at(2026, 12, 24, 23, 59)) is True
    assert is_open(hours, at(2026, 12, 25, 0)) is False
    assert is_open(hours, at(2026, 12, 26, 0)) is True


def test_hours_that_are_only_words_are_not_known():
    hours = make_hours(words="Call first")

    assert is_open(hours, utc(2026, 3, 2, 17)) is None


def test_only_the_dates_that_were_given_are_known_of_hours_in_words():
    hours = make_hours(words="Call first", exceptions=(closed_on(date(2026, 3, 2)),))

    assert is_open(hours, at(2026, 3, 2, 12)) is False
    assert is_open(hours, at(2026, 3, 3, 12)) is None


def test_a_schedule_counts_in_its_own_zone():
    hours = make_hours((MONDAY, 540, 1020), zone="Pacific/Auckland")

    assert is_open(hours, utc(2026, 3, 1, 21)) is True
    assert is_open(hours, utc(2026, 3, 2, 17)) is False


def test_an_hour_that_comes_twice_is_open_both_times():
    hours = make_hours((6, 60, 120))

    assert is_open(hours, at(2026, 11, 1, 1, 30, fold=0)) is True
    assert is_open(hours, at(2026, 11, 1, 1, 30, fold=1)) is True
    assert is_open(hours, at(2026, 11, 1, 2)) is False


OPEN = make_hours((MONDAY, 0, 1440))
CLOSED = make_hours((FRIDAY, 0, 1440))
WORDS = make_hours(words="Ask")


@pytest.mark.parametrize(
    ("own", "site", "phone", "expected"),
    [
        (OPEN, CLOSED, CLOSED, True),
        (CLOSED, OPEN, OPEN, False),
        (None, OPEN, CLOSED, True),
        (None, CLOSED, OPEN, True),
        (None, CLOSED, CLOSED, False),
        (None, CLOSED, WORDS, False),
        (None, None, WORDS, None),
        (None, None, None, None),
        (WORDS, None, None, None),
        (WORDS, None, OPEN, True),
        (WORDS, CLOSED, None, False),
    ],
)
def test_a_programs_own_hours_decide_and_else_any_place_or_line_that_is_open(own, site, phone, expected):
    program = make_public(hours=own, sites=(make_site(hours=site),), phones=(make_phone(hours=phone),))

    assert openness(program, at(2026, 3, 2, 12)) is expected


def test_a_program_that_takes_nobody_is_not_open():
    noon = at(2026, 3, 2, 12)
    paused = {"hours": OPEN, "availability": Availability.PAUSED}

    assert openness(make_public(hours=OPEN, availability=Availability.CLOSED), noon) is False
    assert openness(make_public(**paused), noon) is False
    assert openness(make_public(**paused, paused_until=date(2026, 3, 2)), noon) is False
    assert openness(make_public(**paused, paused_until=date(2026, 3, 1)), noon) is True


def walls(hours, day):
    """Give every minute on the wall, as (date, minute), at which hours that begin on a date are open."""
    dated = [line for line in hours.exceptions if line.on == day]
    if dated:
        spans = [(line.opens, line.closes) for line in dated if line.opens is not None]
    elif hours.round_the_clock:
        spans = [(0, 1440)]
    else:
        spans = [(line.opens, line.closes) for line in hours.intervals if line.weekday == day.weekday()]
    for opens, closes in spans:
        for minute in range(opens, closes):
            yield day + timedelta(days=minute // 1440), minute % 1440


spans = st.integers(0, 1439).flatmap(lambda opens: st.tuples(st.just(opens), st.integers(1, 1440)))
zones = st.sampled_from(["America/New_York", "Europe/Dublin", "Australia/Lord_Howe", "Asia/Kolkata"])
# The days around changes of the clock in those zones, and some others.
days = st.sampled_from(
    [
        date(2026, 3, 8),
        date(2026, 11, 1),
        date(2026, 3, 29),
        date(2026, 10, 25),
        date(2026, 4, 5),
        date(2026, 12, 31),
    ]
)


@settings(max_examples=60, deadline=None)
@given(
    day=days,
    zone=zones,
    weekly=st.lists(st.tuples(st.integers(0, 6), spans), max_size=6),
    dated=st.lists(st.tuples(st.integers(-1, 1), st.one_of(st.none(), spans)), max_size=2),
    always=st.booleans(),
)
def test_every_minute_agrees_with_a_list_of_all_open_minutes(day, zone, weekly, dated, always):
    hours = make_hours(
        *((weekday, opens, opens + length) for weekday, (opens, length) in weekly),
        (0, 600, 601),
        zone=zone,
        round_the_clock=always,
        exceptions=tuple(
            PublicException(day + timedelta(days=shift), span and span[0], span and span[0] + span[1], None)
            for shift, span in dated
        ),
    )
    open_walls = {wall for shift in range(-3, 3) for wall in walls(hours, day + timedelta(days=shift))}
    begin = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=12)

    for minute in range(0, 48 * 60, 7):
        moment = begin + timedelta(minutes=minute)
        local = moment.astimezone(ZoneInfo(zone))
        expected = (local.date(), local.hour * 60 + local.minute) in open_walls
        assert is_open(hours, moment) is expected, local
