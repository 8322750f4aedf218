"""What the page of a program says depends on the moment."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from services_dir.catalog.draft import Hours, WeeklyHours
from services_dir.catalog.freshness import Freshness
from services_dir.catalog.kinds import Availability, Day
from services_dir.catalog.pages import ProgramPage
from services_dir.catalog.pages.program import local_date
from services_dir.catalog.queries import get_labels, get_public_program
from tests.support.factories import NOON, ZONE, make_program

MIDNIGHT = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
DAYTIME = Hours(
    words="Mondays 9 to 5",
    zone=ZONE,
    weekly=(WeeklyHours(days=(Day.MONDAY,), opens="09:00", closes="17:00"),),
)
pytestmark = pytest.mark.sqlite


@pytest.fixture
def page_at(app, session):
    def build(at: datetime, **changes) -> ProgramPage:
        if changes:
            make_program(session, slug="north-house", **changes)
        program = get_public_program(session, "north-house")
        with app.test_request_context("/"):
            return ProgramPage.build(program, get_labels(session, "en"), Freshness(), at=at, language="en")

    return build


@pytest.mark.parametrize(("at", "words"), [(NOON, "Open now"), (MIDNIGHT, "Closed now")])
def test_it_says_whether_it_is_open_at_that_moment(page_at, at, words):
    assert page_at(at, hours=DAYTIME).open_words == words


def test_it_says_nothing_of_now_where_only_words_are_known(page_at):
    assert page_at(NOON, hours=Hours(words="Weekdays", zone=ZONE)).open_words is None


def test_the_date_is_that_of_the_place_not_that_of_the_server(page_at, session):
    late_evening = datetime(2026, 3, 3, 3, 0, tzinfo=UTC)
    slug = make_program(session, hours=DAYTIME).slug

    assert local_date(get_public_program(session, slug), late_evening) == date(2026, 3, 2)


def test_a_pause_ends_after_its_last_day(page_at):
    paused = {"availability": Availability.PAUSED, "paused_until": date(2026, 3, 2), "hours": DAYTIME}

    during = page_at(NOON, **paused)
    after = page_at(datetime(2026, 3, 9, 17, 0, tzinfo=UTC))

    assert during.availability == "It takes no new people for now, up to and including March 2, 2026."
    assert during.open_words is None
    assert (after.availability, after.open_words) == (None, "Open now")


def test_an_alert_is_shown_through_its_last_day(page_at):
    warned = {"alert": "Ask a lawyer first.", "alert_until": date(2026, 3, 2)}

    assert str(page_at(NOON, **warned).alert) == "Ask a lawyer first."
    assert page_at(datetime(2026, 3, 3, 17, 0, tzinfo=UTC)).alert is None


def test_a_label_missing_in_a_language_is_the_english_one(session):
    labels = get_labels(session, "vi")

    assert "Housing" in labels.values()
    assert len(get_labels(session, "es")) == len(labels)
