"""The coordinators' pages of the library: publishing a meeting with its papers, changing, taking away."""

from __future__ import annotations

import gc
import io

import pytest
from sqlalchemy import func, select

from services_dir.audit import AuditEvent
from services_dir.council.kinds import Approval
from services_dir.council.models import Act, Committee, Document, Meeting, Member, Piece, StoredFile
from services_dir.council.pdf import uploads
from tests.council import papers
from tests.council.deeds import make_document, make_library
from tests.support.factories import make_account

# Werkzeug leaves the nameless files of large forms to be collected: here, not in a later test.
pytestmark = [pytest.mark.sqlite, pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")]

NEW = "/workspace/council/meetings/new"
NEW_PAPER = "/workspace/council/documents/new"


@pytest.fixture(autouse=True)
def _collected():
    yield
    gc.collect()


@pytest.fixture
def coordinator(client, session):
    client.sign_in(session, make_account(session))
    return client


def file(content: bytes, name: str = "minutes.pdf"):
    return (io.BytesIO(content), name)


def count(session, table) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(table))


def test_a_coordinator_publishes_a_meeting_with_agenda_and_minutes_in_one_form(coordinator, session):
    form = coordinator.get(NEW)
    said = {
        "held_on": "2026-03-04",
        "starts": "10:00",
        "ends": "12:00",
        "place": "Room 1, Made-up Street 1",
        "agenda_url": "https://example.org/agenda.pdf",
        "minutes_file": file(papers.pdf("What was said of lanterns")),
        "minutes_approval": "draft",
        "other_title": "A made-up talk",
        "other_file": file(papers.pdf("Slides"), "slides.pdf"),
    }

    done = coordinator.follow(coordinator.submit(form, said, action=NEW))

    assert "The meeting is published." in done.page.text
    public = coordinator.get("/council/meetings/2026-03-04").page
    assert "Minutes · Draft" in public.text
    assert "Agenda · On another site" in public.text
    assert "A made-up talk" in public.text
    assert "10:00" in public.text
    assert "Minutes of March 4, 2026" in coordinator.get("/council/documents?q=lanterns").page.text
    assert session.scalars(select(AuditEvent.deed).order_by(AuditEvent.id)).all()[-4:] == [
        "meeting.published",
        "document.published",
        "document.published",
        "document.published",
    ]


def test_minutes_are_approved_and_given_a_new_file_on_the_same_page(coordinator, session):
    form = coordinator.get(NEW)
    said = {"held_on": "2026-03-04", "minutes_file": file(papers.pdf("Draft")), "minutes_approval": "draft"}
    page = coordinator.follow(coordinator.submit(form, said, action=NEW))

    said = {"minutes_approval": "approved", "minutes_file": file(papers.pdf("Final"))}
    coordinator.submit(page, said, action="/workspace/council/meetings/1")

    session.rollback()
    minutes = session.scalars(select(Document)).one()
    assert minutes.approval is Approval.APPROVED
    assert count(session, StoredFile) == 1
    assert "Final" in coordinator.get("/council/documents/minutes-2026-03-04/pages/1").page.text


def test_a_meeting_is_taken_out_when_it_has_no_papers(coordinator, session):
    make_library(session)
    removal = "/workspace/council/meetings/1/removal"
    assert "Take this meeting out" not in coordinator.get("/workspace/council/meetings/1").page.text
    paper = coordinator.get("/workspace/council/documents/1")
    token = paper.page.form("/workspace/council/documents/1/removal").values
    kept = coordinator.post(removal, token, status=409)
    assert "This meeting has papers." in kept.page.text

    coordinator.submit(paper, {"what": "all"}, action="/workspace/council/documents/1/removal")
    coordinator.submit(coordinator.get("/workspace/council/meetings/1"), {}, action=removal)

    assert count(session, Meeting) == 0


def test_a_form_sent_again_unchanged_changes_no_paper(coordinator, session):
    make_library(session)
    page = coordinator.get("/workspace/council/meetings/1")

    coordinator.submit(page, {}, action="/workspace/council/meetings/1")

    deeds = session.scalars(select(AuditEvent.deed).order_by(AuditEvent.id)).all()
    assert deeds[-1] == "meeting.changed"
    assert "document.changed" not in deeds


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (papers.pdf, "../minutes.pdf", "holds signs that no name should have"),
        (papers.pdf, "minutes.html.pdf", "ends twice"),
        (lambda: b"<html><script>alert(1)</script></html>", "minutes.pdf", "This is not a PDF."),
        (papers.with_script, "minutes.pdf", "holds a script or starts something"),
        (papers.bomb, "minutes.pdf", "becomes far too large"),
        (lambda: b"%PDF-" + bytes(uploads.LARGEST), "minutes.pdf", "larger than 20 megabytes"),
    ],
)
def test_a_refused_file_leaves_nothing_behind_and_loses_nothing_typed(
    coordinator, session, content, name, sentence
):
    form = coordinator.get(NEW)
    said = {
        "held_on": "2026-03-04",
        "place": "Made-up Hall",
        "agenda_file": file(papers.pdf(), "agenda.pdf"),
        "minutes_file": file(content(), name),
    }

    refused = coordinator.submit(form, said, action=NEW, status=422)

    assert sentence in refused.page.text
    assert refused.page.form(NEW).values["place"] == ["Made-up Hall"]
    assert [count(session, table) for table in (Meeting, Document, StoredFile, Piece)] == [0, 0, 0, 0]


FORM = {"CONTENT_TYPE": "multipart/form-data; boundary=b"}


class Endless:
    """A gigabyte on its way, of which no more is made than is asked for."""

    given = 0

    def read(self, size: int) -> bytes:
        self.given += size
        return b"x" * size


def test_a_gigabyte_is_refused_before_it_is_read(coordinator, session):
    stream = Endless()

    refused = coordinator.post(
        NEW,
        None,
        status=413,
        environ_overrides={**FORM, "CONTENT_LENGTH": "1000000000", "wsgi.input": stream},
    )

    assert "at most 20 megabytes" in refused.page.text
    assert stream.given == 0
    assert [count(session, table) for table in (Meeting, StoredFile)] == [0, 0]


def test_a_gigabyte_that_does_not_say_its_length_is_refused_on_the_way(coordinator, session):
    stream = Endless()
    start = b'--b\r\nContent-Disposition: form-data; name="minutes_file"; filename="m.pdf"\r\n\r\n'
    held = io.BytesIO(start)
    stream_of_both = type("Both", (), {"read": lambda _self, size: held.read(size) or stream.read(size)})()

    refused = coordinator.post(
        NEW,
        None,
        status=413,
        environ_overrides={**FORM, "wsgi.input_terminated": True, "wsgi.input": stream_of_both},
    )

    assert "at most 20 megabytes" in refused.page.text
    assert stream.given < 4 * uploads.LARGEST
    assert [count(session, table) for table in (Meeting, StoredFile)] == [0, 0]


def test_mistakes_are_said_beside_their_fields(coordinator, session):
    form = coordinator.get(NEW)
    said = {
        "held_on": "soon",
        "starts": "12:00",
        "ends": "10:00",
        "agenda_url": "javascript:alert(1)",
        "other_url": "https://example.org/talk",
    }

    page = coordinator.submit(form, said, action=NEW, status=422).page

    assert "This needs a whole address" in page.text
    assert "The end must come after the beginning." in page.text
    assert "Say what it is called." in page.text
    assert count(session, Meeting) == 0


def test_a_paper_is_published_by_itself_and_taken_away_again(coordinator, session):
    said = {
        "title": "Made-up annual report",
        "kind": "annual-report",
        "period": "2026",
        "file": file(papers.pdf("Lanterns")),
    }
    page = coordinator.follow(coordinator.submit(coordinator.get(NEW_PAPER), said, action=NEW_PAPER))
    assert "Made-up annual report: 2026" in coordinator.get("/council").page.text
    assert coordinator.get("/council/files/annual-report-2026.pdf").response.data == papers.pdf("Lanterns")

    removal = "/workspace/council/documents/1/removal"
    page = coordinator.follow(coordinator.submit(page, {"what": "file"}, action=removal))
    assert count(session, StoredFile) == 0
    assert "not held here" in coordinator.get("/council/documents/annual-report-2026").page.text
    coordinator.submit(page, {"what": "all"}, action=removal)
    assert count(session, Document) == 0


def test_a_paper_keeps_its_meeting_and_its_file_when_its_title_changes(coordinator, session):
    held = make_library(session)
    page = coordinator.get("/workspace/council/documents/1")

    coordinator.submit(page, {"title": "Minutes, mended"}, action="/workspace/council/documents/1")

    session.rollback()
    session.refresh(held)
    assert (held.title, held.meeting.slug) == ("Minutes, mended", "2026-03-04")
    assert held.digest
    assert "Minutes, mended" in coordinator.get("/council/documents?q=mended").page.text


@pytest.mark.parametrize(
    ("register", "table", "said", "public", "words"),
    [
        (
            "acts",
            Act,
            {"kind": "act", "year": "2026", "name": "Made-up Act 26-1", "effect_en": "Makes up."},
            "/council/acts",
            "Made-up Act 26-1",
        ),
        (
            "members",
            Member,
            {"seat": "A made-up seat", "since": "2026-01-02"},
            "/council/members",
            "A made-up seat",
        ),
        ("committees", Committee, {"name": "Made-up committee"}, "/council/members", "Made-up committee"),
    ],
)
def test_a_register_gets_changes_and_loses_a_line(coordinator, session, register, table, said, public, words):
    new = f"/workspace/council/{register}/new"
    coordinator.submit(coordinator.get(new), said, action=new)
    assert words in coordinator.get(public).page.text

    line = f"/workspace/council/{register}/1"
    name = "seat" if register == "members" else "name"
    coordinator.submit(coordinator.get(line), {name: "Other words"}, action=line)
    assert "Other words" in coordinator.get(public).page.text

    coordinator.submit(coordinator.get(line), {}, action=f"{line}/removal")
    assert count(session, table) == 0


def test_a_committee_is_made_of_members(coordinator, session):
    make_library(session)
    line = "/workspace/council/committees/1"
    page = coordinator.get(line)
    assert page.page.form(line).values["members"] == ["1"]

    coordinator.submit(page, {"members": None}, action=line)

    session.rollback()
    assert session.get(Committee, 1).members == []


def test_a_line_with_mistakes_is_shown_again(coordinator):
    new = "/workspace/council/acts/new"

    page = coordinator.submit(
        coordinator.get(new), {"name": "Act", "year": "20", "url": "no address"}, action=new, status=422
    ).page

    assert "This needs a year" in page.text
    assert "Say what it does." in page.text
    assert page.form(new).values["name"] == ["Act"]


def test_what_is_not_there_is_a_page_that_says_so(coordinator, session):
    make_document(session, title="Only a title")

    for path in ("meetings/9", "documents/9", "acts/9", "members/9", "committees/9"):
        coordinator.get(f"/workspace/council/{path}", status=404)
        coordinator.post(f"/workspace/council/{path}", {}, status=404)
