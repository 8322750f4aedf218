"""What the templates of accounts are given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import format_timedelta
from flask_babel import gettext as _
from wtforms import Field

from services_dir.accounts.forms import PasswordForm, SignInForm
from services_dir.accounts.models import SignedIn
from services_dir.web.forms import WorkspaceForm


@dataclass(frozen=True)
class SignInPage:
    """The sign-in form."""

    title: str
    form: SignInForm

    @classmethod
    def build(cls, form: SignInForm) -> SignInPage:
        """Give the page for a form, empty or as it was sent."""
        return cls(_("Sign in"), form)


@dataclass(frozen=True)
class LinkPage:
    """The form behind a one-time link; `email` is None where the person types it herself."""

    title: str
    form: PasswordForm
    email: str | None

    @property
    def fields(self) -> list[Field]:
        """Give the fields to show, in their order."""
        return [field for field in self.form if field.type not in ("CSRFTokenField", "HiddenField")]

    @classmethod
    def build(cls, form: PasswordForm, email: str | None) -> LinkPage:
        """Give the page for a form, empty or as it was sent."""
        return cls(_("Choose a password"), form, email)


@dataclass(frozen=True)
class SignedOutPage:
    """Told to somebody whose session ended while she was writing."""

    title: str

    @classmethod
    def build(cls) -> SignedOutPage:
        """Give the page."""
        return cls(_("You are signed out"))


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
                began=format_timedelta(row.started_at - at, add_direction=True),
                used=format_timedelta(row.seen_at - at, add_direction=True),
                is_this_one=row.id == this_one,
            )
            for row in rows
        ]
        return cls(_("Where you are signed in"), lines, WorkspaceForm(None))
