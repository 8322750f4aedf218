"""Pure decisions of moderation: states, who may decide, and bringing a submission up to date."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
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
from services_dir.moderation.models import Decision
from services_dir.submissions.models import SubmissionState

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
    contact_check: str | None = None


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
