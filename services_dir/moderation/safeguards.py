"""What must be true before something is approved: how it was checked, by whom, and by how many.

A trafficker can send in a false shelter, so what leads people somewhere (a phone, a website, who runs it) is
checked against a source found without the sender's help before it is published.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from services_dir.catalog.draft import Draft, OrganizationDraft, PhoneDraft, ProgramDraft
from services_dir.catalog.kinds import PhoneKind, Visibility
from services_dir.catalog.similar import hosts_of, numbers_of
from services_dir.errors import N_
from services_dir.values import Labelled


class Lead(Labelled):
    """What a change leads people to that was not published before."""

    ORGANIZATION = "organization", N_("a new organization")
    PHONE = "phone", N_("a new or changed phone number")
    WEBSITE = "website", N_("a new or changed website")
    HOTLINE = "hotline", N_("the number of a hotline")
    PLACE = "place", N_("a confidential place that becomes public")


class Criterion(Labelled):
    """A point of the inclusion policy, as a reviewer ticks it."""

    HELPS = "helps", N_("It helps people who were trafficked or exploited, or gives help they often need.")
    REACHABLE = "reachable", N_("People here can use it: in person, by phone or online.")
    ANSWERED_FOR = "answered_for", N_("A public agency, a nonprofit or another known body answers for it.")
    SOURCED = "sourced", N_("A public source or the program itself says what it does.")
    HARMLESS = "harmless", N_("Nothing suggests that it harms or cheats people who come to it.")
    WANTED = "wanted", N_("It does not ask to be left out.")


@dataclass(frozen=True)
class ContactCheck:
    """How the contact was checked: where it was found without the sender's help, who answered there, when."""

    source: str = ""
    answered_by: str = ""  # a role, no name
    on: date | None = None

    @property
    def is_complete(self) -> bool:
        """Tell whether all three are said."""
        return bool(self.source.strip() and self.answered_by.strip() and self.on)


def leads_to_check(old: Draft | None, new: Draft) -> list[Lead]:
    """List what of a change has to be checked with a source found without the sender's help."""
    leads = []
    if _has_new_organization(old, new):
        leads.append(Lead.ORGANIZATION)
    if numbers_of(new) - (numbers_of(old) if old else frozenset()):
        leads.append(Lead.PHONE)
    if hosts_of(new) - (hosts_of(old) if old else frozenset()):
        leads.append(Lead.WEBSITE)
    if hotlines_of(new) - hotlines_of(old):
        leads.append(Lead.HOTLINE)
    return leads


def leads_for_two(old: Draft | None, new: Draft) -> list[Lead]:
    """List what of a change has to be approved by two people."""
    leads = []
    if hotlines_of(new) - hotlines_of(old):
        leads.append(Lead.HOTLINE)
    if _uncovers(old, new):
        leads.append(Lead.PLACE)
    return leads


def hotlines_of(draft: Draft | None) -> frozenset[str]:
    """Give the numbers that a draft calls hotlines."""
    return frozenset(phone.number for phone in _phones(draft) if phone.kind is PhoneKind.HOTLINE)


def _phones(draft: Draft | None) -> list[PhoneDraft]:
    if draft is None:
        return []
    if isinstance(draft, OrganizationDraft):
        return [*draft.phones]
    of_new = draft.new_organization.phones if draft.new_organization is not None else ()
    return [*draft.phones, *of_new, *(phone for site in draft.sites for phone in site.phones)]


def _has_new_organization(old: Draft | None, new: Draft) -> bool:
    if isinstance(new, OrganizationDraft):
        return old is None
    is_moved = isinstance(old, ProgramDraft) and old.organization != new.organization
    return new.new_organization is not None or is_moved


def _uncovers(old: Draft | None, new: Draft) -> bool:
    """Tell whether a confidential place becomes public, or goes while a public one comes: maybe the same."""
    if not (isinstance(old, ProgramDraft) and isinstance(new, ProgramDraft)):
        return False
    hidden = {site.id for site in old.sites if site.visibility is Visibility.AREA_ONLY}
    before, after = {site.id for site in old.sites}, {site.id for site in new.sites}
    public = {site.id for site in new.sites if site.visibility is Visibility.PUBLIC}
    return bool(hidden & public) or bool(hidden - after and public - before)
