"""Routes of one program as it was and is: its versions, an earlier one again."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services_dir import clock
from services_dir.accounts.guards import account, requires
from services_dir.accounts.rules import Permission
from services_dir.catalog.models import Program
from services_dir.catalog.queries import find_program
from services_dir.db import db
from services_dir.errors import N_, NotFoundError
from services_dir.moderation import operations, queries
from services_dir.moderation.pages import ProgramPage
from services_dir.moderation.views.parts import NUMBER, bp, check_button
from services_dir.submissions.publishing import publishing
from services_dir.submissions.showing import read_number
from services_dir.values import slugify


@bp.get("/workspace/programs/<slug>")
@requires(Permission.REVIEW)
def program(slug: str) -> ResponseReturnValue:
    """Show a program's versions, two of them compared if the address names them."""
    page = ProgramPage.build(
        db.session,
        queries.get_program(db.session, slug),
        older=read_number(request.args.get("from")),
        newer=read_number(request.args.get("to")),
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


def _locked(slug: str) -> Program:
    record = find_program(db.session, slug, for_update=True) if slug == slugify(slug) else None
    if record is None:
        raise NotFoundError(N_("There is no program with this address."))
    return record
