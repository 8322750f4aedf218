"""Reading and deciding as a coordinator does it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from services_dir.catalog.models import Program
from services_dir.submissions.models import Submission, SubmissionState
from tests.support.factories import draft_program, make_account, make_program, make_submission


@pytest.fixture
def coordinator(client, session):
    account = make_account(session)
    client.sign_in(session, account)
    return account


def address(submission, deed=""):
    return f"/workspace/submissions/{submission.id}{deed}"


def decide(client, submission, decision, *, status=303, **typed):
    page = client.get(address(submission))
    changes = {"decision": decision, **typed}
    return client.submit(page, changes, action=address(submission, "/decision"), status=status)


def test_a_coordinator_approves_and_it_is_published(client, session, coordinator):
    submission = make_submission(session, draft_program(name="Lantern House"))
    assert "Lantern House" in client.get("/workspace").page.text
    assert "Lantern House" in client.get("/workspace/queue").page.text

    done = decide(client, submission, "approve")

    assert done.location == "/workspace/queue"
    assert "Your decision is recorded." in client.follow(done).text
    client.get("/programs/lantern-house")
    session.rollback()
    assert session.get(Submission, submission.id).state is SubmissionState.APPROVED
    program = session.scalars(select(Program)).one()
    assert "Versions" in client.get(f"/workspace/programs/{program.slug}").page.text
    assert make_program is not None
    client.get("/workspace/programs")
    client.get(f"/workspace/programs/{program.slug}/edit")
    client.get("/workspace/programs/new")
