"""Forms of coordinators: a call, a contact."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectChoice, SelectField, StringField, ValidationError
from wtforms.validators import InputRequired, Length, Optional

from services_dir.errors import InvalidError
from services_dir.mail.operations import checked_address
from services_dir.verification.models import Answer
from services_dir.web.forms import WorkspaceForm
from services_dir.web.languages import LANGUAGES


class CallForm(WorkspaceForm):
    """A call that was made: who answered; what was said of each program comes beside it."""

    answered_by = StringField(
        _l("Who answered?"),
        [Length(max=120, message=_l("This is too long."))],
        description=_l("What the person does there. No name: it is shown on the public page."),
    )

    def read_answers(self, sent: Any, program_ids: list[int]) -> dict[int, Answer]:
        """Give what was said of each program, of those that have an answer."""
        answers = {number: sent.get(f"program-{number}", "") for number in program_ids}
        return {number: Answer(value) for number, value in answers.items() if value in list(Answer)}


class ContactForm(WorkspaceForm):
    """Whom to write to about an organization's programs."""

    contact = HiddenField()
    name = StringField(
        _l("Name"), [InputRequired(_l("Type a name, or what the person does.")), Length(max=200)]
    )
    role = StringField(
        _l("What the person does there"),
        [Optional(), Length(max=120)],
        description=_l("Shown on the public page when she confirms something, without the name."),
    )
    email = StringField(_l("E-mail"), [Optional(), Length(max=254)])
    language = SelectField(
        _l("Writes and reads"), choices=[SelectChoice(code, name) for code, name in LANGUAGES.items()]
    )

    def validate_email(self, field: Any) -> None:
        """Refuse what is no address."""
        try:
            field.data = checked_address(field.data)
        except InvalidError as error:
            raise ValidationError(
                _("This is not an e-mail address. It looks like name@example.org.")
            ) from error
