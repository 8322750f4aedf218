"""The report on what exists where: each number is that of the search it leads to, in the table too."""

from __future__ import annotations

import csv
import io
import re
from urllib.parse import urlsplit

import pytest

from services_dir.catalog.draft import AreaDraft
from services_dir.search import sync
from tests.support.factories import make_program

pytestmark = pytest.mark.sqlite


@pytest.fixture
def filled(app, session):
    """Help of two kinds: for a town, for a county, for the state."""
    make_program(
        session, name="Lamp House", categories=("housing",), service_areas=(AreaDraft(place="town/hartford"),)
    )
    make_program(
        session,
        name="County Beds",
        categories=("housing",),
        service_areas=(AreaDraft(place="county/hartford"),),
    )
    make_program(
        session,
        name="Far Law",
        categories=("legal-assistance",),
        service_areas=(AreaDraft(place="state/connecticut"),),
    )
    session.commit()
    sync.prepare(app)
    return app


def table(client, address="/reports/coverage.csv?places=county"):
    visit = client.get(address)
    assert visit.response.headers["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(visit.response.data.decode("utf-8-sig"))))


def test_every_number_leads_to_a_search_that_finds_as_many(client, filled):
    page = client.get("/reports/coverage?places=county")

    links = re.findall(r'<td[^>]*><a href="([^"]+)">(\d+)</a>', page.text)
    assert links
    for address, number in links:
        parts = urlsplit(address.replace("&amp;", "&"))
        assert client.get(f"/programs.json?{parts.query}").response.json["total"] == int(number)


def test_one_kind_of_help_is_told_in_parts(client, filled):
    page = client.get("/reports/coverage?places=county&value=housing")

    assert "This place" in page.text
    assert "Far Law" not in page.text
    assert re.search(r"Hartford County</a></th>\s*<td><a [^>]+>2</a></td>\s*<td>0</td>", page.text)


def test_what_is_missing_is_said_in_sentences(client, filled):
    page = client.get("/reports/coverage?places=county&place=county/hartford")

    assert "Legal help: no program serves Hartford County in particular; 1 statewide." in page.text
    assert "Housing: no program" not in page.text


def test_the_table_says_the_same(client, filled):
    rows = {(row["category"], row["place"]): row for row in table(client)}

    row = rows["housing", "county/hartford"]
    assert [row[part] for part in ("town", "region", "state", "nation", "total")] == ["2", "0", "0", "0", "2"]


def test_it_can_be_narrowed_as_a_search_can(client, filled):
    rows = table(client, "/reports/coverage.csv?places=county&q=lamp")

    assert {row["total"] for row in rows if row["category"] == "housing"} == {"0", "1"}


def test_one_kind_of_help_in_one_county_is_a_table_a_map_and_a_file(client, filled):
    asked = "?value=housing&inside=county/hartford"

    page = client.get(f"/reports/coverage{asked}")

    assert "Housing: Hartford County and its towns" in page.text
    rows = table(client, f"/reports/coverage.csv{asked}")
    assert {row["category"] for row in rows} == {"housing"}
    assert rows[0]["place"] == "county/hartford"
    assert "town/hartford" in {row["place"] for row in rows}
    for row in rows:
        shown = rf"{row['place_name']}</a></th>\s*<td[^>]*>(?:<a [^>]+>)?{row['town']}<"
        assert re.search(shown, page.text), row


def test_the_map_shows_the_numbers_of_the_table(client, filled):
    page = client.get("/reports/coverage?value=housing&places=town")

    near = {
        row["place_name"]: int(row["town"]) + int(row["region"])
        for row in table(client, "/reports/coverage.csv?value=housing&places=town")
    }
    drawn = re.findall(
        r'<g class="chart__mark chart__mark--(\w+)"><title>([^.]+)\..*?</title>.*?>(\d+)</text></g>',
        page.text,
    )
    assert {name: int(number) for _form, name, number in drawn} == near
    assert {form for form, name, _number in drawn if not near[name]} <= {"lacking"}


def test_the_map_of_all_kinds_shows_how_many_are_missing(client, filled):
    page = client.get("/reports/coverage?places=town")

    missing = dict(
        re.findall(r">([\w ]+)</a></th>(?:(?!</tr>).)*<td>(\d+)</td>\s*</tr>", page.text, re.DOTALL)
    )
    drawn = re.findall(r"<title>([^.<]+)\. Missing (\d+)</title>", page.text)
    assert dict(drawn) == missing


def test_where_nothing_is_the_map_says_so_without_colour(client, filled):
    page = client.get("/reports/coverage?value=legal-assistance&places=county")

    assert page.text.count('fill="url(#chart-lines)"') == page.text.count("chart__label")


def test_the_towns_of_a_county_are_one_step_away(client, filled):
    page = client.get("/reports/coverage?places=county&place=county/hartford")

    link = re.search(r'<a href="([^"]+)">Its towns</a>', page.text)
    assert "Hartford County and its towns" in client.get(link[1].replace("&amp;", "&")).text


def test_it_can_be_narrowed_by_kind_of_help_when_groups_are_counted(client, filled):
    asked = "?rows=population&places=county&category=legal-assistance"

    page = client.get(f"/reports/coverage{asked}")

    assert "<details open>" in page.text
    rows = table(client, f"/reports/coverage.csv{asked}")
    assert {row["total"] for row in rows if row["population"] == "all-survivors"} == {"1"}


def test_all_reports_are_listed(client, filled):
    page = client.get("/reports")

    for name in ("coverage", "freshness", "demand", "annual"):
        assert f'href="/reports/{name}"' in page.text
    assert 'href="/council/indicators"' in page.text.partition("<main")[2]


def test_nonsense_is_left_out(client, filled):
    assert client.get("/reports/coverage?places=moon&rows=colour&value=x&place=y&inside=z").status == 200


def test_without_an_index_it_says_so(client, app, session):
    page = client.get("/reports/coverage", status=503)

    assert "The figures are being counted anew." in page.text
