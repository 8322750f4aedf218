"""Second factors on both databases: each code is good once, whoever else tries at the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from services_dir.accounts import operations, queries, sealing, totp
from services_dir.accounts.models import Account, Passkey, RecoveryCode, SignedIn
from services_dir.audit import AuditEvent
from services_dir.db import transaction
from tests.support.factories import make_account

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
STEP = timedelta(seconds=30)
MINUTE = timedelta(minutes=1)
KEY = "a key that only this test knows, long enough"


def begin(session, account, *, at=NOON):
    """Begin a session with the password, and give its row and the secret it offers."""
    token = operations.begin_session(session, account.id, device="test", key=KEY, at=at)
    session.commit()
    row = queries.find_unconfirmed(session, token, at)
    return row, sealing.unseal(row.pending_secret, KEY)


def with_app(session, **values):
    """Make an account with an app, and give it with the app's secret."""
    account = make_account(session, **values)
    secret = totp.new_secret()
    with transaction(session):
        account = session.get(Account, account.id)
        account.totp_secret = sealing.seal(secret, KEY)
    return account, secret


def code(secret, at=NOON):
    return totp.code_at(secret, totp.step_at(at))


def check(session, account, typed, *, at=NOON, key=KEY):
    with transaction(session) as writing:
        return operations.check_app_code(writing, account.id, typed, key=key, at=at)


def test_a_code_is_good_once_and_a_clock_may_be_wrong_by_one_step(session):
    account, secret = with_app(session)

    assert not check(session, account, code(secret, NOON - 2 * STEP))
    assert check(session, account, code(secret, NOON - STEP))
    assert not check(session, account, code(secret, NOON - STEP))
    assert check(session, account, code(secret, NOON + STEP))
    assert not check(session, account, code(secret, NOON))  # older than one that was used
    assert not check(session, account, code(secret, NOON + 2 * STEP))
    assert check(session, account, code(secret, NOON + 2 * STEP), at=NOON + 2 * STEP)


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "typed", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "12\x003456", "-1", "9" * 5000]
)
def test_whatever_is_no_code_is_wrong(session, typed):
    account, _secret = with_app(session)

    assert not check(session, account, typed)


@pytest.mark.sqlite
def test_a_code_may_be_typed_with_a_space(session):
    account, secret = with_app(session)
    digits = code(secret)

    assert check(session, account, f" {digits[:3]} {digits[3:]} ")


def test_of_two_people_with_one_code_at_once_one_comes_in(engine):
    with Session(engine) as session:
        account, secret = with_app(session)
        account_id = account.id

    def attempt(_number):
        with Session(engine) as session, transaction(session) as writing:
            return operations.check_app_code(writing, account_id, code(secret), key=KEY, at=NOON)

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(attempt, range(4))) == [False, False, False, True]


@pytest.mark.sqlite
def test_the_secret_cannot_be_read_from_the_database_and_not_with_another_key(session, home):
    account, secret = with_app(session)
    session.commit()

    raw = b"".join(file.read_bytes() for file in home.glob("services.sqlite*"))
    assert secret.encode() not in raw
    assert not check(session, account, code(secret), key="another key, which is also long enough")
    assert check(session, account, code(secret))


def test_setting_up_an_app_needs_its_code_and_ends_all_other_sessions(session):
    account = make_account(session)
    operations.sign_in(session, account.id, device="elsewhere", at=NOON)
    row, secret = begin(session, account)

    with transaction(session) as writing:
        assert not operations.set_up_app(writing, account.id, row.id, "000000", key=KEY, at=NOON)
    assert session.get(Account, account.id).totp_secret is None
    with transaction(session) as writing:
        assert operations.set_up_app(writing, account.id, row.id, code(secret), key=KEY, at=NOON)

    assert sealing.unseal(session.get(Account, account.id).totp_secret, KEY) == secret
    assert [left.id for left in session.scalars(sa.select(SignedIn))] == [row.id]
    assert session.get(SignedIn, row.id).pending_secret is None
    assert not check(session, account, code(secret)), "the code that set it up was used"
    assert "account.app_set_up" in set(session.scalars(sa.select(AuditEvent.deed)))


def test_of_two_who_know_the_password_only_the_first_sets_up_an_app(session):
    account = make_account(session)
    first, secret = begin(session, account)
    second, other_secret = begin(session, account)
    second_id = second.id
    with transaction(session) as writing:
        assert operations.set_up_app(writing, account.id, first.id, code(secret), key=KEY, at=NOON)

    with transaction(session) as writing:
        assert not operations.set_up_app(writing, account.id, second_id, code(other_secret), key=KEY, at=NOON)
    assert sealing.unseal(session.get(Account, account.id).totp_secret, KEY) == secret


@pytest.mark.sqlite
def test_a_password_alone_never_replaces_an_app(session):
    account, secret = with_app(session)
    row, offered = begin(session, account)
    assert offered is None
    with transaction(session) as writing:
        new = operations.offer_app(writing, row.id, key=KEY)

    with transaction(session) as writing:
        assert not operations.set_up_app(writing, account.id, row.id, code(new), key=KEY, at=NOON)
    assert check(session, account, code(secret))


@pytest.mark.sqlite
def test_a_session_without_its_second_factor_opens_nothing_and_ends_soon(session):
    account = make_account(session)
    token = operations.begin_session(session, account.id, device="test", key=KEY, at=NOON)

    assert queries.find_session(session, token, NOON) is None
    assert queries.list_sessions(session, account.id, NOON) == []
    assert queries.find_unconfirmed(session, token, NOON + 29 * MINUTE)
    assert queries.find_unconfirmed(session, token, NOON + 30 * MINUTE) is None


def test_ten_recovery_codes_are_good_once_each_and_kept_as_hashes(session):
    account, other = make_account(session), make_account(session)
    with transaction(session) as writing:
        codes = operations.make_recovery_codes(writing, account.id, at=NOON)
    assert len(set(codes)) == 10
    stored = str(session.execute(sa.select(RecoveryCode.__table__)).all())
    assert not any(one in stored or one.replace("-", "") in stored for one in codes)

    def use(person, typed):
        with transaction(session) as writing:
            return operations.use_recovery_code(writing, person.id, typed, at=NOON)

    assert not use(other, codes[0])
    assert use(account, codes[0])
    assert not use(account, codes[0])
    assert use(account, f" {codes[1].upper().replace('-', ' ')} ")
    assert not use(account, "")
    assert queries.count_recovery_codes(session, account.id) == 8


def test_new_recovery_codes_take_the_place_of_those_before(session):
    account = make_account(session)
    with transaction(session) as writing:
        old = operations.make_recovery_codes(writing, account.id, at=NOON)
        new = operations.make_recovery_codes(writing, account.id, at=NOON)

    with transaction(session) as writing:
        assert not operations.use_recovery_code(writing, account.id, old[3], at=NOON)
        assert operations.use_recovery_code(writing, account.id, new[3], at=NOON)


def test_of_two_people_with_one_recovery_code_at_once_one_comes_in(engine):
    with Session(engine) as session:
        account_id = make_account(session).id
        with transaction(session) as writing:
            codes = operations.make_recovery_codes(writing, account_id, at=NOON)

    def attempt(_number):
        with Session(engine) as session, transaction(session) as writing:
            return operations.use_recovery_code(writing, account_id, codes[0], at=NOON)

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(attempt, range(4))) == [False, False, False, True]


def test_recovery_takes_every_factor_and_every_session_at_once(session):
    account, _secret = with_app(session, password="two words of mine")
    with transaction(session) as writing:
        operations.make_recovery_codes(writing, account.id, at=NOON)
        writing.add(
            Passkey(
                account_id=account.id,
                credential_id="a",
                public_key=b"b",
                sign_count=0,
                name="c",
                made_at=NOON,
            )
        )
        operations.sign_in(writing, account.id, device="test", at=NOON)
        operations.begin_session(writing, account.id, device="test", key=KEY, at=NOON)

    with transaction(session) as writing:
        operations.recover(writing, writing.get(Account, account.id), by=None, at=NOON)

    fresh = session.get(Account, account.id)
    assert (fresh.password_hash, fresh.totp_secret) == (None, None)
    for table in (RecoveryCode, Passkey, SignedIn):
        assert session.scalars(sa.select(table)).all() == []
