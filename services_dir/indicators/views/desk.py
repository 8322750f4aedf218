"""Routes of indicators for coordinators: hand in a table, read what it would do, and do it."""

from __future__ import annotations

from collections import Counter

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from services_dir import clock
from services_dir.accounts.guards import account, requires
from services_dir.accounts.rules import Permission
from services_dir.db import db, transaction
from services_dir.errors import N_, ForbiddenError, InvalidError
from services_dir.indicators import operations, queries
from services_dir.indicators.forms import TableForm
from services_dir.indicators.operations import Verdict
from services_dir.indicators.pages import DeskPage, PlanPage
from services_dir.web.errors import sentence
from services_dir.web.forms import WorkspaceForm
from services_dir.web.navigation import Entry, Menu

bp = Blueprint("indicators_desk", __name__)

ENTRIES = (Entry(Menu.WORKSPACE, "indicators_desk.index", N_("Figures"), order=62),)

_NUMBER = "int(max=2147483647)"


@bp.get("/workspace/indicators")
@requires(Permission.REVIEW)
def index() -> ResponseReturnValue:
    """List the tables that were handed in, and take another one."""
    return _show_index(TableForm(None))


@bp.post("/workspace/indicators")
@requires(Permission.REVIEW)
def upload() -> ResponseReturnValue:
    """Plan the import of a table; no figure changes."""
    form = TableForm()
    if not form.validate():
        return _show_index(form), 422
    name = (form.file.data.filename or "").replace("\\", "/").rpartition("/")[2]
    try:
        with transaction() as session:
            held = operations.plan(session, form.file.data.read(), name, by=account().id, at=clock.now())
            import_id = held.id
    except InvalidError as error:
        form.file.errors = [*form.file.errors, sentence(error)]
        return _show_index(form), 422
    return redirect(url_for("indicators_desk.plan", import_id=import_id), code=303)


@bp.get(f"/workspace/indicators/<{_NUMBER}:import_id>")
@requires(Permission.REVIEW)
def plan(import_id: int) -> ResponseReturnValue:
    """Show what a table would change, row by row."""
    held = queries.get_import(db.session, import_id)
    lines = operations.judge(db.session, queries.rows_of(held))
    counts = Counter(line.verdict for line in lines)
    page = PlanPage(
        title=_("An import of figures"),
        held=held,
        counts={verdict: counts[verdict] for verdict in Verdict},
        lines=lines,
        button=WorkspaceForm(None),
    )
    return render_template("indicators/plan.html", page=page)


@bp.post(f"/workspace/indicators/<{_NUMBER}:import_id>/application")
@requires(Permission.REVIEW)
def apply(import_id: int) -> ResponseReturnValue:
    """Do what the plan says."""
    if not WorkspaceForm().validate():
        raise ForbiddenError(N_("This page was open for very long. Go back, reload it and try again."))
    with transaction() as session:
        operations.apply(session, import_id, by=account().id, at=clock.now())
    flash(N_("The import is applied."))
    return redirect(url_for("indicators.show"), code=303)


def _show_index(form: TableForm) -> str:
    page = DeskPage(_("Figures"), form, queries.list_imports(db.session))
    return render_template("indicators/index.html", page=page)
