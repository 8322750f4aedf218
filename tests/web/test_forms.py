"""Public forms without a session, and where a post may come from."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from wtforms import PasswordField, StringField

from services_dir import clock
from services_dir.web.forms import (
    LIFETIME,
    MINIMUM_AGE,
    TokenState,
    WorkspaceForm,
    form_token,
    read_token,
)
from tests.support.client import Visitor

NOON = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)
TYPED = {"name": "Lamp House", "text": "A made-up place.", "colour": "b"}


def letter(app: Flask, *, age: timedelta = timedelta(minutes=5), **changes: str) -> dict[str, str]:
    """Give what a browser sends that showed the letter form a while ago."""
    with app.app_context():
        token = form_token("letter", at=clock.now() - age)
    return {"form_token": token, "leave_empty": "", **TYPED, **changes}


def assert_kept(visit) -> None:
    assert visit.page.one("input", name="name").get("value") == "Lamp House"
    assert visit.page.one("textarea", name="text").text.strip() == "A made-up place."
    assert visit.page.one("input", value="b").get("checked") is not None


@pytest.mark.parametrize(
    ("age", "name", "state"),
    [
        (timedelta(minutes=1), "letter", TokenState.GOOD),
        (timedelta(seconds=0), "letter", TokenState.EARLY),
        (LIFETIME + timedelta(seconds=2), "letter", TokenState.EXPIRED),
        (timedelta(minutes=1), "other", TokenState.FORGED),
    ],
)
def test_a_token_names_its_form_and_has_an_age(small_app, age, name, state):
    with small_app.app_context():
        assert read_token(form_token("letter", at=NOON - age), name, at=NOON) is state


@pytest.mark.parametrize("token", ["", "nonsense", "WyJsZXR0ZXIiLDFd.forged", "é", "\x00"])
def test_a_token_of_somebody_else_is_refused(small_app, token):
    with small_app.app_context():
        assert read_token(token, "letter", at=NOON) is TokenState.FORGED


def test_a_form_that_is_filled_in_calmly_is_accepted(small_app, visitor):
    visitor.post("/letter", data=letter(small_app), status=200)


def test_an_expired_form_comes_back_with_everything_in_it_and_can_be_sent_at_once(small_app, visitor):
    visit = visitor.post("/letter", data=letter(small_app, age=LIFETIME * 2), status=422)

    assert "open for a long time" in visit.page.text
    assert_kept(visit)
    again = visit.page.form().values
    visitor.post("/letter", data={**again, "leave_empty": ""}, status=200)


def test_a_forged_form_comes_back_with_everything_in_it(small_app, visitor):
    visit = visitor.post("/letter", data=letter(small_app, form_token="forged"), status=422)

    assert_kept(visit)
    visitor.post("/letter", data=visit.page.form().values, status=200)


def test_a_form_sent_faster_than_a_person_can_type_comes_back(small_app, visitor):
    visit = visitor.post("/letter", data=letter(small_app, age=timedelta(0)), status=422)

    assert "very quick" in visit.page.text
    assert_kept(visit)
    assert timedelta(0) < MINIMUM_AGE


def test_the_field_that_must_stay_empty_catches_a_program_and_forgives_a_person(small_app, visitor):
    visit = visitor.post("/letter", data=letter(small_app, leave_empty="http://x.example"), status=422)

    assert "must stay empty" in visit.page.text
    assert visit.page.one("input", name="leave_empty").get("value") == ""
    assert_kept(visit)


def test_screen_readers_are_told_to_leave_the_empty_field_alone(visitor):
    page = visitor.get("/letter").page

    field = page.one("input", name="leave_empty")
    label = page.texts("label", for_=field.get("id"))[0]
    assert "Leave this field empty" in label
    assert field.get("tabindex") == "-1"
    assert field.get("type") != "hidden"


def test_each_error_stands_beside_its_field_and_on_top(small_app, visitor):
    visit = visitor.post("/letter", data=letter(small_app, name="", text="x" * 41), status=422)

    summary = visit.page.one("div", role="alert")
    assert [link.get("href") for link in summary.iter("a")] == ["#name", "#text"]
    name = visit.page.one("input", name="name")
    assert name.get("aria-invalid") == "true"
    assert visit.page.texts("p", id="name-error") == ["Mistake: This field is required."]
    assert name.get("aria-describedby").split() == ["name-help", "name-example", "name-error"]
    assert visit.page.one("textarea", name="text").text.strip() == "x" * 41


def test_an_error_of_a_group_leads_to_its_first_box(small_app, visitor):
    data = letter(small_app)
    del data["colour"]

    visit = visitor.post("/letter", data=data, status=422)

    assert visit.page.one("a", href="#colour-0") is not None


def test_messages_of_the_library_come_in_spanish(small_app, visitor):
    page = visitor.post("/es/letter", data=letter(small_app, name="", text="x" * 41), status=422).page

    assert "Este campo es obligatorio." in page.text
    assert "This field" not in page.text
    assert "Field must" not in page.text


def test_control_characters_and_outer_spaces_are_dropped(small_app, visitor):
    sent = letter(small_app, name="  Lamp\x00 \x1bHouse\x07 ", colour="")

    visit = visitor.post("/letter", data=sent, status=422)

    assert visit.page.one("input", name="name").get("value") == "Lamp House"


def test_a_password_stays_exactly_as_typed(small_app):
    class Key(WorkspaceForm):
        password = PasswordField()
        name = StringField()

    from werkzeug.datastructures import MultiDict

    with small_app.test_request_context("/sign-in", method="POST"):
        form = Key(MultiDict({"password": "  two spaces ", "name": " Pat "}))
        assert form.password.data == "  two spaces "
        assert form.name.data == "Pat"


def test_a_form_of_the_workspace_without_its_token_asks_to_be_sent_again(small_app):
    with small_app.test_request_context("/workspace/x", method="POST", data={"csrf_token": "nonsense"}):
        form = WorkspaceForm()

        assert not form.validate()
        assert "send it again" in form.csrf_token.errors[0]


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "https://evil.example"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:9999"},
        {"Origin": "http://[broken"},
    ],
)
def test_a_post_from_another_site_is_refused(small_app, visitor, headers):
    visit = visitor.post("/letter", data=letter(small_app), headers=headers, status=403)

    assert "another website" in visit.page.text


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "http://localhost"},
        {"Origin": "https://directory.example.org"},
    ],
)
def test_a_post_from_our_own_pages_is_taken(small_app, visitor, headers):
    visitor.post("/letter", data=letter(small_app), headers=headers, status=200)


def test_a_link_from_another_site_may_open_a_page(small_app):
    Visitor(small_app).get("/safety", headers={"Sec-Fetch-Site": "cross-site"})
