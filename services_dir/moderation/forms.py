"""The forms of moderation: a decision, a note, a view to keep, another number, and the buttons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from services_dir import clock
from services_dir.moderation.models import Decision, RejectReason
from services_dir.moderation.rules import Verdict
from services_dir.moderation.safeguards import ContactCheck, Criterion
from services_dir.submissions.showing import read_number
from services_dir.values import without_controls
from services_dir.web.forms import WorkspaceForm

_LONGEST = Length(max=4000, message=_l("This is too long: at most %(max)d characters."))
_LINE = Length(max=120, message=_l("This is too long: at most %(max)d characters."))
_QUESTION = "question-"


class CheckFields(WorkspaceForm):
    """How a contact was checked. None of it is asked by the form: whether it is needed is a rule."""

    contact_check = TextAreaField(
        _l("Where did you find the contact yourself?"),
        validators=[_LONGEST],
        description=_l(
            "Not from what was sent: the number on their own site, in a state list, known to you."
        ),
        render_kw={"rows": 2},
    )
    answered_by = StringField(
        _l("Who answered there?"),
        validators=[_LINE],
        description=_l("A role such as “intake worker”, no name."),
    )
    checked_on = DateField(_l("When?"), validators=[Optional()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("contact_check", "answered_by", "checked_on", "reason"):
            if name in self:  # where these are shown they are needed, so they are not "if you like"
                self[name].flags.required = True

    def validate_checked_on(self, field: Any) -> None:
        """Refuse a day to come."""
        if field.data is not None and field.data > clock.now().date():
            raise ValidationError(_l("This day is still to come."))

    def to_check(self) -> ContactCheck:
        """Give how it was checked."""
        return ContactCheck(self.contact_check.data or "", self.answered_by.data or "", self.checked_on.data)


class DecisionForm(CheckFields):
    """What a reviewer decides, field by field if she likes, and what she was looking at."""

    decision = RadioField(
        _l("Your decision"),
        choices=[SelectChoice(kind.value, _l(kind.label)) for kind in Decision],
        validators=[InputRequired(_l("Choose what you decide."))],
        validate_choice=False,
    )
    reason = SelectField(
        _l("If you reject it: why?"),
        choices=[
            SelectChoice("", _l("Choose a reason")),
            *(SelectChoice(reason.value, _l(reason.label)) for reason in RejectReason),
        ],
        validate_choice=False,
    )
    note = TextAreaField(
        _l("Note to the sender"),
        validators=[_LONGEST],
        description=_l(
            "The sender reads this. Needed when you reject, or ask for changes without a question."
        ),
        render_kw={"rows": 4},
    )
    criteria = SelectMultipleField(
        _l("What is listed: tick what is true"),
        choices=[SelectChoice(point.value, _l(point.label)) for point in Criterion],
        validate_choice=False,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    seen_revision = HiddenField()
    seen_version = HiddenField()

    accepted: frozenset[str] | None = None  # paths of the changes that are ticked; None: nothing was asked
    questions: Mapping[str, str] = {}

    def leave_out_asking(self) -> None:
        """Offer no question where there is nobody to answer it."""
        self.decision.choices = [
            SelectChoice(kind.value, _l(kind.label))
            for kind in Decision
            if kind is not Decision.REQUEST_CHANGES
        ]

    def read_fields(self, typed: Mapping[str, Any], offered: list[str], accepted: list[str]) -> None:
        """Take which changes are accepted, of those offered, and the question about each field."""
        self.accepted = frozenset(accepted) if offered else None
        self.questions = {
            name.removeprefix(_QUESTION)[:200]: without_controls(str(text)).strip()[:1000]
            for name, text in typed.items()
            if name.startswith(_QUESTION) and str(text).strip()
        }

    def is_accepted(self, path: str) -> bool:
        """Tell whether a change is ticked."""
        return self.accepted is None or path in self.accepted

    def validate_decision(self, field: Any) -> None:
        """Take only decisions that there are."""
        if field.data not in list(Decision):
            field.data = None
            raise ValidationError(_l("Choose what you decide."))

    def validate_reason(self, field: Any) -> None:
        """A rejection names one of the reasons."""
        if self.decision.data == Decision.REJECT and field.data not in list(RejectReason):
            raise ValidationError(_l("Choose a reason."))

    def saw(self, revision: int, version: int | None) -> None:
        """Note what the page shows now."""
        self.seen_revision.data = str(revision)
        self.seen_version.data = "" if version is None else str(version)

    def to_verdict(self) -> Verdict:
        """Give what was decided. Only after validation."""
        decision = Decision(self.decision.data)
        return Verdict(
            decision=decision,
            note=self.note.data or "",
            seen_revision=read_number(self.seen_revision.data) or 0,
            seen_version=read_number(self.seen_version.data),
            questions=dict(self.questions) if decision is Decision.REQUEST_CHANGES else {},
            check=self.to_check(),
            criteria=frozenset(
                Criterion(value) for value in self.criteria.data or () if value in list(Criterion)
            ),
            reason=RejectReason(self.reason.data) if decision is Decision.REJECT else None,
            accepted=self.accepted if decision is Decision.APPROVE else None,
        )


class NoteForm(WorkspaceForm):
    """A note for other coordinators."""

    text = TextAreaField(
        _l("Note for other coordinators"),
        validators=[InputRequired(_l("Write something first.")), _LONGEST],
        description=_l("The sender never sees it."),
        render_kw={"rows": 2},
    )


class KeepForm(WorkspaceForm):
    """The name under which a view of the queue is kept."""

    name = StringField(
        _l("Keep this view as"),
        validators=[InputRequired(_l("Give the view a name.")), Length(max=60)],
        render_kw={"maxlength": 60},
    )


class NumberForm(CheckFields):
    """Another number in the place of one."""

    new_number = StringField(
        _l("The new number"),
        validators=[InputRequired(_l("Type the new number."))],
        render_kw={"inputmode": "tel", "autocomplete": "off"},
    )


class MergeForm(WorkspaceForm):
    """The listing that another one repeats."""

    into = StringField(
        _l("Address of the one that stays"),
        validators=[InputRequired(_l("Say which one stays."))],
        description=_l("Copy it from its page, or type the last part of it, such as north-house."),
    )

    @property
    def slug(self) -> str:
        """Give the last part of the address."""
        return (self.into.data or "").strip().rstrip("/").rsplit("/", 1)[-1]


class ReportForm(WorkspaceForm):
    """How a problem report was closed."""

    outcome = RadioField(
        _l("What came of it?"),
        choices=[
            SelectChoice(Decision.APPROVE.value, _l("It was right, and is dealt with")),
            SelectChoice(Decision.REJECT.value, _l("Nothing has to change")),
        ],
        validators=[InputRequired(_l("Choose what you decide."))],
    )
    note = TextAreaField(
        _l("In a sentence: what did you find out?"),
        validators=[InputRequired(_l("Say in a sentence what you found out.")), _LONGEST],
        render_kw={"rows": 3},
    )
    seen_revision = HiddenField()
    seen_version = HiddenField()
