"""Routes that merge a listing into another which it repeats, after both were seen side by side."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services_dir import clock
from services_dir.accounts.guards import account, requires
from services_dir.accounts.rules import Permission
from services_dir.catalog.models import Organization, Program
from services_dir.db import db
from services_dir.errors import N_, ConflictError, NotFoundError
from services_dir.moderation import operations, queries
from services_dir.moderation.forms import MergeForm
from services_dir.moderation.pages import MergePage
from services_dir.moderation.views.parts import bp
from services_dir.submissions.publishing import publishing
from services_dir.web.errors import sentence

Record = Program | Organization


@bp.get("/workspace/programs/<slug>/merge")
@requires(Permission.REVIEW)
def merge(slug: str) -> ResponseReturnValue:
    """Show the form that merges a program into another, and both side by side once the other is named."""
    return _show(queries.get_program(db.session, slug), queries.get_program)


@bp.post("/workspace/programs/<slug>/merge")
@requires(Permission.REVIEW)
def merge_program(slug: str) -> ResponseReturnValue:
    """Merge a program into another, if both were seen side by side."""
    return _receive(slug, queries.get_program, _merge_programs)


@bp.get("/workspace/organizations/<slug>/merge")
@requires(Permission.REVIEW)
def merging_organizations(slug: str) -> ResponseReturnValue:
    """Show the same form for an organization."""
    return _show(queries.get_organization(db.session, slug), queries.get_organization)


@bp.post("/workspace/organizations/<slug>/merge")
@requires(Permission.REVIEW)
def merge_organization(slug: str) -> ResponseReturnValue:
    """Merge an organization into another, if both were seen side by side."""
    return _receive(slug, queries.get_organization, _merge_organizations)


def _show(record: Record, get: Callable[..., Record]) -> str:
    form = MergeForm(None)
    form.into.data = request.args.get("into")
    try:
        into = get(db.session, form.slug) if form.slug else None
    except NotFoundError:
        into = None
    return render_template("moderation/merge.html", page=MergePage.build(db.session, record, into, form))


def _receive(
    slug: str, get: Callable[..., Any], merge_now: Callable[[str, str], ResponseReturnValue]
) -> ResponseReturnValue:
    form = MergeForm()
    record = get(db.session, slug)
    if form.validate():
        try:
            into = get(db.session, form.slug)
            if request.form.get("confirmed") != into.slug:
                return redirect(url_for(_asking(record), slug=slug, into=into.slug), code=303)
            return merge_now(slug, into.slug)
        except NotFoundError as error:
            form.into.errors = [sentence(error)]
        except ConflictError as error:
            form.form_errors.append(sentence(error))
    page = MergePage.build(db.session, get(db.session, slug), None, form)
    return render_template("moderation/merge.html", page=page), 422


def _asking(record: Record) -> str:
    return f"moderation.{'merge' if isinstance(record, Program) else 'merging_organizations'}"


def _merge_programs(slug: str, other: str) -> ResponseReturnValue:
    with publishing() as session:
        rows = {one: queries.get_program(session, one) for one in (slug, other)}
        for row in sorted(rows.values(), key=lambda row: row.id):  # in one order: no two wait for each other
            session.refresh(row, with_for_update=True)
        operations.merge(session, rows[slug], rows[other], by=account().id, at=clock.now())
    flash(N_("The programs are merged. The old address leads to the one that stays."))
    return redirect(url_for("moderation.program", slug=other), code=303)


def _merge_organizations(slug: str, other: str) -> ResponseReturnValue:
    with publishing() as session:
        rows = [queries.get_organization(session, one) for one in (slug, other)]
        operations.merge_organizations(session, *rows, by=account().id, at=clock.now())
    flash(N_("The organizations are merged. The old address leads to the one that stays."))
    return redirect(url_for("moderation.organization", slug=other), code=303)
