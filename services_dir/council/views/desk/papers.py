"""Routes of the coordinators' pages of the library: meetings with their papers, and documents."""

from __future__ import annotations

from typing import TypeVar

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import RequestEntityTooLarge

from services_dir import clock
from services_dir.accounts.guards import account, requires
from services_dir.accounts.rules import Permission
from services_dir.catalog.words import day_words
from services_dir.council import editing, operations, pages, queries
from services_dir.council.forms import TOO_LARGE, DocumentForm, MeetingForm
from services_dir.council.models import Document, Meeting
from services_dir.council.pdf.uploads import LARGEST
from services_dir.council.views.desk.parts import NUMBER, bp, check_button
from services_dir.db import db, transaction
from services_dir.errors import N_, InvalidError
from services_dir.submissions.showing import read_number
from services_dir.web.errors import error_response, sentence
from services_dir.web.forms import WorkspaceForm

FormT = TypeVar("FormT", MeetingForm, DocumentForm)

_AROUND = 1_000_000  # bytes of a form beside its files
_MOST_OFFERED = 200  # meetings to choose from


@bp.get("/workspace/council")
@requires(Permission.REVIEW)
def home() -> ResponseReturnValue:
    """List all that the library holds, each with the way to change it."""
    number = max(1, min(read_number(request.args.get("page")) or 1, 100_000))
    page = pages.WorkspacePage(
        title=_("The Council"),
        meetings=[(one.id, pages.meeting_line(one)) for one in queries.list_meetings(db.session, size=20)],
        documents=queries.list_documents(db.session, page=number, size=30),
        acts=queries.list_acts(db.session),
        members=queries.list_members(db.session),
        committees=queries.list_committees(db.session),
        address=lambda n: url_for("council_workspace.home", page=n),
    )
    return render_template("workspace/council/home.html", page=page)


@bp.get("/workspace/council/meetings/new")
@requires(Permission.REVIEW)
def new_meeting() -> ResponseReturnValue:
    """Offer the form of a meeting."""
    return _show_meeting(None, MeetingForm(None))


@bp.post("/workspace/council/meetings/new")
@requires(Permission.REVIEW)
def publish_meeting() -> ResponseReturnValue:
    """Publish a meeting with its papers."""
    return _save_meeting(None)


@bp.get(f"/workspace/council/meetings/<{NUMBER}:meeting_id>")
@requires(Permission.REVIEW)
def meeting(meeting_id: int) -> ResponseReturnValue:
    """Show a meeting to be changed."""
    found = queries.get_meeting_by_id(db.session, meeting_id)
    return _show_meeting(found, MeetingForm(None, data=editing.meeting_values(found)))


@bp.post(f"/workspace/council/meetings/<{NUMBER}:meeting_id>")
@requires(Permission.REVIEW)
def change_meeting(meeting_id: int) -> ResponseReturnValue:
    """Change a meeting, put in papers, or approve its minutes."""
    queries.get_meeting_by_id(db.session, meeting_id)
    return _save_meeting(meeting_id)


@bp.post(f"/workspace/council/meetings/<{NUMBER}:meeting_id>/removal")
@requires(Permission.REVIEW)
def remove_meeting(meeting_id: int) -> ResponseReturnValue:
    """Take out a meeting without papers; one that does not take place is canceled instead."""
    check_button()
    with transaction() as session:
        found = queries.get_meeting_by_id(session, meeting_id)
        operations.remove_meeting(session, found, by=account().id, at=clock.now())
    flash(N_("The meeting is taken out."))
    return redirect(url_for("council_workspace.home"), code=303)


@bp.get("/workspace/council/documents/new")
@requires(Permission.REVIEW)
def new_document() -> ResponseReturnValue:
    """Offer the form of a document, of a meeting if one is named."""
    number = read_number(request.args.get("meeting"))
    return _show_document(None, DocumentForm(None, data={"meeting": str(number or ""), "language": "en"}))


@bp.post("/workspace/council/documents/new")
@requires(Permission.REVIEW)
def publish_document() -> ResponseReturnValue:
    """Publish a document."""
    return _save_document(None)


@bp.get(f"/workspace/council/documents/<{NUMBER}:document_id>")
@requires(Permission.REVIEW)
def document(document_id: int) -> ResponseReturnValue:
    """Show a document to be changed."""
    found = queries.get_document_by_id(db.session, document_id)
    return _show_document(found, DocumentForm(None, data=editing.document_values(found)))


@bp.post(f"/workspace/council/documents/<{NUMBER}:document_id>")
@requires(Permission.REVIEW)
def change_document(document_id: int) -> ResponseReturnValue:
    """Change a document, or put another file in the place of the one it has."""
    queries.get_document_by_id(db.session, document_id)
    return _save_document(document_id)


@bp.post(f"/workspace/council/documents/<{NUMBER}:document_id>/removal")
@requires(Permission.REVIEW)
def remove_document(document_id: int) -> ResponseReturnValue:
    """Take away the file of a document, or all of it."""
    check_button()
    only_file = request.form.get("what") == "file"
    with transaction() as session:
        found = queries.get_document_by_id(session, document_id)
        remove = operations.remove_file if only_file else operations.remove_document
        remove(session, found, by=account().id, at=clock.now())
    flash(N_("The file is taken away. Its title stays.") if only_file else N_("The paper is taken away."))
    if only_file:
        return redirect(url_for("council_workspace.document", document_id=document_id), code=303)
    return redirect(url_for("council_workspace.home"), code=303)


def _save_meeting(number: int | None) -> ResponseReturnValue:
    try:
        form = _sent(MeetingForm, files=3)
    except RequestEntityTooLarge:
        return _too_large()
    is_valid = form.validate()
    files = editing.take_files(form)
    if not is_valid or not files.is_good:
        held = queries.get_meeting_by_id(db.session, number) if number is not None else None
        return _show_meeting(held, form), 422
    with transaction() as session:
        saved = editing.publish_meeting(session, number, form, files, by=account().id, at=clock.now())
        saved_id = saved.id
    flash(N_("The meeting is published."))
    return redirect(url_for("council_workspace.meeting", meeting_id=saved_id), code=303)


def _save_document(number: int | None) -> ResponseReturnValue:
    try:
        form = _sent(DocumentForm, files=1)
    except RequestEntityTooLarge:
        return _too_large()
    form.offer(_meetings())
    is_valid = form.validate()
    files = editing.take_files(form)
    if not is_valid or not files.is_good:
        held = queries.get_document_by_id(db.session, number) if number is not None else None
        return _show_document(held, form), 422
    with transaction() as session:
        before = queries.get_document_by_id(session, number) if number is not None else None
        facts = form.to_facts()
        saved = operations.save_document(
            session, before, facts, files.taken.get("file"), by=account().id, at=clock.now()
        )
        saved_id = saved.id
    flash(N_("The paper is published."))
    return redirect(url_for("council_workspace.document", document_id=saved_id), code=303)


def _show_meeting(found: Meeting | None, form: MeetingForm) -> str:
    page = pages.MeetingFormPage(
        title=_("A meeting of the Council"),
        number=found.id if found else None,
        slug=found.slug if found else None,
        heading=_("Meeting of %(day)s", day=day_words(found.held_on)) if found else _("A new meeting"),
        form=form,
        documents=[(one.id, pages.paper(one)) for one in found.documents] if found else [],
        button=WorkspaceForm(None),
    )
    return render_template("workspace/council/meeting.html", page=page)


def _show_document(found: Document | None, form: DocumentForm) -> str:
    form.offer(_meetings())
    page = pages.DocumentFormPage(
        title=_("A paper of the Council"),
        number=found.id if found else None,
        slug=found.slug if found else None,
        heading=found.title if found else _("A new paper"),
        has_file=found is not None and found.digest is not None,
        form=form,
        button=WorkspaceForm(None),
    )
    return render_template("workspace/council/document.html", page=page)


def _meetings() -> list[tuple[int, str]]:
    found = queries.list_meetings(db.session, size=_MOST_OFFERED)
    return [(one.id, day_words(one.held_on)) for one in found]


def _sent(kind: type[FormT], *, files: int) -> FormT:
    """Read a form with some files. Raises RequestEntityTooLarge if more is sent than they may have."""
    request.max_content_length = files * LARGEST + _AROUND
    return kind()


def _too_large() -> ResponseReturnValue:
    error = InvalidError(TOO_LARGE, most=LARGEST // 1_000_000)
    return error_response(413, sentence(error))
