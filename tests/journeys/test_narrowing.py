"""The page of results with scripts: it follows each choice at once, and completes what is typed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, Request, Route, expect

from tests.journeys.test_finding import DESK, PHONE, hits, opened_facet, reader, total
from tests.support.browsers import violations

pytestmark = pytest.mark.browser

PAUSE = 200  # milliseconds; after this the script asks
PATIENCE = 9_000  # and after this it waits no more


def test_a_choice_shows_at_once_in_place_and_keeps_the_focus(browser, reading_site):
    with reader(browser, reading_site, **DESK) as page:
        page.goto("/programs?q=shelter")
        loads = page.evaluate("window.mark = 'same page'; performance.getEntriesByType('navigation').length")
        box = page.locator("input[name=category][value=housing]")
        promised = int(box.get_attribute("data-count") or 0)
        box.focus()
        page.keyboard.press("Space")
        page.wait_for_url("**/programs?q=shelter&category=housing")

        assert total(page) == promised
        assert len(hits(page)) == min(20, promised)
        assert page.evaluate("[window.mark, document.activeElement.value]") == ["same page", "housing"]
        assert page.locator("[data-live-status]").inner_text() == page.locator("h1").inner_text()
        assert page.get_by_role("link", name="Take away: Kind of help: Housing").is_visible()
        assert page.evaluate("performance.getEntriesByType('navigation').length") == loads
        assert violations(page) == ""
        page.reload()
        assert box.is_checked()


def test_on_a_phone_several_choices_are_shown_in_one_batch(browser, reading_site):
    with reader(browser, reading_site, **PHONE) as page:
        page.goto("/programs?q=shelter")
        assert not page.locator("#filters").is_visible()
        housing = opened_facet(page, "category", "housing")
        assert not page.locator("#found").is_visible()
        promised = housing.get_attribute("data-count")
        housing.check()
        show = page.get_by_role("button", name=f"Show {promised} programs", exact=True)
        show.wait_for()
        assert violations(page) == ""
        page.locator("input[name=open]").check()
        page.wait_for_url("**open=now**")
        words = page.locator("[data-live-show]").inner_text()
        page.locator("[data-live-show]").click()

        page.wait_for_url("**#found")
        assert page.locator("#found").is_visible()
        assert not page.locator("#filters").is_visible()
        assert f"Show {total(page)} program" in words
        assert page.get_by_role("link", name="Filters (2)").is_visible()


def test_where_a_live_answer_fails_the_button_still_sends_the_form(browser, reading_site):
    with reader(browser, reading_site, **DESK) as page:
        page.goto("/programs?q=shelter")
        page.route("**/programs?**", fail_what_scripts_ask)
        page.locator("input[name=category][value=housing]").check()
        page.locator("[data-live-show]").click()

        page.wait_for_url("**category=housing**")
        assert page.locator("input[name=category][value=housing]").is_checked()


def test_where_a_live_answer_does_not_come_the_button_loads_the_page(browser, reading_site):
    with reader(browser, reading_site, **DESK) as page:
        page.clock.install()
        page.goto("/programs?q=shelter")
        button = page.locator("[data-live-show]")
        expect(button).to_have_text(button.get_attribute("data-live-show") or "")
        page.route("**/programs?**", lambda route: route.continue_() if is_navigation(route) else None)
        page.locator("input[name=category][value=housing]").check()
        button.click()
        page.clock.run_for(PATIENCE)

        page.wait_for_url("**category=housing**")
        assert page.locator("input[name=category][value=housing]").is_checked()


def is_navigation(route: Route) -> bool:
    return route.request.is_navigation_request()


def test_a_choice_made_before_the_script_came_is_shown_when_it_has(browser, reading_site):
    with reader(browser, reading_site, **DESK) as page:
        with scripts_held_back(page):
            page.goto("/programs?q=shelter", wait_until="commit")
            box = page.locator("input[name=category][value=housing]")
            box.check()
            promised = int(box.get_attribute("data-count") or 0)
            assert "category" not in page.url

        page.wait_for_url("**category=housing**")
        assert total(page) == promised


@contextmanager
def scripts_held_back(page: Page) -> Iterator[None]:
    """Let scripts come only after the block."""
    held: list[Route] = []
    are_coming = False
    page.route("**/*.js", lambda route: route.continue_() if are_coming else held.append(route))
    yield
    are_coming = True
    for route in held:
        route.continue_()


def test_choices_made_while_an_answer_is_on_its_way_are_all_kept(browser, reading_site):
    with reader(browser, reading_site, **DESK) as page:
        held = ask_and_hold(page)
        second, third = (page.locator(f"input[name={name}]").first for name in ("population", "language"))
        second.check()
        third.check()  # the group of the second has lost the focus: nothing protects it
        let_through(page, held)

        assert second.is_checked()
        page.clock.run_for(PAUSE)
        page.wait_for_url("**category=housing&population=**&language=**")


def test_a_box_is_ticked_though_an_answer_comes_while_the_button_of_the_mouse_is_down(browser, reading_site):
    with reader(browser, reading_site, **DESK) as page:
        held = ask_and_hold(page)
        box = page.locator("input[name=population]").first
        box.hover()
        page.mouse.down()
        page.evaluate("document.activeElement.blur()")  # as where boxes take no focus from a mouse
        let_through(page, held)
        page.mouse.up()

        assert box.is_checked()
        page.clock.run_for(PAUSE)
        page.wait_for_url("**category=housing&population=**")


def ask_and_hold(page: Page) -> Route:
    """Stop the clock of a page of results, tick a kind of help, and hold back the answer to it."""
    page.clock.install()
    page.goto("/programs?q=help")
    button = page.locator("[data-live-show]")  # the script gives it its words
    expect(button).to_have_text(button.get_attribute("data-live-show") or "")
    page.clock.pause_at(page.evaluate("Date.now()") / 1000 + 1)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/programs?**", hold, times=1)
    page.locator("input[name=category][value=housing]").check()
    page.clock.run_for(PAUSE)
    for _ in range(300):
        if held:
            break
        page.wait_for_timeout(100)
    return held[0]


def let_through(page: Page, held: Route) -> None:
    """Give the script what was held back, and time to use it if it still wants it."""
    held.continue_()
    page.wait_for_timeout(500)


def fail_what_scripts_ask(route: Route, request: Request) -> None:
    if request.is_navigation_request():
        route.continue_()
    else:
        route.fulfill(status=503, body="")


def options(page: Page) -> list[str]:
    return page.locator("[role=option]").all_inner_texts()


def test_a_field_completes_what_is_typed_by_keyboard(browser, reading_site):
    with reader(browser, reading_site, **PHONE) as page:
        page.goto("/")
        field = page.get_by_role("combobox", name=re.compile("What do you need"))
        field.press_sequentially("legal")
        page.locator("[role=option]").first.wait_for()
        assert field.get_attribute("aria-expanded") == "true"
        assert violations(page) == ""
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        marked = page.locator("[role=option][aria-selected=true]")
        assert marked.inner_text() == options(page)[1]
        assert field.get_attribute("aria-activedescendant") == marked.get_attribute("id")
        words = marked.inner_text()
        page.keyboard.press("Enter")

        assert field.input_value() == words
        assert field.get_attribute("aria-expanded") == "false"
        assert options(page) == []
        field.press_sequentially("x")
        page.keyboard.press("Escape")
        assert page.url.endswith("/")
        page.keyboard.press("Backspace")
        page.keyboard.press("Enter")
        page.wait_for_url("**/programs?q=**")


def test_what_was_typed_before_the_script_came_is_completed_when_it_has(browser, reading_site):
    with reader(browser, reading_site, **PHONE) as page:
        with scripts_held_back(page):
            page.goto("/", wait_until="commit")
            page.locator("#search-place").press_sequentially("new h")

        page.get_by_role("option", name="New Haven", exact=True).click()
        assert page.locator("#search-place").input_value() == "New Haven"


def test_words_that_were_not_sent_yet_go_along_to_the_other_language(browser, reading_site):
    with reader(browser, reading_site, **DESK) as page:
        page.goto("/programs?q=shelter&category=housing")
        page.locator("#search-q").fill("beds & food")
        page.get_by_role("link", name="Español").click()
        page.wait_for_url("**/es/programs?**")

        assert page.locator("#search-q").input_value() == "beds & food"
        assert page.locator("input[name=category][value=housing]").is_checked()


def test_the_place_completes_places_only_and_a_tap_takes_one(browser, reading_site):
    with reader(browser, reading_site, **PHONE) as page:
        page.goto("/es/")
        field = page.locator("#search-place")
        field.press_sequentially("new h")
        page.get_by_role("option", name="New Haven", exact=True).click()

        assert field.input_value() == "New Haven"
        expect(field).to_be_focused()
        field.press_sequentially(" zzzz")
        page.wait_for_timeout(400)
        assert options(page) == []
