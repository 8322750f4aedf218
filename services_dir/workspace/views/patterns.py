"""Route of the patterns: every component on one page, for people who work on pages."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from services_dir.accounts.guards import requires
from services_dir.accounts.rules import Permission
from services_dir.workspace.forms import SampleForm
from services_dir.workspace.patterns import PatternsPage, color_names
from services_dir.workspace.views.parts import bp


@bp.get("/workspace/patterns")
@requires(Permission.REVIEW)
def patterns() -> ResponseReturnValue:
    """Show the colors, the letters and every component."""
    form = SampleForm(MultiDict({"sample_text": "A safe room."}), meta={"csrf": False})
    form.validate()
    return render_template("workspace/patterns.html", page=PatternsPage(_("Patterns"), form, color_names()))
