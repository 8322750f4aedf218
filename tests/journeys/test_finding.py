"""Somebody looks for help: with and without scripts, on a phone, by keyboard alone, in Spanish."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.conftest import Site
from tests.support.browsers import violations, watched_page

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 360, "height": 740}}
DESK = {"viewport": {"width": 1280, "height": 900}}
NO_SCRIPTS = {"java_script_enabled": False}
SHOW = re.compile(r"Show (results|\d+ programs?)")
WAYS = pytest.mark.parametrize(
    "way",
    [PHONE, DESK, PHONE | NO_SCRIPTS, DESK | NO_SCRIPTS],
    ids=["phone", "desk", "phone-without-scripts", "desk-without-scripts"],
)


@contextmanager
def reader(browser: Browser, site: Site, **way: Any) -> Iterator[Page]:
    """Give a page of somebody who leaves no trace: at the end there is no cookie."""
    with watched_page(browser, site.address, **way) as page:
        yield page
        assert page.context.cookies() == []


def hits(page: Page) -> list[str]:
    """Give the programs on the page of results."""
    articles = page.locator("article[data-program]").all()
    return [article.get_attribute("data-program") or "" for article in articles]


def total(page: Page) -> int:
    """Give the number of results that the page names."""
    return int(page.locator("h1").inner_text().split()[0])


def fits(page: Page) -> bool:
    """Tell whether nothing has to be scrolled sideways."""
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def opened_facet(page: Page, name: str, value: str):
    """Give a box of a facet, in view even where the filters or those after the first are folded."""
    box = page.locator(f"input[name={name}][value={value}]")
    if not page.locator("#filters").is_visible():
        page.get_by_role("link", name="Filters").click()
    if not box.is_visible():
        page.locator("details", has=box).locator("summary").click()
    return box


@WAYS
def test_words_two_categories_a_program(browser, reading_site, way):
    with reader(browser, reading_site, **way) as page:
        page.goto("/")
        page.get_by_label("What do you need?").fill("shelter hartford")
        page.get_by_role("button", name="Search", exact=True).click()
        page.wait_for_url("**/programs?**")
        before = total(page)
        assert before > 0
        assert len(hits(page)) == min(before, 20)

        housing = opened_facet(page, "category", "housing")
        promised = int(housing.get_attribute("data-count") or 0)
        housing.check()
        page.get_by_role("button", name=SHOW).click()
        page.wait_for_url("**category=housing**")
        assert total(page) == promised
        assert page.get_by_role("link", name="Take away: Kind of help: Housing").is_visible()
        opened_facet(page, "category", "legal-assistance").check()
        page.get_by_role("button", name=SHOW).click()
        page.wait_for_url("**category=housing&category=legal-assistance**")
        assert promised <= total(page) <= before
        assert page.get_by_label("What do you need?").input_value() == "shelter hartford"
        assert fits(page)

        link = page.locator("article[data-program] h3 a, article[data-program] h2 a").first
        name = link.inner_text()
        link.click()
        page.wait_for_url("**/programs/*")
        assert page.locator("h1").inner_text() == name
        assert page.title() == "Program details"
        assert page.locator("a[href^='tel:'], a[href^='sms:']").first.is_visible()
        assert fits(page)


@WAYS
def test_a_place_puts_what_is_near_first_and_keeps_what_is_far(browser, reading_site, way):
    with reader(browser, reading_site, **way) as page:
        page.goto("/")
        page.get_by_label("Where?").fill("New Haven")
        page.get_by_role("button", name="Search", exact=True).click()
        page.wait_for_url("**place=New+Haven**")

        assert total(page) > 20
        page.get_by_role("link", name="Next").click()
        page.wait_for_url("**page=2**")
        assert page.get_by_label("Where?").input_value() == "New Haven"
        assert len(hits(page)) > 0


def test_a_search_that_finds_nothing_leads_on(browser, reading_site):
    with reader(browser, reading_site, **PHONE) as page:
        page.goto("/programs?q=xyzzy")

        assert total(page) == 0
        assert page.locator("a[href='tel:911']").first.is_visible()
        assert page.locator("a[href='tel:211']").first.is_visible()


@pytest.mark.parametrize("way", [PHONE, DESK], ids=["phone", "desk"])
def test_the_keyboard_alone_is_enough(browser, reading_site, way):
    with reader(browser, reading_site, **way) as page:
        page.goto("/")
        tab_to(page, "#search-q, [name=q]")
        page.keyboard.type("shelter hartford")
        page.keyboard.press("Enter")
        page.wait_for_url("**q=shelter+hartford**")

        if way is PHONE:
            tab_to(page, "a[href='#filters']")
            page.keyboard.press("Enter")
        tab_to(page, "input[name=category]")
        page.keyboard.press("Space")
        chosen = page.evaluate("document.activeElement.value")
        page.wait_for_url(f"**category={chosen}**")
        assert page.evaluate("document.activeElement.value") == chosen
        tab_to(page, "main button[data-live-show]", text="Show ")
        page.keyboard.press("Enter")
        page.wait_for_url("**#found")

        tab_to(page, "article[data-program] a")
        page.keyboard.press("Enter")
        page.wait_for_url("**/programs/*")
        tab_to(page, "a[href^='tel:'], a[href^='sms:'], a[href^='https:']")


def tab_to(page: Page, selector: str, text: str = "") -> None:
    """Press Tab until what has the focus fits; each stop must be in view."""
    for _ in range(120):
        page.keyboard.press("Tab")
        fits_now, is_seen = page.evaluate(
            """([selector, text]) => {
                const here = document.activeElement;
                const box = here.getBoundingClientRect();
                return [
                    here.matches(selector) && here.textContent.includes(text),
                    box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight,
                ];
            }""",
            [selector, text],
        )
        assert is_seen, page.evaluate("document.activeElement.outerHTML")
        if fits_now:
            return
    raise AssertionError(f"Tab never reached {selector}")


@WAYS
def test_the_same_in_spanish(browser, reading_site, way):
    with reader(browser, reading_site, locale="es-US", **way) as page:
        page.goto("/")
        page.get_by_role("link", name="Español").first.click()
        page.wait_for_url("**/es/")
        page.locator("input[name=q]").fill("refugio")
        page.locator("main form[role=search] button, main [role=search] button").first.click()
        page.wait_for_url("**/es/programs?**")

        assert page.locator("html").get_attribute("lang") == "es"
        assert len(hits(page)) > 0
        page.locator("article[data-program] a").first.click()
        page.wait_for_url("**/es/programs/*")
        assert page.locator("html").get_attribute("lang") == "es"
        assert page.locator("[lang=en]").count() > 0
        assert fits(page)


def test_words_of_no_page_stand_in_the_other_language(browser, reading_site):
    english_only = ("Find help", "Search", "Hours", "Languages", "Not known", "Call before you go")
    with reader(browser, reading_site, **DESK) as page:
        for path in ("/es/", "/es/programs?q=refugio", "/es/programs/national-human-trafficking-hotline"):
            page.goto(path)
            page.evaluate("document.querySelectorAll('[lang=en]').forEach(part => part.remove())")
            text = page.locator("body").inner_text()

            assert [words for words in english_only if words in text] == [], path


@pytest.mark.parametrize("way", [PHONE | {"color_scheme": "dark"}, DESK], ids=["phone-dark", "desk"])
def test_pages_of_the_catalog_fit_and_pass_axe(browser, reading_site, way):
    with reader(browser, reading_site, **way) as page:
        for path in (
            "/programs?q=shelter&place=Hartford&open=now",
            "/programs?q=xyzzy",
            "/programs/national-human-trafficking-hotline",
            "/es/programs/ywca-greenwich-harmony-project",
            "/organizations/ywca-greenwich",
            "/submit",
            "/es/submit",
            "/programs/national-human-trafficking-hotline/changes/new",
        ):
            page.goto(path)

            assert fits(page), path
            assert violations(page) == "", path
