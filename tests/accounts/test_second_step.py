"""The second step of signing in, on the pages: what a password alone opens, and what it does not."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from services_dir import clock
from services_dir.accounts import operations, totp
from services_dir.accounts.guards import who_may_open
from services_dir.accounts.models import Account, OneTimeLink, Role, SignedIn
from services_dir.db import transaction
from services_dir.mail.models import OutgoingMail
from tests.support.accounts import App, enter, make_person, sign_in
from tests.support.client import Visitor
from tests.support.factories import make_account

OWN = "/workspace/account"
PASSWORD = "two words of mine"


def give_password(visitor, person, *, wanted="", status=200):
    """Take the first step, and give the page that asks for the second."""
    data = {"email": person.email, "password": getattr(person, "password", PASSWORD), "next": wanted}
    answer = visitor.submit(visitor.get("/sign-in"), data, action="/sign-in")
    return visitor.follow(answer, status=status)


def give_code(visitor, page, code, *, status=303):
    return visitor.submit(page, {"code": code}, action="/sign-in/code", status=status)


def give_recovery_code(visitor, page, code, *, status=303):
    return visitor.submit(page, {"recovery_code": code}, action="/sign-in/recovery-code", status=status)


@pytest.mark.parametrize("role", list(Role))
def test_password_and_code_let_a_person_in(client, role):
    person = make_person(client.app, role)
    page = give_password(client, person, wanted="/workspace/sessions")
    client.get(OWN, status=303)

    assert give_code(client, page, person.app.code()).location == "/workspace/sessions"
    assert person.email in client.get(OWN).text


@pytest.mark.sqlite
def test_a_code_that_was_used_lets_nobody_else_in(app, client):
    person = sign_in(client)
    used = totp.code_at(person.app.secret, person.app.last_step)
    thief = Visitor(app)

    answer = give_code(thief, give_password(thief, person), used, status=422)

    assert "used before" in answer.text
    thief.get(OWN, status=303)


@pytest.mark.sqlite
@pytest.mark.parametrize("code", ["", "000000", "x" * 5000, "\x00", "١٢٣٤٥٦"])
def test_a_wrong_code_is_asked_for_again(client, code):
    person = make_person(client.app)
    page = give_password(client, person)

    answer = give_code(client, page, code, status=422)

    assert answer.page.heading == "Is it you?"
    give_code(client, answer, person.app.code())


@pytest.mark.sqlite
def test_after_five_wrong_codes_even_the_right_one_must_wait(client):
    person = make_person(client.app)
    page = give_password(client, person)
    for _ in range(5):
        give_code(client, page, "000000", status=422)

    answer = give_code(client, page, person.app.code(), status=429)

    assert answer.response.headers["Retry-After"] == "300"
    give_recovery_code(client, page, person.recovery_codes[0])


@pytest.mark.sqlite
def test_after_five_wrong_recovery_codes_even_a_right_one_must_wait(client):
    person = make_person(client.app)
    page = give_password(client, person)
    for _ in range(5):
        give_recovery_code(client, page, "aaaa-bbbb-cccc-dddd", status=422)

    give_recovery_code(client, page, person.recovery_codes[0], status=429)
    give_code(client, page, person.app.code())


def test_a_recovery_code_stands_in_for_the_phone_once(app, client):
    person = make_person(app)
    answer = give_recovery_code(client, give_password(client, person), person.recovery_codes[4].upper())

    page = client.follow(answer)
    assert "You used a recovery code" in page.text
    assert "9 codes are left" in page.text
    other = Visitor(app)
    give_recovery_code(other, give_password(other, person), person.recovery_codes[4], status=422)


def test_without_a_second_factor_nothing_opens_but_its_set_up(app, client, session):
    account = make_account(session, Role.ADMINISTRATOR, password=PASSWORD)
    page = client.follow(give_password(client, account, status=303))
    assert page.page.heading == "Set up your app"

    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/workspace") and not rule.arguments and "GET" in rule.methods:
            answer = client.get(rule.rule, status=303)
            assert answer.location.startswith("/sign-in/set-up"), rule.rule
            assert who_may_open(app.view_functions[rule.endpoint]) != "anyone"
    client.post("/workspace/sign-out", {}, status=403)


@pytest.mark.sqlite
def test_the_picture_is_drawn_here_and_the_key_is_also_there_as_text(client, session):
    account = make_account(session, password=PASSWORD)
    page = client.follow(give_password(client, account, status=303))

    assert "<svg" in page.text
    assert page.page.one("div", role="img").get("aria-label")
    secret = page.page.texts("code", class_="secret")[0].replace(" ", "")
    assert any(link.startswith("otpauth://totp/") and secret in link for link in page.page.links)
    again = client.get("/sign-in/set-up")
    assert again.page.texts("code", class_="secret")[0].replace(" ", "") == secret, "a reload keeps the key"


@pytest.mark.sqlite
def test_the_second_step_without_the_first_asks_for_the_password(app, client):
    for path in ("/sign-in/code", "/sign-in/set-up"):
        assert client.get(path, status=303).location == "/sign-in"
    person = make_person(app)
    page = give_password(client, person)
    stranger = Visitor(app)
    for action, typed in (
        ("/sign-in/code", {"code": person.app.code()}),
        ("/sign-in/recovery-code", {"recovery_code": person.recovery_codes[0]}),
        ("/sign-in/set-up", {"code": person.app.code()}),
        ("/sign-in/code/passkey", {"answer": "{}"}),
    ):
        assert stranger.post(action, typed).location == "/sign-in"
    give_code(client, page, person.app.code())


@pytest.mark.sqlite
def test_who_is_through_is_led_on_from_each_step(client):
    sign_in(client)

    for path in ("/sign-in", "/sign-in/code", "/sign-in/set-up"):
        assert client.get(path, status=303).location == "/workspace"


@pytest.mark.sqlite
def test_the_set_up_of_an_app_is_no_way_round_the_app_there_is(client):
    person = make_person(client.app)
    page = give_password(client, person)

    assert client.get("/sign-in/set-up", status=303).location == "/sign-in"
    form = page.page.form("/sign-in/code").values
    assert client.post("/sign-in/set-up", {**form, "code": "123456"}).location.startswith("/sign-in?")


@pytest.mark.sqlite
@pytest.mark.parametrize("wanted", ["//evil.example", "https://evil.example/workspace", "/programs"])
def test_the_second_step_leads_nobody_elsewhere(client, wanted):
    person = make_person(client.app)
    page = give_password(client, person)
    form = {**page.page.form("/sign-in/code").values, "next": wanted, "code": person.app.code()}

    assert client.post("/sign-in/code", form).location == "/workspace"


@pytest.mark.sqlite
def test_a_code_without_the_forms_token_lets_nobody_in(client):
    person = make_person(client.app)
    give_password(client, person)

    client.post("/sign-in/code", {"code": person.app.code()}, status=422)


@pytest.mark.sqlite
def test_signing_in_leaves_one_session_and_ends_the_half_one(client, session):
    sign_in(client)

    rows = session.scalars(sa.select(SignedIn)).all()
    assert [row.confirmed_at is not None for row in rows] == [True]


def test_a_recovery_link_sets_password_and_app_anew_and_tells_the_account(app, client, session):
    person = sign_in(client, Role.ADMINISTRATOR)
    with transaction(session):
        row = session.get(Account, person.id)
        token = operations.recover(session, row, by=None, at=clock.now())
    client.get(OWN, status=303)
    stranger = Visitor(app)
    typed = {"email": person.email, "password": person.password}
    stranger.submit(stranger.get("/sign-in"), typed, action="/sign-in", status=422)

    page = client.get(operations.link_address("", token))
    password = {"password": "another one of mine", "again": "another one of mine"}
    step = client.follow(client.follow(client.submit(page, password), status=303))
    new = App(step.page.texts("code", class_="secret")[0].replace(" ", ""))
    assert new.secret != person.app.secret
    codes = client.submit(step, {"code": new.code()}, status=200)

    assert len(codes.page.texts("code", class_="secret")) == 10
    person.password, person.app = "another one of mine", new
    enter(Visitor(app), person)
    session.rollback()
    [mail] = session.scalars(sa.select(OutgoingMail)).all()
    assert (mail.recipient, mail.kind) == (person.email, "recovery_done")
    assert token not in mail.text
    assert session.scalars(sa.select(OneTimeLink.used_at)).all().count(None) == 0
