"""The forms of imports: handing in a file, and saying what a foreign term stands for."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from services_dir.catalog.kinds import Level
from services_dir.web.forms import WorkspaceForm


class UploadForm(WorkspaceForm):
    """A file, which feed it is of, and what is usual in that."""

    file = FileField(
        _l("The file"),
        validators=[FileRequired(_l("Choose a file."))],
        description=_l("ZIP, JSON, NDJSON, CSV or XLSX. Addresses of places to stay are dropped at once."),
    )
    feed = StringField(
        _l("What the source is called"),
        validators=[InputRequired(_l("Say what the source is called.")), Length(max=120)],
        description=_l("Use the same name each time: then only what changed is brought in."),
    )
    area = StringField(
        _l("Area served where a listing names none"),
        validators=[Length(max=200)],
        description=_l("A town, county, region or state."),
    )
    level = SelectField(
        _l("Who runs these programs, where it is not said"),
        choices=[SelectChoice(level.value, _l(level.label)) for level in Level],
        default=Level.LOCAL.value,
    )
    is_complete = BooleanField(_l("The file is the whole feed: what is not in it is to be withdrawn."))


class MappingForm(WorkspaceForm):
    """What a foreign term stands for here."""

    categories = SelectMultipleField(
        _l("Kinds of help"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )
    populations = SelectMultipleField(
        _l("Who it is for"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )

    def offer(self, categories: Mapping[str, str], populations: Mapping[str, str]) -> None:
        """Offer terms by their slugs, with what they are called."""
        for field, labels in ((self.categories, categories), (self.populations, populations)):
            field.choices = [SelectChoice(slug, label) for slug, label in labels.items()]
