"""Forms of accounts: sign in, choose a password."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, PasswordField, StringField
from wtforms.validators import Email, EqualTo, InputRequired, Length, ValidationError

from services_dir.accounts import rules
from services_dir.accounts.models import LinkPurpose
from services_dir.errors import InvalidError
from services_dir.web.errors import sentence
from services_dir.web.forms import WorkspaceForm


class SignInForm(WorkspaceForm):
    """E-mail and password, and where to go afterwards."""

    email = StringField(
        _l("E-mail"),
        validators=[
            InputRequired(_l("Type your e-mail address.")),
            Length(max=254, message=_l("This is too long for an e-mail address.")),
        ],
        render_kw={"type": "email", "autocomplete": "username", "spellcheck": "false"},
    )
    password = PasswordField(
        _l("Password"),
        validators=[InputRequired(_l("Type your password."))],
        render_kw={"autocomplete": "current-password"},
    )
    next = HiddenField()


class PasswordForm(WorkspaceForm):
    """What is asked behind a one-time link; fields that its purpose does not need are taken out."""

    email = StringField(
        _l("Your e-mail"),
        description=_l("You sign in with it."),
        validators=[
            InputRequired(_l("Type your e-mail address.")),
            Email(_l("This is not an e-mail address. It looks like name@example.org.")),
        ],
        render_kw={"type": "email", "autocomplete": "username", "spellcheck": "false"},
    )
    name = StringField(
        _l("Your name"),
        description=_l("Other coordinators see it beside what you decide."),
        validators=[
            InputRequired(_l("Type your name.")),
            Length(max=100, message=_l("Use at most 100 characters.")),
        ],
        render_kw={"autocomplete": "name"},
    )
    password = PasswordField(
        _l("Password"),
        description=_l("At least 12 characters. A few words that only you would put together are good."),
        validators=[InputRequired(_l("Choose a password."))],
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(
        _l("The same password again"),
        validators=[
            InputRequired(_l("Type the password a second time.")),
            EqualTo("password", _l("The two passwords are not the same.")),
        ],
        render_kw={"autocomplete": "new-password"},
    )

    def __init__(self, formdata: Any = None, *, purpose: LinkPurpose, account_email: str = "") -> None:
        super().__init__(formdata)
        self.account_email = account_email
        if purpose is not LinkPurpose.FIRST_ADMINISTRATOR:
            del self.email
        if purpose is LinkPurpose.RECOVERY:
            del self.name

    @property
    def typed_email(self) -> str:
        """Give the e-mail typed, "" where it is not asked for."""
        return (self.email.data or "") if "email" in self else ""

    @property
    def typed_name(self) -> str:
        """Give the name typed, "" where it is not asked for."""
        return (self.name.data or "") if "name" in self else ""

    def validate_password(self, field: Field) -> None:
        """Hold the password to the rules for this account."""
        try:
            rules.check_password(field.data, self.account_email or rules.fold_email(self.typed_email))
        except InvalidError as error:
            raise ValidationError(sentence(error)) from error
