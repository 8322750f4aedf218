"""The yearly report: counted from versions as of any day, frozen when published, the same again."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest
from pypdf import PdfReader
from sqlalchemy import select

from services_dir import clock, policy
from services_dir.catalog.draft import AreaDraft
from services_dir.catalog.kinds import AssuranceMethod, Level, ProgramKind
from services_dir.catalog.operations import assure_program, withdraw_program
from services_dir.catalog.queries import find_published_draft
from services_dir.db import transaction
from services_dir.demand.models import Breakdown, DemandMonth, KeptDemand
from services_dir.demand.rules import Sums
from services_dir.errors import InvalidError
from services_dir.reports.annual import making, operations
from services_dir.reports.annual.counting import Span, count
from services_dir.reports.annual.demand import sums_of
from services_dir.reports.annual.figures import Changes, Figures
from services_dir.reports.annual.models import AnnualFile, AnnualReport
from services_dir.search import sync
from services_dir.verification.rules import Standing
from tests.support.factories import (
    draft_hidden_site,
    draft_site,
    make_account,
    make_program,
)

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)


def at(month, day=1, year=2026):
    return datetime(year, month, day, 12, tzinfo=UTC)


def change(session, program, when, **changes):
    held = find_published_draft(session, program)
    session.rollback()
    return make_program(session, msgspec.structs.replace(held[0], **changes), at=when)


def withdraw(session, program, when):
    with transaction(session):
        withdraw_program(session, program, at=when)


def confirm(session, program, when):
    with transaction(session):
        assure_program(
            session, program, AssuranceMethod.PHONE, on=when.date(), role="front desk", by=None, at=when
        )


def counted(session, year=2026, as_of=None, now=NOW):
    return count(session, Span.of(year, now, as_of))


def test_new_changed_withdrawn_and_back_again_add_up(session):
    stays = make_program(session, at=at(3, year=2025))
    changed = make_program(session, at=at(3, year=2025))
    gone = make_program(session, at=at(3, year=2025))
    back = make_program(session, at=at(3, year=2025))
    withdraw(session, back, at(6, year=2025))
    came_and_went = make_program(session, at=at(2))
    make_program(session, at=at(3))
    change(session, changed, at(4), level=Level.STATE)
    withdraw(session, gone, at(5))
    withdraw(session, came_and_went, at(6))
    change(session, back, at(7))
    make_program(session, kind=ProgramKind.LEGAL_RIGHT, at=at(7))

    figures = counted(session)

    assert figures.changes == Changes(start=3, new=2, again=1, withdrawn=2, end=4, changed=1)
    assert figures.programs == 4
    assert figures.rights == 1
    assert figures.changes_by_category["housing"] == figures.changes
    assert stays.id


def test_each_program_counts_in_its_main_kinds_and_by_its_level(session):
    make_program(session, categories=("emergency-shelter", "legal-assistance"), level=Level.STATE, at=at(2))
    make_program(session, categories=("legal-assistance",), at=at(2))

    figures = counted(session)

    assert figures.cells["housing"] == {"state": 1}
    assert figures.cells["legal-assistance"] == {"state": 1, "local": 1}
    assert figures.by_level == {"state": 1, "local": 1}
    assert figures.programs == 2


def test_freshness_is_that_of_the_day_and_not_of_today(session):
    program = make_program(session, categories=("legal-assistance",), at=at(1, year=2025))
    confirm(session, program, at(2, year=2025))
    confirm(session, program, at(11, 10))

    assert counted(session, as_of=date(2026, 10, 1)).freshness["all"][Standing.OVERDUE] == 1
    assert counted(session).freshness["all"][Standing.FRESH] == 1
    assert counted(session).freshness_at_start[Standing.DUE] == 1


def test_what_was_recorded_later_does_not_change_the_past(session):
    program = make_program(session, categories=("legal-assistance",), at=at(1))
    with transaction(session):
        assure_program(
            session,
            program,
            AssuranceMethod.FEED,
            on=date(2026, 3, 1),
            role=None,
            by=None,
            at=at(10),
            feed="Made-up 211",
        )

    assert counted(session, as_of=date(2026, 6, 1)).freshness["all"][Standing.NEVER] == 1
    assert counted(session).freshness["all"][Standing.FRESH] == 1


@pytest.mark.parametrize(
    ("year", "as_of", "reason"),
    [
        (2027, None, "from 2000 to 2026"),
        (1999, None, "from 2000 to 2026"),
        (2026, date(2026, 11, 21), "not after today"),
        (2026, date(2025, 12, 31), "must be in 2026"),
        (2025, None, "Nothing was listed yet on 2025-12-31"),
    ],
)
def test_a_year_or_day_that_cannot_be_told_is_refused_in_a_sentence(session, year, as_of, reason):
    make_program(session, at=at(2))

    with pytest.raises(InvalidError, match=reason):
        counted(session, year, as_of)


def test_demand_is_that_of_the_months_that_were_over(session):
    make_program(session, at=at(1))
    with transaction(session):
        for month in (9, 10, 11):
            session.add(DemandMonth(month=date(2026, month, 1)))
            for breakdown, value, number in ((Breakdown.ALL, "", 20), (Breakdown.CATEGORY, "housing", 15)):
                session.add(
                    KeptDemand(
                        month=date(2026, month, 1),
                        breakdown=breakdown,
                        value=value,
                        searches=number * month,
                        empty=5,
                        sheets=0,
                    )
                )

    figures = counted(session)

    assert [(line.month, line.searches) for line in figures.demand if line.breakdown == "all"] == [
        ("2026-09", 180),
        ("2026-10", 200),
    ]
    assert sums_of(figures.demand, Breakdown.CATEGORY) == {"housing": Sums(285, 10, 0)}
    assert counted(session, as_of=date(2026, 8, 31)).demand == ()


@pytest.fixture
def published(app, session):
    """A report published in the middle of the year."""
    places = "town/hartford", "state/connecticut"
    for number in range(4):
        program = make_program(
            session,
            name=f"Made-up Lantern {number}",
            categories=("housing", "legal-assistance")[number % 2 :][:1],
            service_areas=(AreaDraft(place=places[number % 2]),),
            at=at(1 + number),
        )
        if number % 2:
            confirm(session, program, at(5 + number))
    with app.test_request_context("/"):
        return making.publish(session, 2026, by=None, now=NOW)


def test_the_same_figures_come_out_as_of_that_day_after_the_catalog_changed(app, session, published):
    report = session.get_one(AnnualReport, published)
    before = Figures.read(report.figures)
    programs = [make_program(session, at=NOW + timedelta(days=1)) for _number in range(3)]
    withdraw(session, programs[0], NOW + timedelta(days=2))
    for program in session.scalars(select(type(programs[0]))).all()[:2]:
        change(session, program, NOW + timedelta(days=3), level=Level.FEDERAL, categories=("health-care",))
        confirm(session, program, NOW + timedelta(days=4))
    with transaction(session):
        policy.change(session, "stale_months", 3, by=None, at=NOW)
        policy.change(session, "verify_months", 2, by=None, at=NOW)

    assert making.recount(session, report) == before
    assert making.differences(session, report) == []
    later = counted(session, now=NOW + timedelta(days=5))
    assert later.programs != before.programs
    assert later.cells != before.cells


def test_a_tampered_figure_is_found(app, session, published):
    report = session.get_one(AnnualReport, published)
    figures = Figures.read(report.figures)
    with transaction(session):
        session.get_one(AnnualReport, published).figures = msgspec.structs.replace(
            figures, programs=99
        ).to_json()

    assert making.differences(session, session.get_one(AnnualReport, published)) == ["programs"]


def test_each_publication_is_an_edition_of_its_own_and_the_first_stays(app, session, published):
    first = session.get_one(AnnualReport, published).figures
    make_program(session, at=NOW)
    with app.test_request_context("/"):
        second = making.publish(session, 2026, by=None, now=NOW + timedelta(hours=1))

    assert session.get_one(AnnualReport, second).edition == 2
    assert session.get_one(AnnualReport, published).figures == first


def test_an_address_that_leaves_the_past_leaves_the_files_too(app, session, published):
    site = draft_site(street="77 Made-up Street")
    program = make_program(session, name="House at 77 Made-up Street", sites=(site,), at=at(6))
    with app.test_request_context("/"):
        later = making.publish(session, 2026, by=None, now=NOW)
    hidden = draft_hidden_site(id=site.id, location_id=site.location_id)
    change(session, program, NOW, sites=(hidden,))

    assert session.scalars(select(AnnualFile)).all() == []
    with app.test_request_context("/"):
        content = making.published_pdf(session, session.get_one(AnnualReport, later), "en")
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    assert "Made-up Street" not in text
    assert making.differences(session, session.get_one(AnnualReport, later)) == []


def test_a_file_set_before_an_address_left_is_not_kept(app, session, published):
    site = draft_site()
    program = make_program(session, sites=(site,), at=at(6))
    with app.test_request_context("/"):
        made = making.draft(session, 2026, now=NOW)
    change(session, program, NOW, sites=(draft_hidden_site(id=site.id, location_id=site.location_id),))
    with transaction(session):
        operations.publish(
            session, made.figures, {"en": b"%PDF"}, edition=2, seen_change=made.seen_change, by=None, at=NOW
        )

    assert session.scalars(select(AnnualFile)).all() == []


@pytest.mark.sqlite
def test_the_pdf_is_tagged_names_every_program_and_speaks_its_language(client, published):
    for prefix, language, words in (("", "en", "Method and limits"), ("/es", "es", "Método y límites")):
        answer = client.get(f"{prefix}/reports/annual/{published}.pdf").response
        assert answer.content_type == "application/pdf"
        reader = PdfReader(io.BytesIO(answer.data))
        catalog = reader.trailer["/Root"]
        assert catalog["/MarkInfo"]["/Marked"]
        assert catalog["/Lang"] == language
        assert "pdfuaid" in catalog["/Metadata"].get_object().get_data().decode()
        text = " ".join("".join(page.extract_text() for page in reader.pages).split())
        assert words in text
        assert all(f"Made-up Lantern {number}" in text for number in range(4))


@pytest.mark.sqlite
def test_a_published_report_is_listed_shown_and_can_be_downloaded(client, session, published):
    for address in ("/reports", "/reports/annual", "/es/reports/annual"):
        page = client.get(address)
        assert f"/reports/annual/{published}.pdf" in page.text
        assert f"/reports/annual/{published}.csv" in page.text
    assert "listed 4 programs of 4 organizations" in client.get(f"/reports/annual/{published}").text
    client.get("/reports/annual/99", status=404)
    client.get("/reports/annual/99999999999999999999.pdf", status=404)


@pytest.mark.sqlite
def test_a_figure_of_the_report_is_that_of_search_and_of_the_other_reports(client, app, session, published):
    sync.prepare(app)
    rows = list(
        csv.DictReader(
            io.StringIO(client.get(f"/reports/annual/{published}.csv").response.data.decode("utf-8-sig"))
        )
    )
    numbers = {(row["section"], row["of"], row["by"]): int(row["number"]) for row in rows}

    for (section, of, by), number in numbers.items():
        if section == "programs":
            level = f"&level={by}" if by != "all" else ""
            category = f"&category={of}" if of != "all" else ""
            found = client.get(f"/programs.json?kind=program{category}{level}").json["total"]
            assert found == number, (of, by)
    covered = csv.DictReader(
        io.StringIO(client.get("/reports/coverage.csv?places=town").response.data.decode("utf-8-sig"))
    )
    for row in covered:
        for reach in ("town", "region", "state", "nation"):
            assert numbers[f"coverage {reach}", row["category"], row["place"]] == int(row[reach])


@pytest.mark.sqlite
def test_a_coordinator_looks_at_the_draft_and_publishes_it_with_one_button(client, session):
    make_program(session, name="Made-up Lantern")
    client.sign_in(session, make_account(session))
    year = clock.now().year

    page = client.get("/workspace/reports")
    assert "listed 1 program of 1 organization." in page.text
    assert client.get(f"/workspace/reports/{year}.pdf").response.data.startswith(b"%PDF")
    assert b"coverage town" in client.get(f"/workspace/reports/{year}.csv").response.data
    done = client.submit(page, {}, action=f"/workspace/reports/{year}")

    assert "The report is published." in client.follow(done).text
    report = session.scalars(select(AnnualReport)).one()
    assert report.published_by_id is not None
    assert client.get("/reports/annual/1").status == 200


@pytest.mark.sqlite
def test_a_year_before_the_register_says_so(client, session):
    make_program(session)
    client.sign_in(session, make_account(session))

    page = client.get(f"/workspace/reports?year={clock.now().year - 4}")

    assert "Nothing was listed yet" in page.text
    assert "Publish the report" not in page.text
