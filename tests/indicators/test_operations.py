"""Bringing in figures: read row by row, planned, applied once; none without a source, no small number."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from services_dir.audit import AuditEvent
from services_dir.db import transaction
from services_dir.errors import ConflictError, InvalidError
from services_dir.indicators import operations, pages, queries
from services_dir.indicators.models import IndicatorFigure, IndicatorImport
from services_dir.indicators.operations import Verdict
from services_dir.indicators.reading import read_table
from services_dir.reports.answers import csv_text
from tests.support.factories import NOON

HEAD = "series,period,breakdown,part,value,source_title,source_url,source_as_of,note\n"
SOURCE = "Made-up report,https://example.org/report,2026-03-01,"


def table(*rows):
    """A table whose rows give series, period, breakdown, part and value."""
    return (HEAD + "".join(f"{row},{SOURCE}\n" for row in rows)).encode()


def plan(session, content):
    with transaction(session) as writing:
        number = operations.plan(writing, content, "figures.csv", by=None, at=NOON).id
    rows = queries.rows_of(queries.get_import(session, number))
    return number, operations.judge(session, rows)


def apply(session, number):
    with transaction(session) as writing:
        return operations.apply(writing, number, by=None, at=NOON)


def verdicts(lines):
    return [line.verdict for line in lines]


def test_a_plan_changes_nothing_and_applying_it_does(session):
    number, lines = plan(session, table("trainings,2024,,,12", "convictions,2024-2025,,,8"))

    assert verdicts(lines) == [Verdict.NEW, Verdict.NEW]
    assert queries.list_figures(session) == []
    apply(session, number)
    found = {(one.series, one.period): one.value for one in queries.list_figures(session)}
    assert found == {("trainings", "2024"): 12, ("convictions", "2024-2025"): 8}
    deeds = session.scalars(sa.select(AuditEvent.deed).order_by(AuditEvent.id)).all()
    assert deeds[-2:] == ["indicators.planned", "indicators.applied"]


def test_the_same_table_again_changes_nothing_and_another_number_does(session):
    apply(session, plan(session, table("trainings,2024,,,12"))[0])

    assert verdicts(plan(session, table("trainings,2024,,,12"))[1]) == [Verdict.SAME]
    number, lines = plan(session, table("trainings,2024,,,13"))
    assert verdicts(lines) == [Verdict.CHANGED]
    apply(session, number)
    assert [one.value for one in queries.list_figures(session)] == [13]


def test_a_figure_can_be_taken_away(session):
    apply(session, plan(session, table("trainings,2024,,,12"))[0])

    number, lines = plan(session, table("trainings,2024,,,remove", "trainings,2023,,,remove"))
    assert verdicts(lines) == [Verdict.REMOVED, Verdict.SAME]
    apply(session, number)
    assert queries.list_figures(session) == []


def test_a_plan_is_applied_once(session):
    number, _lines = plan(session, table("trainings,2024,,,12"))
    apply(session, number)

    with pytest.raises(ConflictError, match="already"):
        apply(session, number)


def test_a_small_number_is_kept_nowhere(session):
    rows = (f"{series},2024,,,{value}" for series, value in (("convictions", 3), ("investigations", "<5")))
    number, _lines = plan(session, table(*rows))
    apply(session, number)

    assert [one.value for one in session.scalars(sa.select(IndicatorFigure))] == [None, None]
    assert '"value":3' not in session.scalars(sa.select(IndicatorImport.rows)).one()


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (f"nonsense,2024,,,12,{SOURCE}", "no such series"),
        (f"trainings,24,,,12,{SOURCE}", "must be a year"),
        (f"trainings,2024-2026,,,12,{SOURCE}", "must be a year"),
        (f"convictions,2024,colour,red,12,{SOURCE}", "no such breakdown"),
        (f"convictions,2024,age,red,12,{SOURCE}", "no such part"),
        (f"convictions,2024,,minors,12,{SOURCE}", "no such part"),
        (f"convictions,2024,,,about 12,{SOURCE}", "whole number"),
        (f"convictions,2024,,,-3,{SOURCE}", "whole number"),
        (f"convictions,2024,,,99999999999999,{SOURCE}", "whole number"),
        (f"trainings,2024,,,<5,{SOURCE}", "Give the number"),
        ("convictions,2024,,,12,,,2026,", "needs a source"),
        ("convictions,2024,,,12,Made-up report,,last year,", "of when the source is"),
        ("convictions,2024,,,12,Made-up report,javascript:alert(1),2026,", "http:// or https://"),
        (f"convictions,2024,,,12,{'x' * 201},,2026,", "too long"),
    ],
)
def test_a_row_that_cannot_be_taken_says_why_and_the_others_are_taken(session, row, reason):
    number, lines = plan(session, f"{HEAD}{row}\ntrainings,2024,,,12,{SOURCE}\n".encode())

    assert verdicts(lines) == [Verdict.REFUSED, Verdict.NEW]
    assert lines[0].row.line == 2
    assert reason in lines[0].row.problem
    apply(session, number)
    assert len(queries.list_figures(session)) == 1


def test_a_figure_that_stands_twice_in_a_table_is_taken_once(session):
    _number, lines = plan(session, table("trainings,2024,,,12", "trainings,2024,,,13"))

    assert verdicts(lines) == [Verdict.NEW, Verdict.REFUSED]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "lacks these columns"),
        (b"series,value\ntrainings,12\n", "source_title"),
        (HEAD.encode(), "no rows"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b"PK\x03\x04 a workbook, not a table", "lacks these columns"),
        (HEAD.encode() + b"trainings,2024,,,1,x,,2026,\n" * 5001, "more than 5000 rows"),
    ],
)
def test_what_is_no_table_is_refused_in_a_sentence(content, reason):
    with pytest.raises(InvalidError, match=reason):
        read_table(content)


def test_semicolons_and_a_year_with_a_slash_are_understood():
    [row] = read_table(table('trainings,2024/2025,,,"1,200"').replace(b",", b";").replace(b"1;200", b"1,200"))

    assert (row.period, row.value, row.problem) == ("2024-2025", 1200, "")


def test_the_template_can_be_handed_in_once_something_is_filled_in():
    rows = [line.split(",") for line in csv_text(pages.template()).splitlines()]
    rows[1][1], rows[1][4], rows[1][5], rows[1][7] = "2024", "12", "Made-up report", "2026"

    read = read_table("\n".join(",".join(row) for row in rows).encode())

    assert [(row.series, row.value, row.problem) for row in read] == [("trainings", 12, "")]
