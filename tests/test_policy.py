"""Policy: declared defaults, bounds, and a record of each change."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from services_dir import policy
from services_dir.audit import AuditEvent
from services_dir.errors import InvalidError

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_a_setting_nobody_changed_has_its_default(session):
    assert policy.get(session, "api_requests_per_minute") == 1200
    assert (policy.get(session, "review_days_change"), policy.get(session, "review_days_new")) == (3, 7)


def test_a_changed_setting_holds_and_the_audit_names_it(session):
    policy.change(session, "claim_hours", 8, by=7, at=NOON)
    policy.change(session, "claim_hours", 12, by=7, at=NOON)
    session.commit()

    assert policy.get(session, "claim_hours") == 12
    entries = session.scalars(sa.select(AuditEvent)).all()
    assert [(entry.deed, entry.by_account_id, entry.fields) for entry in entries] == [
        ("policy.changed", 7, ["claim_hours"])
    ] * 2


@pytest.mark.parametrize("value", [0, 73, -1, 2.5, "4", None, True, [4], 10**30])
@pytest.mark.sqlite
def test_a_value_outside_its_bounds_changes_nothing(session, value):
    with pytest.raises(InvalidError, match="whole number from 1 to 72"):
        policy.change(session, "claim_hours", value, by=7, at=NOON)

    assert policy.get(session, "claim_hours") == policy.SETTINGS["claim_hours"].default


@pytest.mark.sqlite
def test_an_unknown_setting_is_refused(session):
    with pytest.raises(InvalidError, match="no such setting"):
        policy.change(session, "colour", 1, by=7, at=NOON)
    with pytest.raises(KeyError):
        policy.get(session, "colour")


def test_every_default_lies_within_its_own_bounds():
    for setting in policy.SETTINGS.values():
        assert setting.checked(setting.default) == setting.default
        assert setting.label
