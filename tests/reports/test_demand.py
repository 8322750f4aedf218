"""The report on demand: what is counted of visits, and what is shown of it, to whom it may be shown."""

from __future__ import annotations

import csv
import io
import re

import pytest
import sqlalchemy as sa

from services_dir import clock, demand
from services_dir.catalog.draft import AreaDraft
from services_dir.db import transaction
from services_dir.demand.models import Breakdown, RunningDemand
from services_dir.demand.rules import month_of
from services_dir.search import sync
from services_dir.upkeep.work import work_once
from services_dir.upkeep.worker import Worker
from services_dir.values import months_later
from tests.support.factories import make_program
from tests.support.statements import counted_statements

pytestmark = pytest.mark.sqlite

SEARCH = "/programs?category=emergency-shelter&place=Hartford"
BROWSER = {"User-Agent": "Mozilla/5.0"}


@pytest.fixture
def filled(app, session):
    """A catalog with a home in Hartford."""
    make_program(
        session,
        name="Lamp House",
        slug="lamp-house",
        categories=("housing",),
        service_areas=(AreaDraft(place="town/hartford"),),
    )
    session.commit()
    sync.catch_up(app)
    return app


@pytest.fixture
def counted(filled, session):
    """Give what was counted so far, by breakdown and value."""

    def read():
        demand.flush(filled)
        session.rollback()
        rows = session.scalars(sa.select(RunningDemand)).all()
        return {(row.breakdown, row.value): (row.searches, row.empty, row.sheets) for row in rows}

    return read


@pytest.fixture
def end_month(filled, session):
    """Have what was counted be of the month before."""

    def end(months=1):
        demand.flush(filled)
        with transaction(session):
            before = months_later(month_of(clock.now()), -months)
            session.execute(sa.update(RunningDemand).values(month=before))
        return before

    return end


def table(client):
    visit = client.get("/reports/demand.csv")
    rows = csv.DictReader(io.StringIO(visit.response.data.decode("utf-8-sig")))
    return {(row["by"], row["value"]): row for row in rows}


def test_a_search_is_counted_by_kind_of_help_region_and_language(client, counted):
    client.get(SEARCH)
    client.get("/es" + SEARCH)

    assert counted() == {
        (Breakdown.ALL, ""): (2, 2, 0),
        (Breakdown.CATEGORY, "housing"): (2, 2, 0),
        (Breakdown.REGION, "planning-region/capitol"): (2, 2, 0),
        (Breakdown.LANGUAGE, "en"): (1, 1, 0),
        (Breakdown.LANGUAGE, "es"): (1, 1, 0),
    }


def test_words_are_counted_by_what_they_stand_for(client, counted):
    client.get("/programs?q=housing+new+haven&language=es")
    client.get("/programs?q=xylophone")

    found = counted()
    assert found[Breakdown.CATEGORY, "housing"][0] == 1
    assert found[Breakdown.REGION, "planning-region/south-central"][0] == 1
    assert found[Breakdown.LANGUAGE, "es"][0] == 1
    assert found[Breakdown.CATEGORY, ""] == (1, 1, 0)


def test_a_post_is_counted_as_well_but_not_what_is_chosen_on_the_page(client, counted):
    client.post("/programs", {"category": "housing"}, status=200)
    client.post("/programs", {"category": "housing", "program": "lamp-house"}, status=200)
    client.post("/programs", {"search": "category=housing&page=2"}, status=200)

    assert counted()[Breakdown.ALL, ""] == (1, 0, 0)


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/programs", {}),
        (SEARCH + "&page=2", {}),
        (SEARCH, {"Live-Update": "1"}),
        (SEARCH, {"Sec-Purpose": "prefetch;prerender"}),
        (SEARCH, {"Purpose": "prefetch"}),
        (SEARCH, {"Sec-Fetch-Dest": "empty"}),
        (SEARCH, {"User-Agent": "Mozilla/5.0 (compatible; MadeUpBot/2.1; +https://example.org/bot)"}),
        (SEARCH, {"Referer": f"http://localhost{SEARCH}"}),
        (SEARCH + "&sort=name", {"Referer": f"http://localhost/es{SEARCH}&page=2"}),
        ("/programs.json?category=housing", {}),
        ("/map?category=housing", {}),
        ("/suggestions?q=hou", {}),
    ],
)
def test_what_is_no_new_search_of_a_person_is_not_counted(client, counted, path, headers):
    client.get(path, headers=BROWSER | headers)

    assert counted() == {}


def test_a_head_is_not_counted(client, counted):
    client.head(SEARCH)

    assert counted() == {}


def test_another_search_from_the_page_of_results_is_counted(client, counted):
    client.get(SEARCH, headers={"Referer": "http://localhost/programs?category=legal-assistance"})
    client.get(SEARCH, headers={"Referer": f"http://other.example{SEARCH}"})

    assert counted()[Breakdown.ALL, ""][0] == 2


def test_a_sheet_is_counted_once_for_the_kinds_of_help_on_it(client, counted):
    sheet = {"Referer": "http://localhost/referral-sheet"}
    client.post("/referral-sheet", {"program": "lamp-house"}, status=200)
    client.post("/referral-sheet", {"program": "lamp-house", "discreet": "1"}, status=200, headers=sheet)
    client.post("/referral-sheet.pdf", {"program": "lamp-house"}, status=200, headers=sheet)
    client.post("/referral-sheet", {"program": "nobody-knows-it"}, status=200)

    assert counted() == {
        (Breakdown.ALL, ""): (0, 0, 1),
        (Breakdown.CATEGORY, "housing"): (0, 0, 1),
        (Breakdown.REGION, "planning-region/capitol"): (0, 0, 1),
        (Breakdown.LANGUAGE, "en"): (0, 0, 1),
    }


def test_a_search_leaves_neither_its_words_nor_a_statement_that_writes(client, filled, home):
    with counted_statements(filled) as statements:
        client.get("/programs?q=quincunx+housing&place=Hartford")
    demand.flush(filled)

    assert [one for one in statements if not one.lstrip().upper().startswith("SELECT")] == []
    files = [file for file in home.rglob("*") if file.is_file()]
    assert files
    assert not [file for file in files if b"quincunx" in file.read_bytes()]


def test_what_was_counted_is_written_in_one_statement(client, filled):
    for place in ("Hartford", "New Haven", "Hamden"):
        client.get(f"/programs?category=housing&place={place}")

    with counted_statements(filled) as statements:
        demand.flush(filled)
        demand.flush(filled)

    assert len(statements) == 1


def test_a_process_that_ends_writes_what_it_counted(client, filled, session):
    client.get(SEARCH)
    worker = Worker(filled, interval=60)
    worker.start()
    worker.stop()

    assert session.scalars(sa.select(RunningDemand)).all()


def test_the_running_month_is_not_shown(client, counted):
    client.get(SEARCH)
    counted()

    page = client.get("/reports/demand")
    assert "There are no figures yet." in page.text
    assert table(client) == {}


def test_a_month_that_is_over_is_shown_with_every_figure_a_multiple_of_5(client, end_month, session):
    for _time in range(7):
        client.get(SEARCH)
    client.get("/programs?category=legal-assistance&place=New Haven")
    month = end_month()

    page = client.get("/reports/demand")

    rows = table(client)
    assert f"{month:%Y-%m}" == rows["all", ""]["month"]
    assert rows["all", ""]["searches"] == "5"
    assert rows["category", "housing"]["searches"] == rows["category", "housing"]["empty"] == "5"
    assert rows["region", "planning-region/capitol"]["searches"] == "5"
    assert rows["category", "legal-assistance"]["searches"] == "0"
    cells = re.findall(r"<d[dt]>(\d+)</dd>|<td>(\d+)</td>", page.text)
    assert cells
    assert all(int(one or other) % 5 == 0 for one, other in cells)
    assert session.scalars(sa.select(RunningDemand)).all() == []


def test_a_kind_of_help_that_one_person_looked_for_looks_like_one_nobody_did(client, end_month):
    client.get("/programs?category=legal-assistance&language=vi")
    end_month()

    rows = {key: row for key, row in table(client).items() if row["searches"] != "0"}
    page = client.get("/reports/demand")

    assert rows == {}
    assert "Vietnamese" not in page.text


def test_demand_stands_beside_what_there_is(client, end_month):
    client.get(SEARCH)
    end_month()

    page = client.get("/es/reports/demand")

    found = re.search(r'Vivienda</th><td>0</td>.*?<td><a href="([^"]+)">(\d+)</a>', page.text)
    assert found
    address = found[1].replace("&amp;", "&").replace("/es/programs", "/programs.json")
    assert client.get(address).json["total"] == int(found[2])


def test_a_month_can_be_chosen(client, filled, end_month):
    client.get(SEARCH)
    month = end_month(months=2)
    client.get("/reports/demand")

    page = client.get(f"/reports/demand?month={month:%Y-%m}")
    assert "Counting began in this month" in page.text
    assert client.get("/reports/demand?month=nonsense").status == 200


def test_work_closes_a_month_too(client, filled, end_month, session):
    client.get(SEARCH)
    end_month()

    report = work_once(filled, with_index=False)

    assert "Months of demand closed: 1." in report.done
    assert session.scalars(sa.select(RunningDemand)).all() == []
