"""The audit: words of the code only, and nothing of the past can be changed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from services_dir import audit
from services_dir.audit import AuditEvent

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def record(session, deed="account.added", **values):
    values = {"kind": "account", "subject": 3, "by": 7, "at": NOON, **values}
    entry = audit.record(session, deed, **values)
    session.commit()
    return entry


def test_an_entry_keeps_who_what_when_and_which_fields(session):
    record(session, fields=["name", "phones.0.number"])

    entry = session.scalars(sa.select(AuditEvent)).one()
    assert (entry.deed, entry.kind, entry.subject_id, entry.by_account_id) == (
        "account.added",
        "account",
        3,
        7,
    )
    assert entry.at == NOON
    assert entry.fields == ["name", "phones.0.number"]


@pytest.mark.parametrize(
    "text",
    [
        "Ana Example",
        "ana@example.org",
        "860-555-0100",
        "+18605550100",
        "",
        "12 Elm Street",
        "x" * 81,
        "Añadido",
    ],
)
@pytest.mark.parametrize("place", ["deed", "kind", "fields"])
@pytest.mark.sqlite
def test_free_text_is_refused_everywhere(session, text, place):
    values = {"fields": [text]} if place == "fields" else {place: text}

    with pytest.raises(ValueError, match="no free text"):
        record(session, **values)


@pytest.mark.parametrize(
    "change",
    ["update audit_event set deed = 'nothing'", "delete from audit_event", "update audit_event set id = 9"],
)
def test_the_database_refuses_to_change_the_past(session, change):
    record(session)

    with pytest.raises(DBAPIError, match="append-only"):
        session.execute(sa.text(change))
    session.rollback()
    assert session.scalars(sa.select(AuditEvent.deed)).one() == "account.added"


@pytest.mark.postgres
def test_postgresql_refuses_to_empty_the_table(session):
    record(session)

    with pytest.raises(DBAPIError, match="append-only"):
        session.execute(sa.text("truncate audit_event"))


@pytest.mark.sqlite
def test_sqlite_refuses_to_replace_an_entry(session):
    entry = record(session)
    replacing = sa.insert(AuditEvent).prefix_with("OR REPLACE")

    with pytest.raises(DBAPIError, match="append-only"):
        session.execute(replacing.values(id=entry.id, at=NOON, deed="nothing", kind="account", fields=[]))


def test_an_entry_is_written_with_the_deed_or_not_at_all(session):
    audit.record(session, "account.added", kind="account", subject=1, by=None, at=NOON)
    session.rollback()

    assert session.scalars(sa.select(AuditEvent)).all() == []
