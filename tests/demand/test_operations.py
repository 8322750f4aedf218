"""Adding to the running month and closing it: exact sums end with the month, also in files and backups."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services_dir.db import Base, transaction
from services_dir.demand import operations, queries
from services_dir.demand.models import Breakdown, KeptDemand, RunningDemand
from services_dir.demand.rules import Sums
from services_dir.reports.demand.operations import close_due

JANUARY, FEBRUARY = date(2026, 1, 1), date(2026, 2, 1)
IN_JANUARY, IN_FEBRUARY = datetime(2026, 1, 20, tzinfo=UTC), datetime(2026, 2, 20, tzinfo=UTC)
POSSIBLE = {Breakdown.CATEGORY: 19, Breakdown.REGION: 10, Breakdown.LANGUAGE: 600}
RARE = "tlh"  # one search in this language


def count(session, number, *, month=JANUARY, language="en"):
    """Write down some searches of a month."""
    sums = Sums(searches=number, empty=number)
    keys = [
        (Breakdown.ALL, ""),
        (Breakdown.CATEGORY, "housing"),
        (Breakdown.REGION, ""),
        (Breakdown.LANGUAGE, language),
    ]
    with transaction(session) as writing:
        operations.add(writing, {(month, *key): sums for key in keys})


def close(session, *, at=IN_FEBRUARY):
    with transaction(session) as writing:
        return operations.close_months(writing, POSSIBLE, at=at)


def running(session):
    return session.scalars(sa.select(RunningDemand)).all()


def test_what_several_workers_counted_adds_up(engine):
    def one_worker(_number):
        with Session(engine) as session:
            count(session, 3)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(one_worker, range(8)))

    with Session(engine) as session:
        assert {row.searches for row in running(session)} == {24}


def test_a_month_that_ended_is_kept_rounded_and_its_exact_sums_are_deleted(session):
    count(session, 13)
    count(session, 4, month=FEBRUARY)

    assert close(session) == 1

    assert queries.list_kept(session)[JANUARY][Breakdown.CATEGORY, "housing"] == Sums(10, 10, 0)
    assert {row.month for row in running(session)} == {FEBRUARY}


def test_the_running_month_is_not_closed(session):
    count(session, 13)

    assert close(session, at=IN_JANUARY) == 0
    assert queries.list_kept(session) == {}
    assert running(session)


def test_what_arrives_after_its_month_was_closed_changes_nothing_that_was_shown(session):
    count(session, 14)
    close(session)
    count(session, 1)

    assert queries.is_due(session, IN_FEBRUARY)
    assert close(session) == 0
    assert queries.list_kept(session)[JANUARY][Breakdown.ALL, ""].searches == 10
    assert running(session) == []


def test_a_month_without_any_search_is_kept_as_one(session):
    count(session, 5)

    assert close(session, at=datetime(2026, 4, 2, tzinfo=UTC)) == 3
    assert list(queries.list_kept(session)) == [date(2026, 3, 1), FEBRUARY, JANUARY]


def test_of_two_who_close_a_month_at_once_one_keeps_it(engine):
    with Session(engine) as session:
        count(session, 7)

    def one_machine(_number):
        with Session(engine) as session:
            return close(session)

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(one_machine, range(4))) == 1
    with Session(engine) as session:
        assert queries.list_kept(session)[JANUARY][Breakdown.ALL, ""].searches == 5


def test_the_database_itself_refuses_to_keep_an_exact_figure(session):
    count(session, 5)
    close(session)

    with pytest.raises(IntegrityError), transaction(session) as writing:
        writing.add(
            KeptDemand(month=JANUARY, breakdown=Breakdown.CATEGORY, value="x", searches=7, empty=0, sheets=0)
        )


def test_nothing_is_kept_that_is_finer_than_a_month_and_nothing_of_anybody():
    columns = {
        column.name for table in ("demand_running", "demand_kept") for column in Base.metadata.tables[table].c
    }

    assert columns == {"month", "breakdown", "value", "searches", "empty", "sheets"}


@pytest.mark.sqlite
def test_the_exact_sums_leave_the_files_when_the_month_is_closed(settings, app, session):
    def is_in_files():
        return any(RARE.encode() in file.read_bytes() for file in settings.home.glob("services.sqlite*"))

    count(session, 1, language=RARE)
    session.close()
    assert is_in_files()

    with app.app_context():
        assert close_due(session, at=IN_FEBRUARY) == 1
    session.close()

    assert not is_in_files()
