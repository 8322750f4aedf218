"""What the templates of accounts are given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import segno
from flask_babel import format_timedelta
from flask_babel import gettext as _
from markupsafe import Markup
from wtforms import Field, Form

from services_dir.accounts import totp
from services_dir.accounts.forms import (
    CodeForm,
    InviteForm,
    NewPasskeyForm,
    OwnPasswordForm,
    PasskeyForm,
    PasswordForm,
    ProfileForm,
    ProveForm,
    RecoveryCodeForm,
    RoleForm,
    SignInForm,
)
from services_dir.accounts.models import Account, LinkPurpose, Passkey, Role, SignedIn
from services_dir.accounts.rules import LINK_LASTS
from services_dir.errors import N_
from services_dir.values import Labelled
from services_dir.web.forms import WorkspaceForm


def ago(moment: datetime, at: datetime) -> str:
    """Say how long ago something was, or in how long it will be: words that need no time zone."""
    return format_timedelta(moment - at, add_direction=True)


@dataclass(frozen=True)
class PasskeyButton:
    """A button that asks the browser for a passkey: the options for it (JSON), and the form to fill in."""

    options: str
    form: PasskeyForm | NewPasskeyForm


@dataclass(frozen=True)
class SignInPage:
    """The sign-in form, and a passkey as the whole sign-in where that is possible."""

    title: str
    form: SignInForm
    passkey: PasskeyButton | None

    @classmethod
    def build(cls, form: SignInForm, passkey: PasskeyButton | None) -> SignInPage:
        """Give the page for a form, empty or as it was sent."""
        return cls(_("Sign in"), form, passkey)


@dataclass(frozen=True)
class CodePage:
    """The second step of signing in: a code of the app, a passkey, or a recovery code."""

    title: str
    email: str
    form: CodeForm
    recovery: RecoveryCodeForm
    passkey: PasskeyButton | None

    @property
    def wrong_form(self) -> Form:
        """Give the form whose mistakes are to be shown on top."""
        return self.recovery if self.recovery.errors else self.form

    @classmethod
    def build(
        cls, email: str, form: CodeForm, recovery: RecoveryCodeForm, passkey: PasskeyButton | None
    ) -> CodePage:
        """Give the page for its forms, empty or as they were sent."""
        return cls(_("Sign in: second step"), email, form, recovery, passkey)


@dataclass(frozen=True)
class AppPage:
    """Setting up an app: its secret as a picture, as a link and as text."""

    title: str
    form: CodeForm
    secret: str
    address: str
    picture: Markup
    is_first: bool

    @property
    def spelled(self) -> str:
        """Give the secret in groups of four, to be typed."""
        return " ".join(self.secret[i : i + 4] for i in range(0, len(self.secret), 4))

    @classmethod
    def build(cls, form: CodeForm, secret: str, *, email: str, is_first: bool) -> AppPage:
        """Give the page for a secret; the picture is drawn here, so that nobody else sees what is in it."""
        address = totp.address(secret, email=email, issuer=_("Services directory"))
        drawn = segno.make(address, micro=False, error="m").svg_inline(
            border=4, dark="#000", light="#fff", omitsize=True
        )
        return cls(_("Set up your app"), form, secret, address, Markup(drawn), is_first)  # noqa: S704 - our own


@dataclass(frozen=True)
class OfferAppPage:
    """The question before another app is set up."""

    title: str
    form: WorkspaceForm


@dataclass(frozen=True)
class RecoveryCodesPage:
    """The codes, this once; empty where they are still to be made."""

    title: str
    codes: Sequence[str]
    form: WorkspaceForm
    is_first: bool
    goes_to: str

    @classmethod
    def build(cls, codes: Sequence[str], *, is_first: bool, goes_to: str) -> RecoveryCodesPage:
        """Give the page that shows codes that were just made, or asks before making them."""
        return cls(_("Recovery codes"), codes, WorkspaceForm(None), is_first, goes_to)


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
class ProveFirstPage:
    """Told to somebody who sent a grave deed long after she gave her password."""

    title: str

    @classmethod
    def build(cls) -> ProveFirstPage:
        """Give the page."""
        return cls(_("Please show that it is you"))


@dataclass(frozen=True)
class ProvePage:
    """The password once more, or a passkey, before something grave."""

    title: str
    form: ProveForm
    passkey: PasskeyButton | None

    @classmethod
    def build(cls, form: ProveForm, passkey: PasskeyButton | None) -> ProvePage:
        """Give the page for a form, empty or as it was sent."""
        return cls(_("Please show that it is you"), form, passkey)


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
