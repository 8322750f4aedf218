"""The form of indicators: handing in a table."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired

from services_dir.web.forms import WorkspaceForm


class TableForm(WorkspaceForm):
    """A table of figures."""

    file = FileField(
        _l("The table"),
        validators=[FileRequired(_l("Choose a file."))],
        description=_l("CSV in UTF-8, in the columns of the template."),
    )
