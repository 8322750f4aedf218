"""The coordinators' forms: a meeting with its papers, a document, a law, a seat, a committee."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    DateField,
    Field,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from services_dir.council.kinds import OF_A_MEETING, ActKind, Approval, DocumentKind
from services_dir.council.operations import DocumentFacts, MeetingFacts
from services_dir.council.pdf.uploads import LARGEST
from services_dir.errors import N_
from services_dir.web.forms import WorkspaceForm
from services_dir.web.languages import LANGUAGES, language_name

_SAY = _l("Say what it is called.")
_NEEDED = _l("Give the date.")
_PDF = _l("At most %(most)s megabytes.", most=LARGEST // 1_000_000)
_ELSEWHERE = _l("Or its address on another site")
_OTHERS = tuple(kind for kind in DocumentKind if kind not in OF_A_MEETING)


def check_address(_form: WorkspaceForm, field: Field) -> None:
    """Refuse what is no address of the web: it becomes a link."""
    if not field.data:
        return
    try:
        parts = urlsplit(field.data)
        is_good = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        is_good = False
    if not is_good or any(c.isspace() for c in field.data):
        raise ValidationError(_l("This needs a whole address, such as https://www.example.org/minutes.pdf."))


def _address(label: Any) -> StringField:
    return StringField(
        label,
        validators=[Length(max=500), check_address],
        render_kw={"inputmode": "url", "autocomplete": "off"},
    )


def _file(label: Any) -> FileField:
    return FileField(label, description=_PDF, render_kw={"accept": ".pdf,application/pdf"})


def _choices(kinds: Sequence[Any]) -> list[SelectChoice]:
    return [SelectChoice(kind.value, _l(kind.label)) for kind in kinds]


def _approval() -> RadioField:
    return RadioField(
        _l("Has the Council approved it?"),
        choices=[SelectChoice("", _l("Not said")), *_choices(list(Approval))],
        default="",
        validators=[Optional()],
    )


class MeetingForm(WorkspaceForm):
    """A meeting, its agenda, its minutes and one more paper; all of it is published together."""

    held_on = DateField(_l("Date"), validators=[InputRequired(_NEEDED)])
    starts = TimeField(_l("Begins at"), validators=[Optional()])
    ends = TimeField(_l("Ends at"), validators=[Optional()])
    place = StringField(_l("Place"), validators=[Length(max=300)])
    url = _address(_l("Link to take part from elsewhere"))
    note = TextAreaField(_l("Note"), validators=[Length(max=2000)])
    is_canceled = BooleanField(_l("The meeting is canceled"))
    agenda_file = _file(_l("Agenda, as a PDF"))
    agenda_url = _address(_ELSEWHERE)
    minutes_file = _file(_l("Minutes, as a PDF"))
    minutes_url = _address(_ELSEWHERE)
    minutes_approval = _approval()
    other_title = StringField(_l("Title of one more paper"), validators=[Length(max=300)])
    other_kind = SelectField(
        _l("What it is"), choices=_choices(_OTHERS), default=DocumentKind.PRESENTATION.value
    )
    other_file = _file(_l("The paper, as a PDF"))
    other_url = _address(_ELSEWHERE)

    def to_facts(self, zone: str | None) -> MeetingFacts:
        """Give what was typed of the meeting itself; hours are of a zone."""
        return MeetingFacts(
            held_on=self.held_on.data,
            starts=self.starts.data,
            ends=self.ends.data,
            zone=zone if self.starts.data else None,
            place=self.place.data or None,
            url=self.url.data or None,
            note=self.note.data or None,
            is_canceled=bool(self.is_canceled.data),
        )

    def to_paper(self, meeting_id: int) -> DocumentFacts:
        """Give what was typed of the one more paper."""
        return DocumentFacts(
            kind=DocumentKind(self.other_kind.data),
            title=self.other_title.data or None,
            meeting_id=meeting_id,
            url=self.other_url.data or None,
        )

    def validate_ends(self, field: Field) -> None:
        """Refuse an end before the beginning."""
        if field.data and self.starts.data and field.data <= self.starts.data:
            raise ValidationError(_l("The end must come after the beginning."))

    def validate_other_title(self, field: Field) -> None:
        """Ask for the title of a paper that has no usual one."""
        file = self.other_file.data
        if not field.data and (self.other_url.data or (file and file.filename)):
            raise ValidationError(_SAY)


class DocumentForm(WorkspaceForm):
    """A document: what it is, and its file or address; without either only its title is listed."""

    title = StringField(_l("Title, in its own language"), validators=[InputRequired(_SAY), Length(max=300)])
    kind = SelectField(_l("What it is"), choices=_choices(list(DocumentKind)), validators=[InputRequired()])
    meeting = SelectField(_l("Of which meeting"), choices=[], validate_choice=True)
    period = StringField(
        _l("Years it is about"),
        validators=[Length(max=20)],
        description=_l("Such as 2026, or 2025-2026. Of a paper of a meeting leave it empty."),
    )
    language = SelectField(_l("Its language"), choices=[], validators=[InputRequired()])
    approval = _approval()
    file = _file(_l("The paper, as a PDF"))
    url = _address(_ELSEWHERE)
    note_en = TextAreaField(_l("What readers should know, in English"), validators=[Length(max=1000)])
    note_es = TextAreaField(_l("The same in Spanish"), validators=[Length(max=1000)])

    def to_facts(self) -> DocumentFacts:
        """Give what was typed."""
        return DocumentFacts(
            kind=DocumentKind(self.kind.data),
            title=self.title.data,
            language=self.language.data,
            period=self.period.data or None,
            meeting_id=int(self.meeting.data) if self.meeting.data else None,
            approval=approval_of(self.approval.data),
            url=self.url.data or None,
            notes=_texts(en=self.note_en.data, es=self.note_es.data),
        )

    def offer(self, meetings: Sequence[tuple[int, str]]) -> None:
        """Offer meetings by their numbers, with their dates, and languages by their names."""
        self.meeting.choices = [
            SelectChoice("", _l("None")),
            *(SelectChoice(str(number), day) for number, day in meetings),
        ]
        codes = dict.fromkeys([*LANGUAGES, "ht", "pl", "pt", "zh"])
        if self.language.data:
            codes.setdefault(self.language.data)
        self.language.choices = [SelectChoice(code, language_name(code)) for code in codes]


class ActForm(WorkspaceForm):
    """An act or a section of the statutes."""

    kind = SelectField(_l("What it is"), choices=_choices(list(ActKind)), validators=[InputRequired()])
    year = IntegerField(
        _l("Year"),
        validators=[Optional(), NumberRange(1600, 2200, message=_l("This needs a year, such as 2026."))],
        render_kw={"inputmode": "numeric"},
    )
    name = StringField(
        _l("Number or name"),
        validators=[InputRequired(_SAY), Length(max=200)],
        description=_l("Such as Public Act 07-107."),
    )
    effect_en = TextAreaField(
        _l("What it does, in English"), validators=[InputRequired(_l("Say what it does.")), Length(max=2000)]
    )
    effect_es = TextAreaField(_l("The same in Spanish"), validators=[Length(max=2000)])
    url = _address(_l("Address of its text"))
    source = StringField(_l("Who says so"), validators=[Length(max=300)])
    source_url = _address(_l("Address of that source"))

    def to_values(self) -> dict[str, Any]:
        """Give what was typed as values of an act."""
        return {
            "kind": ActKind(self.kind.data),
            "year": self.year.data,
            "name": self.name.data,
            "effects": _texts(en=self.effect_en.data, es=self.effect_es.data),
            "url": self.url.data or None,
            "source": self.source.data or None,
            "source_url": self.source_url.data or None,
        }


class MemberForm(WorkspaceForm):
    """A seat and who holds it."""

    seat = StringField(
        _l("Seat"),
        validators=[InputRequired(_SAY), Length(max=200)],
        description=_l("What the law calls it, such as “a provider of services to victims”."),
    )
    name = StringField(
        _l("Who holds it"),
        validators=[Length(max=120)],
        description=_l("The name is public. Leave it empty if the seat is free or not known."),
    )
    since = DateField(_l("Since"), validators=[Optional()])
    until = DateField(_l("Until"), validators=[Optional()])
    position = IntegerField(
        _l("Place in the list"),
        validators=[Optional(), NumberRange(0, 10_000)],
        default=0,
        description=_l("Smaller numbers stand first."),
    )

    def validate_until(self, field: Field) -> None:
        """Refuse a term that ends before it begins."""
        if field.data and self.since.data and field.data < self.since.data:
            raise ValidationError(_l("The end must come after the beginning."))

    def to_values(self) -> dict[str, Any]:
        """Give what was typed as values of a seat."""
        return {
            "seat": self.seat.data,
            "name": self.name.data or None,
            "since": self.since.data,
            "until": self.until.data,
            "position": self.position.data or 0,
        }


class CommitteeForm(WorkspaceForm):
    """A committee and who is in it."""

    name = StringField(_l("Name"), validators=[InputRequired(_SAY), Length(max=200)])
    purpose = TextAreaField(_l("What it works on"), validators=[Length(max=2000)])
    members = SelectMultipleField(
        _l("Who is in it"),
        coerce=int,
        choices=[],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def to_values(self) -> dict[str, Any]:
        """Give what was typed as values of a committee, its members by their numbers."""
        return {"name": self.name.data, "purpose": self.purpose.data or None}

    def offer(self, members: Sequence[tuple[int, str]]) -> None:
        """Offer members by their numbers."""
        self.members.choices = [SelectChoice(number, name) for number, name in members]


def approval_of(said: str | None) -> Approval | None:
    """Give what was chosen; None if nothing is said."""
    return Approval(said) if said else None


def _texts(**said: str | None) -> dict[str, str]:
    return {language: text for language, text in said.items() if text}


TOO_LARGE = N_(
    "What was sent is too large: a file may have at most {most} megabytes. "
    "Go back, choose a smaller one and send it again."
)
