"""Who did what, when: ids and field names only, never a name, a mail, an address or free text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import DDL, JSON, String, event
from sqlalchemy.orm import Mapped, Session, mapped_column

from services_dir.db import Base

# Words of the code such as "account.added", "submission" or "phones.0.number": no room for a sentence.
_WORD = re.compile(r"[a-z][a-z0-9_]*(?:[-./][a-z0-9_]+)*")
_LONGEST = 80

_REFUSED: Final = "the audit is append-only"

# The database refuses every change of the past. A migration executes these texts; `create_all` does too.
# SQLite needs the third one because INSERT OR REPLACE removes a row without asking a DELETE trigger.
APPEND_ONLY: Final[dict[str, tuple[str, ...]]] = {
    "sqlite": (
        "CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_event "
        f"BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END",
        "CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event "
        f"BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END",
        "CREATE TRIGGER audit_event_no_replace BEFORE INSERT ON audit_event "
        "WHEN EXISTS (SELECT 1 FROM audit_event WHERE id = NEW.id) "
        f"BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END",
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_REFUSED}'; END $$",
        "CREATE TRIGGER audit_event_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()",
    ),
}


class AuditEvent(Base):
    """One deed. Without foreign keys: it must outlive whatever it speaks of."""

    __tablename__ = "audit_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    by_account_id: Mapped[int | None] = mapped_column(index=True)  # None: the program itself, or no account
    deed: Mapped[str] = mapped_column(String(_LONGEST))
    kind: Mapped[str] = mapped_column(String(_LONGEST))
    subject_id: Mapped[int | None]
    fields: Mapped[list[str]] = mapped_column(JSON)


for _dialect, _statements in APPEND_ONLY.items():
    for _statement in _statements:
        event.listen(AuditEvent.__table__, "after_create", DDL(_statement).execute_if(dialect=_dialect))


def record(
    session: Session,
    deed: str,
    *,
    kind: str,
    subject: int | None,
    by: int | None,
    at: datetime,
    fields: Sequence[str] = (),
) -> AuditEvent:
    """Write down a deed in the transaction that does it.

    `deed` is what was done ("account.added"), `kind` and `subject` the table's word and the row's id,
    `fields` the names of what changed. Raises ValueError if one of them is not a word of the code.
    """
    entry = make_entry(deed, kind=kind, subject=subject, by=by, at=at, fields=fields)
    session.add(entry)
    return entry


def make_entry(
    deed: str,
    *,
    kind: str,
    subject: int | None,
    by: int | None,
    at: datetime,
    fields: Sequence[str] = (),
) -> AuditEvent:
    """Make what is written down of a deed, for many that are inserted at once; as `record` otherwise."""
    return AuditEvent(
        at=at,
        by_account_id=by,
        deed=_word(deed),
        kind=_word(kind),
        subject_id=subject,
        fields=[_word(name) for name in fields],
    )


def _word(text: str) -> str:
    word = str(text)
    if len(word) > _LONGEST or not _WORD.fullmatch(word):
        raise ValueError("the audit takes words of the code only, no free text")
    return word
