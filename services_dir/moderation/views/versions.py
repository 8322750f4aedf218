"""Routes of one program as it was and is: its versions, an earlier one again, merged into another."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services_dir import clock
from services_dir.accounts.guards import account, requires
from services_dir.accounts.rules import Permission
from services_dir.catalog.kinds import CatalogStatus
from services_dir.catalog.models import Program
from services_dir.catalog.queries import find_program
from services_dir.db import db
from services_dir.errors import N_, ConflictError, NotFoundError
from services_dir.moderation import operations, queries
from services_dir.moderation.forms import MergeForm
from services_dir.moderation.pages import MergePage, ProgramPage
from services_dir.moderation.views.parts import NUMBER, bp, check_button
from services_dir.submissions.publishing import publishing
from services_dir.submissions.showing import read_number
from services_dir.values import slugify
from services_dir.web.errors import sentence


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


@bp.post(f"/workspace/programs/<slug>/versions/<{NUMBER}:number>")
@requires(Permission.REVIEW)
def publish_version(slug: str, number: int) -> ResponseReturnValue:
    """Publish an earlier version again, as a new one."""
    check_button()
    with publishing() as session:
        record = _locked(slug)
        operations.publish_version(session, record, number, by=account().id, at=clock.now())
    flash(N_("The earlier version is published again, as a new version."))
    return redirect(url_for("moderation.program", slug=slug), code=303)


@bp.get("/workspace/programs/<slug>/merge")
@requires(Permission.REVIEW)
def merge(slug: str) -> ResponseReturnValue:
    """Show the form that merges a program into another, and both side by side once the other is named."""
    record = queries.get_program(db.session, slug)
    form = MergeForm(None)
    form.into.data = request.args.get("into")
    into = _find(form.into.data)
    return render_template("moderation/merge.html", page=MergePage.build(db.session, record, into, form))


@bp.post("/workspace/programs/<slug>/merge")
@requires(Permission.REVIEW)
def merge_program(slug: str) -> ResponseReturnValue:
    """Merge a program into another, if both were seen side by side."""
    form = MergeForm()
    record = queries.get_program(db.session, slug)
    into = _find(form.into.data)
    if into is None and form.into.data:
        form.into.errors = [sentence(NotFoundError(N_("There is no program with this address.")))]
    elif form.validate() and into is not None and request.form.get("confirmed") != into.slug:
        return redirect(url_for("moderation.merge", slug=slug, into=into.slug), code=303)
    elif form.validate() and into is not None:
        try:
            return _merge(slug, into.slug)
        except ConflictError as error:
            form.form_errors.append(sentence(error))
    page = MergePage.build(db.session, queries.get_program(db.session, record.slug), None, form)
    return render_template("moderation/merge.html", page=page), 422


def _merge(slug: str, other: str) -> ResponseReturnValue:
    with publishing() as session:
        first, second = sorted((slug, other))  # always in one order: two of these never wait for each other
        rows = {first: _locked(first), second: _locked(second)}
        operations.merge(session, rows[slug], rows[other], by=account().id, at=clock.now())
    flash(N_("The programs are merged. The old address leads to the one that stays."))
    return redirect(url_for("moderation.program", slug=other), code=303)


def _locked(slug: str) -> Program:
    record = find_program(db.session, slug, for_update=True) if slug == slugify(slug) else None
    if record is None:
        raise NotFoundError(N_("There is no program with this address."))
    return record


def _find(slug: str | None) -> Program | None:
    return find_program(db.session, slug) if slug and slug == slugify(slug) else None
