"""The forms of moderation: a decision, and the buttons."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, TextAreaField, ValidationError
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length

from services_dir.moderation.models import Decision
from services_dir.moderation.rules import Verdict
from services_dir.submissions.showing import read_number
from services_dir.web.forms import WorkspaceForm

_LONGEST = Length(max=4000, message=_l("This is too long: at most %(max)d characters."))


class DecisionForm(WorkspaceForm):
    """What a reviewer decides, and what she was looking at."""

    decision = RadioField(
        _l("Your decision"),
        choices=[SelectChoice(kind.value, _l(kind.label)) for kind in Decision],
        validators=[InputRequired(_l("Choose what you decide."))],
        validate_choice=False,
    )
    note = TextAreaField(
        _l("Note to the sender"),
        validators=[_LONGEST],
        description=_l("The sender reads this. Needed when you do not approve."),
        render_kw={"rows": 4},
    )
    contact_check = TextAreaField(
        _l("How did you check it?"),
        validators=[_LONGEST],
        description=_l("Only coordinators read this."),
        render_kw={"rows": 2},
    )
    seen_revision = HiddenField()
    seen_version = HiddenField()

    def validate_decision(self, field: Any) -> None:
        """Take only decisions that there are."""
        if field.data not in list(Decision):
            field.data = None
            raise ValidationError(_l("Choose what you decide."))

    def saw(self, revision: int, version: int | None) -> None:
        """Note what the page shows now."""
        self.seen_revision.data = str(revision)
        self.seen_version.data = "" if version is None else str(version)

    def to_verdict(self) -> Verdict:
        """Give what was decided. Only after validation."""
        return Verdict(
            decision=Decision(self.decision.data),
            note=self.note.data or "",
            seen_revision=read_number(self.seen_revision.data) or 0,
            seen_version=read_number(self.seen_version.data),
            contact_check=self.contact_check.data or None,
        )
