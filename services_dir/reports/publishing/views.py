"""Routes with which a coordinator looks at a yearly report and publishes it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from services_dir import clock
from services_dir.accounts.guards import account, requires
from services_dir.accounts.rules import Permission
from services_dir.db import db
from services_dir.errors import N_, ForbiddenError, InvalidError
from services_dir.reports.annual import making, queries, table
from services_dir.reports.annual.pages import Published, PublishingPage
from services_dir.reports.annual.sections import Section, Writer
from services_dir.reports.answers import csv_answer, file_answer
from services_dir.web.errors import sentence
from services_dir.web.forms import WorkspaceForm
from services_dir.web.languages import SOURCE_LANGUAGE
from services_dir.web.navigation import Entry, Menu

bp = Blueprint("publishing", __name__, url_prefix="/workspace/reports")

ENTRIES = (Entry(Menu.OVERVIEW, "publishing.show", N_("Yearly report"), order=80),)

_YEARS = 5  # that can be chosen, the newest first


@bp.get("")
@requires(Permission.REVIEW)
def show() -> ResponseReturnValue:
    """Show what the report of a year would say, and those that are published."""
    this_year = clock.now().year
    years = tuple(range(this_year, this_year - _YEARS, -1))
    asked = request.args.get("year", "")
    year = next((year for year in years if str(year) == asked), this_year)
    sections: tuple[Section, ...] = ()
    problem = ""
    try:
        made = making.draft(db.session, year, now=clock.now())
        sections = tuple(Writer(made.figures, SOURCE_LANGUAGE).sections())
    except InvalidError as error:
        problem = sentence(error)
    published = tuple(map(Published.of, queries.list_reports(db.session)))
    page = PublishingPage(_("Yearly report"), year, years, sections, problem, WorkspaceForm(), published)
    return render_template("reports/publishing.html", page=page)


@bp.get("/<int:year>.pdf")
@requires(Permission.REVIEW)
def pdf(year: int) -> ResponseReturnValue:
    """Give the draft of a report as PDF."""
    made = making.draft(db.session, year, now=clock.now())
    return file_answer(f"draft-{year}.pdf", making.draft_pdf(db.session, made), "application/pdf")


@bp.get("/<int:year>.csv")
@requires(Permission.REVIEW)
def csv(year: int) -> ResponseReturnValue:
    """Give the figures of a draft as a table."""
    made = making.draft(db.session, year, now=clock.now())
    return csv_answer(f"draft-{year}.csv", table.rows(made.figures, SOURCE_LANGUAGE))


@bp.post("/<int:year>")
@requires(Permission.REVIEW)
def publish(year: int) -> ResponseReturnValue:
    """Publish the report of a year as it is at this moment."""
    if not WorkspaceForm().validate():
        raise ForbiddenError(N_("This page was open for very long. Go back, reload it and try again."))
    by = account().id
    making.publish(db.session, year, by=by, now=clock.now())
    flash(N_("The report is published. It stays as it is."))
    return redirect(url_for("publishing.show", year=year), code=303)
