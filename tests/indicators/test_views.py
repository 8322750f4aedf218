"""The pages of indicators: what everybody sees, and handing in a table at the desk."""

from __future__ import annotations

import csv
import io
import re

import pytest

from services_dir.indicators.series import SERIES
from tests.indicators.test_operations import apply, plan, table
from tests.support.factories import make_account

pytestmark = pytest.mark.sqlite


@pytest.fixture
def figures(session):
    """Convictions with a gap, and small parts."""
    rows = ("convictions,2021,,,20", "convictions,2023,,,31", "convictions,2024,,,2")
    parts = ("convictions,2023,age,minors,3", "convictions,2023,age,adults,28")
    apply(session, plan(session, table(*rows, *parts))[0])


def shown(client):
    visit = client.get("/council/indicators.csv")
    rows = csv.DictReader(io.StringIO(visit.response.data.decode("utf-8-sig")))
    return {(row["period"], row["part"]): row["value"] for row in rows}


def test_without_figures_every_series_has_its_definition_and_says_that_none_is_known(client):
    page = client.get("/council/indicators")

    assert page.text.count("No figure with a source is known yet.") == len(SERIES)
    assert "Cases that ended in the year with a conviction for trafficking." in page.text
    assert "<svg class" not in page.text


def test_a_year_without_a_figure_is_shown_as_one(client, figures):
    page = client.get("/council/indicators")

    row = re.search(r"<th scope=\"row\">2022</th>(.*?)</tr>", page.text, re.DOTALL)
    assert row
    assert "no figure" in row[1]
    assert ">?</text>" in page.text


def test_small_numbers_and_what_would_tell_them_are_not_shown(client, figures):
    found = shown(client)
    page = client.get("/council/indicators")

    assert found == {
        ("2021", ""): "20",
        ("2023", ""): "31",
        ("2023", "minors"): "<5",
        ("2023", "adults"): "",
        ("2024", ""): "<5",
    }
    assert "fewer than 5" in page.text
    assert ">28<" not in page.text


def test_the_chart_says_in_words_what_it_shows(client, figures):
    page = client.get("/council/indicators")

    words = re.search(r'role="img" aria-label="([^"]+)"', page.text)[1]
    assert words.startswith("Convictions, in cases, year by year.")
    assert "2021: 20; 2022: no figure; 2023: 31; 2024: fewer than 5" in words


def test_each_figure_names_its_source(client, figures):
    page = client.get("/council/indicators")

    assert (
        '<a href="https://example.org/report" rel="noreferrer">Made-up report</a> (2026-03-01)' in page.text
    )


def test_a_coordinator_hands_in_a_table_reads_the_plan_and_applies_it(client, session):
    client.sign_in(session, make_account(session))
    sent = {"file": (io.BytesIO(table("trainings,2024,,,12", "trainings,24,,,9")), "figures.csv")}

    answer = client.submit(client.get("/workspace/indicators"), sent, action="/workspace/indicators")
    page = client.follow(answer)
    assert "New: 1" in page.text
    assert "The period must be a year" in page.text
    assert "No figure" in client.get("/council/indicators").text
    client.submit(page, {}, action=f"{page.path}/application")

    assert ">12<" in client.get("/council/indicators").text
    assert "Applied" in client.get("/workspace/indicators").text


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"no table", "lacks these columns"), (b"\xff\xfe", "Save the table as CSV in UTF-8")],
)
def test_what_is_no_table_is_said_beside_the_field(client, session, content, said):
    client.sign_in(session, make_account(session))
    sent = {"file": (io.BytesIO(content), "x.csv")}

    page = client.submit(
        client.get("/workspace/indicators"), sent, action="/workspace/indicators", status=422
    )

    assert said in page.text
