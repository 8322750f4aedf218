"""What the pages of programs and organizations show, and what they never show."""

from __future__ import annotations

from tests.support.factories import draft_program, make_program


def test_a_program_has_a_page(client, session):
    make_program(session, slug="north-house", name="North House", description="A safe place to stay.")

    visit = client.get("/programs/north-house")

    assert visit.page.heading == "North House"
    assert "A safe place to stay." in visit.page.text
