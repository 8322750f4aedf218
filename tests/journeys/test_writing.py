"""A provider writes about her program on a phone, in Spanish: asked for changes, mends, is approved."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Page
from sqlalchemy import select

from services_dir import clock
from services_dir.db import transaction
from services_dir.moderation import operations as moderation
from services_dir.moderation.models import Decision
from services_dir.moderation.rules import Verdict
from services_dir.moderation.safeguards import ContactCheck
from services_dir.submissions.models import Submission, SubmissionState
from services_dir.submissions.queries import read_draft
from tests.support.browsers import violations, watched_page
from tests.support.deeds import press
from tests.support.factories import draft_organization, make_organization, make_program

pytestmark = [pytest.mark.browser, pytest.mark.sqlite]

PHONE = {"viewport": {"width": 360, "height": 740}}
WAYS = pytest.mark.parametrize(
    "way", [PHONE, PHONE | {"java_script_enabled": False}], ids=["scripts", "without-scripts"]
)
CHECK = ContactCheck("a made-up directory of the state", "front desk", date(2026, 3, 2))


def is_good(page: Page, way: dict[str, Any]) -> None:
    """Nothing has to be scrolled sideways, and axe finds nothing."""
    if way.get("java_script_enabled", True):
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
        assert violations(page) == "", page.url


def newest(session) -> Submission:
    session.rollback()
    return session.scalars(select(Submission).order_by(Submission.id.desc()).limit(1)).one()


def decide(session, decision: Decision, **said: Any) -> None:
    submission = newest(session)
    with transaction(session):
        submission = session.get_one(Submission, submission.id)
        verdict = Verdict(decision, note="", seen_revision=submission.latest.number, check=CHECK, **said)
        moderation.decide(session, submission, verdict, by=None, at=clock.now())


@WAYS
def test_in_spanish_on_a_phone_asked_mended_and_approved(browser, address, session, way):
    make_organization(session, draft_organization(name="Made-up Keepers"))
    with watched_page(browser, address, **way) as page:
        page.goto("/es/submit")
        is_good(page, way)
        press(page, "Empezar")
        assert "Paso 1 de 10" in page.locator("main").inner_text()
        own = page.url.partition("/edit")[0]
        assert own in page.locator("main").inner_text()
        is_good(page, way)
        press(page, "Siguiente")
        assert page.locator(".error-summary").is_visible()
        is_good(page, way)
        page.locator("[name=name]").fill("Casa Farol Inventada")
        page.locator("[name=description]").fill("A made-up house with a lamp.")
        page.locator("[name=organization]").fill("Made-up Keepers")
        page.locator("[name=level]").select_option("local")
        press(page, "Siguiente")
        page.locator("[name=categories][value=housing]").check()
        is_good(page, way)
        press(page, "Siguiente")
        is_good(page, way)
        press(page, "Siguiente")
        page.locator("[name=phones-0-number]").fill("860-555-0142")
        press(page, "Añadir un número de teléfono")
        assert page.locator("[name=phones-0-number]").input_value() == "860-555-0142"
        page.locator("[name=phones-1-number]").fill("860-555-0143")
        is_good(page, way)
        press(page, "Siguiente")
        page.locator("[name=service_areas-0-place]").fill("Hartford")
        press(page, "Añadir un lugar adonde se puede ir")
        page.locator("[name=sites-0-visibility][value=area_only]").check()
        page.locator("[name=sites-0-city]").fill("Hartford")
        is_good(page, way)
        press(page, "Siguiente")
        for _ in ("hours", "asks", "more"):
            is_good(page, way)
            press(page, "Siguiente")
        is_good(page, way)
        page.locator("[name=sender_email]").fill("pat@example.org")
        press(page, "Siguiente")
        is_good(page, way)
        assert "Casa Farol Inventada" in page.locator("main").inner_text()
        page.wait_for_timeout(2_100)
        press(page, "Enviarlo a coordinación")
        assert page.url == own
        is_good(page, way)

        decide(session, Decision.REQUEST_CHANGES, questions={"texts.en.cost": "¿Cuánto cuesta?"})
        page.reload()
        assert "¿Cuánto cuesta?" in page.locator("main").inner_text()
        is_good(page, way)
        press(page, "Responder y cambiarlo", role="link")
        assert "¿Cuánto cuesta?" in page.locator(".field__asked").inner_text()
        is_good(page, way)
        page.locator("[name=cost]").fill("Free")
        press(page, "Revisar y enviar")
        page.wait_for_timeout(2_100)
        press(page, "Enviarlo a coordinación")

        assert newest(session).state is SubmissionState.PENDING
        decide(session, Decision.APPROVE)
        page.reload()
        assert "Ya está en la lista" in page.locator("main").inner_text()
        press(page, "Ver la página pública", role="link")
        assert page.locator("h1").inner_text() == "Casa Farol Inventada"
        assert "860-555-0143" in page.locator("main").inner_text()
        is_good(page, way)
        assert page.context.cookies() == []


def test_what_is_typed_survives_a_reload_and_a_lost_connection(browser, address, session):
    with watched_page(browser, address, **PHONE) as page:
        page.goto("/submit")
        press(page, "Start")
        page.locator("[name=name]").fill("Made-up Lamp House")
        page.get_by_text("Saved at").wait_for(timeout=15_000)
        page.reload()
        assert page.locator("[name=name]").input_value() == "Made-up Lamp House"

        page.context.set_offline(True)
        page.locator("[name=description]").fill("Typed without a connection.")
        page.get_by_role("button", name="Next").last.click()
        page.get_by_text("Not saved: no connection.").wait_for()
        assert page.locator("[name=description]").input_value() == "Typed without a connection."

        page.context.set_offline(False)
        page.get_by_text("Saved at").wait_for(timeout=15_000)
        assert "Typed without a connection." in newest(session).form.typed


def test_the_keyboard_alone_writes_a_step_and_reports_a_problem(browser, address, session):
    program = make_program(session, name="Lantern House")
    with watched_page(browser, address, **PHONE) as page:
        page.goto("/submit")
        page.locator("[name=email]").focus()
        with page.expect_navigation():
            page.keyboard.press("Enter")
        page.locator("[name=name]").focus()
        page.keyboard.type("Made-up Lamp House")
        with page.expect_navigation():
            page.keyboard.press("Enter")  # presses Next, not a button of the list of steps
        assert page.url.endswith("/edit/program")
        page.wait_for_selector(".error-summary:focus")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.name") == "description"

        page.goto(f"/programs/{program.slug}")
        press(page, "Report a problem", role="link")
        assert violations(page) == ""
        page.get_by_label("A number does not answer").focus()
        page.keyboard.press("Space")
        page.get_by_label("Tell us in a sentence").focus()
        page.keyboard.type("Nobody answered on Monday.")
        page.wait_for_timeout(2_100)
        press(page, "Send the report")
        assert violations(page) == ""
        assert newest(session).flags == "number_silent"


def test_four_quick_presses_of_send_make_one_submission(browser, address, session):
    program = make_program(session, name="Lantern House")
    with watched_page(browser, address, **PHONE) as page:
        page.goto(f"/programs/{program.slug}/changes/new")
        press(page, "Start")
        own = page.url
        press(page, "What it asks and costs", role="link")
        page.locator("[name=cost]").fill("Free")
        press(page, "Check and send")
        assert page.locator("ins").all_inner_texts() == ["Free"]
        assert violations(page) == ""
        page.wait_for_timeout(2_100)
        page.evaluate(
            """async () => {
                const form = document.querySelector("main form");
                const body = new URLSearchParams(new FormData(form));
                await Promise.all([1, 2, 3].map(() => fetch(form.action, { method: "POST", body })));
            }"""
        )
        press(page, "Send it to the coordinators")
        assert page.url == own

    held = newest(session)
    assert len(held.revisions) == 1
    assert read_draft(held).texts["en"].cost == "Free"


@WAYS
def test_a_report_half_written_goes_on_in_the_other_language(browser, address, session, way):
    path = f"/programs/{make_program(session).slug}/problems/new"
    with watched_page(browser, address, **way) as page:
        page.goto(path)
        page.locator("[name=message]").fill("Nobody answers.")
        press(page, "Español")
        page.wait_for_url(f"**/es{path}")
        assert page.locator("html").get_attribute("lang") == "es"
        assert page.locator("[name=message]").input_value() == "Nobody answers."
        is_good(page, way)

        with page.expect_navigation():
            page.locator("[name=email]").press("Enter")  # sends, and is refused: nothing was chosen
        page.locator(".error-summary").wait_for()
        is_good(page, way)
        press(page, "English")
        page.locator(".error-summary", has_text="Choose what is wrong.").wait_for()
        assert page.locator("[name=message]").input_value() == "Nobody answers."
        assert page.context.cookies() == []


@WAYS
def test_a_step_half_written_goes_on_in_the_other_language(browser, address, way):
    with watched_page(browser, address, **way) as page:
        page.goto("/submit")
        press(page, "Start")
        page.locator("[name=name]").fill("Made-up Lamp House")
        press(page, "Español")
        page.wait_for_url("**/es/submissions/*/edit/program")
        assert page.locator("[name=name]").input_value() == "Made-up Lamp House"
        assert page.locator(".error-summary").count() == 0
        with page.expect_navigation():
            page.locator("[name=name]").press("Enter")
        page.locator(".error-summary").wait_for()
        is_good(page, way)
