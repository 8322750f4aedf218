"""What the routes of moderation share."""

from __future__ import annotations

from flask import Blueprint

from services_dir.accounts.guards import account
from services_dir.errors import N_, ForbiddenError
from services_dir.moderation.queries import list_answers
from services_dir.submissions import answers
from services_dir.submissions.models import AuthorKind
from services_dir.submissions.operations import Sender
from services_dir.web.forms import WorkspaceForm

bp = Blueprint("moderation", __name__)
bp.record_once(lambda _state: answers.register(list_answers))

# A number in an address that the database can hold.
NUMBER = "int(max=2147483647)"


def check_button() -> None:
    """Raise ForbiddenError if a form that is only a button did not come from our page."""
    if not WorkspaceForm().validate():
        raise ForbiddenError(N_("This page was open for very long. Go back, reload it and try again."))


def reviewer() -> Sender:
    """Give the account that is signed in as an author."""
    return Sender(AuthorKind.REVIEWER, account_id=account().id)
