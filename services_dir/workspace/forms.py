"""The forms of the workspace: the policy, a term, words that searches understand, a sample of all fields."""

from __future__ import annotations

from functools import cache

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange

from services_dir.catalog.kinds import WordKind
from services_dir.catalog.word_operations import LONGEST_MEANING, LONGEST_TERM_WORD, LONGEST_WORD
from services_dir.policy import SETTINGS
from services_dir.web.forms import WorkspaceForm
from services_dir.web.languages import LANGUAGES


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


class WordForm(WorkspaceForm):
    """A word that people type, and what it stands for."""

    kind = SelectField(
        _l("What it is"),
        validators=[InputRequired(_l("Say what it is."))],
        choices=[SelectChoice(kind.value, _l(kind.label)) for kind in reversed(WordKind)],
        description=_l(
            "A misspelling stands for the right spelling, an abbreviation for its long form, another word"
            " for words that listings use."
        ),
    )
    word = StringField(
        _l("What people type"),
        validators=[InputRequired(_l("Please enter a word.")), Length(max=LONGEST_WORD)],
        description=_l("“take/keep passport” is both “take passport” and “keep passport”."),
        render_kw={"autocomplete": "off"},
    )
    means = StringField(
        _l("What it stands for"),
        validators=[InputRequired(_l("Please enter a word.")), Length(max=LONGEST_MEANING)],
        description=_l("Words that are found already. Put “|” between several meanings."),
        render_kw={"autocomplete": "off"},
    )

    def said(self) -> tuple[WordKind, str, str]:
        """Give kind, word and meaning."""
        return WordKind(self.kind.data), self.word.data or "", self.means.data or ""


class TermWordForm(WorkspaceForm):
    """A word that people type when they mean a term."""

    word = StringField(
        _l("What people type"),
        validators=[InputRequired(_l("Please enter a word.")), Length(max=LONGEST_TERM_WORD)],
        render_kw={"autocomplete": "off"},
    )
    language = SelectField(
        _l("Language"),
        validators=[InputRequired(_l("Choose a language."))],
        choices=[SelectChoice(code, name) for code, name in LANGUAGES.items()],
    )


class ApiForm(WorkspaceForm):
    """Which interface is checked: ours if no address is given."""

    url = StringField(
        _l("Address of the interface"),
        validators=[Length(max=500)],
        render_kw={"inputmode": "url", "autocomplete": "off"},
    )


class SampleForm(WorkspaceForm):
    """A form with a field of each kind; sent empty, it is wrong."""

    sample_name = StringField("Name", [InputRequired("This needs a name.")], description="As people know it.")
    sample_text = TextAreaField("What it offers")
    sample_kind = RadioField(
        "Kind", choices=[SelectChoice("a", "One"), SelectChoice("b", "Another")], default="a"
    )
    sample_tick = BooleanField("People may come without an appointment")
