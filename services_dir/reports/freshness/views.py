"""Routes of freshness."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from services_dir import clock
from services_dir.accounts.guards import public
from services_dir.db import db
from services_dir.reports.answers import csv_answer
from services_dir.reports.freshness import queries
from services_dir.reports.freshness.pages import FreshnessPage
from services_dir.search import vocabulary
from services_dir.web.languages import current_language

bp = Blueprint("freshness", __name__, url_prefix="/reports")


@bp.get("/freshness")
@public
def show() -> ResponseReturnValue:
    """Show how many programs were confirmed in time, and what was done about it."""
    return render_template("reports/freshness.html", page=_page())


@bp.get("/freshness.csv")
@public
def csv() -> ResponseReturnValue:
    """Give the same figures as a table for a spreadsheet."""
    return csv_answer("freshness.csv", _page().rows())


def _page() -> FreshnessPage:
    today = clock.now().date()
    return FreshnessPage.build(
        queries.get_freshness(db.session, today),
        queries.count_deeds(db.session, today),
        vocabulary.load(db.session),
        current_language(),
    )
