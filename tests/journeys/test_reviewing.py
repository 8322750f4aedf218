"""A coordinator signs in with a code of her app, claims, edits, approves and undoes; scripts or none."""

from __future__ import annotations

import pytest

from tests.support.browsers import violations, watched_page
from tests.support.deeds import PROPOSED, decide, open_review, press, propose, sign_in, sign_in_by_link

pytestmark = [pytest.mark.browser, pytest.mark.slow]

DESK = {"viewport": {"width": 1280, "height": 900}}
PHONE = {"viewport": {"width": 360, "height": 740}, "java_script_enabled": False}
LISTED = "/programs/made-up-lamp-house"


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def is_public(page):
    return page.goto(LISTED).status == 200


@pytest.mark.parametrize("way", [DESK, PHONE], ids=["desk", "phone-without-scripts"])
def test_a_coordinator_claims_edits_approves_and_undoes(browser, site, way):
    with (
        watched_page(browser, site.address) as sender,
        watched_page(browser, site.address, **way) as coordinator,
    ):
        sign_in_by_link(coordinator, site.first_link)
        press(coordinator, "Sign out")
        propose(sender)

        sign_in(coordinator)
        if way is DESK:
            tops = coordinator.locator(".menu-line a").evaluate_all("links => links.map(a => a.offsetTop)")
            assert len(tops) > 5
            assert len(set(tops)) == 1  # the menu takes one line
        open_review(coordinator)
        review = coordinator.url
        press(coordinator, "I am reading it")
        coordinator.goto("/workspace/queue?reader=me")
        assert PROPOSED in coordinator.locator("main").inner_text()
        coordinator.goto(review)
        press(coordinator, "Edit it myself", role="link")
        assert fits(coordinator)
        coordinator.get_by_label("What does it do?").first.fill("A made-up house with two lamps.")
        coordinator.wait_for_timeout(2_100)
        press(coordinator, "Save as a new version")
        assert "two lamps" in coordinator.locator("main").inner_text()
        assert fits(coordinator)
        decide(coordinator, "approve")

        assert is_public(sender)
        assert "two lamps" in sender.locator("main").inner_text()
        coordinator.goto(review)
        press(coordinator, "Undo this approval")
        assert not is_public(sender)
        coordinator.goto("/workspace/audit")
        assert "submission.approved" in coordinator.locator("main").inner_text()
        assert fits(coordinator)
        assert way is PHONE or not violations(coordinator)
