"""Forms of accounts: sign in, choose a password."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from services_dir.accounts import rules
from services_dir.errors import InvalidError
from services_dir.values import without_controls
from services_dir.web.forms import WorkspaceForm, say


class SignInForm(WorkspaceForm):
    """E-mail and password."""

    email = StringField(
        _l("E-mail"),
        validators=[InputRequired(_l("Type your e-mail address.")), Length(max=254)],
        render_kw={"autocomplete": "username", "inputmode": "email", "spellcheck": "false"},
    )
    password = PasswordField(
        _l("Password"),
        validators=[InputRequired(_l("Type your password.")), Length(max=rules.LONGEST_PASSWORD)],
        render_kw={"autocomplete": "current-password"},
    )
    next = HiddenField()
