"""What administrators do with the vocabularies and the policy. Callers open the transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from services_dir import audit, policy
from services_dir.catalog import freshness
from services_dir.catalog.kinds import ChangeKind
from services_dir.catalog.models import Term, TermLabel
from services_dir.catalog.operations import record_change


def change_term(
    session: Session,
    term: Term,
    *,
    labels: Mapping[str, str],
    position: int,
    is_retired: bool,
    by: int,
    at: datetime,
) -> list[str]:
    """Change labels, place and whether a term is offered; give the names of what changed.

    Followers take up the new words. A term is never deleted: what uses it keeps it.
    """
    known = {label.language: label for label in term.labels}
    changed = [
        f"label.{language}"
        for language, text in labels.items()
        if text and (language not in known or known[language].label != text)
    ]
    for language, text in labels.items():
        if text and language in known:
            known[language].label = text
        elif text:
            term.labels.append(TermLabel(language=language, label=text))
    if term.position != position:
        term.position = position
        changed.append("position")
    if (term.retired_on is not None) != is_retired:
        term.retired_on = at.date() if is_retired else None
        changed.append("retired")
    if changed:
        session.flush()
        record_change(session, ChangeKind.VOCABULARY, None, at)
        audit.record(session, "term.changed", kind="term", subject=term.id, by=by, at=at, fields=changed)
    return changed


def change_policy(session: Session, key: str, value: int, *, by: int, at: datetime) -> None:
    """Change a setting. Raises InvalidError for a value outside its bounds.

    Searches take up when a confirmation is too old, without a program being indexed again.
    """
    policy.change(session, key, value, by=by, at=at)
    if key in freshness.KEYS.values():
        record_change(session, ChangeKind.WORDS, None, at)
