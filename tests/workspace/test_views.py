"""The coordinators' overview, and the audit."""

from __future__ import annotations

import pytest

from services_dir.accounts.models import Role
from services_dir.submissions.models import SubmissionState
from tests.support.factories import draft_program, make_account, make_program, make_submission
from tests.support.statements import counted_statements

pytestmark = pytest.mark.sqlite


def test_the_overview_says_what_waits_and_what_is_late(client, session):
    client.sign_in(session, make_account(session))
    assert "Nothing waits." in client.get("/workspace").page.text
    make_program(session)
    make_submission(session, draft_program(name="Lantern House"))
    make_submission(session, state=SubmissionState.CHANGES_REQUESTED)

    text = client.get("/workspace").page.text

    assert "1 late" in " ".join(text.split())
    assert "1 waiting in all" in " ".join(text.split())
    assert "1 waits for its sender." in text
    assert "1 program is published." in text
    assert "Lantern House" in text


def test_the_audit_names_accounts_and_deeds_but_no_listing(app, client, session):
    administrator = make_account(session, Role.ADMINISTRATOR, name="Ana Example")
    client.sign_in(session, administrator)
    make_program(session, name="Lantern House")
    with counted_statements(app) as few:
        page = client.get("/workspace/audit").page
    assert "submission.approved" in page.text
    assert "Ana Example" in page.text
    assert "Lantern" not in page.text
    for _ in range(60):
        make_submission(session)

    with counted_statements(app) as many:
        client.get("/workspace/audit?page=2")

    assert len(many) <= len(few)
    client.get("/workspace/audit?page=99999999999")
