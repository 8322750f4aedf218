"""One's own account on the pages, and the proof that grave deeds ask for again."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from services_dir import clock, policy
from services_dir.accounts import totp
from services_dir.accounts.models import Account, Role, SignedIn
from services_dir.db import transaction
from tests.support.accounts import App, enter, sign_in
from tests.support.client import Visitor
from tests.support.factories import make_account

pytestmark = pytest.mark.sqlite

OWN = "/workspace/account"
NEW = "another one of mine"
GRAVE = [
    "/workspace/accounts",
    "/workspace/accounts/1",
    "/workspace/account/app",
    "/workspace/account/passkeys",
    "/workspace/account/recovery-codes",
]


def prove_was(session, minutes):
    """Let the password have been given so many minutes ago, in every session."""
    with transaction(session):
        session.execute(sa.update(SignedIn).values(proved_at=clock.now() - timedelta(minutes=minutes)))


def test_name_and_language_of_mail_are_ones_own_to_change(client, session):
    account = make_account(session)
    client.sign_in(session, account)
    client.submit(client.get(OWN), {"name": "Ana Sample", "language": "es"}, action=OWN)

    page = client.get(OWN).page
    assert page.one("input", name="name").get("value") == "Ana Sample"
    session.rollback()
    assert session.get(Account, account.id).language == "es"
    client.submit(client.get(OWN), {"name": " ", "language": "xx"}, action=OWN, status=422)


def test_another_password_is_chosen_with_the_one_there_is(app, client):
    person = sign_in(client)
    path = f"{OWN}/password"
    other = Visitor(app)
    enter(other, person)

    wrong = {"current": "nobody's words", "password": NEW, "again": NEW}
    answer = client.submit(client.get(path), wrong, action=path, status=422)
    assert "This is not your password" in answer.text
    assert NEW not in answer.text
    same = {"current": person.password, "password": person.password, "again": person.password}
    assert "Choose another one" in client.submit(client.get(path), same, action=path, status=422).text
    client.submit(client.get(path), {**wrong, "current": person.password}, action=path)

    client.get(OWN)
    other.get(OWN, status=303)
    person.password = NEW
    enter(Visitor(app), person)


def test_the_password_of_an_open_session_can_be_guessed_five_times(client, session):
    client.sign_in(session, make_account(session, password="two words of mine"))
    guess = {"current": "nobody's words", "password": NEW, "again": NEW}
    path = f"{OWN}/password"
    for _ in range(5):
        client.submit(client.get(path), guess, action=path, status=422)

    right = {**guess, "current": "two words of mine"}
    client.submit(client.get(path), right, action=path, status=429)


def test_another_app_takes_the_place_of_the_one_before(app, client):
    person = sign_in(client)
    old = person.app
    page = client.follow(client.submit(client.get(f"{OWN}/app"), {}, action=f"{OWN}/app/new"))
    new = App(page.page.texts("code", class_="secret")[0].replace(" ", ""))
    client.submit(page, {"code": "000000"}, action=f"{OWN}/app", status=422)
    client.submit(page, {"code": new.code()}, action=f"{OWN}/app")

    other = Visitor(app)
    typed = {"email": person.email, "password": person.password}
    step = other.follow(other.submit(other.get("/sign-in"), typed, action="/sign-in"))
    step = other.submit(step, {"code": old.code()}, action="/sign-in/code", status=422)
    other.submit(step, {"code": new.code()}, action="/sign-in/code")


def test_new_recovery_codes_are_shown_once(client):
    person = sign_in(client)
    path = f"{OWN}/recovery-codes"
    asked = client.get(path)
    assert asked.page.texts("code") == []

    codes = client.submit(asked, {}, action=path, status=200).page.texts("code", class_="secret")

    assert len(codes) == 10
    assert not set(codes) & set(person.recovery_codes)
    assert client.get(path).page.texts("code") == []


@pytest.mark.parametrize("path", GRAVE)
def test_what_is_grave_asks_for_the_password_again(client, session, path):
    account = make_account(session, Role.ADMINISTRATOR, password="two words of mine")
    client.sign_in(session, account)
    client.get(path)
    prove_was(session, 14)
    client.get(path)
    prove_was(session, 15)

    asked = client.get(path, status=303)
    assert asked.location == f"/workspace/prove?next={path}"
    page = client.follow(asked)
    client.submit(page, {"password": "nobody's words"}, action="/workspace/prove", status=422)
    answer = client.submit(page, {"password": "two words of mine"}, action="/workspace/prove")

    assert answer.location == path
    client.follow(answer)


def test_a_form_shown_while_the_proof_was_fresh_may_be_sent_a_little_later(client, session):
    client.sign_in(session, make_account(session, Role.ADMINISTRATOR))
    path = "/workspace/accounts/1"
    form = client.get("/workspace/accounts").page.form("/workspace/accounts").values
    typed = {**form, "email": "kim@example.org", "role": "coordinator"}

    prove_was(session, 26)
    late = client.post("/workspace/accounts", typed, status=403)
    assert late.page.one("a", target="_blank").get("href") == "/workspace/prove"
    assert session.scalar(sa.select(sa.func.count()).select_from(Account)) == 1
    prove_was(session, 24)
    client.post("/workspace/accounts", typed, status=200)
    client.get(path, status=303)


def test_how_long_a_proof_is_good_is_policy(client, session):
    client.sign_in(session, make_account(session, Role.ADMINISTRATOR))
    prove_was(session, 100)
    client.get("/workspace/accounts", status=303)
    with transaction(session):
        policy.change(session, "proof_minutes", 120, by=None, at=clock.now())

    client.get("/workspace/accounts")


@pytest.mark.parametrize("wanted", ["//evil.example", "https://evil.example/workspace", "/programs"])
def test_the_proof_leads_nobody_elsewhere(client, session, wanted):
    client.sign_in(session, make_account(session, password="two words of mine"))
    form = client.get("/workspace/prove").page.form("/workspace/prove").values
    typed = {**form, "password": "two words of mine", "next": wanted}

    assert client.post("/workspace/prove", typed).location == "/workspace"


def test_an_app_whose_secret_no_key_opens_can_be_set_up_anew_with_a_recovery_code(app, client, session):
    person = sign_in(client)
    with transaction(session):
        session.get(Account, person.id).totp_secret = "sealed with a key that is lost"

    other = Visitor(app)
    typed = {"email": person.email, "password": person.password}
    step = other.follow(other.submit(other.get("/sign-in"), typed, action="/sign-in"))
    other.submit(step, {"code": person.app.code()}, action="/sign-in/code", status=422)
    other.submit(step, {"recovery_code": person.recovery_codes[0]}, action="/sign-in/recovery-code")
    page = other.follow(other.submit(other.get(f"{OWN}/app"), {}, action=f"{OWN}/app/new"))
    new = App(page.page.texts("code", class_="secret")[0].replace(" ", ""))

    typed = {"code": totp.code_at(new.secret, totp.step_at(clock.now()))}
    other.submit(page, typed, action=f"{OWN}/app")
