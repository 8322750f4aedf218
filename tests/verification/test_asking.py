"""The coordinators' pages: what is due, contacts, rounds, calls, the list of today."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from services_dir.catalog.models import Assurance, PrivateContact
from services_dir.mail.models import OutgoingMail
from services_dir.submissions.models import Submission, SubmissionKind
from services_dir.verification.models import PhoneCall
from tests.support.factories import draft_phone, make_account, make_organization, make_program

pytestmark = pytest.mark.sqlite


def rows(session, query):
    """Give what a query finds now, after what the application wrote."""
    session.rollback()
    return session.scalars(query)


@pytest.fixture
def coordinator(client, session):
    account = make_account(session, name="Kim Made-up")
    client.sign_in(session, account)
    return account


@pytest.fixture
def keepers(session):
    """An organization with two programs, one of them a place to stay."""
    organization = make_organization(session, name="Made-up Keepers")
    phone = draft_phone("+18605550177", label="Front desk")
    make_program(
        session, name="Made-up School", organization=organization.uuid, categories=("legal-assistance",)
    )
    make_program(session, name="Lantern House", organization=organization.uuid, phones=(phone,))
    return organization


PAGE = "/workspace/verification/organizations/made-up-keepers"


def add_contact(client, **changes):
    values = {"name": "Robin", "role": "manager", "email": "robin@example.org", "language": "es"} | changes
    return client.submit(client.get(PAGE), values, action=f"{PAGE}/contact", status=303)


def test_the_overview_lists_what_is_due_and_what_to_do(client, coordinator, keepers):
    page = client.get("/workspace/verification")

    assert "Made-up Keepers" in page.text
    assert "Place to stay or hotline" in page.text
    assert "No contact to write to. Call them." in page.text
    assert "(1)" in page.text


@pytest.mark.parametrize(
    "show", ["due", "overdue", "asked", "unanswered", "bounced", "no-contact", "nonsense"]
)
def test_every_list_can_be_opened(client, coordinator, keepers, show):
    client.get(f"/workspace/verification?show={show}&page=9999999999")


def test_a_contact_is_added_changed_and_removed(client, session, coordinator, keepers):
    add_contact(client)
    contact = rows(session, select(PrivateContact)).one()
    assert (contact.name, contact.email, contact.language, contact.recorded_by_id) == (
        "Robin",
        "robin@example.org",
        "es",
        coordinator.id,
    )

    edit = client.get(f"{PAGE}?contact={contact.id}")
    client.submit(edit, {"contact": str(contact.id), "name": "Sam"}, action=f"{PAGE}/contact")
    session.rollback()
    assert rows(session, select(PrivateContact.name)).all() == ["Sam"]

    form = client.get(PAGE)
    back = client.follow(client.submit(form, {}, action=f"{PAGE}/contact/bounced"))
    assert "Mail came back on" in back.text
    assert f"{PAGE}/ask" not in back.text
    client.submit(back, {}, action=f"{PAGE}/contact/remove")
    session.rollback()
    assert rows(session, select(PrivateContact)).all() == []


@pytest.mark.parametrize(
    "wrong",
    [{"email": "nobody"}, {"email": "a@b.example\r\nBcc: c@d.example"}, {"name": ""}, {"language": "xx"}],
)
def test_a_wrong_contact_is_shown_again_as_typed(client, session, coordinator, keepers, wrong):
    values = {"name": "Robin", "role": "manager", "email": "robin@example.org", "language": "es"} | wrong

    visit = client.submit(client.get(PAGE), values, action=f"{PAGE}/contact", status=422)

    assert 'value="manager"' in visit.text
    assert rows(session, select(PrivateContact)).all() == []


def test_a_round_begins_with_a_button_and_is_shown(client, session, coordinator, keepers):
    add_contact(client)
    contact = rows(session, select(PrivateContact)).one()

    client.submit(client.get(PAGE), {"contact": str(contact.id)}, action=f"{PAGE}/round")

    mail = rows(session, select(OutgoingMail)).one()
    assert (mail.recipient, mail.language) == ("robin@example.org", "es")
    assert "/es/verify/" in mail.text
    page = client.get(PAGE)
    assert "asked by mail" in page.text
    assert "Asked by mail on" in client.get("/workspace/verification?show=asked").text


def test_a_call_is_recorded_with_what_was_said_of_each_program(client, session, coordinator, keepers):
    page = client.get(PAGE)
    [school, house] = sorted(
        {name for name in page.page.form(f"{PAGE}/call").values if name.startswith("program-")}
    )

    client.submit(
        page, {"answered_by": "front desk", school: "confirmed", house: "gone"}, action=f"{PAGE}/call"
    )

    assurance = rows(session, select(Assurance)).one()
    assert (assurance.role, assurance.by_account_id) == ("front desk", coordinator.id)
    assert (
        rows(session, select(Submission.kind).order_by(Submission.id.desc())).first()
        is SubmissionKind.WITHDRAWAL
    )
    shown = client.get(PAGE).text
    assert "called by Kim Made-up" in shown
    assert "front desk answered" in shown
    public = client.get("/programs/made-up-school").text
    assert "by phone" in public
    assert "front desk" in public


def test_a_call_without_an_answer_or_a_role_is_asked_about_and_keeps_what_was_typed(
    client, session, coordinator, keepers
):
    page = client.get(PAGE)
    first = next(name for name in page.page.form(f"{PAGE}/call").values if name.startswith("program-"))

    silent = client.submit(page, {"answered_by": "front desk"}, action=f"{PAGE}/call", status=422)
    nameless = client.submit(page, {first: "confirmed"}, action=f"{PAGE}/call", status=422)

    assert "at least one program" in silent.text
    assert "front desk" in silent.text
    assert "Say who answered" in nameless.text
    assert rows(session, select(PhoneCall)).all() == []


def test_nobody_answered_is_recorded_too_and_leaves_the_list_of_today(client, session, coordinator, keepers):
    assert "860-555-0177 (Front desk)" in client.get("/workspace/verification/calls").text

    client.submit(client.get(PAGE), {"nobody": "1"}, action=f"{PAGE}/call")

    assert rows(session, select(PhoneCall.role)).one() is None
    assert "Nobody has to be called today" in client.get("/workspace/verification/calls").text


def test_contacts_are_for_coordinators_only(client, session, coordinator, keepers):
    add_contact(client, name="Zqrobin", email="zqrobin@example.org")

    for path in ("/organizations/made-up-keepers", "/programs/lantern-house", "/programs"):
        assert "zqrobin" not in client.get(path).text.lower()


@pytest.mark.parametrize("path", ["", "/calls", "/organizations/made-up-keepers"])
def test_others_are_asked_to_sign_in(client, keepers, path):
    visit = client.get(f"/workspace/verification{path}", status=303)

    assert "/sign-in" in visit.location


def test_an_organization_that_does_not_exist_is_not_found(client, coordinator):
    client.get("/workspace/verification/organizations/no-such", status=404)
    client.get("/workspace/verification/organizations/%C3%A9", status=404)


OVERVIEW = "/workspace/verification"


def test_several_organizations_are_asked_at_once_each_by_one_mail(client, session, coordinator, keepers):
    silent = make_organization(session, name="Made-up Silence")
    make_program(session, name="Silent House", organization=silent.uuid)
    add_contact(client)
    page = client.get(OVERVIEW)

    ticked = {"organization": ["made-up-keepers", "made-up-silence"]}
    text = client.follow(client.submit(page, ticked, action=f"{OVERVIEW}/rounds")).page.text

    assert "no mail server yet: mail lies in the folder" in text
    assert "were left alone" in text
    assert [mail.recipient for mail in rows(session, select(OutgoingMail))] == ["robin@example.org"]
    again = client.follow(client.submit(page, ticked, action=f"{OVERVIEW}/rounds")).page.text
    assert "no mail server yet" not in again
    assert len(list(rows(session, select(OutgoingMail)))) == 1


def test_from_the_list_of_programs_their_organization_is_asked_once(client, session, coordinator, keepers):
    add_contact(client)
    page = client.get("/workspace/programs")
    programs = {"program": ["lantern-house", "made-up-school", "no-such-program"]}
    guarded = client.get(OVERVIEW)
    assert f'formaction="{OVERVIEW}/rounds"' in page.text

    text = client.follow(client.submit(guarded, programs, action=f"{OVERVIEW}/rounds")).page.text

    assert "no mail server yet: mail lies in the folder" in text
    assert len(list(rows(session, select(OutgoingMail)))) == 1
    nothing = client.follow(client.submit(guarded, {}, action=f"{OVERVIEW}/rounds")).page.text
    assert "Tick something first." in nothing
