"""What the templates of one's own account are given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from services_dir.accounts.forms import (
    OwnPasswordForm,
    ProfileForm,
)
from services_dir.accounts.models import Passkey, Role, SignedIn
from services_dir.accounts.pages.signing_in import PasskeyButton
from services_dir.accounts.pages.times import ago
from services_dir.web.forms import WorkspaceForm


@dataclass(frozen=True)
class SessionLine:
    """One session in the list."""

    id: int
    device: str
    began: str
    used: str
    is_this_one: bool


@dataclass(frozen=True)
class SessionsPage:
    """The sessions of the account that is signed in."""

    title: str
    sessions: Sequence[SessionLine]
    form: WorkspaceForm

    @property
    def has_others(self) -> bool:
        """Tell whether there is a session besides this one."""
        return any(not line.is_this_one for line in self.sessions)

    @classmethod
    def build(cls, rows: Sequence[SignedIn], *, this_one: int, at: datetime) -> SessionsPage:
        """Give the page for the sessions of an account; times as "2 hours ago", which need no time zone."""
        lines = [
            SessionLine(
                id=row.id,
                device=row.device or _("Unknown browser"),
                began=ago(row.started_at, at),
                used=ago(row.seen_at, at),
                is_this_one=row.id == this_one,
            )
            for row in rows
        ]
        return cls(_("Where you are signed in"), lines, WorkspaceForm(None))


@dataclass(frozen=True)
class PasskeyLine:
    """One passkey in the list."""

    id: int
    name: str
    made: str
    used: str | None

    @classmethod
    def build(cls, row: Passkey, at: datetime) -> PasskeyLine:
        """Give the line for a passkey."""
        return cls(row.id, row.name, ago(row.made_at, at), ago(row.used_at, at) if row.used_at else None)


@dataclass(frozen=True)
class OwnPage:
    """One's own account."""

    title: str
    email: str
    role: Role
    profile: ProfileForm
    codes_left: int
    passkeys: Sequence[PasskeyLine]
    sessions: int

    @property
    def is_short_of_codes(self) -> bool:
        """Tell whether it is time to make new recovery codes."""
        return self.codes_left <= 3


@dataclass(frozen=True)
class OwnPasswordPage:
    """Changing one's own password."""

    title: str
    form: OwnPasswordForm

    @classmethod
    def build(cls, form: OwnPasswordForm) -> OwnPasswordPage:
        """Give the page for a form, empty or as it was sent."""
        return cls(_("Change your password"), form)


@dataclass(frozen=True)
class PasskeysPage:
    """One's own passkeys, and a button for a further one where the browser can make it."""

    title: str
    passkeys: Sequence[PasskeyLine]
    new: PasskeyButton | None
    button: WorkspaceForm
