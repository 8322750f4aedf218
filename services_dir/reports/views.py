"""Routes of reports."""

from __future__ import annotations

from typing import TypeVar

from flask import Blueprint, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services_dir import clock
from services_dir.accounts.guards import public
from services_dir.catalog import gazetteer
from services_dir.catalog.kinds import PlaceKind
from services_dir.db import db
from services_dir.errors import N_, UnavailableError
from services_dir.reports import pages
from services_dir.reports.annual import queries
from services_dir.reports.answers import csv_answer
from services_dir.reports.overview import OverviewPage
from services_dir.reports.pages import CoveragePage, Focus
from services_dir.search import engine, vocabulary
from services_dir.search.matrix import Columns, Matrix
from services_dir.search.query import Facet, SearchQuery
from services_dir.web.languages import current_language
from services_dir.web.navigation import Entry, Menu

bp = Blueprint("reports", __name__, url_prefix="/reports")

ENTRIES = (Entry(Menu.ABOUT, "reports.overview", N_("Reports"), 55),)

ChoiceT = TypeVar("ChoiceT", Facet, PlaceKind)


@bp.get("")
@public
def overview() -> ResponseReturnValue:
    """List all reports."""
    paths = {rule.rule for rule in current_app.url_map.iter_rules()}
    published = queries.list_reports(db.session)
    page = OverviewPage.build(url_for("reports.overview"), paths, published)
    return render_template("reports/overview.html", page=page)


@bp.get("/coverage", endpoint="coverage")
@public
def show_coverage() -> ResponseReturnValue:
    """Show how many programs of each kind serve each place, and name what is missing."""
    page = CoveragePage.build(
        _counted(), vocabulary.load(db.session), gazetteer.current(db.session), _focus(), current_language()
    )
    return render_template("reports/coverage.html", page=page)


@bp.get("/coverage.csv")
@public
def coverage_csv() -> ResponseReturnValue:
    """Give the same figures as a table for a spreadsheet."""
    return csv_answer(
        "coverage.csv", pages.table(_counted(), vocabulary.load(db.session), _focus(), current_language())
    )


def _focus() -> Focus:
    return Focus(request.args.get("value"), request.args.get("place"))


def _counted() -> Matrix:
    """Count what was asked for. Raises UnavailableError while there is no index."""
    query, _notices = SearchQuery.read(dict(request.args.lists()))
    facet = _one("rows", pages.ROWS)
    columns = Columns(_one("places", pages.PLACES), _inside())
    counted = engine.matrix(query, facet, columns, at=clock.now())
    if counted is None:
        raise UnavailableError(N_("The figures are being counted anew. Please try again in a minute."))
    return counted


def _inside() -> str | None:
    """Read the area whose towns are looked at; anything else is none."""
    place = gazetteer.current(db.session).places.get(request.args.get("inside", ""))
    return place.key if place is not None and place.kind in pages.AREAS else None


def _one(name: str, allowed: tuple[ChoiceT, ...]) -> ChoiceT:
    """Read a choice; anything else is the first."""
    return next((one for one in allowed if one.value == request.args.get(name)), allowed[0])
