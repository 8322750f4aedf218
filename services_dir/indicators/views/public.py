"""Routes of indicators for everybody: the page, the figures as a file, and the template to fill in."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from services_dir.accounts.guards import public
from services_dir.db import db
from services_dir.errors import N_
from services_dir.indicators import pages, queries
from services_dir.indicators.pages import IndicatorsPage
from services_dir.reports.answers import csv_answer
from services_dir.web.navigation import Entry, Menu
from services_dir.web.robots import indexed

bp = Blueprint("indicators", __name__, url_prefix="/council")

ENTRIES = (Entry(Menu.ABOUT, "indicators.show", N_("Figures on progress"), 57),)


@bp.get("/indicators")
@public
@indexed
def show() -> ResponseReturnValue:
    """Show all series with their definitions, and what sources say of them."""
    page = IndicatorsPage.build(queries.list_figures(db.session))
    return render_template("indicators/indicators.html", page=page)


@bp.get("/indicators.csv")
@public
def as_csv() -> ResponseReturnValue:
    """Give the same figures as a table."""
    return csv_answer("indicators.csv", pages.table(queries.list_figures(db.session)))


@bp.get("/indicators/template.csv")
@public
def template() -> ResponseReturnValue:
    """Give the table to fill in."""
    return csv_answer("template.csv", pages.template())
