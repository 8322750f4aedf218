"""What can be done with accounts, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from services_dir import policy
from services_dir.accounts import operations, queries, tokens
from services_dir.accounts.models import Account, OneTimeLink, Role, SignedIn
from services_dir.accounts.passwords import NewPassword
from services_dir.audit import AuditEvent
from services_dir.db import transaction
from services_dir.errors import ConflictError, InvalidError, NotFoundError
from services_dir.values import sha256

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
PASSWORD = "two words of mine"


def new(password=PASSWORD, email="ana@example.org"):
    return NewPassword.of(password, email)


def add(session, email="ana@example.org", role=Role.COORDINATOR, *, password=PASSWORD, name="Ana Example"):
    account = operations.add_account(session, email, role, by=None, at=NOON, name=name)
    if password:
        token = operations.invite(session, account, by=None, at=NOON)
        operations.choose_password(session, token, new(password), at=NOON)
    session.commit()
    return account


def sign_in(session, account, *, at=NOON):
    token = operations.sign_in(session, account.id, device="Firefox on Linux", at=at)
    session.commit()
    return token


def deeds(session):
    return list(session.scalars(sa.select(AuditEvent.deed).order_by(AuditEvent.id)))


def test_an_e_mail_has_one_account_however_it_is_written(session):
    add(session, "Ana@Example.org", password=None)

    with pytest.raises(ConflictError, match="already"):
        operations.add_account(session, "ana@example.ORG", Role.COORDINATOR, by=None, at=NOON)
    assert queries.get_account_by_email(session, "ANA@example.org").email == "ana@example.org"
    with pytest.raises(NotFoundError, match="no account for ben@"):
        queries.get_account_by_email(session, "ben@example.org")


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "email", ["", "ana", "ana@", "@example.org", "ana@localhost", "a b@example.org", "\x00", "x" * 300]
)
def test_what_is_no_e_mail_gets_no_account(session, email):
    with pytest.raises(InvalidError, match="not an e-mail"):
        operations.add_account(session, email, Role.COORDINATOR, by=None, at=NOON)


def test_an_invitation_lets_a_person_choose_a_password_once(session):
    account = add(session, password=None, name="")
    token = operations.invite(session, account, by=None, at=NOON)
    session.commit()
    assert operations.find_account_to_sign_in(session, account.email, "") is None

    operations.choose_password(session, token, new(), name="Ana Example", at=NOON + HOUR)
    session.commit()

    assert operations.find_account_to_sign_in(session, "ANA@example.org", PASSWORD) == account.id
    assert account.name == "Ana Example"
    with pytest.raises(NotFoundError, match="used already"):
        operations.choose_password(session, token, new("another one of mine"), at=NOON + HOUR)
    with pytest.raises(ConflictError, match="has a password already"):
        operations.invite(session, account, by=None, at=NOON)
    assert deeds(session) == ["account.added", "account.invited", "account.password_chosen"]


def test_a_new_invitation_takes_the_place_of_the_one_before(session):
    account = add(session, password=None)
    old = operations.invite(session, account, by=None, at=NOON)
    newer = operations.invite(session, account, by=None, at=NOON)

    with pytest.raises(NotFoundError):
        tokens.get_link(session, old, NOON)
    assert tokens.get_link(session, newer, NOON).account_id == account.id


def test_a_link_dies_at_its_hour_and_only_its_hash_is_kept(session):
    account = add(session, password=None)
    token = operations.invite(session, account, by=None, at=NOON)
    week = timedelta(days=7)

    assert tokens.get_link(session, token, NOON + week - MINUTE).token_hash == sha256(token)
    for moment in (NOON + week, NOON + 2 * week):
        with pytest.raises(NotFoundError):
            tokens.get_link(session, token, moment)
        with pytest.raises(NotFoundError):
            tokens.use_link(session, token, at=moment)
    stored = session.execute(sa.select(OneTimeLink.__table__)).one()
    assert token not in map(str, stored)


def test_two_people_with_one_link_at_once_choose_one_password(engine):
    with Session(engine) as session:
        account_id = add(session, password=None).id
        token = operations.invite(session, session.get(Account, account_id), by=None, at=NOON)
        session.commit()

    def choose(password):
        with Session(engine) as session:
            try:
                with transaction(session) as writing:
                    operations.choose_password(writing, token, hashed[password], at=NOON)
            except NotFoundError:
                return None
            return password

    typed = [f"password of number {n}" for n in range(4)]
    hashed = {password: new(password) for password in typed}
    with ThreadPoolExecutor(4) as pool:
        chosen = [done for done in pool.map(choose, typed) if done]

    assert len(chosen) == 1
    with Session(engine) as session:
        assert operations.find_account_to_sign_in(session, "ana@example.org", chosen[0]) == account_id


@pytest.mark.sqlite
def test_no_operation_takes_a_password_that_will_not_do():
    with pytest.raises(InvalidError, match="at least 12"):
        new("too short")


def test_the_first_administrator_types_e_mail_and_password_at_the_link(session):
    link = operations.first_administrator_link(session, "https://services.example.org/", NOON)
    assert link.startswith("https://services.example.org/sign-in/link/")
    token = link.rpartition("/")[2]

    account = operations.choose_password(session, token, new(), email="Ana@example.org", name="Ana", at=NOON)
    session.commit()

    assert (account.email, account.role) == ("ana@example.org", Role.ADMINISTRATOR)
    assert operations.find_account_to_sign_in(session, "ana@example.org", PASSWORD) == account.id
    assert operations.first_administrator_link(session, "", NOON) is None


def test_of_two_first_links_the_newer_works_until_there_is_an_administrator(session):
    old = operations.first_administrator_link(session, "", NOON).rpartition("/")[2]
    newer = operations.first_administrator_link(session, "", NOON).rpartition("/")[2]

    with pytest.raises(NotFoundError):
        operations.choose_password(session, old, new(), email="ana@example.org", at=NOON)
    add(session, "ben@example.org", Role.ADMINISTRATOR)
    with pytest.raises(ConflictError, match="administrator already"):
        operations.choose_password(session, newer, new(), email="ana@example.org", at=NOON)


def test_the_first_link_with_the_e_mail_of_somebody_invited_does_not_stumble(session):
    invited = add(session, password=None, name="")
    token = operations.first_administrator_link(session, "", NOON).rpartition("/")[2]

    account = operations.choose_password(session, token, new(), email="ana@example.org", at=NOON)

    assert (account.id, account.role) == (invited.id, Role.ADMINISTRATOR)


def test_signing_in_gives_a_fresh_token_each_time(session):
    account = add(session)

    first, second = sign_in(session, account), sign_in(session, account)

    assert first != second
    assert queries.find_session(session, first, NOON).account_id == account.id
    assert {row.token_hash for row in session.scalars(sa.select(SignedIn))} == {sha256(first), sha256(second)}


def test_a_session_ends_by_itself_after_what_policy_says(session):
    token = sign_in(session, add(session))

    assert queries.find_session(session, token, NOON + 59 * MINUTE)
    assert queries.find_session(session, token, NOON + 60 * MINUTE) is None
    policy.change(session, "session_idle_minutes", 1440, by=None, at=NOON)
    assert queries.find_session(session, token, NOON + 12 * HOUR - MINUTE)
    assert queries.find_session(session, token, NOON + 12 * HOUR) is None


def test_sessions_end_one_by_one_or_all_but_this(session):
    account, other = add(session), add(session, "ben@example.org")
    mine = [sign_in(session, account, at=NOON + n * MINUTE) for n in range(4)]
    theirs = sign_in(session, other)
    rows = [queries.find_session(session, token, NOON + 4 * MINUTE) for token in mine]
    assert [row.id for row in queries.list_sessions(session, account.id, NOON + 4 * MINUTE)] == [
        row.id for row in reversed(rows)
    ]

    assert operations.end_session(session, account.id, rows[0].id, by=account.id, at=NOON)
    assert not operations.end_session(session, other.id, rows[1].id, by=other.id, at=NOON)
    assert operations.end_sessions(session, account.id, by=account.id, at=NOON, but=rows[3].id) == 2

    is_open = [bool(queries.find_session(session, token, NOON)) for token in [*mine, theirs]]
    assert is_open == [False, False, False, True, True]


def test_a_closed_account_is_out_at_once_and_cannot_come_back(session):
    add(session, "ben@example.org", Role.ADMINISTRATOR)
    account = add(session)
    token = sign_in(session, account)
    link = operations.recover(session, account, by=None, at=NOON)

    operations.deactivate(session, account, by=None, at=NOON)
    session.commit()

    assert queries.find_session(session, token, NOON) is None
    assert operations.find_account_to_sign_in(session, account.email, PASSWORD) is None
    for deed in (
        lambda: operations.sign_in(session, account.id, device="", at=NOON),
        lambda: operations.invite(session, account, by=None, at=NOON),
        lambda: operations.recover(session, account, by=None, at=NOON),
    ):
        with pytest.raises(ConflictError, match="closed"):
            deed()
    with pytest.raises(NotFoundError):
        operations.choose_password(session, link, new(), at=NOON)


def test_the_last_administrator_cannot_be_closed(session):
    first = add(session, role=Role.ADMINISTRATOR)
    add(session, "invited@example.org", Role.ADMINISTRATOR, password=None)

    with pytest.raises(ConflictError, match="last administrator"):
        operations.deactivate(session, first, by=None, at=NOON)
    add(session, "ben@example.org", Role.ADMINISTRATOR)
    operations.deactivate(session, first, by=None, at=NOON)
    assert not first.is_active


def test_recovery_voids_the_password_ends_sessions_and_gives_a_link(session):
    account = add(session)
    token = sign_in(session, account)

    link = operations.recover(session, account, by=None, at=NOON)
    session.commit()

    assert queries.find_session(session, token, NOON) is None
    assert operations.find_account_to_sign_in(session, account.email, PASSWORD) is None
    operations.choose_password(session, link, new("another one of mine"), at=NOON)
    session.commit()
    assert operations.find_account_to_sign_in(session, account.email, "another one of mine") == account.id
    assert account.name == "Ana Example"


def test_from_one_place_only_five_tries_in_five_minutes_and_twenty_a_day(session):
    def attempt(at):
        with transaction(session) as writing:
            return operations.count_try(writing, " ANA@example.org", "192.0.2.7", at=at)

    assert [attempt(NOON) for _ in range(6)] == [None] * 5 + [5 * MINUTE]
    later = [[attempt(NOON + n * 5 * MINUTE) for _ in range(5)] for n in range(1, 5)]
    assert later == [[None] * 5] * 3 + [[timedelta(days=1)] * 5]
    assert attempt(NOON + timedelta(days=1)) is None


def test_one_network_address_cannot_try_every_account(session):
    def attempt(number, network="192.0.2.7"):
        with transaction(session) as writing:
            return operations.count_try(writing, f"person{number}@example.org", network, at=NOON)

    assert [attempt(number) for number in range(61)] == [None] * 60 + [5 * MINUTE]
    assert attempt(61, "192.0.2.8") is None


def test_who_signs_in_has_her_tries_back(session):
    account = add(session)
    for _ in range(5):
        operations.count_try(session, account.email, "192.0.2.7", at=NOON)

    operations.forget_tries(session, account.id, account.email, "192.0.2.7", at=NOON)

    assert operations.count_try(session, account.email, "192.0.2.7", at=NOON) is None


def test_the_audit_holds_no_e_mail_and_no_name(session):
    account = add(session)
    sign_in(session, account)
    operations.recover(session, account, by=None, at=NOON)

    rows = str(session.execute(sa.select(AuditEvent.__table__)).all())
    assert "ana" not in rows.lower().replace("organization", "")
    assert "account.signed_in" in rows
