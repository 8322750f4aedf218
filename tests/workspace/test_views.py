"""The coordinators' overview, and the audit."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from services_dir import policy
from services_dir.accounts.models import Role
from services_dir.audit import AuditEvent
from services_dir.catalog.kinds import ChangeKind
from services_dir.catalog.models import CatalogChange
from services_dir.db import transaction
from services_dir.submissions.models import SubmissionState
from tests.support.factories import NOON, draft_program, make_account, make_program, make_submission
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


def test_what_is_needed_now_and_then_stands_on_the_overview_and_not_in_the_menu(client, session):
    client.sign_in(session, make_account(session))
    overview = client.get("/workspace").text

    for words in ("Yearly report", "Interface check"):
        assert overview.count(words) == 1
        assert words not in client.get("/workspace/queue").text


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


def test_the_audit_is_searched_and_kept_as_a_table_of_numbers(client, session):
    administrator = make_account(session, Role.ADMINISTRATOR, name="Ana Example")
    client.sign_in(session, administrator)
    make_program(session, name="Lantern House")
    submission = make_submission(session)

    page = client.get(f"/workspace/audit?kind=submission&subject={submission.id}").page
    assert "submission.sent" in page.text
    assert "1 to 1 of 1" in page.text
    none = client.get("/workspace/audit?deed=account.added&since=2999-01-01").page
    assert "Nothing here fits" in none.text

    table = client.get("/workspace/audit.csv?deed=submission.sent")
    lines = table.text.splitlines()
    assert lines[0] == "at,account,deed,kind,subject,fields"
    assert len(lines) == 3
    assert "Lantern" not in table.text
    assert "Ana" not in table.text


@pytest.mark.parametrize(
    "address", ["?page=0", "?by=x&since=no", "?subject=99999999999999", "?until=9999-12-31"]
)
def test_an_audit_address_that_makes_no_sense_is_answered(client, session, address):
    client.sign_in(session, make_account(session, Role.ADMINISTRATOR))

    client.get(f"/workspace/audit{address}")


def test_an_administrator_changes_the_policy_and_each_change_is_written_down(client, session):
    client.sign_in(session, make_account(session, Role.ADMINISTRATOR))
    page = client.get("/workspace/policy")

    refused = client.submit(page, {"claim_hours": "9999"}, action="/workspace/policy", status=422)
    assert "from 1 to 72" in refused.page.text
    client.submit(page, {"claim_hours": "8"}, action="/workspace/policy")

    session.rollback()
    assert policy.get(session, "claim_hours") == 8
    events = session.scalars(select(AuditEvent).where(AuditEvent.deed == "policy.changed")).all()
    assert [event.fields for event in events] == [["claim_hours"]]


def test_the_policy_stands_in_groups_and_each_setting_in_one(client, session):
    client.sign_in(session, make_account(session, Role.ADMINISTRATOR))

    text = client.get("/workspace/policy").text

    inputs = re.findall(r'<h2>([^<]+)</h2>|<input[^>]* name="([a-z_]+)"', text)
    held = {}
    for heading, name in inputs:
        if heading:
            group = held.setdefault(heading, [])
        elif name in policy.SETTINGS:
            group.append(name)
    assert list(held) == list(policy.GROUPS)
    assert held["Reading what is sent in"][-1] == "approve_alone"
    assert [name for names in held.values() for name in names] == list(policy.SETTINGS)


def test_an_administrator_changes_a_term_and_the_index_learns_of_it(client, session):
    client.sign_in(session, make_account(session, Role.ADMINISTRATOR))
    action = "/workspace/words/category/housing"
    page = client.get(action)

    client.submit(page, {"label_en": "A place to stay", "is_retired": "y"}, action=action)

    session.rollback()
    text = client.get("/workspace/words").page.text
    assert "A place to stay" in text
    assert "No longer offered" in text
    kinds = session.scalars(select(CatalogChange.kind)).all()
    assert kinds == [ChangeKind.VOCABULARY]
    client.get("/workspace/words/category/no-such", status=404)
    client.get("/workspace/words/nothing/housing", status=404)


def test_the_overview_tells_the_only_account_what_needs_a_second_person(client, session):
    first = make_account(session, Role.ADMINISTRATOR)
    client.sign_in(session, first)
    said = "Yours is the only account"
    assert said in client.get("/workspace").text

    with transaction(session):
        policy.change(session, "approve_alone", 1, by=first.id, at=NOON)
    assert said not in client.get("/workspace").text

    with transaction(session):
        policy.change(session, "approve_alone", 0, by=first.id, at=NOON)
    make_account(session)
    assert said not in client.get("/workspace").text
