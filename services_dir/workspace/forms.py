"""The forms of the workspace: the policy, and a term."""

from __future__ import annotations

from functools import cache

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from services_dir.policy import SETTINGS
from services_dir.web.forms import WorkspaceForm


@cache
def policy_form() -> type[WorkspaceForm]:
    """Give the form of all settings, each with its bounds."""
    fields = {
        setting.key: IntegerField(
            _l(setting.label),
            validators=[
                InputRequired(_l("This needs a whole number.")),
                NumberRange(
                    setting.least,
                    setting.most,
                    message=_l("This needs a whole number from %(min)s to %(max)s."),
                ),
            ],
            render_kw={"inputmode": "numeric", "autocomplete": "off"},
        )
        for setting in SETTINGS.values()
    }
    return type("PolicyForm", (WorkspaceForm,), dict(fields))


class TermForm(WorkspaceForm):
    """What a term is called, where it stands, whether it is offered."""

    label_en = StringField(
        _l("In English"), validators=[InputRequired(_l("Say what it is called.")), Length(max=120)]
    )
    label_es = StringField(
        _l("In Spanish"), validators=[InputRequired(_l("Say what it is called.")), Length(max=120)]
    )
    position = IntegerField(
        _l("Place in the list"),
        validators=[InputRequired(_l("This needs a whole number.")), NumberRange(0, 100_000)],
        description=_l("Smaller numbers stand first."),
    )
    is_retired = BooleanField(
        _l("No longer offered. Programs that use it keep it."),
    )
