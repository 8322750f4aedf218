"""The search box that agencies put on their own sites."""

from __future__ import annotations

import pytest
from flask import Flask, request

from services_dir.search import sync
from tests.support.browsers import watched_page
from tests.support.client import Visitor
from tests.support.factories import make_program
from tests.support.serving import serving_app

pytestmark = pytest.mark.sqlite


def lines(page) -> str:
    """Give the lines to copy as the page offers them."""
    return page.one("textarea", id="lines").text or ""


def test_the_lines_to_copy_are_a_plain_form_that_leads_here(client):
    page = client.get("/data/search-box").page

    assert 'action="http://localhost/programs"' in lines(page)
    assert 'rel="noreferrer"' in lines(page)
    for foreign in ("<script", "style=", "<img", "<iframe", "onsubmit"):
        assert foreign not in lines(page)


def test_in_spanish_the_box_leads_to_spanish_results(client):
    page = client.get("/es/data/search-box").page

    assert 'action="http://localhost/es/programs"' in lines(page)
    assert "¿Qué necesita?" in lines(page)


@pytest.mark.browser
def test_the_box_on_another_site_finds_and_does_not_tell_the_page_people_came_from(browser, own_app, session):
    make_program(session, name="Made-up Alder House", slug="alder-house")
    sync.catch_up(own_app)
    told: list[str | None] = []
    own_app.before_request(lambda: told.append(request.headers.get("Referer")))
    agency = Flask("agency")
    with serving_app(own_app) as address:
        box = lines(Visitor(own_app).get("/data/search-box", base_url=address).page)
        told.clear()
        agency.add_url_rule(
            "/leaving-him", view_func=lambda: f'<!doctype html><link rel="icon" href="data:,">{box}'
        )
        with serving_app(agency) as theirs, watched_page(browser, address) as page:
            page.route(f"{theirs}/**", lambda route: route.continue_())
            page.goto(f"{theirs}/leaving-him")
            page.get_by_label("What do you need?").fill("alder")
            page.get_by_role("button", name="Find help").click()
            page.wait_for_url(f"{address}/programs?**")

            assert page.locator("article[data-program=alder-house]").is_visible()
            assert told[0] in (None, f"{theirs}/")
            assert page.context.cookies() == []
