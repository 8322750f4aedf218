"""Routes of yearly reports that are published."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from services_dir import clock, policy, throttle
from services_dir.accounts.guards import public
from services_dir.db import db, transaction
from services_dir.reports.annual import making, queries, table
from services_dir.reports.annual.figures import Figures
from services_dir.reports.annual.pages import AnnualListPage, AnnualPage
from services_dir.reports.answers import csv_answer, file_answer
from services_dir.web.errors import error_response
from services_dir.web.languages import current_language

bp = Blueprint("annual", __name__, url_prefix="/reports")


@bp.get("/annual", endpoint="list")
@public
def list_all() -> ResponseReturnValue:
    """List the published reports."""
    page = AnnualListPage.build(queries.list_reports(db.session))
    return render_template("reports/annual_list.html", page=page)


@bp.get("/annual/<int:number>")
@public
def show(number: int) -> ResponseReturnValue:
    """Show a published report as a page."""
    report = queries.get_report(db.session, number)
    return render_template("reports/annual.html", page=AnnualPage.build(report, current_language()))


@bp.get("/annual/<int:number>.pdf")
@public
def pdf(number: int) -> ResponseReturnValue:
    """Give a published report as PDF, in the language of the address."""
    report = queries.get_report(db.session, number)
    is_kept = queries.find_file(db.session, report, current_language()) is not None
    if not is_kept and not _may_print():
        waiting = error_response(429, _("Many reports were printed from your network. Wait a few minutes."))
        waiting.headers["Retry-After"] = "600"
        return waiting
    report = queries.get_report(db.session, number)  # anew: counting the print was a transaction of its own
    content = making.published_pdf(db.session, report, current_language())
    return file_answer(f"inventory-{report.year}-{report.edition}.pdf", content, "application/pdf")


@bp.get("/annual/<int:number>.csv")
@public
def csv(number: int) -> ResponseReturnValue:
    """Give the figures of a published report as a table."""
    report = queries.get_report(db.session, number)
    rows = table.rows(Figures.read(report.figures), current_language())
    return csv_answer(f"inventory-{report.year}-{report.edition}.csv", rows)


def _may_print() -> bool:
    """Count a report that is set anew for this network; the address is not kept."""
    with transaction() as session:
        return throttle.allow(
            session,
            "report",
            request.remote_addr or "",
            limit=policy.get(session, "sheets_per_hour"),
            within=timedelta(hours=1),
            at=clock.now(),
        )
