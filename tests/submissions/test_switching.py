"""The switch of languages on a page in which something is typed: that comes along, nothing is sent."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from services_dir.settings import TEMPLATES
from services_dir.submissions.models import Submission
from tests.submissions.deeds import begin, fill
from tests.support.factories import draft_organization, make_organization, make_program
from tests.support.markup import text_of

EMAIL = "pat@example.org"
STORY = "Maria Made-up told me she escaped her trafficker."  # what coordinators must not be told


@pytest.fixture(autouse=True)
def patient(app):
    """People need time to fill in a form; tests do not."""
    app.config["FORM_MINIMUM_AGE"] = timedelta(0)


def switch(client, visit, typed, to="es"):
    """Press the switch of languages, with something typed in the form that it is a button of."""
    button = visit.page.one("button", lang=to)
    form = visit.page.one("form", id=button.get("form"))
    fields = visit.page.form(form.get("action")).values
    pressed = {button.get("name"): button.get("value")}
    return client.look(button.get("formaction"), method="POST", data={**fields, **typed, **pressed})


def count(session):
    session.rollback()
    return session.scalar(select(func.count()).select_from(Submission))


@pytest.mark.parametrize("path", ["/submit", "/submit/organization", "/submissions/link"])
def test_an_address_typed_before_the_switch_is_there_after_it(client, session, path):
    before = count(session)

    spanish = switch(client, client.get(path), {"email": EMAIL})

    assert (spanish.status, spanish.page.root.get("lang")) == (200, "es")
    assert spanish.page.one("input", name="email").get("value") == EMAIL
    assert spanish.page.all("div", role="alert") == []
    english = switch(client, spanish, {}, to="en")
    assert english.page.one("input", name="email").get("value") == EMAIL
    assert count(session) == before


def test_a_refused_report_keeps_its_words_and_tells_its_mistakes_in_the_other_language(client, session):
    path = f"/programs/{make_program(session).slug}/problems/new"
    before = count(session)
    refused = client.submit(client.get(path), {"message": "It rings."}, action=path, status=422)
    assert "Choose what is wrong." in refused.page.text

    spanish = switch(client, refused, {"message": "It rings, nobody answers."})

    assert (spanish.status, spanish.path) == (200, f"/es{path}")
    assert text_of(spanish.page.one("textarea", name="message")) == "It rings, nobody answers."
    assert "Elija" in text_of(spanish.page.one("div", role="alert"))
    assert count(session) == before


def test_a_sentence_in_doubt_is_asked_about_again_in_the_other_language(client, session):
    path = f"/programs/{make_program(session).slug}/problems/new"
    typed = {"what": "wrong_number", "message": STORY}
    doubted = client.submit(client.get(path), typed, action=path, status=422)
    assert doubted.page.all("blockquote")

    spanish = switch(client, doubted, {})

    assert STORY in text_of(spanish.page.one("blockquote"))
    assert spanish.page.one("input", name="what", value="wrong_number").get("checked") is not None


def test_a_step_keeps_what_was_typed_and_goes_on_in_the_other_language(client):
    own = begin(client)
    step = client.get(f"{own}/edit/program")

    moved = switch(client, step, {"name": "Half a thought"})

    assert (moved.status, moved.location) == (303, f"/es{own}/edit/program")
    page = client.follow(moved).page
    assert page.one("input", name="name").get("value") == "Half a thought"
    assert page.all("div", role="alert") == []  # nobody said that it is done


def test_the_last_look_keeps_its_message_and_sends_nothing(client, session):
    make_organization(session, draft_organization(name="Made-up Keepers"))
    own = begin(client)
    fill(client, own)

    spanish = switch(client, client.get(f"{own}/check"), {"message": "I work there."})

    assert (spanish.status, spanish.path) == (200, f"/es{own}/check")
    assert text_of(spanish.page.one("textarea", name="message")) == "I work there."
    assert spanish.page.all("div", role="alert") == []
    assert "Not sent yet" in client.get(own).page.title


def test_the_enter_key_still_sends_the_form(client):
    page = client.get("/submit").page

    first = next(button for button in page.all("button") if button.get("form", "begin") == "begin")

    assert (first.get("name"), first.get("formaction")) == (None, None)


def test_a_button_that_was_refused_leads_to_its_own_page_in_the_other_language(client, session):
    own = begin(client)
    refused = client.post(f"{own}/withdraw", {"form_token": "forged"}, status=422)

    assert refused.page.one("a", hreflang="es").get("href") == f"/es{own}"


def test_every_public_page_with_a_field_of_a_post_names_its_form_for_the_switch():
    for path in sorted(TEMPLATES.glob("*/*.html")):
        text = path.read_text("utf-8")
        is_public = '"layouts/form.html"' in text and path.parent.name != "accounts"
        if is_public and re.search(r"\{\{ (field|inside)\(", text):
            assert "{% set switch = " in text, path.name
