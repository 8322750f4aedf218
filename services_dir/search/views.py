"""Routes of search: results as a page and as JSON, and completions."""

from __future__ import annotations

from dataclasses import replace

import msgspec
from flask import Blueprint, Response, current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue

from services_dir import clock
from services_dir.accounts.guards import public
from services_dir.catalog.chosen import read_chosen
from services_dir.catalog.kinds import Access, Level
from services_dir.search import engine
from services_dir.search.pages import ResultsPage, hotlines_of, to_json
from services_dir.search.query import Notice, SearchQuery
from services_dir.search.results import Hit, SearchResult
from services_dir.search.searcher import Searcher
from services_dir.search.vocabulary import ALL_SURVIVORS
from services_dir.web.languages import current_language

bp = Blueprint("search", __name__)

_CRISIS_LINES = "crisis-hotline"
_FAR_REACHING = (Level.FEDERAL, Level.NATIONAL, Level.STATE)
_MOST_LINES = 5


@bp.route("/programs", methods=["GET", "POST"])
@public
def results() -> ResponseReturnValue:
    """Show the programs that answer a search; by POST the address does not tell what was sought."""
    language = current_language()
    result, notices = _answer()
    lines = () if result.total else hotlines_of(_lines(result.query.place), language)
    snapshot = _searcher().snapshot
    page = ResultsPage.build(result, notices, snapshot.vocabulary if snapshot else None, lines, language)
    return render_template("search/results.html", page=replace(page, sheet=_on_sheet()))


@bp.route("/programs.json", methods=["GET", "POST"])
@public
def results_json() -> ResponseReturnValue:
    """Give the same answer as data."""
    result, notices = _answer()
    return _json(to_json(result, notices, current_language()))


@bp.get("/suggestions")
@public
def suggestions() -> ResponseReturnValue:
    """Give completions of what was typed so far: a list to show, or JSON for those who ask for it."""
    typed = request.args.get("q", "")[:200]
    found = _searcher().suggest(typed, language=current_language())
    if request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json":
        return _json([{"text": s.text, "kind": s.kind.value, "value": s.value} for s in found])
    return render_template("search/_suggestions.html", suggestions=found)


def _answer() -> tuple[SearchResult, tuple[Notice, ...]]:
    args = dict((request.form if request.method == "POST" else request.args).lists())
    if request.method == "POST" and "page" in request.args:
        args.setdefault("page", request.args.getlist("page"))
    query, notices = SearchQuery.read(args)
    return engine.search(query, at=clock.now(), language=current_language()), notices


def _on_sheet() -> tuple[str, ...]:
    """Give the programs chosen so far; they travel in fields of forms only, so that no address names one."""
    return read_chosen(request.form.getlist("program"), without=request.form.getlist("remove")).slugs


def _lines(place: str) -> tuple[Hit, ...]:
    """Give the lines for anyone that answer at any hour and reach far, those that serve the place first."""
    query = SearchQuery(
        category=(_CRISIS_LINES,),
        population=(ALL_SURVIVORS,),
        access=(Access.ROUND_THE_CLOCK.value,),
        place=place,
    )
    found = engine.search(query, at=clock.now(), language=current_language()).hits
    lines = (hit for hit in found if hit.card.categories[:1] == (_CRISIS_LINES,))
    return tuple(hit for hit in lines if hit.card.level in _FAR_REACHING)[:_MOST_LINES]


def _searcher() -> Searcher:
    searcher: Searcher = current_app.extensions["search"]
    return searcher


def _json(content: object) -> Response:
    response = make_response(msgspec.json.encode(content))
    response.content_type = "application/json"
    return response
