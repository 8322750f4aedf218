"""Accounts of other people, on both databases: roles, invitations, closing; one administrator remains."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from services_dir.accounts import operations, queries, tokens
from services_dir.accounts.models import Account, LinkPurpose, Role
from services_dir.accounts.passwords import NewPassword
from services_dir.audit import AuditEvent
from services_dir.db import transaction
from services_dir.errors import ConflictError, NotFoundError
from tests.support.factories import make_account

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
PASSWORD = "two words of mine"
ADMINISTRATOR, COORDINATOR = Role.ADMINISTRATOR, Role.COORDINATOR


def audited(session):
    return [
        (event.deed, event.fields)
        for event in session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1))
    ]


def test_a_role_is_changed_and_the_audit_says_to_which(session):
    account = make_account(session, COORDINATOR)
    with transaction(session) as writing:
        operations.change_role(writing, writing.get(Account, account.id), ADMINISTRATOR, by=7, at=NOON)

    assert session.get(Account, account.id).role is ADMINISTRATOR
    assert audited(session) == [("account.role_changed", ["administrator"])]


def close(session, account):
    operations.deactivate(session, account, by=7, at=NOON)


def demote(session, account):
    operations.change_role(session, account, COORDINATOR, by=7, at=NOON)


@pytest.mark.parametrize("deed", [close, demote])
def test_the_last_administrator_stays_one(session, deed):
    last = make_account(session, ADMINISTRATOR, password=PASSWORD)
    make_account(session, ADMINISTRATOR)  # invited, without a password yet
    session.rollback()

    with pytest.raises(ConflictError, match="last administrator"):
        deed(session, session.get(Account, last.id))


def test_two_administrators_who_close_each_other_at_once_leave_one(engine):
    with Session(engine) as session:
        ids = [make_account(session, ADMINISTRATOR, password=PASSWORD).id for _ in range(2)]

    def attempt(account_id):
        try:
            with Session(engine) as session, transaction(session) as writing:
                close(writing, writing.get(Account, account_id))
        except ConflictError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(attempt, ids)) == [False, True]
    with Session(engine) as session:
        assert queries.has_administrator(session)


def test_an_invitation_taken_back_opens_nothing(session):
    account = make_account(session)
    with transaction(session) as writing:
        row = writing.get(Account, account.id)
        token = operations.invite(writing, row, by=7, at=NOON)
        operations.revoke_invitation(writing, row, by=7, at=NOON)

    with pytest.raises(NotFoundError):
        tokens.get_link(session, token, NOON)
    assert not session.get(Account, account.id).is_active


@pytest.mark.sqlite
def test_an_invitation_that_was_accepted_cannot_be_taken_back(session):
    account = make_account(session, password=PASSWORD)

    with pytest.raises(ConflictError, match="meanwhile"):
        operations.revoke_invitation(session, session.get(Account, account.id), by=7, at=NOON)


def test_an_account_opened_again_has_its_password_as_before(session):
    account = make_account(session, password=PASSWORD)
    with transaction(session) as writing:
        operations.deactivate(writing, writing.get(Account, account.id), by=7, at=NOON)
    assert operations.find_account_to_sign_in(session, account.email, PASSWORD) is None
    with transaction(session) as writing:
        operations.reactivate(writing, writing.get(Account, account.id), by=7, at=NOON)

    assert operations.find_account_to_sign_in(session, account.email, PASSWORD) == account.id


@pytest.mark.sqlite
def test_a_further_link_is_for_what_the_one_before_was_for(session):
    account = session.get(Account, make_account(session, password=PASSWORD).id)
    operations.recover(session, account, by=7, at=NOON)

    token = operations.invite(session, account, by=7, at=NOON)

    assert tokens.get_link(session, token, NOON).purpose is LinkPurpose.RECOVERY


def test_another_password_ends_all_sessions_but_this_one_and_every_link(session):
    account = make_account(session, password=PASSWORD)
    with transaction(session) as writing:
        here = operations.sign_in(writing, account.id, device="here", at=NOON)
        there = operations.sign_in(writing, account.id, device="there", at=NOON)
        this = queries.find_session(writing, here, NOON).id
        new = NewPassword.of("another one of mine", account.email)
        operations.change_password(writing, account.id, new, this_session=this, at=NOON)

    assert queries.find_session(session, here, NOON)
    assert queries.find_session(session, there, NOON) is None
    assert operations.is_own_password(session, account.id, "another one of mine")
    assert not operations.is_own_password(session, account.id, PASSWORD)


@pytest.mark.sqlite
def test_the_audit_of_a_profile_names_fields_and_not_what_is_in_them(session):
    account = make_account(session, name="Ana Example")
    with transaction(session) as writing:
        operations.change_profile(writing, account.id, name="Ana Sample", language="es", at=NOON)
    assert audited(session) == [("account.changed", ["name", "language"])]

    before = session.scalar(sa.select(sa.func.count()).select_from(AuditEvent))
    with transaction(session) as writing:
        operations.change_profile(writing, account.id, name=" Ana Sample ", language="es", at=NOON)
    assert session.scalar(sa.select(sa.func.count()).select_from(AuditEvent)) == before
