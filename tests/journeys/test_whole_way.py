"""The whole way of somebody who helps: find, narrow, pick three, the sheet, leave, and "back" after that."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page

from tests.journeys.conftest import COMMAND
from tests.journeys.test_finding import DESK, NO_SCRIPTS, PHONE, hits, total
from tests.support.browsers import watched_page
from tests.support.serving import serving, serving_app

pytestmark = pytest.mark.browser

WORDS = {
    "en": {
        "find": "shelter",
        "housing": "Take away: Kind of help: Housing",
        "bar": "Programs on your sheet: 3",
    },
    "es": {"find": "refugio", "housing": "Quitar: Tipo de ayuda: Vivienda", "bar": "3"},
}
WAYS = [
    pytest.param(language, screen | scripts, id="-".join((language, size, *name)))
    for language, (size, screen), (name, scripts) in product(
        WORDS, (("phone", PHONE), ("desk", DESK)), (((), {}), (("without-scripts",), NO_SCRIPTS))
    )
]


@pytest.fixture(scope="module")
def leaving_site(seeded_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """A register whose way out leads to another site on this machine; the addresses of both."""
    home = tmp_path_factory.mktemp("leaving") / "home"
    shutil.copytree(seeded_home, home)
    other = Flask("elsewhere")
    other.add_url_rule("/", view_func=lambda: "<title>Weather</title>Sunny.")
    with (
        serving_app(other) as weather,
        serving(COMMAND, home, SERVICES_DIR_EXIT_URL=f"{weather}/") as address,
    ):
        yield address, f"{weather}/"


@pytest.mark.parametrize(("language", "way"), WAYS)
def test_find_narrow_pick_three_sheet_exit_back(browser, leaving_site, language: str, way: dict[str, Any]):
    address, weather = leaving_site
    words, has_scripts = WORDS[language], "java_script_enabled" not in way
    with watched_page(browser, address, **way) as page:
        page.goto("/" if language == "en" else f"/{language}/")
        page.fill("#search-q", words["find"])
        page.press("#search-q", "Enter")
        page.wait_for_url(f"**/programs?q={words['find']}**")

        narrow(page, "housing", is_phone=way["viewport"] == PHONE["viewport"])
        assert page.get_by_role("link", name=words["housing"]).is_visible()
        chosen = hits(page)[:3]
        for slug in chosen:
            page.click(f"button[data-sheet-put][value={slug}]")
        bar = page.locator("[data-sheet-bar]")
        assert words["bar"] in bar.inner_text()
        # Taking the filter away keeps what was picked, whether by the tab or by fields of the form.
        page.get_by_role("link" if has_scripts else "button", name=words["housing"]).click()
        page.wait_for_load_state()
        assert "category" not in page.url
        assert page.locator("[data-sheet-count]").inner_text() == "3"
        assert not [slug for slug in chosen if slug in page.url]

        bar.locator("button").first.click()
        page.wait_for_url("**/referral-sheet")
        assert page.locator(".sheet__name").count() == 3
        names = page.locator(".sheet__name").all_inner_texts()
        assert page.locator("html").get_attribute("lang") == language
        assert not [name for name in names if name in page.title()]
        assert page.context.cookies() == []

        page.click(".quick-exit")
        page.wait_for_url(weather)
        page.go_back()
        assert page.context.cookies() == []
        # Without scripts nothing can take a page out of the history: the safety page says so.
        if has_scripts:
            assert page.locator(".sheet__name").count() == 0
            assert total(page) > 0
            assert page.evaluate("[sessionStorage.length, localStorage.length]") == [0, 0]
            assert not page.locator("[data-sheet-bar]").is_visible()


def narrow(page: Page, category: str, *, is_phone: bool) -> None:
    """Tick a kind of help among the filters and show what it leaves."""
    if is_phone:
        page.click("a[href='#filters']")
    page.check(f"input[name=category][value={category}]")
    page.click("[data-live-show]")
    page.wait_for_url(f"**category={category}**")
    page.wait_for_selector("#found")
    assert total(page) > 2
