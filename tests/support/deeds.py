"""What people do on the pages, step by step in a browser; journeys and pictures use the same steps."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from playwright.sync_api import Page

from tests.support.accounts import App

EMAIL = "first@example.org"
PASSWORD = "eleven made-up lanterns"
PROPOSED = "Made-up Lamp House"


def first_link(log: Path) -> str:
    """Give the newest one-time link for the first administrator that a start printed."""
    found = re.findall(r"https?://\S+/sign-in/link/\S+", log.read_text())
    assert found, log.read_text()
    return found[-1]


def propose(page: Page, name: str = PROPOSED) -> str:
    """Suggest a new program, step by step, and give the address of the sender's own page."""
    write(page, name)
    page.wait_for_timeout(2_100)  # a form sent faster than a person reads is asked back
    press(page, "Send it to the coordinators")
    return page.url


def write(page: Page, name: str = PROPOSED) -> str:
    """Write what must be said of a program, and give the address of the last look before it is sent."""
    page.goto("/submit")
    press(page, "Start")
    page.get_by_label("Name of the program").fill(name)
    page.get_by_label("What does it do?").first.fill("A made-up house with a lamp in the window.")
    page.get_by_text("It is not in the list").click()
    page.get_by_label("Its name").fill("Made-up Lamp Alliance")
    page.get_by_label("What kind of organization it is").select_option("local")
    page.get_by_label("At which level is it run?").select_option("local")
    press(page, "Next")
    page.get_by_label("Housing and shelter").check()
    press(page, "Next")
    press(page, "Next")
    page.locator("[name=phones-0-number]").fill("860-555-0142")
    press(page, "Next")
    page.locator("[name=service_areas-0-place]").fill("Hartford")
    press(page, "Next")
    press(page, "Check and send")
    return page.url


def press(page: Page, name: str, role: Literal["button", "link"] = "button") -> None:
    """Press a button, or follow a link, that a person sees, and wait for the page it leads to.

    A script may save what is typed before it lets the page go.
    """
    with page.expect_navigation():
        page.get_by_role(role, name=name, exact=True).last.click()


# The app of the first administrator of each site that was opened in this process.
_apps: dict[str, App] = {}


def arrive(page: Page, path: str) -> None:
    """Wait until the page at this path is there; what the address asks for does not count."""
    page.wait_for_url(lambda url: urlsplit(url).path == path)


def sign_in_by_link(page: Page, link: str) -> None:
    """Use the one-time link of the first start: choose a password, set up an app, keep the recovery codes."""
    page.goto(link)
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Your name").fill("Robin Made-up")
    for field in page.locator("input[type=password]").all():
        field.fill(PASSWORD)
    page.locator("main button[type=submit]").click()
    arrive(page, "/sign-in/set-up")
    app = App(page.locator("main .secret").inner_text().replace(" ", ""))
    _apps[urlsplit(page.url).netloc] = app
    page.get_by_label("Code from your app").fill(app.code())
    page.locator("main button[type=submit]").click()
    page.get_by_role("link", name="I have kept them").click()
    arrive(page, "/workspace")


def sign_in(page: Page) -> None:
    """Sign in with the password chosen before, and a code of the app."""
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.locator("main button[type=submit]").first.click()
    arrive(page, "/sign-in/code")
    page.get_by_label("Code from your app").fill(_apps[urlsplit(page.url).netloc].code())
    page.locator("main button[type=submit]").first.click()
    arrive(page, "/workspace")


def open_review(page: Page, name: str = PROPOSED) -> None:
    """Find a submission in the queue and open it."""
    page.goto("/workspace/queue")
    link = page.locator("main").get_by_role("link", name=name, exact=True)
    while link.count() == 0:
        page.get_by_role("link", name="Next").click()
    link.click()
    page.wait_for_url("**/workspace/submissions/*")


def decide(page: Page, decision: str, note: str = "") -> None:
    """Record a decision on the submission that is open."""
    page.locator(f"input[name=decision][value={decision}], select[name=decision]").first.check()
    page.locator("[name=note]").fill(note)
    if decision == "approve" and page.locator("[name=contact_check]").count():
        page.locator("[name=contact_check]").fill("The number on their own website")
        page.locator("[name=answered_by]").fill("intake worker")
        page.locator("[name=checked_on]").fill("2026-03-02")
    page.get_by_role("button", name="Record the decision").click()
    page.wait_for_url("**/workspace/queue")
