"""Passkeys, with the authenticator that Chromium plays: made, a second step, and the whole sign-in."""

from __future__ import annotations

import json
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

import pytest
import sqlalchemy as sa

from services_dir.accounts import challenges, operations, passkeys
from services_dir.accounts.models import Passkey, UsedChallenge
from services_dir.accounts.passkeys import Ceremony
from services_dir.db import transaction
from services_dir.errors import InvalidError
from tests.support.accounts import make_person
from tests.support.browsers import violations, watched_page
from tests.support.deeds import arrive

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
KEY = "a key that only this test knows, long enough"
OURS = Ceremony("https://services.example.org", "Services directory", KEY, "browser")


def test_a_challenge_is_for_one_browser_for_some_minutes():
    made = challenges.new_challenge(KEY, "browser", at=NOON)

    assert challenges.is_ours(made, KEY, "browser", at=NOON + timedelta(minutes=15))
    assert not challenges.is_ours(made, KEY, "browser", at=NOON + timedelta(minutes=16))
    assert not challenges.is_ours(made, KEY, "another browser", at=NOON)
    assert not challenges.is_ours(made, "another key", "browser", at=NOON)
    assert not challenges.is_ours(made[:-1] + bytes([made[-1] ^ 1]), KEY, "browser", at=NOON)
    assert not challenges.is_ours(b"", KEY, "browser", at=NOON)
    assert made != challenges.new_challenge(KEY, "browser", at=NOON)


@pytest.mark.parametrize(
    ("origin", "is_possible"),
    [
        ("https://services.example.org", True),
        ("http://services.example.org", False),
        ("http://localhost:8000", True),
        ("http://127.0.0.1:8000", False),
        ("https://192.0.2.7", False),
        ("https://[2001:db8::1]", False),
    ],
)
def test_passkeys_are_offered_where_browsers_make_them(origin, is_possible):
    assert Ceremony(origin, "", KEY, "browser").is_possible is is_possible


NO_CLIENT_DATA = {"id": "a", "rawId": "a", "type": "public-key", "response": {"clientDataJSON": "%%%"}}


@pytest.mark.parametrize(
    "text", ["", "null", "[]", "{}", "{", '{"id": 1}', "\x00", "[" * 5000, json.dumps(NO_CLIENT_DATA)]
)
def test_whatever_is_no_answer_is_said_so(text):
    with pytest.raises(InvalidError):
        passkeys.read_answer(OURS, text, at=NOON)
    with pytest.raises(InvalidError):
        passkeys.read_new(OURS, text, at=NOON)


@contextmanager
def at_a_computer(browser, address, *, verified=True):
    """Give a page on a computer with a built-in authenticator, and the tools to look into it."""
    with watched_page(browser, address) as page:
        tools = page.context.new_cdp_session(page)
        tools.send("WebAuthn.enable", {"enableUI": False})
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": verified,
            "automaticPresenceSimulation": True,
        }
        made = tools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        yield page, tools, made["authenticatorId"]


def give_password(page, person):
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill(person.email)
    page.get_by_label("Password").fill(person.password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    arrive(page, "/sign-in/code")


def add_passkey(page, person, name="My computer"):
    """Sign in with the app and make a passkey."""
    give_password(page, person)
    page.get_by_label("Code from your app").fill(person.app.code())
    page.get_by_role("button", name="Go on").click()
    arrive(page, "/workspace")
    page.goto("/workspace/account/passkeys")
    page.get_by_label("Name of this passkey").fill(name)
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_text("The passkey is added").wait_for()


@pytest.fixture
def site(address):
    return address.replace("127.0.0.1", "localhost")  # browsers make no passkeys for a number


@pytest.mark.browser
def test_a_passkey_is_made_and_is_then_the_whole_sign_in_and_the_second_step(app, browser, site, session):
    person = make_person(app)
    with at_a_computer(browser, site) as (page, tools, authenticator):
        add_passkey(page, person)
        assert "My computer" in page.locator("main").inner_text()
        assert violations(page) == ""
        [kept] = tools.send("WebAuthn.getCredentials", {"authenticatorId": authenticator})["credentials"]
        assert kept["rpId"] == "localhost"
        page.get_by_label("Name of this passkey").fill("The same again")
        page.get_by_role("button", name="Add a passkey").click()
        page.get_by_text("has a passkey for this account already").wait_for()

        page.get_by_role("button", name="Sign out").click()
        page.get_by_role("button", name="Sign in with a passkey").click()
        arrive(page, "/workspace")
        page.get_by_role("button", name="Sign out").click()
        give_password(page, person)
        page.get_by_role("button", name="Use a passkey").click()
        arrive(page, "/workspace")

        page.goto("/workspace/prove?next=/workspace/sessions")
        page.get_by_role("button", name="Use a passkey").click()
        arrive(page, "/workspace/sessions")

        page.goto("/workspace/account/passkeys")
        page.get_by_role("button", name="Remove").click()
        page.get_by_text("The passkey is removed").wait_for()
        page.get_by_role("button", name="Sign out").click()
        page.get_by_role("button", name="Sign in with a passkey").click()
        page.get_by_text("not known here").wait_for()
    assert session.scalars(sa.select(Passkey)).all() == []


@pytest.mark.browser
@pytest.mark.sqlite
def test_an_answer_that_was_sent_once_opens_nothing_a_second_time(app, browser, site, session):
    person = make_person(app)
    with at_a_computer(browser, site) as (page, _tools, _authenticator):
        add_passkey(page, person)
        page.get_by_role("button", name="Sign out").click()
        sent = []
        page.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
        page.get_by_role("button", name="Sign in with a passkey").click()
        arrive(page, "/workspace")
        answer = parse_qs(sent[-1].post_data)["answer"][0]
    assert len(session.scalars(sa.select(UsedChallenge)).all()) == 2

    # The same answer, with everything right but the time: what the browser signed is spent.
    spent = json.loads(answer)
    made_at = datetime.now(UTC)
    ours = Ceremony(site, "Services directory", app.config["SECRET_KEY"], "browser")
    read = passkeys.Answer(spent["id"], _challenge_of(spent), answer)
    for is_spent in (True, False):
        with transaction(session) as writing:
            if not is_spent:
                writing.execute(sa.delete(UsedChallenge))
                writing.execute(sa.update(Passkey).values(sign_count=0))
            found = operations.answer_passkey(writing, ours, read, verified=True, at=made_at)
        assert found == (None if is_spent else person.id)
    with pytest.raises(InvalidError, match="very long"):
        passkeys.read_answer(ours, answer, at=made_at)  # another browser's cookie
    elsewhere = Ceremony("https://evil.example", "", ours.key, ours.browser)
    with transaction(session) as writing:
        writing.execute(sa.delete(UsedChallenge))
        assert operations.answer_passkey(writing, elsewhere, read, verified=True, at=made_at) is None


def _challenge_of(answer):
    data = json.loads(passkeys.base64url_to_bytes(answer["response"]["clientDataJSON"]))
    return passkeys.base64url_to_bytes(data["challenge"])


@pytest.mark.browser
@pytest.mark.sqlite
def test_a_key_without_finger_face_or_pin_is_a_second_step_and_never_the_whole_sign_in(app, browser, site):
    person = make_person(app)
    with at_a_computer(browser, site) as (page, tools, authenticator):
        add_passkey(page, person)
        page.get_by_role("button", name="Sign out").click()
        tools.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": False})
        page.get_by_role("button", name="Sign in with a passkey").click()
        page.get_by_text("Nothing was changed").wait_for()

        give_password(page, person)
        page.get_by_role("button", name="Use a passkey").click()
        arrive(page, "/workspace")


@pytest.mark.browser
@pytest.mark.sqlite
def test_without_scripts_nothing_of_passkeys_is_seen_and_the_app_lets_her_in(app, browser, site):
    person = make_person(app)
    with watched_page(
        browser, site, java_script_enabled=False, viewport={"width": 360, "height": 740}
    ) as page:
        page.goto("/sign-in")
        assert page.get_by_role("button", name="passkey").count() == 0
        give_password(page, person)
        page.get_by_label("Code from your app").fill(person.app.code())
        page.get_by_role("button", name="Go on").click()
        arrive(page, "/workspace")
        page.goto("/workspace/account/passkeys")
        assert "This browser has no passkeys" in page.locator("main").inner_text()
