"""The report on freshness: its figures are those of search, of the API and of the rules of verification."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, date, datetime, time, timedelta

import pytest

from services_dir import audit, clock
from services_dir.catalog.draft import AreaDraft
from services_dir.catalog.kinds import AssuranceMethod, Level, PhoneKind, ProgramKind
from services_dir.catalog.operations import assure_program, withdraw_program
from services_dir.db import transaction
from services_dir.reports.freshness.queries import Work, count_deeds, get_freshness
from services_dir.search import sync
from services_dir.values import months_later
from services_dir.verification.rules import Standing
from tests.support.factories import NOON, draft_phone, make_account, make_program
from tests.support.statements import counted_statements

DAY = date(2026, 6, 15)


def confirm(session, program, on):
    at = datetime.combine(on, time(12), UTC)
    with transaction(session):
        assure_program(session, program, AssuranceMethod.PHONE, on=on, role="front desk", by=None, at=at)


def made(session, months_ago, **changes):
    """Publish a program that was confirmed some months before DAY, or never."""
    program = make_program(session, **{"categories": ("legal-assistance",)} | changes)
    if months_ago is not None:
        confirm(session, program, months_later(DAY, -months_ago))
    return program


def test_programs_are_counted_by_how_they_stand(session):
    for months_ago in (1, 1, 11, 13, None):
        made(session, months_ago)
    made(session, 6, categories=("housing",))
    made(session, 8, phones=(draft_phone(kind=PhoneKind.HOTLINE),))

    freshness = get_freshness(session, DAY)

    assert dict(freshness.total) == {
        Standing.FRESH: 2,
        Standing.DUE: 2,
        Standing.OVERDUE: 2,
        Standing.NEVER: 1,
    }
    assert dict(freshness.categories["housing"]) == {Standing.DUE: 1}
    assert freshness.levels["local"] == freshness.total
    assert not freshness.levels["federal"]


def test_what_is_withdrawn_and_what_is_a_right_is_not_counted(session):
    made(session, None, kind=ProgramKind.LEGAL_RIGHT)
    gone = made(session, 1)
    with transaction(session):
        withdraw_program(session, gone, at=clock.now())

    assert not any(get_freshness(session, DAY).total.values())


def test_a_program_of_two_kinds_counts_in_both_and_once_in_all(session):
    made(session, 1, categories=("housing", "legal-assistance"))

    freshness = get_freshness(session, DAY)

    assert sum(freshness.total.values()) == 1
    assert sum(freshness.categories["housing"].values()) == 1
    assert sum(freshness.categories["legal-assistance"].values()) == 1


def test_over_time_it_says_what_was_listed_and_confirmed_by_then(session):
    at = clock.now()
    program = make_program(session, at=at - timedelta(days=100), categories=("legal-assistance",))
    confirm(session, program, (at - timedelta(days=40)).date())
    with transaction(session):
        withdraw_program(session, program, at=at - timedelta(days=1))

    months = get_freshness(session, at.date()).months

    ends = [day for day in months if day < at.date()]
    assert ends
    for day in ends:
        is_confirmed = day >= (at - timedelta(days=40)).date()
        is_listed = (at - timedelta(days=100)).date() <= day < (at - timedelta(days=1)).date()
        assert dict(months[day]) == (
            {Standing.FRESH if is_confirmed else Standing.NEVER: 1} if is_listed else {}
        )
    assert not any(months[at.date()].values())


def test_deeds_are_counted_by_month_and_name_nobody(session, client):
    account = make_account(session, name="Robin Made-up")
    at = clock.now()
    with transaction(session):
        for deed, by in (
            ("submission.approved", account.id),
            ("submission.approved", None),
            ("call.recorded", account.id),
            ("account.signed_in", account.id),
        ):
            audit.record(session, deed, kind="submission", subject=1, by=by, at=at)
        old = months_later(at.date().replace(day=1), -2)
        earlier = at.replace(year=old.year, month=old.month, day=1)
        audit.record(session, "program.merged", kind="program", subject=1, by=account.id, at=earlier)

    done = count_deeds(session, at.date())

    assert len(done) <= 12
    assert min(done) >= NOON.date().replace(day=1), "nothing is known of what was before the account"
    assert dict(done[at.date().replace(day=1)]) == {Work.APPROVED: 1, Work.CALLED: 1}
    assert dict(done[old]) == {Work.RESTORED: 1}
    assert "Robin" not in client.get("/reports/freshness").text


@pytest.fixture
def varied(app, session):
    """Programs of several kinds and levels, confirmed or not."""
    today = clock.now().date()
    for number in range(12):
        program = make_program(
            session,
            categories=(
                ("emergency-shelter", "legal-assistance")[number % 2],
                *(("health-care",) if number % 3 == 0 else ()),
            ),
            level=(Level.LOCAL, Level.STATE, Level.FEDERAL)[number % 3],
            kind=ProgramKind.LEGAL_RIGHT if number == 7 else ProgramKind.PROGRAM,
            service_areas=(AreaDraft(place=("town/hartford", "state/connecticut")[number % 2]),),
        )
        if number % 4:
            confirm(session, program, months_later(today, -number))
    sync.prepare(app)
    return app


@pytest.mark.sqlite
def test_every_figure_is_that_of_search_api_and_file(client, varied):
    page = client.get("/reports/freshness")
    rows = list(
        csv.DictReader(io.StringIO(client.get("/reports/freshness.csv").response.data.decode("utf-8-sig")))
    )
    services = client.get("/hsds/services?per_page=500&full=true").json["contents"]
    terms = {
        term["code"]: term["id"] for term in client.get("/hsds/taxonomy_terms?per_page=500").json["contents"]
    }

    sums = {}
    for row in rows:
        if row["table"] in ("category", "level"):
            key = row["table"], row["key"]
            sums[key] = sums.get(key, 0) + int(row["number"])
    assert sums["category", "housing"] == 6
    for (facet, value), total in sums.items():
        found = client.get(f"/programs.json?kind=program&{facet}={value}").json
        assert found["total"] == total, value
        never = sum(hit["assured_on"] is None for hit in found["hits"])
        shown = next(r for r in rows if (r["table"], r["key"], r["column"]) == (facet, value, "never"))
        assert int(shown["number"]) == never
        if facet == "category" and value in terms:
            of_api = client.get(f"/hsds/services?per_page=1&taxonomy_term_id={terms[value]}").json
            rights = client.get(f"/programs.json?kind=legal-right&{facet}={value}").json["total"]
            assert of_api["total_items"] == total + rights
    assert sum(1 for _service in services) == 12
    for address, number in re.findall(r'<a href="(/programs\?[^"]+)">(\d+)</a>', page.text):
        path = address.replace("&amp;", "&").replace("/programs?", "/programs.json?")
        assert client.get(path).json["total"] == int(number)


@pytest.mark.sqlite
def test_the_page_asks_as_many_statements_however_many_programs_there_are(client, app, session):
    made(session, 1)
    client.get("/reports/freshness")
    for _number in range(3):
        made(session, 1)
    with counted_statements(app) as first:
        client.get("/reports/freshness")
    for _number in range(5):
        made(session, 1)
    with counted_statements(app) as second:
        client.get("/reports/freshness")

    assert len(first) == len(second)


@pytest.mark.sqlite
def test_it_speaks_spanish(client, varied):
    page = client.get("/es/reports/freshness")

    assert "Qué tan al día están los datos" in page.text
    assert "Nunca confirmado" in page.text
