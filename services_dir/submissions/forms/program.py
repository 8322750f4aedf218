"""The form of a program: one set of fields, for anybody and, with a few more, for editors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    Field,
    FieldList,
    Form,
    FormField,
    HiddenField,
    SelectField,
    ValidationError,
)
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, NumberRange, Optional

from services_dir.catalog.kinds import Availability, Known, Level, ProgramKind, RunBy
from services_dir.submissions.forms.choices import Choices
from services_dir.submissions.forms.rows import (
    ADDRESS,
    AreaRow,
    Date,
    EditorSourceRow,
    Group,
    LanguageRow,
    LinkRow,
    Needed,
    PhoneRow,
    Rows,
    SiteRow,
    SourceRow,
    Ticks,
    WholeNumber,
    day_rows,
    line,
    options,
    text,
    week_rows,
)
from services_dir.web.forms import WorkspaceForm
from services_dir.web.languages import LANGUAGES, current_language

_AGE = (Optional(), NumberRange(0, 120, message=_l("An age lies between 0 and 120.")))


class NewOrganization(Group):
    """An organization that is not in the register yet."""

    name = line(_l("Its name"))
    level = SelectField(
        _l("What kind of organization it is"), choices=options(Level, _l("Please choose")), default=""
    )
    url = line(_l("Its website"), most=ADDRESS, inputmode="url")


class Texts(Group):
    """What is said of a program in another language."""

    name = line(_l("Name (if it has one in this language)"))
    description = text(_l("What does it do?"), rows=4)
    eligibility = text(_l("Who can get help?"))
    how_to_apply = text(_l("How does a person get help?"))
    what_happens = text(_l("What happens when somebody calls?"))
    cost = text(_l("What does it cost?"), rows=2)
    alert = text(_l("Something people must know first"), rows=2)


class Growing:
    """Rows that are added and removed by buttons, on any form."""

    def change_rows(self, *, add: str | None, remove: str | None) -> str:
        """Do what a button asks for, and give the id of the place on the page to show next."""
        for rows in _lists(self):
            if add is not None and rows.name == add:
                row = rows.more()
                return row.id if row is not None else rows.id
            if remove is not None and rows.without(remove):
                return str(rows.id)
        return "main"


def _lists(form: Any) -> Iterator[Rows]:
    for field in form:
        if isinstance(field, Rows):
            yield field
        if isinstance(field, FormField):
            yield from _lists(field.form)
        elif isinstance(field, FieldList):
            for entry in field:
                yield from _lists(entry.form)


class ProgramFields(Growing):
    """All that anybody may say of a program. Sections of the page follow this order."""

    name = line(_l("Name of the program"), InputRequired(_l("Give the program a name in English.")))
    description = text(
        _l("What does it do?"),
        InputRequired(_l("Say in a few sentences what the program does.")),
        rows=5,
        description=_l("Two or three plain sentences. People read this first."),
    )
    organization = line(
        _l("Which organization runs it?"),
        Needed(),
        description=_l(
            "Begin to type, then choose it from the list. If it is not there, open the part below."
        ),
        list="list-organizations",
    )
    new_organization = FormField(NewOrganization, _l("It is not in the list"))
    level = SelectField(
        _l("At which level is it run?"),
        choices=options(Level, _l("Please choose")),
        validators=[InputRequired(_l("Choose a level."))],
    )
    categories = Ticks(
        _l("What kinds of help does it give?"),
        validators=[InputRequired(_l("Choose at least one kind of help."))],
    )
    phones = Rows(
        PhoneRow,
        _l("Phone numbers"),
        one=_l("Phone number"),
        add=_l("Add a phone number"),
        most=20,
        least=1,
    )
    email = line(_l("E-mail for people who seek help"), most=254, inputmode="email")
    url = line(_l("Website"), most=ADDRESS, inputmode="url")
    links = Rows(
        LinkRow,
        _l("More web addresses"),
        one=_l("Web address"),
        add=_l("Add a web address"),
        most=20,
    )
    service_areas = Rows(
        AreaRow,
        _l("Area served"),
        one=_l("Place"),
        add=_l("Add a place"),
        most=200,
        least=1,
    )
    area_words = text(_l("The area in your own words"), rows=2)
    populations = Ticks(_l("Who is it for?"))
    populations_excluded = Ticks(_l("Who can it not help?"))
    population_note = text(_l("Anything more about who it is for"), rows=2)
    min_age = WholeNumber(_l("Lowest age"), validators=[*_AGE])
    max_age = WholeNumber(_l("Highest age"), validators=[*_AGE])
    eligibility = text(_l("Who can get help?"))
    how_to_apply = text(_l("How does a person get help?"))
    what_happens = text(_l("What happens when somebody calls?"))
    cost = text(_l("What does it cost?"), rows=2)
    always = BooleanField(_l("Somebody answers day and night, every day"))
    hours_words = text(_l("Hours, as you would tell them"), rows=2)
    weekly = week_rows()
    exceptions = day_rows()
    time_zone = line(_l("Time zone"), most=60)
    languages = Rows(
        LanguageRow,
        _l("Languages that staff speak"),
        one=_l("Language"),
        add=_l("Add a language"),
        most=60,
    )
    interpreter = SelectField(
        _l("Is there an interpreter for any language?"),
        choices=[
            SelectChoice("", _l("Not known")),
            SelectChoice("yes", _l("Yes")),
            SelectChoice("no", _l("No")),
        ],
        default="",
    )
    interpreter_note = text(_l("More about interpreters"), rows=2)
    sites = Rows(
        SiteRow,
        _l("Places to go to"),
        one=_l("Place to go to"),
        add=_l("Add a place to go to"),
        most=60,
    )
    asks_immigration_status = SelectField(
        _l("Does it ask about immigration status?"), choices=options(Known), default=Known.UNKNOWN.value
    )
    needs_police_report = SelectField(
        _l("Does it need a police report?"), choices=options(Known), default=Known.UNKNOWN.value
    )
    mandated_reporters = SelectField(
        _l("Must its staff by law report harm to children?"),
        choices=options(Known),
        default=Known.UNKNOWN.value,
    )
    run_by = SelectField(
        _l("Is it run by one of these?"), choices=options(RunBy, _l("Not known")), default=""
    )
    availability = SelectField(
        _l("Does it take new people now?"), choices=options(Availability), default=Availability.OPEN.value
    )
    paused_until = Date(_l("If it is paused: until when?"), validators=[Optional()])
    alert = text(_l("Something people must know first"), rows=2)
    alert_until = Date(_l("Show this until"), validators=[Optional()])
    partners_note = text(_l("Together with which partners?"), rows=2)
    alternate_names = text(_l("Other names, one on each line"), rows=2)
    former_names = text(_l("Former names, one on each line"), rows=2)
    spanish = FormField(Texts, _l("In Spanish"))
    sources = Rows(
        SourceRow,
        _l("Sources"),
        one=_l("Source"),
        add=_l("Add a source"),
        most=60,
        least=1,
    )
    seen_version = HiddenField()
    seen_revision = HiddenField()

    is_editor = False

    def offer(self: Any, choices: Choices) -> None:
        """Fill in what the register lets people choose from."""
        for field, terms in (
            (self.categories, choices.categories),
            (self.populations, choices.populations),
            (self.populations_excluded, choices.populations),
        ):
            field.choices = [SelectChoice(slug, label) for slug, label in terms.items()]
        if not self.time_zone.data:
            self.time_zone.data = choices.zone


def check_email(form: Form, field: Field) -> None:
    """Refuse what cannot be an e-mail address; nothing typed is fine."""
    try:
        if field.data:
            validate_email(field.data, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise ValidationError(_("“%(typed)s” is not an e-mail address.", typed=field.data)) from error


class FromOutside:
    """Who sends it, all of it optional."""

    sender_name = line(_l("Your name"), autocomplete="name")
    sender_email = line(_l("Your e-mail"), check_email, most=254, autocomplete="email", inputmode="email")
    sender_role = line(_l("What you do there"), most=120, autocomplete="organization-title")
    sender_language = SelectField(_l("In which language may we write to you?"), validate_choice=False)
    may_be_kept = BooleanField(
        _l("You may keep my name and e-mail and ask me once a year if all is still right")
    )
    message = text(_l("A message to the coordinators"), rows=3, most=4000)

    def offer_languages(self: Any) -> None:
        """Fill in the languages in which we write."""
        self.sender_language.choices = [SelectChoice(code, name) for code, name in LANGUAGES.items()]
        if self.sender_language.data not in LANGUAGES:
            self.sender_language.data = current_language()


class SubmitProgramForm(ProgramFields, FromOutside, Group):
    """The form for anybody: a new program, or a change to one. Shown step by step."""


class EditProgramForm(ProgramFields, WorkspaceForm):
    """The form for editors, with what only they may see and set."""

    sources = Rows(
        EditorSourceRow,
        _l("Sources"),
        one=_l("Source"),
        add=_l("Add a source"),
        most=60,
    )
    kind = SelectField(_l("Kind of record"), choices=options(ProgramKind), default=ProgramKind.PROGRAM.value)
    as_of = line(_l("The facts speak for (year, month or day)"), most=10)
    confidence = SelectField(
        _l("How sure are we?"),
        choices=[
            SelectChoice("", _l("Not said")),
            SelectChoice("high", _l("High")),
            SelectChoice("medium", _l("Medium")),
            SelectChoice("low", _l("Low")),
        ],
    )
    editor_note = text(_l("Note for editors"), rows=4)
    message = text(_l("Why this change? (for whoever reviews it)"), rows=2, most=4000)

    is_editor = True


AnyProgramForm = SubmitProgramForm | EditProgramForm
