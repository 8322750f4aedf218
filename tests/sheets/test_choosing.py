"""Choosing programs for a sheet across searches: without scripts by POST, with scripts in the tab alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from services_dir.search import sync
from tests.support.browsers import violations, watched_page
from tests.support.factories import make_program
from tests.support.serving import serving_app

pytestmark = [pytest.mark.sqlite]

PHONE = {"viewport": {"width": 360, "height": 740}}
DESK = {"viewport": {"width": 1280, "height": 900}}
NO_SCRIPTS = {"java_script_enabled": False}


@pytest.fixture
def houses(app, session):
    """Three programs that a search finds."""
    for name in ("Alder", "Birch", "Cedar"):
        make_program(session, name=f"Made-up {name} House", slug=f"{name.lower()}-house")
    sync.catch_up(app)
    return app


@contextmanager
def reader(browser: Browser, app: Any, **way: Any) -> Iterator[Page]:
    """Give a page of somebody who leaves no cookie."""
    with serving_app(app) as address, watched_page(browser, address, **way) as page:
        page.set_default_timeout(15_000)
        yield page
        assert page.context.cookies() == []


def put(page: Page, slug: str) -> None:
    page.click(f"button[value={slug}]")


def expect_sheet(page: Page, *names: str) -> None:
    """Wait until the sheet has these programs."""
    expect(page.locator(".sheet__name")).to_have_text(list(names), timeout=15_000)


def test_a_search_by_post_keeps_the_programs_chosen_so_far(client, houses):
    visit = client.post("/programs", {"q": "house", "program": ["alder-house", "birch-house"]}, status=200)

    assert visit.page.form("/programs").values["program"] == ["alder-house", "birch-house"]
    assert visit.page.form("/referral-sheet").values["program"] == ["alder-house", "birch-house"]
    assert "Programs on your sheet: 2" in visit.page.text
    assert visit.page.one("button", name="remove", value="alder-house") is not None


def test_a_search_by_post_takes_one_off(client, houses):
    sent = {"q": "house", "program": ["alder-house", "birch-house"], "remove": "alder-house"}

    visit = client.post("/programs", sent, status=200)

    assert visit.page.form("/programs").values["program"] == ["birch-house"]


def test_a_search_by_address_never_takes_programs_along(client, houses):
    visit = client.get("/programs?q=house&program=alder-house")

    assert visit.page.all("input", name="program") == []
    assert visit.page.one("form", class_="results").get("method") == "get"


def test_pages_of_results_keep_the_choice(client, app, session):
    slugs = [make_program(session, name=f"Made-up House {n}").slug for n in range(45)]
    sync.catch_up(app)

    second = client.post("/programs", {"q": "house", "program": slugs[:1], "page": "2"}, status=200).page
    again = client.post("/programs?page=2", {"q": "house", "program": slugs[:2]}, status=200).page

    assert [button.get("value") for button in second.one("nav", class_="pager").iter("button")] == [
        "q=house",
        "q=house&page=3",
    ]
    assert [button.get("value") for button in again.one("nav", class_="pager").iter("button")] == [
        "q=house",
        "q=house&page=3",
    ]


def test_whatever_leads_to_another_search_takes_the_choice_along(client, houses):
    """Chips, "Did you mean" and what asks for less are buttons of the form; no address names a program."""
    sent = {"q": "hosue", "open": "now", "category": ["housing", "nonsense"], "program": ["alder-house"]}
    page = client.post("/programs", sent, status=200).page
    ways = [button.get("value", "") for button in page.all("button", name="search")]

    assert "q=hosue&category=housing&category=nonsense" in ways
    assert "q=hosue" in ways
    assert any(way.startswith("q=house") for way in ways)
    assert not [link for link in page.all("a") if "/programs?" in link.get("href", "")]
    for way in ways:
        answer = client.post("/programs", sent | {"search": way}, status=200).page
        assert answer.form("/referral-sheet").values["program"] == ["alder-house"]
    assert answer.one("input", id="search-q").get("value") in ("house", "hosue", "")


def test_a_search_that_a_button_cannot_bring_is_read_from_the_fields(client, houses):
    sent = {"q": "alder", "program": "birch-house", "search": "&".join(["q=x"] * 1000)}

    assert "Made-up Alder House" in client.post("/programs", sent, status=200).page.text


@pytest.mark.browser
@pytest.mark.parametrize("way", [PHONE, DESK], ids=["phone", "desk"])
def test_without_scripts_the_choice_travels_by_post(browser, houses, way):
    with reader(browser, houses, **way, **NO_SCRIPTS) as page:
        page.goto("/programs?q=alder")
        put(page, "alder-house")
        page.fill("#search-q", "birch")
        page.press("#search-q", "Enter")
        put(page, "birch-house")
        assert "alder" not in page.url
        page.click("text=Show the sheet")

        expect_sheet(page, "Made-up Alder House", "Made-up Birch House")
        assert page.url.endswith("/referral-sheet")
        page.click("text=Look for more programs")
        put(page, "cedar-house")
        page.click("text=Show the sheet")
        expect_sheet(page, "Made-up Alder House", "Made-up Birch House", "Made-up Cedar House")
        page.click(".sheet__actions [name=clear]")
        page.wait_for_selector("h1:text-is('Your sheet is empty')")


@pytest.mark.browser
@pytest.mark.parametrize("way", [PHONE, DESK], ids=["phone", "desk"])
def test_with_scripts_the_choice_is_kept_in_the_tab_across_searches(browser, houses, way):
    with reader(browser, houses, **way) as page:
        page.goto("/programs?q=alder")
        put(page, "alder-house")
        assert page.url.endswith("/programs?q=alder")
        assert page.locator("[data-sheet-bar]").is_visible()
        assert violations(page) == ""
        page.goto("/es/programs?q=birch")
        put(page, "birch-house")
        page.goto("/programs/cedar-house")
        put(page, "cedar-house")
        page.click("text=Show the sheet")

        expect_sheet(page, "Made-up Alder House", "Made-up Birch House", "Made-up Cedar House")
        assert violations(page) == ""
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.click("button[name=remove][value=alder-house]")
        expect_sheet(page, "Made-up Birch House", "Made-up Cedar House")
        page.click(".sheet__actions [name=clear]")
        page.wait_for_selector("text=Your sheet is empty")  # else the next line breaks off what clears it
        page.goto("/programs?q=alder")
        assert not page.locator("[data-sheet-bar]").is_visible()
        assert page.evaluate("sessionStorage.length") == 0


@pytest.mark.browser
def test_the_choice_is_gone_half_an_hour_after_the_last(browser, houses):
    with reader(browser, houses) as page:
        page.goto("/programs?q=alder")
        put(page, "alder-house")
        page.evaluate(
            """() => {
                const kept = JSON.parse(sessionStorage.getItem("sheet"));
                sessionStorage.setItem("sheet", JSON.stringify({ ...kept, at: Date.now() - 30 * 60 * 1000 }));
            }"""
        )
        page.goto("/programs?q=birch")

        assert not page.locator("[data-sheet-bar]").is_visible()
        assert page.evaluate("sessionStorage.length") == 0


@pytest.mark.browser
def test_an_old_choice_is_forgotten_on_any_page(browser, houses):
    with reader(browser, houses) as page:
        page.goto("/safety")
        page.evaluate(
            """at => sessionStorage.setItem("sheet", JSON.stringify({ slugs: ["alder-house"], at }))""",
            0,
        )
        page.goto("/privacy")

        page.wait_for_function("sessionStorage.length === 0")


@pytest.mark.browser
def test_looking_at_the_sheet_does_not_renew_the_half_hour(browser, houses):
    with reader(browser, houses) as page:
        page.goto("/programs?q=alder")
        put(page, "alder-house")
        before = page.evaluate("sessionStorage.getItem('sheet')")
        page.click("text=Show the sheet")
        expect_sheet(page, "Made-up Alder House")

        assert page.evaluate("sessionStorage.getItem('sheet')") == before


@pytest.mark.browser
def test_the_way_out_empties_the_choice(browser, houses):
    with reader(browser, houses) as page:
        page.goto("/programs?q=alder")
        put(page, "alder-house")
        assert page.evaluate("sessionStorage.length") == 1
        page.route("**/exit", lambda route: None)  # never answers
        left = page.evaluate(
            "() => { document.querySelector('.quick-exit').click(); return sessionStorage.length; }"
        )

        assert left == 0


@pytest.mark.browser
def test_the_text_can_be_changed_and_is_copied_as_changed(browser, houses):
    with reader(browser, houses, permissions=["clipboard-read", "clipboard-write"]) as page:
        page.goto("/referral-sheet?program=alder-house")
        page.fill("#sheet-text", "Only this.")
        page.click("[data-sheet-copy]")

        page.wait_for_selector("text=Copied.")
        assert page.evaluate("navigator.clipboard.readText()") == "Only this."
        page.eval_on_selector(
            "[data-sheet-sms]", "link => { link.addEventListener('click', e => e.preventDefault()); }"
        )
        page.click("[data-sheet-sms]")
        assert page.get_attribute("[data-sheet-sms]", "href") == "sms:?&body=Only%20this."


@pytest.mark.browser
def test_without_scripts_the_text_is_there_and_no_button_that_does_nothing(browser, houses):
    with reader(browser, houses, **NO_SCRIPTS) as page:
        page.goto("/referral-sheet?program=alder-house")

        assert "Made-up Alder House" in page.input_value("#sheet-text")
        assert not page.locator("[data-sheet-copy]").is_visible()


@pytest.mark.browser
def test_on_paper_there_is_the_sheet_and_nothing_else(browser, houses):
    with reader(browser, houses) as page:
        page.goto("/referral-sheet?program=alder-house")
        page.emulate_media(media="print")

        shown = page.locator("body").inner_text()
        assert "Made-up Alder House" in shown
        for words in ("Services directory", "Open as PDF", "Copy the text", "Leave this site", "Privacy"):
            assert words not in shown, words
