"""What the templates of the administrators' pages about accounts are given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from services_dir.accounts.forms import (
    InviteForm,
    RoleForm,
)
from services_dir.accounts.models import Account, LinkPurpose, Role
from services_dir.accounts.pages.times import ago
from services_dir.accounts.rules import LINK_LASTS
from services_dir.errors import N_
from services_dir.values import Labelled
from services_dir.web.forms import WorkspaceForm


class Standing(Labelled):
    """How an account stands, in a word."""

    ACTIVE = "active", N_("Active")
    INVITED = "invited", N_("Invited")
    LAPSED = "lapsed", N_("Link too old")
    CLOSED = "closed", N_("Closed")


@dataclass(frozen=True)
class AccountLine:
    """One account in the administrators' list."""

    id: int
    name: str
    email: str
    role: Role
    standing: Standing
    has_second_factor: bool
    link_ends: str | None
    seen: str | None

    @classmethod
    def build(
        cls, row: Account, *, until: datetime | None, seen: datetime | None, at: datetime
    ) -> AccountLine:
        """Give the line for an account; `until` is when its link ends, `seen` when it was last used."""
        return cls(
            id=row.id,
            name=row.name,
            email=row.email,
            role=row.role,
            standing=_standing(row, until),
            has_second_factor=row.totp_secret is not None,
            link_ends=None if until is None else ago(until, at),
            seen=None if seen is None else ago(seen, at),
        )


def _standing(row: Account, until: datetime | None) -> Standing:
    if not row.is_active:
        return Standing.CLOSED
    if row.password_hash is not None:
        return Standing.ACTIVE
    return Standing.LAPSED if until is None else Standing.INVITED


@dataclass(frozen=True)
class PeoplePage:
    """All accounts, and the form to invite somebody."""

    title: str
    accounts: Sequence[AccountLine]
    form: InviteForm


@dataclass(frozen=True)
class PersonPage:
    """One account, and what an administrator can do about it."""

    title: str
    account: AccountLine
    role_form: RoleForm
    button: WorkspaceForm
    is_own: bool

    @property
    def is_invited(self) -> bool:
        """Tell whether the person has still to choose a password."""
        return self.account.standing in (Standing.INVITED, Standing.LAPSED)


@dataclass(frozen=True)
class NewLinkPage:
    """A one-time link that was just made, on its way by mail.

    `link` shows it, this once: None for a recovery that a mail server takes along, so that nobody can open
    the account of a colleague by a link on her own screen.
    """

    title: str
    link: str | None
    is_mailed: bool
    email: str
    days: int
    account_id: int
    is_recovery: bool

    @classmethod
    def build(cls, link: str, account: Account, purpose: LinkPurpose, *, is_mailed: bool) -> NewLinkPage:
        """Give the page for a link; `is_mailed` tells whether there is a mail server."""
        is_hidden = is_mailed and purpose is LinkPurpose.RECOVERY
        return cls(
            title=_("A link for one person"),
            link=None if is_hidden else link,
            is_mailed=is_mailed,
            email=account.email,
            days=LINK_LASTS[purpose].days,
            account_id=account.id,
            is_recovery=purpose is LinkPurpose.RECOVERY,
        )
