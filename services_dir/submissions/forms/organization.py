"""The form of an organization, for anybody and for editors."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField
from wtforms.validators import InputRequired

from services_dir.catalog.kinds import Level
from services_dir.submissions.forms.choices import Choices
from services_dir.submissions.forms.program import FromOutside, Growing
from services_dir.submissions.forms.rows import ADDRESS, Group, PhoneRow, Rows, line, options, text
from services_dir.web.forms import WorkspaceForm


class OrganizationFields(Growing):
    """All that anybody may say of an organization."""

    name = line(_l("Name of the organization"), InputRequired(_l("Give the organization a name.")))
    level = SelectField(
        _l("What kind of organization is it?"),
        choices=options(Level, _l("Please choose")),
        validators=[InputRequired(_l("Choose what kind of organization it is."))],
    )
    description = text(_l("What does it do?"), rows=4)
    url = line(_l("Website"), most=ADDRESS, inputmode="url")
    email = line(_l("E-mail"), most=254, inputmode="email")
    phones = Rows(
        PhoneRow, _l("Phone numbers"), one=_l("Phone number"), add=_l("Add a phone number"), most=20, least=1
    )
    parent = line(_l("Is it part of another organization?"), list="list-organizations")
    aliases = text(_l("Other names, one on each line"), rows=2)
    former_names = text(_l("Former names, one on each line"), rows=2)
    partners_note = text(_l("Together with which partners?"), rows=2)
    spanish_description = text(_l("What does it do? (in Spanish)"), rows=4)
    seen_version = HiddenField()
    seen_revision = HiddenField()

    is_editor = False

    def offer(self: Any, choices: Choices) -> None:
        """An organization's form has no lists that depend on the register."""


class SubmitOrganizationForm(OrganizationFields, FromOutside, Group):
    """The form for anybody: a new organization, or a change to one. Shown step by step."""


class EditOrganizationForm(OrganizationFields, WorkspaceForm):
    """The form for editors."""

    message = text(_l("Why this change? (for whoever reviews it)"), rows=2, most=4000)

    is_editor = True


AnyOrganizationForm = SubmitOrganizationForm | EditOrganizationForm
