"""What the Council's library begins with: what its two pages list, and nothing more."""

from __future__ import annotations

import csv
import re
from collections import Counter

import pytest
from sqlalchemy import select

from services_dir import clock
from services_dir.council.kinds import Approval, DocumentKind, Holding
from services_dir.council.models import Act, Document, Duty, Meeting, Member
from services_dir.council.seeding import TABLES, load_library
from services_dir.db import transaction
from services_dir.errors import ConflictError, InvalidError
from services_dir.settings import SEED_DATA

FOLDER = SEED_DATA / "council"


@pytest.fixture
def library(session):
    with transaction(session):
        load_library(session, FOLDER, at=clock.now())
    return session


def test_meetings_and_papers_are_those_of_the_old_page(library):
    meetings = library.scalars(select(Meeting).order_by(Meeting.held_on)).all()

    assert [(meeting.slug, len(meeting.documents)) for meeting in meetings] == [
        ("2013-08-28", 3),
        ("2013-10-29", 5),
        ("2013-11-19", 6),
        ("2013-12-10", 2),
        ("2014-02-11", 3),
        ("2014-04-16", 2),
    ]
    assert {meeting.slug: meeting.listed_as for meeting in meetings if meeting.listed_as} == {
        "2013-11-19": "November 19, 2103",
        "2014-04-16": "April 14, 2014",
    }
    reports = library.scalars(
        select(Document.period).where(Document.kind == DocumentKind.ANNUAL_REPORT).order_by(Document.period)
    )
    assert reports.all() == ["2007", "2008", "2009-2010", "2011", "2014"]


def test_nothing_is_claimed_that_no_source_says(library):
    documents = library.scalars(select(Document)).all()

    assert {document.holding for document in documents} == {Holding.TITLE_ONLY}
    assert [d.slug for d in documents if d.approval is Approval.DRAFT] == ["minutes-2014-04-16"]
    assert [d.slug for d in documents if d.approval is Approval.APPROVED] == []
    assert all(document.source for document in documents)
    assert {member.name for member in library.scalars(select(Member))} == {None}
    assert all(act.url or act.source for act in library.scalars(select(Act)))


def test_every_text_of_ours_is_there_in_both_languages(library):
    texts = [
        *(held for duty in library.scalars(select(Duty)) for held in (duty.names, duty.texts)),
        *(act.effects for act in library.scalars(select(Act))),
        *(document.notes for document in library.scalars(select(Document)) if document.notes),
    ]

    assert all(set(held) == {"en", "es"} for held in texts)


def test_a_library_that_holds_something_is_left_alone(library):
    with pytest.raises(ConflictError, match="filled only when empty"), transaction(library):
        load_library(library, FOLDER, at=clock.now())


@pytest.mark.sqlite
def test_a_broken_file_puts_nothing_in(session, tmp_path):
    (tmp_path / "meetings.csv").write_text("held_on,listed_as\n2026-13-45,\n", "utf-8")

    with pytest.raises(InvalidError, match=r"meetings.csv, line 2"), transaction(session):
        load_library(session, tmp_path, at=clock.now())

    assert session.scalars(select(Meeting)).all() == []


@pytest.mark.sqlite
def test_without_files_the_library_stays_empty(session, tmp_path):
    with transaction(session):
        report = load_library(session, tmp_path, at=clock.now())

    assert (report.meetings, report.documents) == (0, 0)


def test_every_column_is_described():
    text = (SEED_DATA / "README.md").read_text("utf-8").partition("## council/")[2]
    described = Counter(re.findall(r"`([a-z_]+)`", text))
    for table in TABLES:
        with (FOLDER / table.file).open(encoding="utf-8", newline="") as opened:
            columns = csv.DictReader(opened, strict=True).fieldnames
        assert not [column for column in columns if column not in described], table.file
        assert table.file in text
