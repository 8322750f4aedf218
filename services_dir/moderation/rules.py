"""Pure decisions of moderation: states, who may decide, and bringing a submission up to date."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from services_dir.catalog.draft import (
    Document,
    Draft,
    OrganizationDraft,
    ProgramDraft,
    from_builtins,
    to_builtins,
)
from services_dir.catalog.kinds import Visibility
from services_dir.moderation.models import Decision, RejectReason
from services_dir.moderation.safeguards import ContactCheck, Criterion
from services_dir.submissions.models import SubmissionState
from services_dir.values import fold

# The one state in which a decision is awaited.
AWAITS_REVIEW = SubmissionState.PENDING
_AFTER = {
    Decision.APPROVE: SubmissionState.APPROVED,
    Decision.REQUEST_CHANGES: SubmissionState.CHANGES_REQUESTED,
    Decision.REJECT: SubmissionState.REJECTED,
}


@dataclass(frozen=True)
class Verdict:
    """What a reviewer says, and what she was looking at: a revision, and the published version."""

    decision: Decision
    note: str
    seen_revision: int
    seen_version: int | None = None
    questions: dict[str, str] = field(default_factory=dict)
    check: ContactCheck = field(default_factory=ContactCheck)
    criteria: frozenset[Criterion] = frozenset()  # those that were ticked
    reason: RejectReason | None = None
    accepted: frozenset[str] | None = None  # paths of the changes to publish; None for all


@dataclass(frozen=True)
class Rebased:
    """A submission on top of the newest published version; fields changed on both sides are named."""

    draft: Draft
    conflicts: tuple[str, ...]


def state_after(decision: Decision) -> SubmissionState:
    """Give the state a decision leads to."""
    return _AFTER[decision]


def is_claimed_by_other(
    claimed_by: int | None, claimed_until: datetime | None, by: int | None, at: datetime
) -> bool:
    """Tell whether somebody else is reading it and the claim has not run out."""
    return claimed_by is not None and claimed_by != by and claimed_until is not None and claimed_until > at


def working_days_before(at: datetime, days: int) -> datetime:
    """Give the moment that lies so many working days, Monday to Friday, before another."""
    while days > 0:
        at -= timedelta(days=1)
        days -= at.weekday() < 5
    return at


def working_days_between(start: datetime, end: datetime) -> int:
    """Count the whole working days, Monday to Friday, from one moment to a later one."""
    whole = (end - start).days
    weeks, rest = divmod(max(whole, 0), 7)
    return weeks * 5 + sum((start + timedelta(days=day)).weekday() < 5 for day in range(1, rest + 1))


def is_own(
    entered_by: int | None, emails: Collection[str | None], account_id: int, account_email: str
) -> bool:
    """Tell whether an account entered something, or is its contact by mail."""
    return entered_by == account_id or fold(account_email) in {fold(mail) for mail in emails if mail}


def can_be_asked(token_hash: str | None, email: str | None) -> bool:
    """Tell whether a sender can answer: first data, imports and coordinators have no page of their own."""
    return token_hash is not None or email is not None


def with_check(verdict: Verdict, source: str | None, answered_by: str | None, on: date | None) -> Verdict:
    """Give a verdict with the check that somebody else recorded."""
    return replace(verdict, check=ContactCheck(source or "", answered_by or "", on))


def hides_by_replacing(old: Draft | None, new: Draft) -> bool:
    """Tell whether a public place goes and a confidential one comes: perhaps the same, written anew.

    Then its address is removed from the past, which a reviewer should know before she approves it.
    """
    if not (isinstance(old, ProgramDraft) and isinstance(new, ProgramDraft)):
        return False
    before, after = {site.id for site in old.sites}, {site.id for site in new.sites}
    goes = any(site.visibility is Visibility.PUBLIC and site.id not in after for site in old.sites)
    comes = any(site.visibility is Visibility.AREA_ONLY and site.id not in before for site in new.sites)
    return goes and comes


def rebase(base: Draft, current: Draft, proposed: Draft) -> Rebased:
    """Put what a sender changed since `base` on top of `current`; where both changed, the sender's stays."""
    old, now, new = (_spread(to_builtins(draft)) for draft in (base, current, proposed))
    names = now.keys() | new.keys()
    changed = {name for name in names if new.get(name) != old.get(name)}
    conflicts = {name[0] for name in changed if now.get(name) not in (old.get(name), new.get(name))}
    both = {name: (new if name in changed else now).get(name) for name in names}
    merged = _gathered(both)
    if isinstance(proposed, ProgramDraft):
        return Rebased(from_builtins(merged, ProgramDraft), tuple(sorted(conflicts)))
    return Rebased(from_builtins(merged, OrganizationDraft), tuple(sorted(conflicts)))


def _spread(document: Document) -> dict[tuple[str, ...], Any]:
    """Give the values of a document by their names; each text of each language is one of them."""
    texts = document.get("texts", {})
    spread: dict[tuple[str, ...], Any] = {(name,): document[name] for name in document if name != "texts"}
    return spread | {
        ("texts", language, name): texts[language][name] for language in texts for name in texts[language]
    }


def _gathered(spread: dict[tuple[str, ...], Any]) -> Document:
    document: Document = {}
    for (name, *inner), value in spread.items():
        if not inner:
            document[name] = value
        elif value is not None:
            language, text = inner
            document.setdefault("texts", {}).setdefault(language, {})[text] = value
    if "texts" in document:  # of a language that one side took away only some texts may be left
        document["texts"] = {key: texts for key, texts in document["texts"].items() if "name" in texts}
    return document
