"""Rows of imports are whole listings: they are kept for as long as they serve, and no longer."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from services_dir.catalog.models import Program
from services_dir.db import transaction
from services_dir.errors import ConflictError
from services_dir.exchange.imports.erasing import drop_old_files, erase_old, folder_to_mend
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


def test_files_of_rows_to_mend_are_deleted_after_thirty_days(tmp_path):
    for run in (1, 2):
        folder = folder_to_mend(tmp_path, run)
        folder.mkdir(parents=True)
        (folder / "services.csv").write_text("line,problem\n2,Made up.\n")
        moment = (NOON + run * DAY).timestamp()
        os.utime(folder, (moment, moment))
    (tmp_path / "imports" / "waiting.zip").write_text("made up")

    assert drop_old_files(tmp_path, at=NOON + 30 * DAY) == 0
    assert drop_old_files(tmp_path, at=NOON + 31 * DAY) == 1
    assert sorted(one.name for one in (tmp_path / "imports").iterdir()) == ["2-to-mend", "waiting.zip"]


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
