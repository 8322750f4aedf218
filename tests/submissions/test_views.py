"""Proposing a program as a person does it: forms, private link, and what a mistake costs (nothing)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from services_dir.submissions.models import Revision, Submission, SubmissionKind, SubmissionState
from services_dir.submissions.queries import read_draft
from tests.support.factories import draft_organization, make_organization, make_program

FILLED = {
    "name": "Lantern legal clinic",
    "description": "Made-up lawyers help with papers.",
    "organization": "Made-up Keepers",
    "level": "local",
    "categories": ["legal-assistance", "housing"],
    "phones-0-number": "(860) 555-0123",
    "service_areas-0-place": "hartford county",
    "sources-0-url": "www.example.org/clinic",
    "sender_name": "Pat Made-up",
    "sender_email": "pat@example.org",
    "message": "I work there.",
}


@pytest.fixture(autouse=True)
def patient(app):
    """People need time to fill in a form; tests do not."""
    app.config["FORM_MINIMUM_AGE"] = timedelta(0)


@pytest.fixture
def keepers(session):
    return make_organization(session, draft_organization(name="Made-up Keepers"))


def all_submissions(session):
    session.rollback()
    return session.scalars(select(Submission).where(Submission.kind != "seed").order_by(Submission.id)).all()


def count(session, table):
    session.rollback()
    return session.scalar(select(func.count()).select_from(table))


def newest(session):
    return all_submissions(session)[-1]


def test_somebody_proposes_a_program_and_gets_a_private_link(client, session, keepers):
    sent = client.submit(client.get("/submit"), FILLED)

    page = client.follow(sent).page
    assert "Waiting for review" in page.text
    assert "Keep this address; it is the only way back" in page.text
    assert f"http://localhost{sent.location}" in page.text
    submission = newest(session)
    assert submission.kind is SubmissionKind.NEW
    assert submission.state is SubmissionState.PENDING
    assert (submission.submitter_name, submission.message) == ("Pat Made-up", "I work there.")
    draft = read_draft(submission)
    assert draft.name == "Lantern legal clinic"
    assert draft.organization == keepers.uuid
    assert set(draft.categories) == {"housing", "legal-assistance"}
    assert [phone.number for phone in draft.phones] == ["+18605550123"]
    assert [area.place for area in draft.service_areas] == ["county/hartford"]
    assert [(s.url, s.is_public) for s in draft.sources] == [("https://www.example.org/clinic", False)]
    assert Revision is not None
