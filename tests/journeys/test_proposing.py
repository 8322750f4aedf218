"""Somebody proposes a program; a coordinator signs in, reads it and decides; then it is found."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import Page

from tests.support.browsers import violations, watched_page
from tests.support.deeds import PROPOSED, decide, open_review, press, propose, sign_in, sign_in_by_link

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 360, "height": 740}}
DESK = {"viewport": {"width": 1280, "height": 900}}
SLUG = "made-up-lamp-house"
PLAIN_PHONE = PHONE | {"java_script_enabled": False}
WAYS = pytest.mark.parametrize("way", [DESK, PLAIN_PHONE], ids=["desk", "phone-without-scripts"])


def is_found(page: Page, within: float = 0) -> bool:
    """Tell whether a search for its name finds the proposed program, soon enough."""
    until = time.monotonic() + within
    while True:
        page.goto(f"/programs?q={PROPOSED.replace(' ', '+')}")
        if page.locator(f"article[data-program={SLUG}]").count():
            return True
        if time.monotonic() >= until:
            return False


def fits(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@WAYS
def test_proposed_approved_and_found(browser, site, way):
    with watched_page(browser, site.address, **way) as sender:
        own_page = propose(sender)
        assert "Waiting for review" in sender.locator("main").inner_text()
        assert fits(sender)
        assert not is_found(sender)

        with watched_page(browser, site.address, **way) as coordinator:
            sign_in_by_link(coordinator, site.first_link)
            assert fits(coordinator)
            open_review(coordinator)
            assert "A made-up house with a lamp in the window." in coordinator.locator("main").inner_text()
            assert fits(coordinator)
            decide(coordinator, "approve")

            assert is_found(coordinator, within=5)
            coordinator.locator(f"article[data-program={SLUG}] a").first.click()
            coordinator.wait_for_url(f"**/programs/{SLUG}")
            assert coordinator.locator("h1").inner_text() == PROPOSED
            assert "860-555-0142" in coordinator.locator("main").inner_text()

        sender.goto(own_page)
        assert "Approved" in sender.locator("main").inner_text()
        assert sender.context.cookies() == []


@pytest.mark.parametrize(
    ("sent_from", "read_on"),
    [(PHONE, DESK), (PLAIN_PHONE, PLAIN_PHONE)],
    ids=["phone-and-desk", "phones-without-scripts"],
)
def test_asked_back_mended_and_approved(browser, site, sent_from, read_on):
    with (
        watched_page(browser, site.address, **sent_from) as sender,
        watched_page(browser, site.address, **read_on) as coordinator,
    ):
        own_page = propose(sender)
        sign_in_by_link(coordinator, site.first_link)
        open_review(coordinator)
        decide(coordinator, "request_changes", note="Which days is it open?")

        sender.goto(own_page)
        assert "Which days is it open?" in sender.locator("main").inner_text()
        press(sender, "Answer and change it", role="link")
        sender.goto(f"{own_page}/edit/program")
        sender.get_by_label("What does it do?").first.fill("A made-up house, open on Mondays.")
        sender.get_by_role("button", name="Check and send").click()
        sender.wait_for_url("**/check")
        sender.wait_for_timeout(2_100)
        sender.get_by_role("button", name="Send").last.click()
        sender.wait_for_url(own_page)
        assert "Waiting for review" in sender.locator("main").inner_text()

        open_review(coordinator)
        assert "open on Mondays" in coordinator.locator("main").inner_text()
        decide(coordinator, "approve")
        assert is_found(sender, within=5)


def test_the_link_works_once_and_the_password_opens_each_page_from_then_on(browser, site):
    with watched_page(browser, site.address, **DESK) as page:
        sign_in_by_link(page, site.first_link)
    with watched_page(browser, site.address, **DESK) as page:
        assert page.goto(site.first_link).status == 404
        sign_in(page)
        assert page.locator("h1").inner_text() == "Overview"
        for path in ("", "/queue", "/programs", "/programs/ct-safe-connect", "/audit", "/sessions"):
            page.goto(f"/workspace{path}")
            assert violations(page) == "", path
        page.goto("/workspace/queue")
        page.locator("main ol a").first.click()
        page.wait_for_url("**/workspace/submissions/*")
        assert violations(page) == ""
