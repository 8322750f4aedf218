"""Forms of accounts: sign in, second factors, one's own account, and those of other people."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, PasswordField, RadioField, SelectChoice, SelectField, StringField
from wtforms.validators import Email, EqualTo, InputRequired, Length, ValidationError

from services_dir.accounts import rules
from services_dir.accounts.models import LinkPurpose, Role
from services_dir.errors import N_, InvalidError
from services_dir.web.errors import sentence
from services_dir.web.forms import WorkspaceForm
from services_dir.web.languages import LANGUAGES, translated

_ROLE_SENTENCES = {
    Role.COORDINATOR: N_("Coordinator: reads what is sent in, decides, keeps the catalog true"),
    Role.ADMINISTRATOR: N_("Administrator: the same, and looks after accounts, words and policy"),
}
_NOT_TYPED_OUT = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}


def _email(label: Any, description: Any = "", **extra: str) -> StringField:
    return StringField(
        label,
        description=description,
        validators=[
            InputRequired(_l("Type an e-mail address.")),
            Length(max=254, message=_l("This is too long for an e-mail address.")),
            Email(_l("This is not an e-mail address. It looks like name@example.org.")),
        ],
        render_kw={"type": "email", "spellcheck": "false", **extra},
    )


def _name() -> StringField:
    return StringField(
        _l("Your name"),
        description=_l("Other coordinators see it beside what you decide."),
        validators=[
            InputRequired(_l("Type your name.")),
            Length(max=100, message=_l("Use at most 100 characters.")),
        ],
        render_kw={"autocomplete": "name"},
    )


def _new_password(label: Any) -> PasswordField:
    return PasswordField(
        label,
        description=_l("At least 12 characters. A few words that only you would put together are good."),
        validators=[InputRequired(_l("Choose a password."))],
        render_kw={"autocomplete": "new-password"},
    )


def _same_again() -> PasswordField:
    return PasswordField(
        _l("The same password again"),
        validators=[
            InputRequired(_l("Type the password a second time.")),
            EqualTo("password", _l("The two passwords are not the same.")),
        ],
        render_kw={"autocomplete": "new-password"},
    )


def _current_password(label: Any) -> PasswordField:
    return PasswordField(
        label,
        validators=[InputRequired(_l("Type your password."))],
        render_kw={"autocomplete": "current-password"},
    )


def _check_password(password: str, email: str) -> None:
    try:
        rules.check_password(password, email)
    except InvalidError as error:
        raise ValidationError(sentence(error)) from error


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
    password = _current_password(_l("Password"))
    next = HiddenField()


class PasswordForm(WorkspaceForm):
    """What is asked behind a one-time link; fields that its purpose does not need are taken out."""

    email = _email(_l("Your e-mail"), _l("You sign in with it."), autocomplete="username")
    name = _name()
    password = _new_password(_l("Password"))
    again = _same_again()

    def __init__(
        self, formdata: Any = None, *, purpose: LinkPurpose, account_email: str = "", account_name: str = ""
    ) -> None:
        super().__init__(formdata)
        self.account_email = account_email
        if purpose is not LinkPurpose.FIRST_ADMINISTRATOR:
            del self.email
        if purpose is LinkPurpose.RECOVERY and account_name:
            del self.name
        elif formdata is None:
            self.name.data = account_name

    @property
    def typed_email(self) -> str:
        """Give the e-mail typed, "" where it is not asked for."""
        return (self.email.data or "") if "email" in self else ""

    @property
    def typed_name(self) -> str:
        """Give the name typed, "" where it is not asked for."""
        return (self.name.data or "") if "name" in self else ""

    @property
    def email_to_be(self) -> str:
        """Give the e-mail of the account whose password this will be."""
        return self.account_email or rules.fold_email(self.typed_email)

    def validate_password(self, field: Field) -> None:
        """Hold the password to the rules for this account."""
        _check_password(field.data, self.email_to_be)


class CodeForm(WorkspaceForm):
    """A code that the app shows."""

    code = StringField(
        _l("Code from your app"),
        description=_l("Six digits. The app shows a new code every half minute."),
        validators=[
            InputRequired(_l("Type the code that the app shows.")),
            Length(max=20, message=_l("The code has six digits.")),
        ],
        render_kw={"inputmode": "numeric", **_NOT_TYPED_OUT, "autocomplete": "one-time-code"},
    )
    next = HiddenField()


class RecoveryCodeForm(WorkspaceForm):
    """One of the codes kept on paper."""

    recovery_code = StringField(
        _l("Recovery code"),
        description=_l("One of the ten codes that you wrote down or printed. Each is good once."),
        validators=[
            InputRequired(_l("Type one of your recovery codes.")),
            Length(max=60, message=_l("A recovery code has 16 letters and digits.")),
        ],
        render_kw=_NOT_TYPED_OUT,
    )
    next = HiddenField()


class PasskeyForm(WorkspaceForm):
    """What a script puts in: the answer of a passkey."""

    answer = HiddenField()
    next = HiddenField()


class NewPasskeyForm(WorkspaceForm):
    """A passkey that a browser made, and what to call it."""

    passkey_name = StringField(
        _l("Name of this passkey"),
        description=_l("So that you know it again, such as “My phone”."),
        validators=[
            InputRequired(_l("Give the passkey a name.")),
            Length(max=60, message=_l("Use at most 60 characters.")),
        ],
        render_kw={"autocomplete": "off"},
    )
    answer = HiddenField()


class ProveForm(WorkspaceForm):
    """The password once more, and where to go afterwards."""

    password = _current_password(_l("Password"))
    next = HiddenField()


class OwnPasswordForm(WorkspaceForm):
    """One's own password: as it is and as it shall be."""

    current = _current_password(_l("Your password now"))
    password = _new_password(_l("New password"))
    again = _same_again()

    def __init__(self, formdata: Any = None, *, account_email: str) -> None:
        super().__init__(formdata)
        self.account_email = account_email

    def validate_password(self, field: Field) -> None:
        """Hold the password to the rules for this account."""
        _check_password(field.data, self.account_email)
        if field.data == self.current.data:
            raise ValidationError(_l("This is the password you have. Choose another one."))


class ProfileForm(WorkspaceForm):
    """How one is called, and the language of one's mail."""

    name = _name()
    language = SelectField(
        _l("Language of the mail we send you"),
        validators=[InputRequired(_l("Choose a language."))],
        choices=[SelectChoice(code, name) for code, name in LANGUAGES.items()],
    )


class InviteForm(WorkspaceForm):
    """Who shall work on the register, and as what."""

    email = _email(
        _l("E-mail of the person"),
        _l("We send the link to this address. Check it twice."),
        autocomplete="off",
    )
    role = RadioField(
        _l("What shall this person do?"), validators=[InputRequired(_l("Choose one of the two."))]
    )

    def __init__(self, formdata: Any = None) -> None:
        super().__init__(formdata)
        self.role.choices = role_choices()


class RoleForm(WorkspaceForm):
    """Another role for an account."""

    role = RadioField(
        _l("What shall this person do?"), validators=[InputRequired(_l("Choose one of the two."))]
    )

    def __init__(self, formdata: Any = None, *, role: str | None = None) -> None:
        super().__init__(formdata, data={"role": role})
        self.role.choices = role_choices()


def role_choices() -> list[SelectChoice]:
    """Give the roles, each with what it may do."""
    return [SelectChoice(role.value, translated(_ROLE_SENTENCES[role])) for role in Role]
