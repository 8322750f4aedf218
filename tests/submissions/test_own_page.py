"""The sender's own page: links, what coordinators ask, revising, taking back; and reports of problems."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy import func, select

from services_dir import clock, policy
from services_dir.catalog.kinds import PhoneKind
from services_dir.catalog.models import PrivateContact
from services_dir.catalog.queries import find_published_draft
from services_dir.db import transaction
from services_dir.mail.models import OutgoingMail
from services_dir.moderation.models import Decision, Review
from services_dir.submissions import operations
from services_dir.submissions.models import (
    AuthorKind,
    FormDraft,
    PrivateLink,
    Submission,
    SubmissionKind,
    SubmissionState,
)
from services_dir.submissions.operations import Sender
from services_dir.submissions.queries import read_draft
from tests.submissions.deeds import begin, propose, send, write
from tests.support.factories import (
    NOON,
    TOKEN,
    draft_hidden_site,
    draft_organization,
    draft_phone,
    draft_program,
    draft_site,
    make_organization,
    make_program,
    make_submission,
)

OWN = f"/submissions/{TOKEN}"


@pytest.fixture(autouse=True)
def patient(app):
    app.config["FORM_MINIMUM_AGE"] = timedelta(0)


@pytest.fixture
def keepers(session):
    return make_organization(session, draft_organization(name="Made-up Keepers"))


def press(client, own, deed, **typed):
    """Press a button of the sender's own page."""
    values = client.get(own).page.form().values
    return client.post(f"{own}/{deed}", values | typed)


def newest(session):
    session.rollback()
    return session.scalars(select(Submission).order_by(Submission.id.desc()).limit(1)).one()


def mails(session):
    session.rollback()
    return session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)).all()


def ask(session, submission, questions):
    """Have a coordinator ask for changes, with questions by field."""
    with transaction(session):
        session.add(
            Review(
                revision_id=submission.latest.id,
                decision=Decision.REQUEST_CHANGES,
                note="Nearly there.",
                questions=json.dumps(questions),
                reviewed_at=NOON,
            )
        )
        submission.state = SubmissionState.CHANGES_REQUESTED


def test_what_coordinators_ask_stands_beside_each_field_and_is_answered(client, session):
    submission = make_submission(session, draft_program(phones=(draft_phone(),)))
    phone = read_draft(submission).phones[0].id
    ask(session, submission, {"texts.en.cost": "What does it cost?", f"phones.{phone}": "Who answers?"})

    page = client.get(OWN).page
    assert "Nearly there." in page.text
    assert "What does it cost?" in page.text
    first = client.follow(client.get(f"{OWN}/edit", status=303)).page
    assert first.heading == "How to reach it"
    assert first.texts("p", class_="field__asked") == ["The coordinators ask: Who answers?"]
    write(client, OWN, "reach", {"phones-0-label": "Robin Made-up’s desk"})
    asked = client.get(f"{OWN}/edit/asks").page
    described = asked.one("textarea", name="cost").get("aria-describedby").split()
    assert "cost-asked" in described
    write(client, OWN, "asks", {"cost": "Free"})
    assert newest(session).state is SubmissionState.CHANGES_REQUESTED
    assert "You began to change it" in client.get(OWN).page.text

    send(client, OWN, message="It is free, and I answer.")

    session.rollback()
    submission = session.get_one(Submission, submission.id)
    assert submission.state is SubmissionState.PENDING
    assert [revision.number for revision in submission.revisions] == [1, 2]
    assert read_draft(submission).texts["en"].cost == "Free"
    assert submission.message == "It is free, and I answer."


def test_an_answer_alone_can_be_sent(client, session):
    submission = make_submission(session)
    ask(session, submission, {"categories": "Are you sure?"})

    last = client.get(f"{OWN}/check")
    for _ in range(4):
        client.submit(last, {"message": "Yes."}, action=f"{OWN}/check")

    assert newest(session).message == "Yes."
    assert len(newest(session).revisions) == 2


def test_a_version_written_on_an_older_one_is_kept_and_can_be_sent_after_a_look(client, session):
    submission = make_submission(session)
    write(client, OWN, "asks", {"cost": "Hers"})
    with transaction(session):
        locked = session.get_one(Submission, submission.id)
        operations.revise(
            session,
            locked,
            read_draft(locked),
            Sender(AuthorKind.REVIEWER),
            seen_revision=1,
            at=NOON,
        )

    late = send(client, OWN, status=409)

    assert "There is a newer version of this submission." in late.page.text
    assert "Hers" in late.page.text
    send(client, OWN)
    assert read_draft(newest(session)).texts["en"].cost == "Hers"


def test_the_sender_takes_it_back_or_forgets_what_was_not_sent(client, session, keepers):
    own = propose(client)
    write(client, own, "asks", {"cost": "A fee"})
    press(client, own, "forget-changes")
    assert "A fee" not in client.get(f"{own}/edit/asks").text

    press(client, own, "withdraw")
    assert newest(session).state is SubmissionState.WITHDRAWN
    assert "You took it back." in client.get(own).page.text
    client.get(f"{own}/edit", status=409)
    client.get(f"{own}/check", status=409)

    draft = begin(client)
    press(client, draft, "withdraw")
    client.get(draft, status=404)


@pytest.mark.sqlite
def test_opening_pages_changes_nothing_and_a_wrong_link_leads_nowhere(client, session, keepers):
    own = begin(client)
    write(client, own, "program", {"name": "Half"}, status=422)
    before = (newest(session).form.saved_at, newest(session).form.typed, newest(session).token_expires_at)

    for path in ("", "/edit/help", "/edit/program", "/check"):
        client.get(f"{own}{path}")
        client.head(f"{own}{path}")
    client.get(f"{own}/edit", status=303)

    after = newest(session)
    assert (after.form.saved_at, after.form.typed, after.token_expires_at) == before
    for path in ("x", "x/edit", "x/check", "/edit/nowhere"):
        client.get(f"{own}{path}", status=404)
    client.get(f"{own}/withdraw", status=405)


def test_a_new_link_ends_all_links_before_it(client, session, keepers):
    own = propose(client)
    with transaction(session):
        mailed = operations.add_link(session, newest(session), at=clock.now())
    client.get(f"/submissions/{mailed}")

    fresh = press(client, own, "new-link").location

    client.get(fresh)
    client.get(own, status=404)
    client.get(f"/submissions/{mailed}", status=404)
    assert f"http://localhost{fresh}" in mails(session)[-1].text


def test_a_lost_link_is_mailed_again_and_nobody_learns_who_wrote(client, session, keepers):
    own = propose(client)
    form = client.get("/submissions/link")

    known = client.submit(form, {"email": "PAT@example.org"}, status=200)
    unknown = client.submit(form, {"email": "nobody@example.org"}, status=200)

    assert known.page.one("main").attrib == unknown.page.one("main").attrib
    assert known.page.text == unknown.page.text
    first, again = mails(session)
    assert again.recipient == "pat@example.org"
    link = next(word for word in again.text.split() if "/submissions/" in word)
    client.get(link.removeprefix("http://localhost"))
    client.get(own)
    assert again.text != first.text


@pytest.mark.sqlite
def test_links_to_one_person_are_limited(client, session, keepers):
    with transaction(session):
        policy.change(session, "links_per_hour", 2, by=None, at=clock.now())
    propose(client)
    form = client.get("/submissions/link")

    for _ in range(4):
        client.submit(form, {"email": "pat@example.org"}, status=200)

    assert len(mails(session)) == 2


@pytest.mark.sqlite
def test_a_link_ends_with_time(client, session, app):
    submission = make_submission(session)
    with transaction(session):
        session.get_one(Submission, submission.id).token_expires_at = clock.now() - timedelta(seconds=1)

    client.get(OWN, status=404)
    client.post(f"{OWN}/edit/program", {"name": "x"}, status=404)


def test_drafts_are_dropped_after_30_days_and_what_was_sent_stays(client, session, keepers):
    make_submission(session)
    write(client, OWN, "asks", {"cost": "Unsent"})
    begin(client)

    with transaction(session):
        assert operations.drop_old_drafts(session, at=clock.now() + timedelta(days=29)) == 0
    with transaction(session):
        assert operations.drop_old_drafts(session, at=clock.now() + timedelta(days=31)) >= 1

    session.rollback()
    assert session.scalar(select(func.count()).select_from(FormDraft)) == 0
    states = session.scalars(select(Submission.state)).all()
    assert SubmissionState.DRAFT not in states
    assert SubmissionState.PENDING in states


def report(client, slug, status=303, **typed):
    page = client.get(f"/programs/{slug}/problems/new")
    return client.submit(page, typed, action=f"/programs/{slug}/problems/new", status=status)


def test_a_problem_is_reported_in_a_sentence_without_a_name(client, session):
    program = make_program(session, name="Lantern House")
    assert f"/programs/{program.slug}/problems/new" in client.get(f"/programs/{program.slug}").page.links

    sent = report(client, program.slug, what="number_silent", message="Nobody answered on Monday.")

    page = client.follow(sent).page
    assert "Thank you. A coordinator will look into it." in page.text
    assert "Nobody answered on Monday." in page.text
    held = newest(session)
    assert (held.kind, held.state) == (SubmissionKind.PROBLEM, SubmissionState.PENDING)
    assert (held.program_id, held.flags) == (program.id, "number_silent")
    assert (held.submitter_name, held.submitter_email) == (None, None)
    client.get(f"{sent.location}/edit", status=409)
    assert mails(session) == []


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("what", "flags"),
    [
        ("number_silent", "hotline_silent,number_silent"),
        ("address_exposed", "address_exposed"),
        ("unsafe", "unsafe"),
        ("closed", "closed"),
    ],
)
def test_what_is_urgent_is_flagged(client, session, what, flags):
    hotline = draft_phone(kind=PhoneKind.HOTLINE)
    program = make_program(session, phones=(hotline,), sites=(draft_hidden_site(),))

    report(client, program.slug, what=what)

    assert newest(session).flags == flags


@pytest.mark.sqlite
def test_a_report_that_tells_of_a_person_is_asked_about_and_four_presses_send_one(client, session):
    program = make_program(session)
    story = "My client Maria, 17, called there."
    assert report(client, program.slug, status=422, message="No kind.").status == 422

    asked = report(client, program.slug, status=422, what="other", message=story)
    assert story in asked.page.text
    assert "This looks like the story or the name of a person" in asked.page.text
    path = f"/programs/{program.slug}/problems/new"
    answers = {client.submit(asked, {}, action=path).location for _ in range(4)}

    assert len(answers) == 1
    assert newest(session).flags == "victim_story,other"
    kinds = session.scalars(select(Submission.kind)).all()
    assert kinds.count(SubmissionKind.PROBLEM) == 1


def test_a_contact_is_kept_only_with_consent_and_once(client, session, keepers):
    own = propose(client, you={"may_be_kept": "y", "sender_role": "Intake", "sender_language": "es"})
    submission = newest(session)
    program = make_program(session, read_draft(submission))
    with transaction(session):
        submission = session.get_one(Submission, submission.id)
        submission.program_id = program.id
        at = clock.now()
        assert operations.keep_contact(session, submission, at=at) is not None
        submission.submitter_name = "Pat Madeup-Newname"
        operations.keep_contact(session, submission, at=at)
        submission.contact_consent_at = None
        assert operations.keep_contact(session, submission, at=at) is None

    session.rollback()
    [contact] = session.scalars(select(PrivateContact)).all()
    assert (contact.name, contact.email) == ("Pat Madeup-Newname", "pat@example.org")
    assert (contact.role, contact.language, contact.program_id) == ("Intake", "es", program.id)
    assert "pat@example.org" not in client.get(own).text


def test_links_mailed_on_request_end_with_their_submission(session):
    submission = make_submission(session)
    with transaction(session):
        operations.add_link(session, session.get_one(Submission, submission.id), at=NOON)
    with transaction(session):
        session.get_one(Submission, submission.id).links.clear()

    assert session.scalar(select(func.count()).select_from(PrivateLink)) == 0


def test_an_address_that_becomes_secret_leaves_what_others_are_writing_too(client, session):
    street = "77 Quillfeather Terrace"
    program = make_program(session, sites=(draft_site(street=street),), description="A bed.")
    own = begin(client, f"/programs/{program.slug}/changes/new")
    write(client, own, "asks", {"how_to_apply": f"Ring at {street}."})
    draft, _version = find_published_draft(session, program)
    hidden = replace(draft, sites=tuple(site.without_address() for site in draft.sites))

    make_program(session, hidden)

    session.rollback()
    held = session.scalars(select(Submission).where(Submission.state == SubmissionState.DRAFT)).one()
    assert "Quillfeather" not in held.form.typed
    assert "(address removed)" in client.get(f"{own}/edit/asks").text
    assert "Quillfeather" not in client.get(f"{own}/edit/where").text
