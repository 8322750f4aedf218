"""A real browser for tests, which complains about everything a reader must not meet."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Route, sync_playwright

from tests.support.databases import missing

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

# The browser logs every answer that is not a success, and none where a test takes the connection away;
# tests look at these themselves.
_EXPECTED = ("the server responded with a status of", "net::ERR_INTERNET_DISCONNECTED")


def executable() -> dict[str, Any]:
    """Give what Playwright needs to start the Chromium of this machine; root needs it without its sandbox."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        missing("no Chromium here")
    return {"executable_path": path, "args": ["--no-sandbox"] if os.geteuid() == 0 else []}


@contextmanager
def chromium(**options: Any) -> Iterator[Browser]:
    """Start the Chromium of this machine; root needs it without its sandbox."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**executable(), **options)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def watched_page(browser: Browser, address: str, **context: Any) -> Iterator[Page]:
    """Give a page in a context of its own; at the end fail if it asked elsewhere or an error was logged.

    `context` goes to the browser: `viewport`, `java_script_enabled`, `color_scheme`, `locale` and others.
    Relative addresses start at `address`.
    """
    faults: list[str] = []
    own = urlsplit(address).netloc

    def note_error(message: ConsoleMessage) -> None:
        if message.type == "error" and not any(words in message.text for words in _EXPECTED):
            faults.append(f"console: {message.text}")

    def guard(route: Route, request: Request) -> None:
        if urlsplit(request.url).netloc == own or urlsplit(request.url).scheme in ("data", "blob"):
            route.continue_()
        else:
            if not request.is_navigation_request():
                faults.append(f"asked elsewhere: {request.url}")
            route.abort()

    opened = browser.new_context(base_url=address, **context)
    try:
        opened.route("**/*", guard)
        page = opened.new_page()
        page.on("console", note_error)
        page.on("pageerror", lambda error: faults.append(f"script: {error}"))
        yield page
        assert not faults, "\n".join(faults)
    finally:
        opened.close()


def violations(page: Page) -> str:
    """Give what axe finds wrong with a page for people who see or move differently; empty if nothing."""
    found = Axe().run(page, options={"runOnly": STANDARDS, "resultTypes": ["violations"]})
    return found.generate_report() if found.violations_count else ""


def violations_in_all_looks(page: Page, widths: Sequence[int] = (320, 1280)) -> str:
    """Give what is wrong with a page in the light and in the dark, narrow and wide, without loading it anew.

    All rules run for each width; in the other scheme only those that depend on colours and sizes.
    """
    page.evaluate(AXE_SCRIPT)
    found = []
    for width, scheme in zip(widths, ("light", "dark"), strict=True):
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        found += _faults(page, {"type": "tag", "values": STANDARDS}, f"{width} {scheme}")
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{width}: it has to be scrolled sideways")
        other = "dark" if scheme == "light" else "light"
        page.emulate_media(color_scheme=other)
        found += _faults(
            page, {"type": "rule", "values": ["color-contrast", "target-size"]}, f"{width} {other}"
        )
    return "\n".join(found)


def _faults(page: Page, rules: dict[str, Any], look: str) -> list[str]:
    options = {"runOnly": rules, "resultTypes": ["violations"]}
    violated = page.evaluate("options => axe.run(options).then(found => found.violations)", options)
    return [f"{look}: {one['id']} {node['html']}" for one in violated for node in one["nodes"]]
