"""The public pages of the library, its files and calendar, its papers beside the programs of a search."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from icalendar import Calendar

from services_dir import clock
from services_dir.council.kinds import DocumentKind
from services_dir.council.seeding import load_library
from services_dir.db import transaction
from services_dir.search import sync
from services_dir.settings import SEED_DATA
from tests.council.deeds import WORDS, make_document, make_library, make_meeting
from tests.council.papers import pdf, upload
from tests.support.factories import make_program
from tests.support.markup import text_of
from tests.support.statements import counted_statements

pytestmark = pytest.mark.sqlite

PAGES = "/council/documents/minutes-2026-03-04/pages"
FILE = "/council/files/minutes-2026-03-04.pdf"


@pytest.fixture
def seeded(session):
    with transaction(session):
        load_library(session, SEED_DATA / "council", at=clock.now())


def link_to(visit, words: str) -> str:
    """Give where the link with these words leads; there is exactly one."""
    links = visit.page.all("a", href=None)
    [address] = [link.get("href") for link in links if text_of(link) == words]
    return address


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("Minutes of February 11, 2014", "TIP Minutes February 11, 2014"),
        (
            "Trafficking in Persons Council Annual Report: 2008",
            "Trafficking in Persons Council Annual Report: 2008",
        ),
    ],
)
def test_minutes_and_reports_are_two_steps_from_home(seeded, client, words, title):
    council = client.get(link_to(client.get("/"), "The Council"))
    paper = client.get(link_to(council, words))

    assert paper.page.heading == title
    assert "The paper itself is not held here." in paper.page.text


@pytest.mark.parametrize(
    ("asked", "slug"),
    [
        ("minutes of 11 February 2014", "minutes-2014-02-11"),
        ("annual report 2008", "annual-report-2008"),
        ("acta 11 febrero 2014", "minutes-2014-02-11"),
    ],
)
def test_the_search_box_finds_them_too(seeded, app, client, session, asked, slug):
    make_program(session)
    sync.catch_up(app)

    found = client.get(f"/programs?q={asked.replace(' ', '+')}")

    assert "Council documents" in found.page.texts("h2")
    assert f"/council/documents/{slug}" in found.page.links


def test_slips_of_the_old_page_are_noted_and_not_repeated(seeded, client):
    first = client.get("/council/meetings/2014-04-16").page
    second = client.get("/council/meetings/2013-11-19").page
    listed = client.get("/council/meetings").page.text

    assert first.heading == "Meeting of April 16, 2014"
    assert "lists this meeting as “April 14, 2014”" in first.text
    assert "lists this meeting as “November 19, 2103”" in second.text
    assert "2103" not in listed
    assert "April 14" not in listed
    assert "the meeting of June 2014 was canceled" in listed


def test_each_duty_says_what_the_directory_does_for_it(seeded, app, client, session):
    make_program(session)
    sync.catch_up(app)
    page = client.get("/council").page
    duties = page.all("ol")[-1]

    assert [item.find("strong").text for item in duties.findall("li")] == [
        "Data",
        "Models",
        "Progress",
        "Programs",
        "Awareness",
        "Statutes",
        "Consultation",
        "Cooperation",
        "Report",
    ]
    for item in duties.findall("li"):
        links = [link.get("href") for link in item.iter("a")]
        assert links
        for address in links:
            client.get(address)


def test_acts_lead_to_their_texts_and_name_their_sources(seeded, client):
    page = client.get("/council/acts").page

    assert "https://www.cga.ct.gov/2017/ACT/PA/2017PA-00129-R00SB-00930-PA.htm" in page.links
    names = page.texts("dt")
    assert names[0] == "Special Act 04-8 2004"
    assert names[-1] == "C.G.S. 46a-170 Statute"
    assert page.text.count("Source:") == 6


def test_in_spanish_titles_keep_their_language_and_all_else_is_spanish(seeded, client):
    page = client.get("/es/council/meetings/2014-02-11").page

    assert page.heading == "Reunión del 11 de febrero de 2014"
    assert ("en", "TIP Minutes February 11, 2014") in [
        (span.get("lang"), span.text) for span in page.all("span", lang="en")
    ]
    assert "Acta · No está aquí" in page.text
    assert "Reunir y ordenar datos" in client.get("/es/council").page.text


def test_a_file_is_saved_and_never_run(client, session):
    make_library(session)

    response = client.get(FILE).response

    assert response.data == pdf(*WORDS)
    assert response.headers["Content-Length"] == str(len(response.data))
    assert response.headers["Content-Disposition"] == 'attachment; filename="minutes-2026-03-04.pdf"'
    assert response.mimetype == "application/pdf"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_what_is_not_held_has_no_file(client, session):
    make_document(session, title="Only a title")

    client.get("/council/files/only-a-title.pdf", status=404)
    client.get("/council/files/nothing.pdf", status=404)
    client.get("/council/documents/only-a-title/pages/1", status=404)
    client.get("/council/documents/nothing", status=404)
    client.get("/council/meetings/2026-01-01", status=404)


def test_the_words_of_a_page_can_be_read_without_the_file(client, session):
    make_library(session)

    document = client.get("/council/documents/minutes-2026-03-04").page
    first = client.get(f"{PAGES}/1").page

    assert f"{PAGES}/1" in document.links
    assert "2 pages" in document.text
    assert WORDS[0] in first.text
    assert f"{PAGES}/2" in first.links
    client.get(f"{PAGES}/3", status=404)


def test_a_scan_says_that_it_has_no_words(client, session):
    scan = make_document(session, DocumentKind.GUIDE, upload("#rect()"), title="A made-up scan")

    page = client.get(f"/council/documents/{scan.slug}").page

    assert "It is a picture: no words could be read." in page.text
    assert "Read its words here" not in page.text


def test_a_search_shows_the_page_of_a_paper_beside_the_programs(app, client, session):
    make_library(session)
    make_program(session, name="Interpreters of Windham")
    sync.catch_up(app)

    for prefix in ("", "/es"):
        page = client.get(f"{prefix}/programs?q=interpreters+windham").page
        assert f"{prefix}{PAGES}/2" in page.links
        assert page.all("section", id="beside-1")
    assert "Page 2" in client.get("/programs?q=interpreters+windham").page.text
    assert "Council documents" in client.get("/programs?q=hotline+windham+reported").page.text


def test_more_than_three_papers_lead_to_all_of_them(app, client, session):
    for number in range(5):
        make_document(session, title=f"Lantern paper {number}")
    sync.catch_up(app)

    page = client.get("/programs?q=lantern").page
    everything = client.get("/council/documents?q=lantern").page

    assert len(page.one("section", id="beside-1").findall("ul/li")) == 3
    assert "/council/documents?q=lantern" in page.links
    assert everything.text.count("Lantern paper") == 5


@pytest.mark.parametrize("question", ["lantern", "", "help"])
def test_the_search_of_programs_asks_once_more_at_most(app, client, session, question):
    make_program(session, name="A lantern house")
    sync.catch_up(app)
    client.get(f"/programs?q={question}")

    with counted_statements(app) as statements:
        client.get(f"/programs?q={question}")

    asked = [said for said in statements if "council_" in said]
    assert len(asked) == (1 if question == "lantern" else 0)


def test_lists_cost_the_same_however_much_they_hold(app, client, session):
    def statements_of(path):
        with counted_statements(app) as statements:
            client.get(path)
        return len(statements)

    make_library(session)
    paths = ("/council", "/council/meetings", "/council/documents", "/council/members")
    before = [statements_of(path) for path in paths]
    for day in range(1, 6):
        meeting = make_meeting(session, date(2025, 1, day))
        make_document(session, DocumentKind.AGENDA, meeting_id=meeting.id, url="https://example.org/a.pdf")

    assert [statements_of(path) for path in paths] == before


def test_a_calendar_takes_up_all_meetings(client, session):
    make_library(session)
    make_meeting(session, date(2026, 5, 6), is_canceled=True)

    held = Calendar.from_ical(client.get("/council/meetings.ics").response.data)
    canceled, timed = held.walk("VEVENT")

    assert timed.decoded("dtstart") == datetime(2026, 3, 4, 15, tzinfo=UTC)
    assert timed.decoded("dtend") == datetime(2026, 3, 4, 17, tzinfo=UTC)
    assert str(timed["location"]) == "Room 1, Made-up Street 1"
    assert str(timed["url"]).endswith("/council/meetings/2026-03-04")
    assert canceled.decoded("dtstart") == date(2026, 5, 6)
    assert str(canceled["status"]) == "CANCELLED"
    one = Calendar.from_ical(client.get("/council/calendar/2026-03-04.ics").response.data)
    assert [str(event["uid"]) for event in one.walk("VEVENT")] == [str(timed["uid"])]


def test_an_empty_library_says_so(client):
    page = client.get("/council").page

    assert "No meeting is listed yet." in page.text
    for path in ("acts", "members", "meetings", "reports", "guides", "documents", "documents?q=lantern"):
        client.get(f"/council/{path}")


def test_an_odd_address_gets_a_page_all_the_same(client, session):
    make_library(session)

    for path in ("documents?page=0", "documents?page=x", "documents?page=99999999999", "documents?q=%00%25_"):
        client.get(f"/council/{path}")
    client.get("/council/documents?q=" + "a+" * 500)
