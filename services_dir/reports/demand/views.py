"""Routes of the report on demand."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from services_dir import clock
from services_dir.accounts.guards import public
from services_dir.catalog import gazetteer
from services_dir.db import db
from services_dir.demand import queries
from services_dir.reports.answers import csv_answer
from services_dir.reports.demand import operations, pages
from services_dir.reports.demand.pages import DemandPage, Names
from services_dir.search import vocabulary
from services_dir.web.languages import current_language

bp = Blueprint("demand", __name__, url_prefix="/reports")


@bp.get("/demand")
@public
def show() -> ResponseReturnValue:
    """Show what was looked for in a month that ended, and how that changed from month to month."""
    operations.close_due(db.session, at=clock.now())
    kept = queries.list_kept(db.session)
    page = DemandPage.build(kept, request.args.get("month", ""), _names(), at=clock.now())
    return render_template("reports/demand.html", page=page)


@bp.get("/demand.csv")
@public
def as_csv() -> ResponseReturnValue:
    """Give the same figures, of all months, as a table for a spreadsheet."""
    operations.close_due(db.session, at=clock.now())
    return csv_answer("demand.csv", pages.table(queries.list_kept(db.session), _names()))


def _names() -> Names:
    return Names(vocabulary.load(db.session), gazetteer.current(db.session), current_language())
