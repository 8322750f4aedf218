"""The page of a submission: what is found beside it, fields accepted and asked about, notes, reports."""

from __future__ import annotations

import msgspec
import pytest
from msgspec.structs import replace
from sqlalchemy import func, select

from services_dir.catalog.kinds import AssuranceMethod, PhoneKind
from services_dir.catalog.models import Program, ProgramVersion
from services_dir.catalog.operations import assure_program
from services_dir.db import transaction
from services_dir.mail.models import OutgoingMail
from services_dir.moderation.models import Review
from services_dir.submissions.models import Submission, SubmissionKind, SubmissionState
from tests.moderation.test_views import address, change_of, decide, fresh, newest, press, published
from tests.support.factories import (
    NOON,
    TOKEN,
    draft_organization,
    draft_phone,
    draft_program,
    make_account,
    make_program,
    make_submission,
)

pytestmark = pytest.mark.sqlite


@pytest.fixture
def coordinator(client, session):
    account = make_account(session, name="Ana Example")
    client.sign_in(session, account)
    return account


def test_only_what_is_ticked_is_published(client, session, coordinator):
    program = make_program(session, area_words="Here", email="old@example.org")
    submission = change_of(session, program, area_words="There", email="new@example.org")

    decide(client, submission, "approve", offered=["area_words", "email"], accepted=["email"])

    assert published(session, program).email == "new@example.org"
    assert published(session, program).area_words == "Here"


def test_a_question_about_a_field_is_kept_for_its_sender_who_gets_a_mail_without_content(
    client, session, coordinator
):
    program = make_program(session, name="Lantern House", area_words="Here")
    submission = change_of(session, program, area_words="There")

    decide(client, submission, "request_changes", **{"question-area_words": "Which towns?", "note": ""})

    session.rollback()
    review = session.scalars(select(Review).order_by(Review.id.desc())).first()
    assert msgspec.json.decode(review.questions) == {"area_words": "Which towns?"}
    mail = session.scalars(select(OutgoingMail)).one()
    assert mail.recipient == "pat@example.org"
    assert "Which towns?" not in mail.text + mail.html + mail.subject
    assert "/submissions/" in mail.text


def test_a_question_typed_stays_when_the_decision_is_refused(client, session, coordinator):
    submission = make_submission(session)

    answer = decide(
        client, submission, None, status=422, **{"question-area_words": "Which?", "note": "A note"}
    )

    assert "Choose what you decide." in answer.page.text


def test_what_is_doubtful_is_shown_beside_it(client, session, coordinator):
    make_program(session, name="Lantern House", phones=(draft_phone("+18605550190"),))
    submission = make_submission(
        session,
        draft_program(
            name="Lantern House",
            description="The best award-winning house.",
            email="lantern@gmail.com",
            new_organization=draft_organization(email="keepers@yahoo.com"),
            phones=(draft_phone("+18605550190"),),
        ),
    )

    text = client.get(address(submission)).page.text

    assert "Is it one of these?" in text
    assert "the same phone number, nearly the same name" in text
    assert "reads like advertising" in text
    assert "free service (gmail.com)" in text
    assert "free service (yahoo.com)" in text
    assert "which another organization runs" in text
    assert "Needed to approve: this has a new organization, a new or changed phone number." in text


def test_of_a_change_only_what_changed_is_doubted(client, session, coordinator):
    relay = draft_phone("711", kind=PhoneKind.RELAY)
    make_program(session, name="Candle Rooms", phones=(relay,))
    program = make_program(
        session,
        description="The best house.",
        email="lantern@gmail.com",
        phones=(draft_phone("711", kind=PhoneKind.RELAY),),
    )
    submission = change_of(session, program, url="https://bit.ly/3abc")

    text = client.get(address(submission)).page.text

    assert "A short link hides where it leads" in text
    assert "A website that was not named before: bit.ly" in text
    assert "reads like advertising" not in text
    assert "free service" not in text
    assert "another organization runs" not in text


def test_how_it_was_checked_must_be_said_on_the_page(client, session, coordinator):
    submission = make_submission(session)

    answer = decide(client, submission, "approve", status=422, contact_check="")

    assert "Say how you checked it" in answer.page.text
    assert fresh(session, submission).state is SubmissionState.PENDING


def test_two_coordinators_publish_a_hotline(client, session, coordinator):
    hotline = draft_phone("+18605550177", kind=PhoneKind.HOTLINE)
    submission = make_submission(session, draft_program(name="Night Line", phones=(hotline,)))

    done = decide(client, submission, "approve")
    assert "a second coordinator approves it too" in client.follow(done).page.text
    assert "Needs a second approval" in client.get("/workspace/queue").page.text
    assert "You approved it. It waits for somebody else." in client.get(address(submission)).page.text
    client.get("/programs/night-line", status=404)
    client.sign_in(session, make_account(session, name="Bo Example"))
    assert "Ana Example approved it on" in client.get(address(submission)).page.text
    decide(client, submission, "approve", contact_check="", answered_by="", checked_on="")

    client.get("/programs/night-line")


def test_notes_are_for_coordinators_only(client, session, coordinator):
    submission = make_submission(session)
    press(client, submission, "/notes", text="Called them twice.")

    assert "Called them twice." in client.get(address(submission)).page.text
    assert "Called them twice." not in client.get(f"/submissions/{TOKEN}").page.text
    refused = press(client, submission, "/notes", text=" ", status=422)
    assert "Write something first." in refused.page.text


def test_the_public_page_is_shown_as_it_would_be_and_nothing_is_published(client, session, coordinator):
    submission = make_submission(session, draft_program(name="Lantern House", description="A made-up house."))

    page = client.get(address(submission, "/preview")).page

    assert "It is not published." in page.text
    assert "A made-up house." in page.text
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Program)) == 0
    assert session.scalar(select(func.count()).select_from(ProgramVersion)) == 0


def report_about(session, program):
    return make_submission(
        session, published(session, program), kind=SubmissionKind.PROBLEM, message="Nobody answers there."
    )


def test_a_problem_report_is_closed_with_what_was_found_out(client, session, coordinator):
    program = make_program(session)
    report = report_about(session, program)
    assert "Nobody answers there." in client.get(address(report)).page.text

    refused = press(client, report, "/report", status=422, outcome="reject", note="")
    assert "Say in a sentence what you found out." in refused.page.text
    press(client, report, "/report", outcome="reject", note="They answered at once.")

    assert fresh(session, report).state is SubmissionState.REJECTED
    assert session.scalar(select(func.count()).select_from(ProgramVersion)) == 1


def test_a_problem_report_is_turned_into_a_change_which_waits_for_review(client, session, coordinator):
    program = make_program(session, area_words="Here")
    report = report_about(session, program)
    page = client.get(f"/workspace/programs/{program.slug}/edit?report={report.id}")
    assert "Nobody answers there." in page.page.text

    client.submit(
        page, {"area_words": "There"}, action=f"/workspace/programs/{program.slug}/edit?report={report.id}"
    )

    assert fresh(session, report).state is SubmissionState.APPROVED
    assert newest(session).kind is SubmissionKind.CHANGE
    assert published(session, program).area_words == "Here"


def test_what_was_decided_meanwhile_is_told_and_not_decided_twice(client, session, coordinator):
    submission = make_submission(session)
    page = client.get(address(submission))
    decide(client, submission, "reject", reason="duplicate", note="It is there already.")

    typed = {"decision": "reject", "reason": "other", "note": "Once more."}
    answer = client.submit(page, typed, action=address(submission, "/decision"), status=409)

    assert "decided meanwhile" in answer.page.text
    assert "It is listed already." in answer.page.text
    assert "It is listed already." in client.get(f"/submissions/{TOKEN}").page.text
    assert session.get_one(Submission, submission.id).latest.number == 1


def test_a_number_is_changed_on_its_page(client, session, coordinator):
    program = make_program(session, phones=(draft_phone("+18605550100"),))
    from tests.moderation.test_views import CHECKED

    page = client.get("/workspace/numbers/+18605550100")
    action = page.path
    refused = client.submit(page, {"new_number": "12"} | CHECKED, action=action, status=422)
    assert "is not a phone number we can dial" in refused.page.text
    client.submit(page, {"new_number": "860-555-0111"} | CHECKED, action=action)

    assert [p.number for p in published(session, program).phones] == ["+18605550111"]
    client.get("/workspace/numbers/+18605550100", status=404)


def test_programs_are_merged_after_both_were_seen(client, session, coordinator):
    make_program(session, name="North House")
    make_program(session, name="North Home")
    merge = "/workspace/programs/north-home/merge"

    wrong = client.submit(client.get(merge), {"into": "no-such"}, action=merge, status=422)
    assert "There is no program with this address." in wrong.page.text
    both = client.follow(client.submit(client.get(merge), {"into": "north-house"}, action=merge))
    client.submit(both, {"confirmed": "north-house"}, action=merge)

    assert client.get("/programs/north-home", status=308).location.endswith("/programs/north-house")


def test_several_programs_are_withdrawn_after_they_were_shown_once_more(client, session, coordinator):
    make_program(session, name="North House")
    page = client.get("/workspace/programs")

    action = "/workspace/programs/withdrawals"
    shown = client.submit(page, {"program": "north-house"}, action=action, status=200)
    assert "Withdraw these programs?" in shown.page.text
    client.get("/programs/north-house")
    data = {"program": "north-house", "confirmed": "yes"}
    token = page.page.form(action).values["csrf_token"]
    client.post(action, {**data, "csrf_token": token})

    client.get("/programs/north-house", status=410)


def test_an_earlier_version_is_published_again_from_its_page(client, session, coordinator):
    program = make_program(session, name="North House", area_words="First")
    make_program(session, replace(published(session, program), area_words="Second"))
    page = client.get("/workspace/programs/north-house")

    client.submit(page, {}, action="/workspace/programs/north-house/versions/1")

    assert published(session, program).area_words == "First"


def test_what_the_sender_is_and_when_a_program_was_confirmed_is_told_to_coordinators_only(
    client, session, coordinator
):
    program = make_program(session, name="North House")
    with transaction(session):
        values = {"on": NOON.date(), "role": "front desk", "by": coordinator.id, "at": NOON}
        assure_program(session, session.get_one(Program, program.id), AssuranceMethod.PHONE, **values)
    submission = change_of(session, program, area_words="There")
    with transaction(session):
        held = session.get_one(Submission, submission.id)
        held.submitter_role, held.contact_consent_at = "program manager", NOON

    review = client.get(address(submission))
    assert "program manager" in review.text
    assert "may be kept as a contact" in review.text
    assert (
        "2026-03-02: by phone, front desk (Ana Example)" in client.get("/workspace/programs/north-house").text
    )
    assert "Ana Example" not in client.get("/programs/north-house").text


@pytest.mark.sqlite
def test_nobody_is_asked_back_where_nobody_can_answer(client, session):
    coordinator = make_account(session)
    client.sign_in(session, coordinator)
    submission = make_submission(session, submitter_email=None, token_hash=None)
    page = client.get(f"/workspace/submissions/{submission.id}")
    assert "Nobody outside sent this" in page.text
    assert "Ask about this" not in page.text
    assert "request_changes" not in page.text

    asked = {"decision": "request_changes", "note": "Which days?"}
    refused = client.submit(page, asked, action=f"{page.path}/decision", status=422)

    assert "Nobody can answer this." in refused.text
