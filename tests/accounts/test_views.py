"""Signing in and out as a person does it, and what a stranger can and cannot reach."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from services_dir import clock, policy, throttle
from services_dir.accounts import operations, totp
from services_dir.accounts.models import Account, OneTimeLink, Role, SignedIn
from services_dir.db import transaction
from services_dir.throttle import ThrottleCount
from tests.support.accounts import App, give_app
from tests.support.client import Visitor
from tests.support.factories import make_account

SESSIONS = "/workspace/sessions"
EMAIL = "ana@example.org"
PASSWORD = "two words of mine"
HOUR = timedelta(hours=1)


@pytest.fixture
def ana(session):
    return make_account(session, email=EMAIL, name="Ana Example", password=PASSWORD)


@pytest.fixture
def phone(app, session, ana):
    """The phone of Ana, with her app."""
    with transaction(session):
        return give_app(app, session.get(Account, ana.id), totp.new_secret())


def enter(visitor, email=EMAIL, password=PASSWORD, *, status=303, **typed):
    """Give the password, which is the first step of signing in."""
    data = {"email": email, "password": password, **typed}
    return visitor.submit(visitor.get("/sign-in"), data, action="/sign-in", status=status)


def come_in(visitor, phone, **typed):
    """Sign in wholly: the password, then a code."""
    step = visitor.follow(enter(visitor, **typed))
    return visitor.submit(step, {"code": phone.code()}, action="/sign-in/code")


def set_up_app(visitor, visit):
    """Set up an app on the page that asks for it, and give the phone and the page that follows."""
    phone = App(visit.page.texts("code", class_="secret")[0].replace(" ", ""))
    return phone, visitor.submit(visit, {"code": phone.code()}, status=200)


def fill_in(visitor, path, typed, *, status=303):
    return visitor.submit(visitor.get(path), typed, status=status)


def press(visitor, action):
    return visitor.submit(visitor.get(SESSIONS), {}, action=action)


def signed_in(app, session, account, *, at=None):
    visitor = Visitor(app)
    visitor.sign_in(session, account)
    if at:
        with transaction(session):
            session.execute(sa.update(SignedIn).values(started_at=at, seen_at=at))
    return visitor


def read(session, statement):
    session.rollback()
    return session.scalars(statement).all()


def first_link(session):
    with transaction(session):
        return operations.first_administrator_link(session, "", clock.now())


def test_a_coordinator_signs_in_and_out(client, session, ana, phone):
    assert client.get(SESSIONS, status=303).location == "/sign-in?next=/workspace/sessions"

    assert come_in(client, phone, email=" ANA@Example.org ", next=SESSIONS).location == SESSIONS
    page = client.get(SESSIONS).page
    assert "Ana Example" in page.text

    gone = press(client, "/workspace/sign-out")
    assert gone.location == "/sign-in"
    assert "You are signed out." in client.get("/sign-in").text
    client.get(SESSIONS, status=303)
    assert read(session, sa.select(SignedIn)) == []


def test_a_copied_cookie_opens_nothing_after_signing_out(app, client, phone):
    come_in(client, phone)
    copied = client.http.get_cookie("workspace").value
    press(client, "/workspace/sign-out")

    thief = Visitor(app)
    thief.http.set_cookie("workspace", copied)
    thief.get(SESSIONS, status=303)


@pytest.mark.sqlite
def test_a_fresh_token_is_given_at_each_step_and_a_planted_one_is_worth_nothing(client, phone):
    tokens = ["planted"]

    def note_token():
        with client.http.session_transaction("/workspace") as cookie:
            tokens.append(cookie["token"])
            assert set(cookie) <= {"token", "csrf_token", "_flashes"}

    with client.http.session_transaction("/workspace") as cookie:
        cookie["token"] = "planted"
    step = client.follow(enter(client))
    note_token()
    client.submit(step, {"code": phone.code()}, action="/sign-in/code")
    note_token()

    assert len(set(tokens)) == 3
    with client.http.session_transaction("/workspace") as cookie:
        cookie["token"] = tokens[1]
    client.get(SESSIONS, status=303)


@pytest.mark.sqlite
def test_a_wrong_password_keeps_the_e_mail_and_shows_no_password(client, ana):
    page = enter(client, password="nobody's words", status=422).page

    assert page.one("input", name="email").get("value") == EMAIL
    assert page.one("input", name="password").get("value") in (None, "")
    assert "do not belong together" in page.text


@pytest.mark.sqlite
def test_an_unknown_e_mail_is_answered_like_a_wrong_password(client, ana):
    def answer(email):
        text = enter(client, email, "nobody's words", status=422).text
        return re.sub(r'(value|data-options)="[^"]*"', "", text)

    assert answer("nobody@example.org") == answer(EMAIL)


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "data",
    [
        {},
        {"email": "", "password": ""},
        {"email": "x" * 5000, "password": "y" * 5000},
        {"email": "\x00\x01", "password": "\x00"},
        {"email": ["a@example.org", "b@example.org"], "password": ["a", "b"]},
        {"email": "ana@example.org' or 1=1 --", "password": "' or 1=1 --"},
        {"next": "//evil.example"},
    ],
)
def test_whatever_is_sent_gets_the_form_again(client, ana, data):
    client.submit(client.get("/sign-in"), data, action="/sign-in", status=422)


@pytest.mark.sqlite
def test_a_form_without_its_token_is_shown_again_and_lets_nobody_in(client, session, ana):
    page = client.post("/sign-in", {"email": EMAIL, "password": PASSWORD}, status=422).page

    assert page.one("input", name="email").get("value") == EMAIL
    assert read(session, sa.select(SignedIn)) == []


@pytest.mark.sqlite
@pytest.mark.parametrize("wanted", ["//evil.example", "https://evil.example/workspace", "/programs", ""])
def test_after_signing_in_nobody_is_led_elsewhere(client, phone, wanted):
    assert come_in(client, phone, next=wanted).location == "/workspace"


@pytest.mark.sqlite
def test_somebody_signed_in_is_led_on_from_the_sign_in_page(client, phone):
    come_in(client, phone)

    assert client.get(f"/sign-in?next={SESSIONS}", status=303).location == SESSIONS
    assert client.get("/sign-in?next=//evil.example", status=303).location == "/workspace"


def test_after_five_wrong_tries_even_the_right_password_must_wait(client, session, ana):
    for _ in range(5):
        enter(client, password="nobody's words", status=422)

    answer = enter(client, status=429)

    assert answer.response.headers["Retry-After"] == "300"
    assert "Wait five minutes" in answer.text
    assert sorted(read(session, sa.select(ThrottleCount.count))) == [5, 5, 5, 6]


@pytest.mark.sqlite
def test_after_twenty_tries_in_a_day_the_answer_is_tomorrow(client, session, ana):
    with transaction(session):
        for _ in range(20):
            here = f"{EMAIL}\x00127.0.0.1"
            throttle.allow(session, "sign-in-day", here, limit=20, within=24 * HOUR, at=clock.now())

    answer = enter(client, status=429)

    assert answer.response.headers["Retry-After"] == "86400"
    assert "Try again tomorrow" in answer.text


@pytest.mark.sqlite
def test_nothing_typed_at_sign_in_is_kept_in_the_database(client, ana, home):
    enter(client, "secretive@example.org", "nobody's words", status=422)

    raw = b"".join(file.read_bytes() for file in home.glob("services.sqlite*"))
    assert b"secretive" not in raw
    assert b"127.0.0.1" not in raw


@pytest.mark.parametrize("kind", ["closed", "idle", "too long", "forged"])
@pytest.mark.sqlite
def test_a_session_that_is_over_opens_nothing(app, session, ana, kind):
    began = {"idle": clock.now() - HOUR, "too long": clock.now() - 12 * HOUR}.get(kind)
    visitor = signed_in(app, session, ana, at=began)
    with transaction(session):
        row = session.scalars(sa.select(SignedIn)).one()
        if kind == "closed":
            operations.deactivate(session, row.account, by=None, at=clock.now())
        if kind == "too long":
            row.seen_at = clock.now()
        if kind == "forged":
            row.token_hash = "0" * 64

    visitor.get(SESSIONS, status=303)


@pytest.mark.sqlite
def test_a_click_keeps_a_session_alive_and_is_written_at_most_once_a_minute(app, session, ana):
    visitor = signed_in(app, session, ana, at=clock.now() - 0.9 * HOUR)
    seen = []
    for _ in range(2):
        visitor.get(SESSIONS)
        seen += read(session, sa.select(SignedIn.seen_at))

    assert seen[0] == seen[1]
    assert clock.now() - seen[0] < HOUR / 60


@pytest.mark.sqlite
def test_an_administrator_who_shortens_sessions_ends_long_ones(app, session, ana):
    visitor = signed_in(app, session, ana, at=clock.now() - HOUR / 4)
    visitor.get(SESSIONS)
    with transaction(session):
        policy.change(session, "session_idle_minutes", 5, by=None, at=clock.now())
        session.scalars(sa.select(SignedIn)).one().seen_at = clock.now() - HOUR / 10

    visitor.get(SESSIONS, status=303)


def test_sessions_are_listed_and_ended_one_by_one_or_together(app, client, session, ana):
    others = [Visitor(app), Visitor(app), Visitor(app)]
    for visitor in (*others, client):
        visitor.sign_in(session, ana)
    page = client.get(SESSIONS).page
    ends = [form.get("action") for form in page.all("form") if form.get("action", "").endswith("/end")]
    assert len(ends) == 3

    press(client, ends[0])
    assert len(read(session, sa.select(SignedIn))) == 3
    press(client, "/workspace/sessions/end-others")

    assert len(read(session, sa.select(SignedIn))) == 1
    client.get(SESSIONS)
    for visitor in others:
        visitor.get(SESSIONS, status=303)


@pytest.mark.sqlite
def test_nobody_can_end_the_session_of_another_person(app, session, ana):
    hers, his = signed_in(app, session, ana), signed_in(app, session, make_account(session))
    [one] = read(session, sa.select(SignedIn.id).where(SignedIn.account_id == ana.id))
    good_token = his.get(SESSIONS).page.form("/workspace/sign-out").values

    his.post(f"/workspace/sessions/{one}/end", good_token)

    hers.get(SESSIONS)


def test_a_session_that_cannot_be_is_a_missing_page(app, session, ana):
    visitor = signed_in(app, session, ana)
    good_token = visitor.get(SESSIONS).page.form("/workspace/sign-out").values

    visitor.post(f"/workspace/sessions/{10**40}/end", good_token, status=404)


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "path", ["/workspace/sign-out", "/workspace/sessions/end-others", "/workspace/sessions/1/end"]
)
def test_a_button_without_its_token_does_nothing(app, session, ana, path):
    visitor = signed_in(app, session, ana)

    visitor.post(path, {}, status=403)

    visitor.get(SESSIONS)


@pytest.mark.sqlite
def test_signing_out_when_the_session_is_over_says_so(client):
    assert client.post("/workspace/sign-out", {}, status=403).page.heading == "You are signed out"


@pytest.mark.sqlite
def test_who_sends_a_form_after_her_session_ended_is_told_how_to_keep_it(client):
    answer = client.post("/workspace/sessions/end-others", {}, status=403)

    assert "reload the page" in answer.text
    assert answer.page.one("a", target="_blank").get("href") == "/sign-in"


def test_opening_a_link_uses_nothing_up_and_sending_its_form_does(app, client, session):
    account = make_account(session, email=EMAIL, name="")
    with transaction(session):
        path = operations.link_address("", operations.invite(session, account, by=None, at=clock.now()))
    for _ in range(3):
        assert f"You will sign in as {EMAIL}" in client.get(path).text
    typed = {"name": "Ana Example", "password": PASSWORD, "again": PASSWORD}

    step = client.follow(client.follow(fill_in(client, path, typed), status=303))
    phone, _codes = set_up_app(client, step)

    assert "Ana Example" in client.get(SESSIONS).text
    stranger = Visitor(app)
    stranger.get(path, status=404)
    stranger.post(path, typed, status=404)
    assert come_in(stranger, phone).location == "/workspace"


def test_the_first_administrator_comes_in_by_the_link_of_the_first_start(client, session):
    path = first_link(session)
    typed = {"email": "Ana@example.org", "name": "Ana Example", "password": PASSWORD, "again": PASSWORD}

    step = client.follow(client.follow(fill_in(client, path, typed), status=303))
    assert "Step 2 of 3" in step.text
    _phone, codes = set_up_app(client, step)

    [account] = read(session, sa.select(Account))
    assert (account.email, account.role, account.name) == (EMAIL, Role.ADMINISTRATOR, "Ana Example")
    assert "Step 3 of 3" in codes.text
    assert len(codes.page.texts("code", class_="secret")) == 10
    assert "/workspace" in codes.page.links
    client.get(SESSIONS)


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"email": "ana"}, "not an e-mail address"),
        ({"email": "", "name": ""}, "Type your name"),
        ({"password": "short", "again": "short"}, "at least 12 characters"),
        ({"password": "password1234", "again": "password1234"}, "easy to guess"),
        ({"password": EMAIL, "again": EMAIL}, "your e-mail address as your password"),
        ({"again": "two words of yours"}, "not the same"),
        ({"again": ""}, "a second time"),
    ],
)
def test_what_will_not_do_is_said_and_the_link_stays_good(client, session, wrong, sentence):
    path = first_link(session)
    typed = {"email": EMAIL, "name": "Ana Example", "password": PASSWORD, "again": PASSWORD}

    page = fill_in(client, path, {**typed, **wrong}, status=422).page

    assert sentence in page.text
    assert page.one("input", name="name").get("value") == {**typed, **wrong}["name"]
    assert PASSWORD not in page.source
    assert read(session, sa.select(OneTimeLink.used_at)) == [None]
    fill_in(client, path, typed)


@pytest.mark.sqlite
def test_after_recovery_the_account_keeps_its_name_and_gets_a_new_password(client, session, ana):
    with transaction(session):
        path = operations.link_address("", operations.recover(session, ana, by=None, at=clock.now()))
    enter(client, status=422)
    assert not client.get(path).page.all("input", name="name")

    answer = fill_in(client, path, {"password": "another one of mine", "again": "another one of mine"})
    set_up_app(client, client.follow(client.follow(answer, status=303)))

    assert "Ana Example" in client.get(SESSIONS).text


@pytest.mark.sqlite
@pytest.mark.parametrize("token", ["x", "x" * 500, "%00", "%ff", "ñ", "..%2f.."])
def test_a_link_that_never_was_is_a_page_not_found(client, token):
    client.get(f"/sign-in/link/{token}", status=404)
