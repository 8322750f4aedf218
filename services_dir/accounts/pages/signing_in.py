"""What the templates of signing in are given: each step, and the proof before something grave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import segno
from flask_babel import gettext as _
from markupsafe import Markup
from wtforms import Field, Form

from services_dir.accounts import totp
from services_dir.accounts.forms import (
    CodeForm,
    NewPasskeyForm,
    PasskeyForm,
    PasswordForm,
    ProveForm,
    RecoveryCodeForm,
    SignInForm,
)
from services_dir.web.forms import WorkspaceForm


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
