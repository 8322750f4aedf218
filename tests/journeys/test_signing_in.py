"""Administrators set themselves up, invite colleagues and are let in again; with scripts and without."""

from __future__ import annotations

import os
import re
import subprocess

import pytest

from tests.journeys.conftest import COMMAND
from tests.support.accounts import App
from tests.support.browsers import violations, watched_page
from tests.support.deeds import EMAIL, PASSWORD, arrive, sign_in, sign_in_by_link

pytestmark = pytest.mark.browser

DESK = {"viewport": {"width": 1280, "height": 900}}
PHONE = {"viewport": {"width": 360, "height": 740}, "java_script_enabled": False}
PAGES = (
    "account",
    "account/password",
    "account/app",
    "account/recovery-codes",
    "account/passkeys",
    "accounts",
)


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def accept(page, link, name):
    """Follow a link to a new password, an app and recovery codes; give the app and the codes."""
    page.goto(link)
    if name:
        page.get_by_label("Your name").fill(name)
    for field in page.locator("input[type=password]").all():
        field.fill(PASSWORD)
    page.get_by_role("button", name="Save and go on").click()
    arrive(page, "/sign-in/set-up")
    assert fits(page)
    app = App(page.locator("main .secret").inner_text().replace(" ", ""))
    page.get_by_label("Code from your app").fill(app.code())
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("heading", name="Recovery codes").wait_for()
    assert fits(page)
    codes = page.locator("main .secret").all_inner_texts()
    page.get_by_role("link", name="I have kept them").click()
    arrive(page, "/workspace")
    return app, codes


@pytest.mark.parametrize("way", [DESK, PHONE], ids=["desk", "phone-without-scripts"])
def test_a_colleague_is_invited_and_comes_in_without_her_phone(browser, site, way):
    with (
        watched_page(browser, site.address, **way) as administrator,
        watched_page(browser, site.address, **way) as colleague,
    ):
        sign_in_by_link(administrator, site.first_link)
        administrator.goto("/workspace/accounts")
        administrator.get_by_label("E-mail of the person").fill("kim@example.org")
        administrator.get_by_label(re.compile("Coordinator: reads")).check()
        administrator.get_by_role("button", name="Invite").click()
        link = administrator.locator("main code").inner_text()

        _app, codes = accept(colleague, link, "Kim Made-up")
        assert len(codes) == 10
        colleague.get_by_role("button", name="Sign out").click()
        colleague.get_by_label("E-mail").fill("kim@example.org")
        colleague.get_by_label("Password").fill(PASSWORD)
        colleague.get_by_role("button", name="Sign in", exact=True).click()
        colleague.get_by_text("You do not have your phone?").click()
        colleague.get_by_label("Recovery code").fill(codes[0].upper())
        colleague.get_by_role("button", name="Use this code").click()
        arrive(colleague, "/workspace/account")
        assert "9 codes are left" in colleague.locator("main").inner_text()
        assert fits(colleague)

        administrator.goto("/workspace/accounts")
        administrator.get_by_role("link", name="Kim Made-up").click()
        administrator.get_by_role("button", name="Close the account").click()
        administrator.get_by_text("The account is closed").wait_for()
        colleague.goto("/workspace")
        assert colleague.locator("h1").inner_text() == "Sign in"


def test_each_page_about_accounts_reads_well_for_everybody(browser, site):
    with watched_page(browser, site.address, **DESK) as page:
        sign_in_by_link(page, site.first_link)
        for path in PAGES:
            page.goto(f"/workspace/{path}")
            assert violations(page) == "", path
            assert fits(page), path


def test_an_administrator_who_lost_phone_and_codes_is_let_in_by_the_command_line(browser, site):
    with watched_page(browser, site.address, **DESK) as page:
        sign_in_by_link(page, site.first_link)
        variables = {
            "PATH": os.environ["PATH"],
            "SERVICES_DIR_HOME": str(site.log.with_suffix("")),
            "SERVICES_DIR_BASE_URL": site.address,
        }
        said = subprocess.run(
            [*COMMAND, "account", "recover", EMAIL], env=variables, capture_output=True, text=True, timeout=60
        )
        assert said.returncode == 0, said.stderr
        page.goto("/workspace")
        assert page.locator("h1").inner_text() == "Sign in"

        accept(page, said.stdout.splitlines()[-1], "")
        assert page.goto(said.stdout.splitlines()[-1]).status == 404
        page.goto("/workspace/account")
        assert EMAIL in page.locator("main").inner_text()


def test_the_password_and_a_code_open_the_workspace_from_then_on(browser, site):
    with watched_page(browser, site.address, **DESK) as page:
        sign_in_by_link(page, site.first_link)
    with watched_page(browser, site.address, **DESK) as page:
        sign_in(page)
        page.goto("/workspace/sessions")
        assert "This one" in page.locator("main").inner_text()
        page.get_by_role("button", name="End all others").click()
        page.get_by_text("All other sessions are ended").wait_for()
