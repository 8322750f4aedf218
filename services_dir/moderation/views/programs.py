"""Routes of the coordinators' programs: find one, propose, edit, withdraw at once."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from services_dir import clock
from services_dir.accounts.guards import account, requires
from services_dir.accounts.rules import Permission
from services_dir.catalog.draft import Draft
from services_dir.catalog.queries import find_program
from services_dir.db import db
from services_dir.errors import N_, NotFoundError
from services_dir.moderation import operations, queries
from services_dir.moderation.pages import ProgramsPage
from services_dir.moderation.views.editing import EditForm, receive_draft, show_draft
from services_dir.moderation.views.parts import bp, check_button, page_number, reviewer
from services_dir.submissions.forms import Origin
from services_dir.submissions.models import Subject, Submission, SubmissionKind
from services_dir.submissions.operations import open_submission
from services_dir.submissions.pages import Words
from services_dir.submissions.publishing import publishing
from services_dir.submissions.queries import (
    Listing,
    get_listing,
    get_program_version,
    get_submission_for_update,
)
from services_dir.submissions.showing import read_number
from services_dir.values import without_controls
from services_dir.web.forms import WorkspaceForm

_MOST = 100  # programs withdrawn at once


@bp.get("/workspace/programs")
@requires(Permission.REVIEW)
def programs() -> ResponseReturnValue:
    """List programs by name."""
    return _show_programs([])


@bp.post("/workspace/programs/withdrawals")
@requires(Permission.REVIEW)
def withdraw_several() -> ResponseReturnValue:
    """Withdraw the programs that are ticked, after they were shown once more."""
    check_button()
    slugs = request.form.getlist("program")[:_MOST]
    if not slugs:
        flash(N_("Tick something first."))
        return redirect(url_for("moderation.programs"), code=303)
    if not request.form.get("confirmed"):
        return _show_programs(slugs)
    with publishing() as session:
        _done, left = operations.withdraw_all(session, slugs, by=account().id, at=clock.now())
    flash(N_("The programs are withdrawn. Nobody finds them any more."))
    if left:
        flash(N_("Some of them were not in the catalog."))
    return redirect(url_for("moderation.programs"), code=303)


@bp.get("/workspace/programs/new")
@requires(Permission.REVIEW)
def new_program() -> ResponseReturnValue:
    """Show the empty form."""
    return show_draft(Origin(), _new())


@bp.post("/workspace/programs/new")
@requires(Permission.REVIEW)
def propose_program() -> ResponseReturnValue:
    """Put a coordinator's own proposal into the queue."""
    return receive_draft(Origin(), _new(), lambda s, d, f: _open(s, d, f, SubmissionKind.NEW, None))


@bp.get("/workspace/programs/<slug>/edit")
@requires(Permission.REVIEW)
def edit_program(slug: str) -> ResponseReturnValue:
    """Show the form of a published program; `report` names the problem report it answers."""
    listing = get_listing(db.session, Subject.PROGRAM, slug)
    return show_draft(Origin(listing.draft), _edit(listing, _report()), seen_version=listing.version)


@bp.post("/workspace/programs/<slug>/edit")
@requires(Permission.REVIEW)
def propose_change(slug: str) -> ResponseReturnValue:
    """Put a coordinator's own change into the queue."""
    listing = get_listing(db.session, Subject.PROGRAM, slug)
    number = min(read_number(request.form.get("seen_version")) or listing.version, listing.version)
    draft = get_program_version(db.session, listing.id, number)
    report = _report()

    def send(session: Session, changed: Draft, form: EditForm) -> str:
        if report is not None:
            operations.answer_report(
                session, get_submission_for_update(session, report.id), by=account().id, at=clock.now()
            )
        return _open(session, changed, form, SubmissionKind.CHANGE, number)

    return receive_draft(Origin(draft), _edit(listing, report), send)


@bp.post("/workspace/programs/<slug>/withdraw")
@requires(Permission.REVIEW)
def withdraw_program(slug: str) -> ResponseReturnValue:
    """Take a program out of the catalog at once."""
    check_button()
    with publishing() as session:
        record = find_program(session, slug, for_update=True)
        if record is None:
            raise NotFoundError(N_("There is no program with this address."))
        operations.withdraw(session, record, by=account().id, at=clock.now())
    flash(N_("The program is withdrawn. Nobody finds it any more."))
    return redirect(url_for("moderation.program", slug=slug), code=303)


def _open(
    session: Session, draft: Draft, form: EditForm, kind: SubmissionKind, base_version: int | None
) -> str:
    submission = open_submission(
        session,
        draft,
        reviewer(),
        kind=kind,
        at=clock.now(),
        base_version=base_version,
        message=form.message.data or "",
    )
    return url_for("moderation.review", submission_id=submission.id)


def _new() -> Words:
    return Words(
        _("A new program"),
        _("It waits in the queue like every other proposal."),
        _("Put it into the queue"),
        title=_("A new program"),
    )


def _edit(listing: Listing, report: Submission | None) -> Words:
    lead = _("Your change waits in the queue like every other.")
    if report is not None:
        lead = _("It answers this report: “%(text)s” Saving closes the report.", text=report.message)
    return Words(
        _("Edit %(name)s", name=listing.name),
        lead,
        _("Put it into the queue"),
        title=_("Edit a program"),
    )


def _report() -> Submission | None:
    """Give the open problem report that the address names."""
    number = read_number(request.args.get("report"))
    found = db.session.get(Submission, number) if number else None
    is_open = found is not None and found.kind is SubmissionKind.PROBLEM and not found.is_closed
    return found if is_open else None


def _show_programs(slugs: list[str]) -> str:
    q = without_controls(request.args.get("q", ""))[:200].strip()
    page = ProgramsPage(
        title=_("Programs"),
        q=q,
        lines=queries.list_programs(db.session, q=q, page=page_number()),
        address=lambda n: url_for("moderation.programs", q=q or None, page=n),
        button=WorkspaceForm(None),
        chosen=queries.list_lines(db.session, slugs),
    )
    return render_template("moderation/programs.html", page=page)
