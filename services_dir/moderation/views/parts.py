"""What the routes of moderation share."""

from __future__ import annotations

from flask import Blueprint, request, url_for
from sqlalchemy.orm import Session

from services_dir import clock
from services_dir.accounts.guards import account
from services_dir.errors import N_, ForbiddenError
from services_dir.mail.messages import MailKind, Message
from services_dir.mail.operations import enqueue
from services_dir.moderation.queries import list_answers
from services_dir.submissions import answers
from services_dir.submissions.models import AuthorKind, Submission
from services_dir.submissions.operations import Sender, add_link
from services_dir.submissions.showing import read_number
from services_dir.web.forms import WorkspaceForm
from services_dir.web.requests import site_address

bp = Blueprint("moderation", __name__)
bp.record_once(lambda _state: answers.register(list_answers))

# A number in an address that the database can hold.
NUMBER = "int(max=2147483647)"
_LAST_PAGE = 100_000


def check_button() -> None:
    """Raise ForbiddenError if a form that is only a button did not come from our page."""
    if not WorkspaceForm().validate():
        raise ForbiddenError(N_("This page was open for very long. Go back, reload it and try again."))


def reviewer() -> Sender:
    """Give the account that is signed in as an author."""
    return Sender(AuthorKind.REVIEWER, account_id=account().id)


def page_number() -> int:
    """Give the page of a list that the address names, from 1."""
    return max(1, min(read_number(request.args.get("page")) or 1, _LAST_PAGE))


def tell_sender(session: Session, submission: Submission) -> None:
    """Mail a sender who left an address that there is an answer, but nothing of what it says."""
    if submission.submitter_email is None:
        return
    at = clock.now()
    token = add_link(session, submission, at=at)
    language = None if submission.language == "en" else submission.language
    path = url_for("submissions.show", token=token, in_language=language)
    values = {"link": f"{site_address()}{path}", "label": submission.label}
    message = Message(MailKind.DECISION, submission.submitter_email, submission.language, values)
    enqueue(session, message, at=at)
