"""What an import put into the queue keeps the date of its feed when a coordinator approves it."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from services_dir.catalog.draft import ProgramDraft
from services_dir.catalog.kinds import AssuranceMethod
from services_dir.catalog.models import Assurance
from services_dir.db import transaction
from services_dir.moderation import operations
from services_dir.moderation.models import Decision
from services_dir.moderation.rules import Verdict
from services_dir.moderation.safeguards import ContactCheck
from services_dir.submissions.models import AuthorKind, Subject, Submission
from services_dir.submissions.operations import Sender, revise
from services_dir.submissions.queries import get_submission_for_update, read_draft
from tests.exchange.imports import feeds
from tests.support.factories import NOON, make_account

CHECK = ContactCheck("the number in the state's own list", "intake worker", NOON.date())


@pytest.fixture
def ana(session):
    return make_account(session, email="ana@example.org").id


@pytest.fixture
def queued(session, tmp_path, ana):
    """A program that waits in the queue; its organization, which came with it, is published."""
    record = feeds.service(email="one@example.org", assured_date="2026-01-15")
    feeds.apply(
        session,
        feeds.make_plan(session, feeds.write_json(tmp_path / "s.json", [record])),
        publishes=False,
    )
    waiting = {row.subject: row for row in session.scalars(select(Submission))}
    approve(session, waiting[Subject.ORGANIZATION], ana)
    return waiting[Subject.PROGRAM]


def approve(session, submission, by):
    seen = submission.latest.number
    verdict = Verdict(Decision.APPROVE, note="", seen_revision=seen, seen_version=None, check=CHECK)
    with transaction(session):
        locked = get_submission_for_update(session, submission.id)
        operations.decide(session, locked, verdict, by=by, at=NOON)


def test_what_a_feed_said_and_a_coordinator_approved_is_confirmed_by_the_feed(session, queued, ana):
    assert session.scalars(select(Assurance)).all() == []

    approve(session, queued, ana)

    held = session.scalars(select(Assurance)).one()
    assert (held.method, held.feed, held.on) == (AssuranceMethod.FEED, "Partner", date(2026, 1, 15))
    assert (held.role, held.by_account_id) == (None, None)


def test_what_a_coordinator_mended_is_not_what_the_feed_confirmed(session, queued, ana):
    draft = read_draft(queued)
    assert isinstance(draft, ProgramDraft)
    with transaction(session):
        mended = replace(draft, email="other@example.org")
        sender = Sender(AuthorKind.REVIEWER, account_id=ana)
        revise(session, queued, mended, sender, seen_revision=queued.latest.number, at=NOON)

    approve(session, queued, ana)

    assert session.scalars(select(Assurance)).all() == []


def test_a_later_import_that_changes_nothing_does_not_confirm_what_a_coordinator_mended(
    session, queued, ana, tmp_path
):
    draft = read_draft(queued)
    with transaction(session):
        mended = replace(draft, email="other@example.org")
        sender = Sender(AuthorKind.REVIEWER, account_id=ana)
        revise(session, queued, mended, sender, seen_revision=queued.latest.number, at=NOON)
    approve(session, queued, ana)

    assert import_again(session, tmp_path, assured_date="2026-02-20") == "leave"
    assert session.scalars(select(Assurance)).all() == []

    agreed = {"email": "other@example.org", "assured_date": "2026-02-22"}
    assert import_again(session, tmp_path, **agreed) == "leave"
    assert [one.on for one in session.scalars(select(Assurance))] == [date(2026, 2, 22)]


def test_a_later_import_that_changes_nothing_confirms_what_was_approved_as_it_came(
    session, queued, ana, tmp_path
):
    approve(session, queued, ana)

    assert import_again(session, tmp_path, assured_date="2026-02-20") == "leave"

    assert {one.on for one in session.scalars(select(Assurance))} == {date(2026, 1, 15), date(2026, 2, 20)}


def import_again(session, tmp_path, **changes):
    """Import the record once more, publish what changes, and give what the plan said of it."""
    record = feeds.service(**{"email": "one@example.org"} | changes)
    run = feeds.make_plan(session, feeds.write_json(tmp_path / "s.json", [record]))
    feeds.apply(session, run)
    return feeds.verdicts(session, run)[record["name"]]
