"""Routes of the coordinators' programs: find one, its versions, propose, edit, withdraw at once."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from services_dir import clock
from services_dir.accounts.guards import account, requires
from services_dir.accounts.rules import Permission
from services_dir.catalog.draft import Draft
from services_dir.catalog.kinds import CatalogStatus
from services_dir.catalog.queries import find_program
from services_dir.db import db
from services_dir.errors import N_, NotFoundError
from services_dir.moderation import operations, queries
from services_dir.moderation.pages import ProgramPage, ProgramsPage
from services_dir.moderation.views.editing import EditForm, receive_draft, show_draft
from services_dir.moderation.views.parts import bp, check_button, reviewer
from services_dir.submissions.forms import Origin
from services_dir.submissions.models import Subject, SubmissionKind
from services_dir.submissions.operations import open_submission
from services_dir.submissions.pages import Words
from services_dir.submissions.publishing import publishing
from services_dir.submissions.queries import Listing, get_listing, get_program_version
from services_dir.submissions.showing import read_number
from services_dir.values import without_controls


@bp.get("/workspace/programs")
@requires(Permission.REVIEW)
def programs() -> ResponseReturnValue:
    """List programs by name."""
    q = without_controls(request.args.get("q", ""))[:200].strip()
    number = max(1, min(read_number(request.args.get("page")) or 1, 100_000))
    page = ProgramsPage(
        title=_("Programs"),
        q=q,
        lines=queries.list_programs(db.session, q=q, page=number),
        address=lambda n: url_for("moderation.programs", q=q or None, page=n),
    )
    return render_template("moderation/programs.html", page=page)


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


@bp.get("/workspace/programs/<slug>")
@requires(Permission.REVIEW)
def program(slug: str) -> ResponseReturnValue:
    """Show a program's versions, two of them compared if the address names them."""
    record = queries.get_program(db.session, slug)
    is_first = record.version == 1 and record.status is CatalogStatus.PUBLISHED  # withdrawing says it better
    last = None if is_first else queries.find_last_deed(db.session, record)
    page = ProgramPage.build(
        db.session,
        record,
        older=read_number(request.args.get("from")),
        newer=read_number(request.args.get("to")),
        undo_address=url_for("moderation.undo", submission_id=last.id) if last else None,
    )
    return render_template("moderation/program.html", page=page)


@bp.get("/workspace/programs/<slug>/edit")
@requires(Permission.REVIEW)
def edit_program(slug: str) -> ResponseReturnValue:
    """Show the form of a published program."""
    listing = get_listing(db.session, Subject.PROGRAM, slug)
    return show_draft(Origin(listing.draft), _edit(listing), seen_version=listing.version)


@bp.post("/workspace/programs/<slug>/edit")
@requires(Permission.REVIEW)
def propose_change(slug: str) -> ResponseReturnValue:
    """Put a coordinator's own change into the queue."""
    listing = get_listing(db.session, Subject.PROGRAM, slug)
    number = min(read_number(request.form.get("seen_version")) or listing.version, listing.version)
    draft = get_program_version(db.session, listing.id, number)
    return receive_draft(
        Origin(draft), _edit(listing), lambda s, d, f: _open(s, d, f, SubmissionKind.CHANGE, number)
    )


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


def _edit(listing: Listing) -> Words:
    return Words(
        _("Edit %(name)s", name=listing.name),
        _("Your change waits in the queue like every other."),
        _("Put it into the queue"),
        title=_("Edit a program"),
    )
