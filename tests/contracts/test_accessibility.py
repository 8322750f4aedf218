"""WCAG 2.2 AA as far as axe can tell, on every page: narrow and wide, in the light and in the dark."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from sqlalchemy.orm import Session

from services_dir.accounts.models import Role
from tests.contracts.test_pages import address, filled
from tests.support.browsers import violations_in_all_looks, watched_page
from tests.support.client import Visitor, is_public, is_spanish
from tests.support.factories import TOKEN, make_account
from tests.support.serving import serving_app

__all__ = ["filled"]
pytestmark = [pytest.mark.browser, pytest.mark.sqlite, pytest.mark.slow]

SLUG = "lantern-house-of-made-up-street"
# Neither a file nor a part of a page is a page.
NO_PAGES = ("static", "search.suggestions", "site.leave")
# Pages that a rule alone does not show: a search with an answer, a sheet, an error, forms with mistakes.
SHOWN_BY_A_QUERY = (
    "/programs?q=lantern&place=Hartford&open=now",
    "/programs?q=xyzzy",
    f"/referral-sheet?program={SLUG}",
    f"/referral-sheet?program={SLUG}&discreet=1",
    "/no-such-page",
)
SENT_WITH_MISTAKES = (
    f"/programs/{SLUG}/problems/new",
    "/submissions/link",
    "/submit",
    f"/verify/{TOKEN}",
    "/sign-in",
)


@pytest.fixture
def page(browser: Browser, filled: Flask) -> Iterator[Page]:
    """A page of the application that has one of everything."""
    with serving_app(filled) as served, watched_page(browser, served) as page:
        yield page


def addresses(app: Flask, start: str) -> list[str]:
    """Give every address below a path that can be opened, each page once."""
    rules = [
        rule for rule in app.url_map.iter_rules() if "GET" in rule.methods and rule.endpoint not in NO_PAGES
    ]
    return [path for path in map(address, rules) if path.startswith(start)]


def faults(page: Page, paths: list[str]) -> dict[str, str]:
    """Give what is wrong with each of some pages; files and redirects to other sites are none."""
    found = {}
    for path in paths:
        if page.request.head(path, max_redirects=0).headers.get("content-type", "").startswith("text/html"):
            page.goto(path)
            found[path] = violations_in_all_looks(page)
    assert len(found) > 3
    return {path: fault for path, fault in found.items() if fault}


def test_public_pages(page, filled):
    paths = [path for path in addresses(filled, "/") if is_public(path) and not is_spanish(path)]

    assert faults(page, paths + list(SHOWN_BY_A_QUERY)) == {}


def test_pages_in_spanish(page, filled):
    assert faults(page, addresses(filled, "/es")) == {}


def test_forms_with_mistakes(page):
    for path in SENT_WITH_MISTAKES:
        page.goto(path)
        page.locator("main form[method=post] button").last.click()
        page.wait_for_load_state()

        assert violations_in_all_looks(page) == "", path


def test_pages_of_the_workspace(page, filled, session: Session):
    visitor = Visitor(filled)
    visitor.sign_in(session, make_account(session, Role.ADMINISTRATOR))
    visitor.get("/workspace")
    cookie = visitor.http.get_cookie("workspace")
    page.goto("/sign-in")
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": page.url}])

    assert faults(page, addresses(filled, "/workspace")) == {}
