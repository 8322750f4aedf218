"""How often one may try, and who is kept out by it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from services_dir.accounts import operations
from services_dir.db import transaction

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MINUTES, HOUR, DAY = timedelta(minutes=5), timedelta(hours=1), timedelta(days=1)
EMAIL, HERE, ELSEWHERE = "ana@example.org", "192.0.2.7", "198.51.100.9"


def attempt(session, network, at=NOON, email=EMAIL):
    with transaction(session) as writing:
        return operations.count_try(writing, email, network, at=at)


def test_nobody_who_knows_an_e_mail_keeps_its_owner_out(session):
    assert [attempt(session, HERE) for _ in range(6)] == [None] * 5 + [MINUTES]

    assert attempt(session, ELSEWHERE) is None


def test_from_many_networks_together_an_account_may_be_tried_a_hundred_times_an_hour(session):
    tries = [attempt(session, f"198.51.100.{number // 4}") for number in range(101)]

    assert tries == [None] * 100 + [HOUR]
    assert attempt(session, ELSEWHERE, NOON + HOUR) is None
    with transaction(session) as writing:
        assert operations.count_passkey_try(writing, HERE, at=NOON) is None, "a passkey is not stopped by it"
        assert operations.count_proof_try(writing, 7, at=NOON) is None, "and an open session neither"


def test_one_line_of_the_network_counts_once_however_many_addresses_it_has(session):
    tries = [attempt(session, f"2001:db8:1:2::{number:x}") for number in range(6)]

    assert tries == [None] * 5 + [MINUTES]
    assert attempt(session, "2001:db8:1:3::1") is None


def test_a_mapped_address_is_the_address_itself(session):
    assert [attempt(session, HERE) for _ in range(5)] == [None] * 5

    assert attempt(session, f"::ffff:{HERE}") == MINUTES


@pytest.mark.parametrize(
    "count", [operations.count_code_try, operations.count_recovery_try], ids=["app", "recovery"]
)
def test_codes_are_counted_for_a_place_and_for_an_account(session, count):
    def attempt(network, at=NOON):
        with transaction(session) as writing:
            return count(writing, 7, network, at=at)

    assert [attempt(HERE) for _ in range(6)] == [None] * 5 + [MINUTES]
    elsewhere = [attempt(f"198.51.100.{number // 5}") for number in range(56)]
    assert elsewhere == [None] * 55 + [DAY]


def test_what_was_counted_is_forgotten_for_the_place_where_she_came_in(session):
    for _ in range(5):
        attempt(session, HERE)
        attempt(session, ELSEWHERE)
    with transaction(session) as writing:
        operations.forget_tries(writing, 7, EMAIL, HERE, at=NOON)

    assert attempt(session, HERE) is None
    assert attempt(session, ELSEWHERE) == MINUTES


def test_the_password_given_again_is_counted_for_its_session_alone(session):
    def attempt(session_id):
        with transaction(session) as writing:
            return operations.count_proof_try(writing, session_id, at=NOON)

    assert [attempt(1) for _ in range(6)] == [None] * 5 + [MINUTES]
    assert attempt(2) is None
