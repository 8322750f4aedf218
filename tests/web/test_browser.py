"""Pages in a real browser: the way out, no scripts, small screens, the dark, the "back" button, axe."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask, request
from playwright.sync_api import Browser, Page

from tests.support.browsers import executable, violations, watched_page
from tests.support.serving import serving_app

pytestmark = [pytest.mark.browser, pytest.mark.sqlite]


@pytest.fixture
def elsewhere(small_app: Flask) -> Iterator[str]:
    """Another site, to which the exit of the small application leads."""
    other = Flask("elsewhere")
    other.add_url_rule("/", view_func=lambda: "<title>Weather</title>Sunny.")
    with serving_app(other) as address:
        small_app.config["SETTINGS"] = replace(small_app.config["SETTINGS"], exit_url=f"{address}/")
        yield f"{address}/"


@contextmanager
def open_page(browser: Browser, app: Flask, **context: Any) -> Iterator[Page]:
    """Serve an application and give a watched page on it."""
    with serving_app(app) as address, watched_page(browser, address, **context) as page:
        yield page


def test_shift_three_times_leaves_and_does_not_lead_back(browser, small_app, elsewhere):
    with open_page(browser, small_app) as page:
        page.goto("/about-nothing")
        page.goto("/safety")
        page.evaluate("sessionStorage.setItem('a', '1')")

        for _ in range(3):
            page.keyboard.press("Shift")
        page.wait_for_url(elsewhere)

        page.go_back()
        assert page.url.endswith("/about-nothing")
        assert page.evaluate("sessionStorage.length") == 0


def test_capital_letters_do_not_leave(browser, small_app):
    with open_page(browser, small_app) as page:
        page.goto("/letter")

        page.locator("#name").press_sequentially("AbC De")
        for key in ("Shift", "Shift", "a", "Shift"):
            page.locator("#name").press(key)

        assert page.input_value("#name") == "AbC Dea"
        assert page.locator("h1").is_visible()


def test_the_page_is_blank_before_the_other_one_answers(browser, small_app):
    with open_page(browser, small_app) as page:
        page.goto("/safety")
        page.route("**/exit", lambda route: None)  # never answers

        shown, title = page.evaluate(
            """() => {
                document.querySelector(".quick-exit").click();
                return [getComputedStyle(document.body).display, document.title];
            }"""
        )

        assert (shown, title) == ("none", "")


@pytest.mark.parametrize("width", [320, 1280])
def test_the_way_out_is_first_for_the_keyboard_and_always_in_view(browser, small_app, width):
    with open_page(browser, small_app, viewport={"width": width, "height": 600}) as page:
        page.goto("/privacy")

        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "quick-exit-first"
        assert page.locator(".quick-exit-first").bounding_box()["width"] > 100
        page.evaluate("scrollTo(0, document.body.scrollHeight)")
        box = page.locator(".quick-exit").bounding_box()
        assert 0 <= box["y"] <= 600 - box["height"]
        assert box["height"] >= 44


def test_everything_works_without_scripts(browser, small_app, elsewhere):
    with open_page(browser, small_app, java_script_enabled=False) as page:
        page.goto("/letter")
        page.fill("#name", "Lamp House")
        page.click("button[type=submit]")

        assert page.locator(".error-summary").is_visible()
        assert page.input_value("#name") == "Lamp House"
        page.click(".quick-exit")
        page.wait_for_url(elsewhere)


def test_mistakes_get_the_focus(browser, small_app):
    with open_page(browser, small_app) as page:
        page.goto("/letter")
        page.click("button[type=submit]")

        page.wait_for_selector(".error-summary:focus")
        page.click(".error-summary a[href='#name']")
        assert page.evaluate("document.activeElement.id") == "name"


def test_a_form_with_mistakes_fits_and_passes_axe(browser, small_app):
    with open_page(browser, small_app, viewport={"width": 320, "height": 700}) as page:
        page.goto("/letter")
        page.click("button[type=submit]")
        page.wait_for_selector(".error-summary")

        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        assert violations(page) == ""


def test_pages_follow_the_dark(browser, small_app):
    colours = set()
    for scheme in ("light", "dark"):
        with open_page(browser, small_app, color_scheme=scheme) as page:
            page.goto("/safety")
            colours.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))

    assert len(colours) == 2


def test_buttons_keep_an_edge_in_forced_colours(browser, small_app):
    with open_page(browser, small_app, forced_colors="active") as page:
        page.goto("/letter")

        edge = page.locator(".button--primary").evaluate("button => getComputedStyle(button).borderTopColor")

        assert not edge.startswith("rgba(")


def test_on_paper_there_is_no_menu_and_no_way_out(browser, small_app):
    with open_page(browser, small_app) as page:
        page.goto("/safety")
        page.emulate_media(media="print")

        assert not page.locator(".quick-exit").is_visible()
        assert not page.locator(".footer").is_visible()
        assert page.locator("h1").is_visible()


@pytest.mark.parametrize(("path", "is_asked_again"), [("/safety", True), ("/letter", False)])
def test_a_page_brought_back_is_asked_anew_unless_it_keeps_what_was_typed(
    browser, small_app, path, is_asked_again
):
    asked: list[str] = []
    small_app.before_request(lambda: asked.append(request.path))
    with_cache = browser.browser_type.launch(
        **executable(),
        ignore_default_args=["--disable-back-forward-cache"],
    )
    with open_page(with_cache, small_app) as page:
        page.goto(path)
        page.goto("/about-nothing")
        page.evaluate("setTimeout(() => history.back(), 0)")
        page.wait_for_timeout(1000)  # a page from the cache never "loads"

        assert page.url.endswith(path)
        assert (asked.count(path) > 1) == is_asked_again
        assert page.locator("h1").is_visible()
    with_cache.close()
