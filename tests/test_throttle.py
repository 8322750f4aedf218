"""The throttle: exact under threads, kept over a restart, without any address, forgotten by day."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from services_dir import throttle
from services_dir.db import Base, transaction
from services_dir.throttle import ThrottleCount, ThrottleKey
from tests.support.databases import make_engine

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MINUTES = timedelta(minutes=5)


def allow(session, address="ana@example.org", *, scope="sign-in", limit=5, within=MINUTES, at=NOON):
    with transaction(session) as writing:
        return throttle.allow(writing, scope, address, limit=limit, within=within, at=at)


def test_as_many_as_allowed_and_then_no_more(session):
    assert [allow(session) for _ in range(7)] == [True] * 5 + [False] * 2


def test_another_address_and_another_scope_count_for_themselves(session):
    for _ in range(6):
        allow(session)

    assert allow(session, "ben@example.org")
    assert allow(session, scope="submit")


def test_the_next_period_begins_when_the_first_is_over(session):
    for _ in range(6):
        allow(session)

    assert not allow(session, at=NOON + MINUTES - timedelta(seconds=1))
    assert [allow(session, at=NOON + MINUTES) for _ in range(6)] == [True] * 5 + [False]


def test_a_refused_try_is_not_counted(session):
    for minute in range(5):
        assert not all(allow(session, at=NOON + timedelta(minutes=minute)) for _ in range(6))

    assert session.scalars(sa.select(ThrottleCount.count)).one() == 5


def test_what_was_counted_survives_a_restart(database_url):
    def from_a_new_process(expected):
        engine = make_engine(database_url)
        with Session(engine) as session:
            assert [allow(session) for _ in range(3)] == expected
        engine.dispose()

    from_a_new_process([True, True, True])
    from_a_new_process([True, True, False])


def test_threads_at_once_do_not_get_one_more(engine):
    def one_try(_number):
        with Session(engine) as session:
            return allow(session, limit=7)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(one_try, range(24)))

    assert sum(answers) == 7
    with Session(engine) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(ThrottleKey)) == 1


def test_no_column_can_be_traced_to_an_address(session):
    allow(session, "ana@example.org")

    key = session.scalars(sa.select(ThrottleKey)).one()
    row = session.scalars(sa.select(ThrottleCount)).one()
    assert len(key.key) == 32
    assert len(row.digest) == 64
    assert "ana" not in row.digest
    columns = {
        column.name
        for table in throttle.TABLES_LEFT_OUT_OF_BACKUPS
        for column in Base.metadata.tables[table].c
    }
    assert columns == {"day", "key", "digest", "since", "count"}


def test_on_the_next_day_key_and_rows_of_the_day_before_are_gone(session):
    allow(session)
    before = session.scalars(sa.select(ThrottleKey.key)).one()

    allow(session, "ben@example.org", at=NOON + timedelta(days=1))

    assert session.scalars(sa.select(ThrottleKey.key)).one() != before
    assert len(session.scalars(sa.select(ThrottleCount)).all()) == 1


def test_cleaning_destroys_what_former_days_left(session):
    allow(session)

    with transaction(session) as writing:
        throttle.clean(writing, at=NOON)
    assert session.scalars(sa.select(ThrottleKey)).all() != []
    with transaction(session) as writing:
        throttle.clean(writing, at=NOON + timedelta(days=1))
    assert session.scalars(sa.select(ThrottleKey)).all() == []
    assert session.scalars(sa.select(ThrottleCount)).all() == []


def test_an_address_that_proved_welcome_starts_over(session):
    for _ in range(6):
        allow(session)
    with transaction(session) as writing:
        throttle.forget(writing, "sign-in", "ana@example.org", at=NOON)

    assert allow(session)


@pytest.mark.sqlite
@pytest.mark.parametrize("address", ["", "x" * 5000, "\x00\ud800", "ünï"])
def test_any_text_can_be_counted(session, address):
    assert allow(session, address)


@pytest.mark.sqlite
def test_a_limit_of_nothing_allows_nothing(session):
    assert not allow(session, limit=0)
