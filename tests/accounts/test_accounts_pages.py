"""The administrators' pages about accounts: invite, let in again, close, and never lock everybody out."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from services_dir.accounts.models import Account, Role
from services_dir.mail.models import OutgoingMail
from tests.support.accounts import App, enter, make_person
from tests.support.client import Visitor
from tests.support.factories import make_account
from tests.support.statements import counted_statements

PEOPLE = "/workspace/accounts"
PASSWORD = "two words of mine"


@pytest.fixture
def administrator(client, session):
    account = make_account(session, Role.ADMINISTRATOR, name="Ada Example", password=PASSWORD)
    client.sign_in(session, account)
    return account


def invite(client, email="kim@example.org", role="coordinator", *, status=200):
    typed = {"email": email, "role": role}
    return client.submit(client.get(PEOPLE), typed, action=PEOPLE, status=status)


def link_on(visit):
    """Give the path of the one-time link that a page shows."""
    [shown] = [text for text in visit.page.texts("code") if "/sign-in/link/" in text]
    return shown[shown.index("/sign-in/link/") :]


def press(client, account_id, deed, *, status=303, **typed):
    page = client.get(f"{PEOPLE}/{account_id}")
    return client.submit(page, typed, action=f"{PEOPLE}/{account_id}/{deed}", status=status)


def mails(session):
    session.rollback()
    return session.scalars(sa.select(OutgoingMail).order_by(OutgoingMail.id)).all()


def account_of(session, email):
    session.rollback()
    return session.scalars(sa.select(Account).where(Account.email == email)).one()


def test_an_invitation_goes_out_by_mail_is_shown_once_and_lets_the_person_in(
    app, client, session, administrator
):
    shown = invite(client, " Kim@Example.org ")
    path = link_on(shown)

    [mail] = mails(session)
    assert (mail.recipient, mail.kind) == ("kim@example.org", "invitation")
    assert path in mail.text
    kim = account_of(session, "kim@example.org")
    assert kim.role is Role.COORDINATOR
    assert path not in client.get(f"{PEOPLE}/{kim.id}").text
    assert "Invited" in client.get(PEOPLE).text

    guest = Visitor(app)
    typed = {"name": "Kim Sample", "password": PASSWORD, "again": PASSWORD}
    step = guest.follow(guest.follow(guest.submit(guest.get(path), typed), status=303))
    phone = App(step.page.texts("code", class_="secret")[0].replace(" ", ""))
    guest.submit(step, {"code": phone.code()}, status=200)
    guest.get("/workspace")
    guest.get(PEOPLE, status=403)
    assert "Kim Sample" in client.get(PEOPLE).text


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"email": "kim", "role": "coordinator"}, "not an e-mail address"),
        ({"email": "", "role": "coordinator"}, "Type an e-mail address"),
        ({"email": "kim@example.org", "role": None}, "Choose one of the two"),
        ({"email": "kim@example.org", "role": "owner"}, "Not a valid choice"),
        ({"email": "ada@example.org", "role": "coordinator"}, "an account for this e-mail address already"),
    ],
)
def test_what_cannot_be_invited_is_said_beside_what_was_typed(client, session, typed, sentence):
    client.sign_in(session, make_account(session, Role.ADMINISTRATOR, email="ada@example.org"))

    page = client.submit(client.get(PEOPLE), typed, action=PEOPLE, status=422).page

    assert sentence in page.text
    assert page.one("input", name="email").get("value") == typed["email"]
    assert mails(session) == []


@pytest.mark.sqlite
def test_an_invitation_is_sent_again_or_taken_back(app, client, session, administrator):
    first = link_on(invite(client))
    kim = account_of(session, "kim@example.org").id
    second = link_on(press(client, kim, "invitation", status=200))
    stranger = Visitor(app)
    stranger.get(first, status=404)
    stranger.get(second)

    press(client, kim, "revocation")

    stranger.get(second, status=404)
    assert "Closed" in client.get(PEOPLE).text
    press(client, kim, "opening")
    stranger.get(link_on(press(client, kim, "invitation", status=200)))
    assert [mail.kind for mail in mails(session)] == ["invitation"] * 3


@pytest.mark.sqlite
def test_a_colleague_who_lost_her_phone_is_let_in_again(app, client, session, administrator):
    person = make_person(app, email="kim@example.org")
    phone = Visitor(app)
    enter(phone, person)

    path = link_on(press(client, person.id, "recovery", status=200))

    phone.get("/workspace", status=303)
    guest = Visitor(app)
    assert "kim@example.org" in guest.get(path).text
    [mail] = mails(session)
    assert (mail.recipient, mail.kind) == ("kim@example.org", "recovery")
    assert path in mail.text


@pytest.mark.sqlite
def test_where_mail_goes_out_the_link_to_a_colleagues_account_is_not_on_ones_own_screen(
    app, client, administrator
):
    from dataclasses import replace

    app.config["SETTINGS"] = replace(app.config["SETTINGS"], mail_url="smtp://127.0.0.1:1")
    person = make_person(app)

    shown = press(client, person.id, "recovery", status=200)

    assert "/sign-in/link/" not in shown.text
    assert "on its way" in shown.text
    assert "/sign-in/link/" in invite(client).text


def test_a_role_changes_what_a_person_may_open_at_once(app, client, session, administrator):
    person = make_person(app)
    colleague = Visitor(app)
    colleague.sign_in(session, session.get(Account, person.id))
    colleague.get(PEOPLE, status=403)

    press(client, person.id, "role", role="administrator")

    colleague.get(PEOPLE)
    press(client, person.id, "role", role="coordinator")
    colleague.get(PEOPLE, status=403)


def test_a_closed_account_is_out_in_the_same_moment(app, client, session, administrator):
    person = make_person(app)
    colleague = Visitor(app)
    colleague.sign_in(session, session.get(Account, person.id))
    colleague.get("/workspace")

    press(client, person.id, "closing")

    colleague.get("/workspace", status=303)
    typed = {"email": person.email, "password": person.password}
    colleague.submit(colleague.get("/sign-in"), typed, action="/sign-in", status=422)
    press(client, person.id, "opening")
    enter(colleague, person)


@pytest.mark.sqlite
@pytest.mark.parametrize("deed", ["role", "invitation", "recovery", "revocation", "closing", "opening"])
def test_nobody_does_these_things_to_her_own_account(client, session, administrator, deed):
    form = client.get(PEOPLE).page.form(PEOPLE).values
    path = f"{PEOPLE}/{administrator.id}/{deed}"

    answer = client.post(path, {"csrf_token": form["csrf_token"], "role": "coordinator"}, status=409)

    assert "Another administrator" in answer.text
    assert f"{path}" not in client.get(f"{PEOPLE}/{administrator.id}").text


@pytest.mark.sqlite
@pytest.mark.parametrize("deed", ["role", "invitation", "recovery", "revocation", "closing", "opening"])
def test_these_deeds_need_the_forms_token(client, session, administrator, deed):
    other = make_account(session, password=PASSWORD)

    client.post(
        f"{PEOPLE}/{other.id}/{deed}", {"role": "administrator"}, status=422 if deed == "role" else 403
    )

    session.rollback()
    same = session.get(Account, other.id)
    assert (same.is_active, same.role, same.password_hash is None) == (True, Role.COORDINATOR, False)


@pytest.mark.sqlite
def test_an_account_that_is_not_there_is_a_missing_page(client, administrator):
    client.get(f"{PEOPLE}/999", status=404)
    client.get(f"{PEOPLE}/{10**40}", status=404)


@pytest.mark.sqlite
def test_the_list_takes_as_many_statements_for_many_accounts_as_for_few(app, client, session, administrator):
    with counted_statements(app) as few:
        client.get(PEOPLE)
    for _ in range(30):
        make_account(session)

    with counted_statements(app) as many:
        client.get(PEOPLE)

    assert len(many) <= len(few)


@pytest.mark.sqlite
def test_only_administrators_see_the_way_to_accounts(client, session):
    client.sign_in(session, make_account(session))

    assert PEOPLE not in client.get("/workspace").page.links
