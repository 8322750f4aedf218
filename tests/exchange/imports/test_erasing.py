"""Rows of imports are whole listings: they are kept for as long as they serve, and no longer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from services_dir.catalog.models import Program
from services_dir.db import transaction
from services_dir.errors import ConflictError
from services_dir.exchange.imports.erasing import erase_old
from services_dir.exchange.imports.models import ImportNote, ImportRow, ImportRun
from services_dir.exchange.imports.showing import file_lines
from tests.exchange.imports import feeds
from tests.support.factories import NOON

DAY = timedelta(days=1)


def erase(session, at):
    session.rollback()
    with transaction(session):
        erase_old(session, at=at)


def count(session, table):
    return session.scalar(select(func.count()).select_from(table))


def test_a_plan_that_nobody_applied_is_gone_after_thirty_days(session, tmp_path):
    feeds.make_plan(session, feeds.write_json(tmp_path / "s.json", [feeds.service(url="none at all")]))

    erase(session, NOON + 29 * DAY)
    assert (count(session, ImportRun), count(session, ImportRow), count(session, ImportNote)) == (1, 2, 1)
    erase(session, NOON + 30 * DAY)
    assert (count(session, ImportRun), count(session, ImportRow), count(session, ImportNote)) == (0, 0, 0)


def test_of_an_import_the_sums_stay_and_the_rows_go_after_a_year(session, tmp_path):
    run = feeds.make_plan(session, feeds.write_json(tmp_path / "s.json", [feeds.service()]))
    feeds.apply(session, run)

    erase(session, NOON + 364 * DAY)
    assert count(session, ImportRow) == 2
    erase(session, NOON + 365 * DAY)

    assert count(session, ImportRow) == 0
    assert [line.taken for line in file_lines(session.get_one(ImportRun, run.id))] == [1]
    with pytest.raises(ConflictError, match="more than a year ago"):
        feeds.undo(session, run)
    session.rollback()
    assert count(session, Program) == 1
