"""Routes of search: results as a page and as JSON, and completions."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qs

import msgspec
from flask import Blueprint, Response, current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue

from services_dir import clock
from services_dir.accounts.guards import public
from services_dir.catalog.chosen import read_chosen
from services_dir.search import beside, engine
from services_dir.search.demand import count_search, is_same_search
from services_dir.search.document import Card
from services_dir.search.lines import MOST_LINES, is_line, lines_query
from services_dir.search.map_page import MapPage
from services_dir.search.pages import ResultsPage, hotlines_of, to_json
from services_dir.search.query import Notice, SearchQuery
from services_dir.search.results import SearchResult
from services_dir.search.searcher import Searcher
from services_dir.search.suggestions import SuggestionKind
from services_dir.web.hotlines import Hotline
from services_dir.web.languages import current_language, repeatable
from services_dir.web.visits import came_from, is_own_deed

bp = Blueprint("search", __name__)

_MOST_PARAMETERS = 300


@bp.route("/programs", methods=["GET", "POST"])
@public
@repeatable
def results() -> ResponseReturnValue:
    """Show the programs that answer a search; by POST the address does not tell what was sought."""
    language = current_language()
    result, notices = _answer()
    lines = hotlines_of(result.lines if result.total else _lines(result.query.place), language)
    snapshot = _searcher().snapshot
    if snapshot is not None and _is_new(result.query):
        count_search(result, snapshot, language, at=clock.now())
    page = ResultsPage.build(result, notices, snapshot.vocabulary if snapshot else None, lines, language)
    at_hand = _at_hand(lines, language) if result.total else ""
    found = beside.find(result.query.q if result.query.page == 1 else "")
    shown = replace(page, sheet=_on_sheet(), at_hand=at_hand, beside=found)
    return render_template("search/results.html", page=shown)


def _is_new(query: SearchQuery) -> bool:
    """Tell whether somebody asks for something, and did not turn a page, choose for a sheet or reload."""
    if query.is_empty or "page" in request.values or not is_own_deed():
        return False
    if request.method == "POST" and not {"program", "remove", "search"}.isdisjoint(request.form):
        return False
    before = came_from("search.results")
    if before is None:
        return True
    same, _notices = SearchQuery.read(parse_qs(before.query, max_num_fields=_MOST_PARAMETERS))
    return not is_same_search(query, same)


@lru_cache(maxsize=32)
def _at_hand(lines: tuple[Hotline, ...], language: str) -> str:
    """Give the lines that answer at any hour as part of the page, which is the same for most searches."""
    part: Any = current_app.jinja_env.get_or_select_template("components/hotlines.html").module
    return str(part.hotlines_at_hand(lines))


@bp.route("/map", methods=["GET", "POST"])
@public
def show_map() -> ResponseReturnValue:
    """Show where the programs of a search are and which regions they serve, as a picture and as a list."""
    query, notices = SearchQuery.read(_sent())
    coverage = _searcher().cover(query, at=clock.now())
    page = MapPage.build(query, notices, coverage, _on_sheet())
    response = make_response(render_template("search/map.html", page=page))
    response.headers["X-Robots-Tag"] = "noindex"
    return response


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
    kind = request.args.get("kind", type=SuggestionKind)  # what is none says nothing
    found = _searcher().suggest(typed, language=current_language(), kind=kind)
    if request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json":
        return _json([{"text": s.text, "kind": s.kind.value, "value": s.value} for s in found])
    return render_template("search/_suggestions.html", suggestions=found)


def _answer() -> tuple[SearchResult, tuple[Notice, ...]]:
    query, notices = SearchQuery.read(_sent())
    return engine.search(query, at=clock.now(), language=current_language()), notices


def _sent() -> Mapping[str, list[str]]:
    """Give the parameters of the search: of the address, a form, or a button that brings a whole one."""
    if request.method != "POST":
        return dict(request.args.lists())
    if "search" in request.form:
        with contextlib.suppress(ValueError):  # too many to be read
            return parse_qs(request.form["search"], max_num_fields=_MOST_PARAMETERS)
    sent = dict(request.form.lists())
    if "page" in request.args:
        sent.setdefault("page", request.args.getlist("page"))
    return sent


def _on_sheet() -> tuple[str, ...]:
    """Give the programs chosen so far; they travel in fields of forms only, so that no address names one."""
    if request.method != "POST":
        return ()
    return read_chosen(request.form.getlist("program"), without=request.form.getlist("remove")).slugs


def _lines(place: str) -> tuple[Card, ...]:
    """Give the lines in reach where nothing was found: those that serve the place come first."""
    found = engine.search(lines_query(place), at=clock.now(), language=current_language()).hits
    return tuple(hit.card for hit in found if is_line(hit.card))[:MOST_LINES]


def _searcher() -> Searcher:
    searcher: Searcher = current_app.extensions["search"]
    return searcher


def _json(content: object) -> Response:
    response = make_response(msgspec.json.encode(content))
    response.content_type = "application/json"
    return response
