"""The site's own pages."""

from __future__ import annotations

import pytest

from services_dir.catalog.operations import withdraw_program
from services_dir.db import transaction
from services_dir.search import Follower
from services_dir.web.hotlines import remembered_hotlines
from tests.site.test_queries import line
from tests.support.factories import NOON, make_program

PAGES = ["about", "privacy", "safety", "accessibility", "inclusion-policy", "data"]

# The pages read the same rows on either database.
pytestmark = pytest.mark.sqlite


def test_the_home_page_offers_one_search_and_every_kind_of_help(client):
    page = client.get("/").page

    assert page.one("form", role="search").get("action") == "/programs"
    assert [field.get("name") for field in page.all("input")] == ["q", "place"]
    assert "/programs?category=housing" in page.links
    assert "tel:911" in page.links


def test_the_home_page_shows_lines_that_answer_at_any_hour(client, session):
    program = make_program(session, **line())

    page = client.get("/").page

    assert "tel:+18605550199" in page.links
    assert f"/programs/{program.slug}" in page.links
    assert "Call 860-555-0199" in page.text


def test_the_lines_are_kept_in_the_home_for_when_the_database_fails(app, session, home):
    make_program(session, **line())

    Follower(app).step()

    assert [line.name for line in remembered_hotlines(home)] == ["Lamp Line"]


def test_a_line_that_is_published_later_appears_at_once(client, session):
    client.get("/")

    make_program(session, **line())

    assert "Lamp Line" in client.get("/").page.text


def test_the_home_page_costs_few_statements_however_many_lines_there_are(app, client, session):
    from sqlalchemy import event

    from services_dir.db import db

    for number in range(4):
        make_program(session, **line(name=f"Lamp Line {number}"))
    client.get("/")
    statements = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))

    client.get("/")

    assert len(statements) <= 6, "\n".join(statements)


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("prefix", ["", "/es"])
def test_each_page_of_text_reads_well_in_both_languages(client, name, prefix):
    page = client.get(f"{prefix}/{name}").page

    assert page.heading
    assert f"{prefix}/exit" in page.links
    assert f"{prefix}/safety" in page.links


def test_no_state_is_named_that_is_not_loaded(client, session):
    assert "Connecticut" in client.get("/about").page.text


def test_the_exit_leads_to_a_neutral_page_and_clears_what_was_stored(client):
    for path in ("/exit", "/es/exit"):
        visit = client.get(path, status=303)
        assert visit.location == "https://www.weather.gov/"
        assert visit.response.headers["Clear-Site-Data"] == '"storage"'


def test_every_page_leads_out_first(client):
    for path in ("/", "/safety", "/nowhere"):
        page = client.get(path, status=404 if path == "/nowhere" else 200).page
        assert page.links[0] == "/exit"
        assert page.links[1] == "#main"
        assert page.links[2] == "/exit"


def test_a_withdrawn_line_is_gone_from_the_home_page_and_the_home(app, client, session, home):
    program = make_program(session, **line())
    client.get("/")
    Follower(app).step()

    with transaction(session):
        withdraw_program(session, program, at=NOON)

    Follower(app).step()

    assert "Lamp Line" not in client.get("/").page.text
    assert remembered_hotlines(home) == ()
