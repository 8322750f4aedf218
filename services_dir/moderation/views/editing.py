"""The editors' forms of programs and organizations, shown and taken in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from services_dir import clock
from services_dir.catalog.draft import Draft, OrganizationDraft
from services_dir.db import db
from services_dir.errors import N_, ConflictError
from services_dir.submissions.forms import (
    EditOrganizationForm,
    EditProgramForm,
    Origin,
    draft_from_form,
    form_from_draft,
    load,
)
from services_dir.submissions.pages import FormPage, Words
from services_dir.submissions.publishing import publishing
from services_dir.submissions.showing import change_rows, show_form, terms_of, wants_rows
from services_dir.web.errors import sentence

_TEMPLATE = "moderation/edit.html"

EditForm = EditProgramForm | EditOrganizationForm
# Puts a checked draft where it belongs, and gives the address to go to.
Send = Callable[[Session, Draft, EditForm], str]


def show_draft(origin: Origin, words: Words, **values: Any) -> str:
    """Show the form of a draft."""
    choices = load(db.session, also=terms_of(origin.draft))
    form = form_from_draft(_form(origin), choices, origin, **values)
    return show_form(_TEMPLATE, FormPage(words.title, words, form, choices, _here()))


def receive_draft(origin: Origin, words: Words, send: Send) -> ResponseReturnValue:
    """Do what the pressed button asks for: another row, or saving. Whatever is wrong, nothing is lost."""
    choices = load(db.session, also=terms_of(origin.draft))
    form = form_from_draft(_form(origin), choices, origin, request.form)
    page = FormPage(words.title, words, form, choices, _here())
    if wants_rows():
        change_rows(form)
        return show_form(_TEMPLATE, page)
    draft = draft_from_form(form, choices, origin, today=clock.now().date())
    if draft is None:
        return show_form(_TEMPLATE, page), 422
    try:
        with publishing() as session:
            address = send(session, draft, form)
    except ConflictError as error:
        form.form_errors.append(sentence(error))
        return show_form(_TEMPLATE, page), 409
    flash(N_("It is saved and waits in the queue."))
    return redirect(address, code=303)


def _form(origin: Origin) -> type[EditForm]:
    return EditOrganizationForm if isinstance(origin.draft, OrganizationDraft) else EditProgramForm


def _here() -> str:
    """Give this page's address, with what it answers: a report is named in it."""
    return request.full_path if request.query_string else request.path
