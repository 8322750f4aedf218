"""What the coordinators' routes of the library share."""

from __future__ import annotations

from flask import Blueprint

from services_dir.errors import N_, ForbiddenError
from services_dir.web.forms import WorkspaceForm

bp = Blueprint("council_workspace", __name__)

NUMBER = "int(max=2147483647)"


def check_button() -> None:
    """Raise ForbiddenError if a form that is only a button did not come from our page."""
    if not WorkspaceForm().validate():
        raise ForbiddenError(N_("This page was open for very long. Go back, reload it and try again."))
