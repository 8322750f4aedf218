"""The way out in a real browser: how fast it is, and that nothing comes back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from flask import Flask, Response, request
from playwright.sync_api import Browser, Page

from tests.support.browsers import executable, watched_page
from tests.support.serving import serving_app

pytestmark = [pytest.mark.browser, pytest.mark.sqlite]

AT_ONCE = 0.1  # seconds
MEGABYTES = 60


@contextmanager
def asked_at(app: Flask) -> Iterator[dict[str, float]]:
    """Serve another site as the place to go to; gives when /exit was asked, and when the other site was."""
    times: dict[str, float] = {}
    other = Flask("elsewhere")

    @other.get("/")
    def arrive() -> str:
        times["elsewhere"] = time.perf_counter()
        return "<title>Weather</title>Sunny."

    @app.before_request
    def note() -> None:
        if request.path == "/exit":
            times["exit"] = time.perf_counter()

    with serving_app(other) as address:
        app.config["SETTINGS"] = replace(app.config["SETTINGS"], exit_url=f"{address}/")
        yield times


def fill_cache(page: Page) -> None:
    """Fill the cache of the browser with pages' worth of files."""
    page.evaluate(
        "n => Promise.all([...Array(n).keys()].map(i => fetch(`/fill/${i}`).then(r => r.blob())))", MEGABYTES
    )


def test_with_a_full_cache_the_other_site_is_asked_within_100_ms(browser: Browser, small_app: Flask):
    @small_app.get("/fill/<int:number>")
    def fill(number: int) -> Response:
        return Response(bytes(1024 * 1024), headers={"Cache-Control": "public, max-age=31536000, immutable"})

    took = []
    with asked_at(small_app) as times, serving_app(small_app) as address:
        # Not a watched page: one that is watched has no cache.
        context = browser.new_context(base_url=address)
        page = context.new_page()
        for _ in range(3):
            page.goto("/safety")
            fill_cache(page)
            page.click(".quick-exit")
            page.wait_for_function("document.title === 'Weather'")
            took.append(times["elsewhere"] - times["exit"])
        context.close()

    assert min(took) < AT_ONCE, took


@pytest.mark.parametrize(
    "deed",
    [
        'document.querySelector(".quick-exit").click()',
        'for (const _ of "123") document.dispatchEvent(new KeyboardEvent("keydown", { key: "Shift" }))',
    ],
    ids=["click", "keys"],
)
def test_the_page_is_blank_within_100_ms(browser: Browser, small_app: Flask, deed: str):
    with serving_app(small_app) as address, watched_page(browser, address) as page:
        page.route("**/exit", lambda route: None)  # never answers
        page.goto("/safety")

        shown, took = page.evaluate(
            f"""() => {{
                const began = performance.now();
                {deed};
                return [getComputedStyle(document.body).display, performance.now() - began];
            }}"""
        )

    assert shown == "none"
    assert took < AT_ONCE * 1000


def test_a_page_brought_back_is_blank_before_it_was_asked_anew(browser: Browser, small_app: Flask):
    asked: list[str] = []

    @small_app.before_request
    def answer_late() -> None:
        asked.append(request.path)
        if asked.count("/safety") > 1:
            time.sleep(1)

    # Nothing can look into a page that is just brought back: it notes by itself what it showed.
    note = """addEventListener("pageshow", (event) => setTimeout(() => {
        if (event.persisted) localStorage.setItem("shown", getComputedStyle(document.body).display);
    }))"""
    with_cache = browser.browser_type.launch(
        **executable(), ignore_default_args=["--disable-back-forward-cache"]
    )
    with serving_app(small_app) as address:
        page = with_cache.new_page(base_url=address)
        page.set_default_timeout(15_000)
        page.add_init_script(note)
        page.goto("/safety")
        page.goto("/about-nothing")
        page.evaluate("setTimeout(() => history.back(), 0)")  # a page from the cache never "loads"
        page.wait_for_timeout(3000)

        assert asked.count("/safety") == 2
        assert page.evaluate("localStorage.getItem('shown')") == "none"
        assert page.locator("h1").is_visible()
        with_cache.close()


def test_what_others_show_of_an_address_tells_nothing(visitor):
    page = visitor.get("/safety").page

    previews = {meta.get("property"): meta.get("content") for meta in page.all("meta", property=None)}
    assert previews == {"og:title": "Safety", "og:description": "Services directory"}
