"""Reading and deciding as a coordinator does it."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from services_dir.accounts.models import Role
from services_dir.catalog.kinds import CatalogStatus, Visibility
from services_dir.catalog.models import Program
from services_dir.catalog.queries import find_published_draft
from services_dir.submissions.models import AuthorKind, Submission, SubmissionKind, SubmissionState
from services_dir.submissions.queries import read_draft
from tests.support.client import Visitor
from tests.support.factories import (
    draft_organization,
    draft_program,
    draft_site,
    make_account,
    make_organization,
    make_program,
    make_submission,
)
from tests.support.statements import counted_statements

QUEUE = "/workspace/queue"


@pytest.fixture
def coordinator(client, session):
    account = make_account(session, name="Ana Example")
    client.sign_in(session, account)
    return account


def address(submission, deed=""):
    return f"/workspace/submissions/{submission.id}{deed}"


def press(client, submission, deed, *, status=303, on=None, **typed):
    page = client.get(on or address(submission))
    return client.submit(page, typed, action=address(submission, deed), status=status)


CHECKED = {
    "contact_check": "The number on their own website",
    "answered_by": "intake worker",
    "checked_on": "2026-03-02",
}


def decide(client, submission, decision, *, status=303, **typed):
    return press(client, submission, "/decision", status=status, decision=decision, **CHECKED | typed)


def fresh(session, submission):
    session.rollback()
    return session.get_one(Submission, submission.id)


def newest(session):
    session.rollback()
    return session.scalars(select(Submission).order_by(Submission.id.desc())).first()


def published(session, program):
    session.rollback()
    return find_published_draft(session, session.get_one(Program, program.id))[0]


def change_of(session, program, **changes):
    return make_submission(session, replace(published(session, program), **changes))


def test_a_coordinator_approves_and_it_is_published(client, session, coordinator):
    submission = make_submission(session, draft_program(name="Lantern House"))
    assert "Lantern House" in client.get("/workspace").page.text
    assert "Lantern House" in client.get(QUEUE).page.text
    client.get("/programs/lantern-house", status=404)

    done = decide(client, submission, "approve")

    assert done.location == QUEUE
    assert "Your decision is recorded." in client.follow(done).page.text
    client.get("/programs/lantern-house")
    assert fresh(session, submission).state is SubmissionState.APPROVED


def test_old_and_new_are_shown_side_by_side(client, session, coordinator):
    program = make_program(session, area_words="Only here")
    submission = change_of(session, program, area_words="Everywhere", email="new@example.org")

    page = client.get(address(submission)).page

    assert page.texts("del") == ["Only here"]
    assert set(page.texts("ins")) == {"Everywhere", "new@example.org"}
    assert {"Changed", "Added"} <= set(page.texts("span", class_="diff__word"))


def test_what_was_decided_on_is_shown_anew_when_it_changed(client, session, coordinator):
    program = make_program(session, area_words="Only here")
    submission = change_of(session, program, email="new@example.org")
    page = client.get(address(submission))
    make_program(session, replace(published(session, program), area_words="Elsewhere"))

    typed = {"decision": "approve", "note": "Looks fine to me."}
    answer = client.submit(page, typed, action=address(submission, "/decision"), status=409)

    assert "The listing was changed meanwhile." in answer.page.text
    assert "Elsewhere" in answer.page.text
    assert answer.page.form(address(submission, "/decision")).values["note"] == ["Looks fine to me."]
    again = client.submit(answer, {}, action=address(submission, "/decision"), status=409)
    assert "Bring it up to date first." in again.page.text

    press(client, submission, "/update")
    decide(client, submission, "approve")
    draft = published(session, program)
    assert (draft.area_words, draft.email) == ("Elsewhere", "new@example.org")


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"decision": None}, "Choose what you decide."),
        ({"decision": "destroy"}, "Choose what you decide."),
        ({"decision": "reject", "note": "", "reason": "other"}, "Say in a sentence why"),
        ({"decision": "reject", "note": "No.", "reason": ""}, "Choose a reason."),
        ({"decision": "approve", "checked_on": "2999-01-01"}, "This day is still to come."),
        ({"decision": "request_changes", "note": " "}, "Say in a sentence why"),
        ({"decision": "approve", "note": "x" * 5000}, "too long"),
        ({"decision": "approve", "csrf_token": "forged"}, "Please send it again."),
    ],
)
def test_a_decision_that_cannot_be_used_is_shown_again(client, session, coordinator, typed, sentence):
    submission = make_submission(session)

    answer = press(client, submission, "/decision", status=422, **{"contact_check": "Called them"} | typed)

    assert sentence in answer.page.text
    values = answer.page.form(address(submission, "/decision")).values
    assert values["contact_check"] == ["Called them"]
    assert fresh(session, submission).state is SubmissionState.PENDING


@pytest.mark.sqlite
def test_a_listing_that_is_not_complete_is_not_approved(client, session, coordinator):
    submission = make_submission(session, draft_program(categories=()))
    assert "It cannot be approved as it is" in client.get(address(submission)).page.text

    answer = decide(client, submission, "approve", status=422)

    assert "Choose at least one kind of help." in answer.page.text


@pytest.mark.sqlite
def test_claims_are_shown_taken_over_and_given_back(app, client, session, coordinator):
    other = Visitor(app)
    other.sign_in(session, make_account(session, name="Bo Example"))
    submission = make_submission(session)

    press(client, submission, "/claim")
    assert "Ana Example is reading it" in other.get(QUEUE).page.text
    page = other.get(address(submission))
    form = address(submission) + "/decision"
    refused = other.submit(
        page, {"decision": "reject", "reason": "other", "note": "No."}, action=form, status=409
    )
    assert "Take it over first" in refused.text
    press(other, submission, "/claim", take_over="yes")
    assert (
        "Bo Example is reading it (taken over from Ana Example)" in client.get(address(submission)).page.text
    )
    press(other, submission, "/release")
    assert fresh(session, submission).claimed_by_id is None


def test_a_coordinators_edits_are_a_version_of_their_own(client, session, coordinator):
    submission = make_submission(session, draft_program(name="Lanten House"))
    page = client.get(address(submission, "/edit"))

    note = {"name": "Lantern House", "editor_note": "Typo mended", "confidence": "high"}
    client.submit(page, note, action=address(submission, "/edit"))

    revised = fresh(session, submission)
    assert [(r.author, r.author_id) for r in revised.revisions] == [
        (AuthorKind.SUBMITTER, None),
        (AuthorKind.REVIEWER, coordinator.id),
    ]
    draft = read_draft(revised)
    assert (draft.name, draft.editor_note, draft.confidence) == ("Lantern House", "Typo mended", "high")
    late = client.submit(page, {"name": "Late"}, action=address(submission, "/edit"), status=409)
    assert late.page.form(address(submission, "/edit")).values["name"] == ["Late"]


@pytest.mark.sqlite
def test_an_approval_is_undone_from_its_page_and_from_the_programs(client, session, coordinator):
    program = make_program(session, area_words="Here")
    submission = change_of(session, program, area_words="There")
    decide(client, submission, "approve")

    press(client, submission, "/undo")
    assert published(session, program).area_words == "Here"

    page = client.get(f"/workspace/programs/{program.slug}")
    undo = next(form.get("action") for form in page.page.all("form") if "undo" in form.get("action", ""))
    client.submit(page, {}, action=undo)
    assert published(session, program).area_words == "There"


@pytest.mark.sqlite
def test_a_coordinators_own_change_waits_like_any_other(client, session, coordinator):
    bo = make_account(session, name="Bo Example")
    program = make_program(session, sites=(draft_site(),))
    page = client.get(f"/workspace/programs/{program.slug}/edit")

    sent = client.submit(page, {"sites-0-visibility": "area_only"}, action=page.path)

    submission = newest(session)
    assert sent.location == address(submission)
    assert (submission.kind, submission.base_version) == (SubmissionKind.CHANGE, 1)
    assert published(session, program).sites[0].visibility is Visibility.PUBLIC
    refused = decide(client, submission, "approve", status=409)
    assert "You entered this yourself" in refused.page.text
    client.sign_in(session, bo)
    decide(client, submission, "approve")
    assert published(session, program).sites[0].street is None


@pytest.mark.sqlite
def test_a_coordinator_proposes_a_program(client, session, coordinator):
    make_organization(session, draft_organization(name="Made-up Keepers"))
    page = client.get("/workspace/programs/new")
    more = client.submit(page, {"add": "sources"}, action=page.path, status=200)
    typed = {
        "name": "Lantern clinic",
        "description": "Made-up lawyers.",
        "organization": "made-up keepers",
        "level": "local",
        "categories": ["housing"],
        "service_areas-0-place": "Connecticut",
        "sources-0-url": "https://example.org/a",
        "sources-0-is_public": "y",
    }
    wrong = client.submit(more, typed | {"level": ""}, action=page.path, status=422)
    assert wrong.page.form(page.path).values["name"] == ["Lantern clinic"]

    client.follow(client.submit(more, typed, action=page.path))

    draft = read_draft(newest(session))
    assert draft.sources[0].is_public


@pytest.mark.sqlite
def test_an_emergency_withdrawal_is_done_at_once_and_can_be_undone(client, session, coordinator):
    program = make_program(session)
    path = f"/workspace/programs/{program.slug}"

    gone = client.submit(client.get(path), {}, action=f"{path}/withdraw")
    client.get(f"/programs/{program.slug}", status=410)
    page = client.follow(gone)
    assert program.texts[0].name not in page.page.texts("div", class_="flashes")[0]
    undo = next(form.get("action") for form in page.page.all("form") if "undo" in form.get("action", ""))
    client.submit(page, {}, action=undo)

    client.get(f"/programs/{program.slug}")
    session.rollback()
    assert session.get_one(Program, program.id).status is CatalogStatus.PUBLISHED


@pytest.mark.sqlite
def test_two_versions_are_compared(client, session, coordinator):
    program = make_program(session, area_words="Here")
    make_program(session, replace(published(session, program), area_words="There"))
    path = f"/workspace/programs/{program.slug}"

    page = client.get(f"{path}?from=1&to=2").page

    assert (page.texts("del"), page.texts("ins")) == (["Here"], ["There"])
    client.get(f"{path}?from=1&to=99", status=404)
    client.get(f"{path}?from=x&to=9999999999999", status=200)


@pytest.mark.sqlite
def test_programs_are_found_by_part_of_a_name(client, session, coordinator):
    make_program(session, name="Café of Lanterns")
    make_program(session, name="Other House")

    page = client.get("/workspace/programs?q=cafe").page

    assert "Café of Lanterns" in page.text
    assert "Other House" not in page.text
    assert "No program has this" in client.get("/workspace/programs?q=%00nobody").page.text


@pytest.mark.sqlite
def test_the_queue_shows_states_pages_and_costs_the_same_however_long(app, client, session, coordinator):
    make_submission(session, draft_program(name="Oldest"))
    make_submission(session, state=SubmissionState.REJECTED)
    with counted_statements(app) as few:
        client.get(QUEUE)
    for _ in range(28):
        make_submission(session)
    with counted_statements(app) as many:
        page = client.get(QUEUE).page

    assert len(many) == len(few)
    assert page.texts("a", class_="queue__name")[0] == "Oldest"
    assert "Late" in page.text
    assert len(page.all("li", class_="queue__line")) == 25
    assert len(client.get(f"{QUEUE}?page=2").page.all("li", class_="queue__line")) == 4
    assert len(client.get(f"{QUEUE}?state=rejected").page.all("li", class_="queue__line")) == 1
    client.get(f"{QUEUE}?state=all&page=1000000000000000000")
    client.get(f"{QUEUE}?state=nonsense&page=-3")


@pytest.mark.sqlite
def test_an_organizations_change_is_reviewed(client, session, coordinator):
    draft = draft_organization(name="Before")
    make_organization(session, draft)
    submission = make_submission(session, replace(draft, name="After"))
    assert client.get(address(submission, "/edit")).page.text

    decide(client, submission, "approve")

    assert "After" in client.get("/organizations/before").page.text

    page = client.get("/workspace/organizations/before")
    again = "/workspace/organizations/before/versions/1"
    restored = client.follow(client.submit(page, {}, action=again)).page.text
    assert "published again, as a new version" in restored
    assert "Version 3" in restored
    assert "After" not in client.get("/organizations/before").page.text


@pytest.mark.sqlite
def test_strangers_and_numbers_that_are_none(client, session):
    submission = make_submission(session)
    client.get(QUEUE, status=303)
    client.post(address(submission, "/decision"), {"decision": "approve"}, status=403)

    client.sign_in(session, make_account(session))
    for number in (0, 99, 2**31, 10**30):
        client.get(f"/workspace/submissions/{number}", status=404)
    client.get("/workspace/audit", status=403)
    client.sign_in(session, make_account(session, Role.ADMINISTRATOR))
    client.get("/workspace/audit")
