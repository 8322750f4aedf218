"""Pure decisions of moderation: states, who may decide, and bringing a submission up to date."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from services_dir.catalog.draft import Draft, OrganizationDraft, ProgramDraft, from_builtins, to_builtins
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

    Then its address would stay in former versions, because only a place that becomes confidential has its
    address removed from the past.
    """
    if not (isinstance(old, ProgramDraft) and isinstance(new, ProgramDraft)):
        return False
    before, after = {site.id for site in old.sites}, {site.id for site in new.sites}
    goes = any(site.visibility is Visibility.PUBLIC and site.id not in after for site in old.sites)
    comes = any(site.visibility is Visibility.AREA_ONLY and site.id not in before for site in new.sites)
    return goes and comes


def rebase(base: Draft, current: Draft, proposed: Draft) -> Rebased:
    """Put what a sender changed since `base` on top of `current`; where both changed, the sender's stays."""
    old, now, new = to_builtins(base), to_builtins(current), to_builtins(proposed)
    changed = {name for name in new if new[name] != old.get(name)}
    conflicts = sorted(name for name in changed if now[name] not in (old.get(name), new[name]))
    merged = {name: new[name] if name in changed else now[name] for name in now}
    if isinstance(proposed, ProgramDraft):
        return Rebased(from_builtins(merged, ProgramDraft), tuple(conflicts))
    return Rebased(from_builtins(merged, OrganizationDraft), tuple(conflicts))
