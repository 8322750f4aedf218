"""Routes for people, in each language: the search box for other sites, downloads, the feed of changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from services_dir import clock
from services_dir.accounts.guards import public
from services_dir.catalog.words import program_text
from services_dir.db import db
from services_dir.exchange.exports import csv_chunks, json_chunks
from services_dir.open_data import feed, queries
from services_dir.open_data.queries import Change
from services_dir.open_data.serving import kept
from services_dir.web.context import absolute
from services_dir.web.languages import current_language
from services_dir.web.robots import indexed

bp = Blueprint("open_data", __name__)

_MOST_CHANGES = 100


@dataclass(frozen=True)
class SearchBoxPage:
    """The page with the search box to copy; `results` is where it leads, from any site."""

    title: str
    results: str


@bp.get("/data/search-box")
@public
@indexed
def search_box() -> ResponseReturnValue:
    """Show a search box that other sites can put on their own pages."""
    page = SearchBoxPage(_("Search box"), absolute(url_for("search.results")))
    return render_template("open_data/search_box.html", page=page)


@bp.get("/data/programs.csv")
@public
@kept("text/csv; charset=utf-8", file="programs.csv")
def programs_csv() -> Iterator[bytes]:
    """Give all programs as a table in the language of the page: the same as `services-dir export csv`."""
    return csv_chunks(db.session, clock.now().date(), absolute(""))


@bp.get("/data/programs.json")
@public
@kept("application/json", file="programs.json")
def programs_json() -> Iterator[bytes]:
    """Give all that is listed as one document of HSDS: the same as `services-dir export json`."""
    return json_chunks(db.session, clock.now().date())


@bp.get("/data/changes.atom")
@public
@kept("application/atom+xml")
def changes() -> bytes:
    """Tell what was listed, changed or taken off last, as a feed."""
    return _feed(_("Changes in the listings"), queries.list_changes(db.session, _MOST_CHANGES))


@bp.get("/data/withdrawn.atom")
@public
@kept("application/atom+xml")
def withdrawn() -> bytes:
    """Tell the ids of all that was taken off, as a feed."""
    return _feed(_("No longer listed"), queries.list_withdrawn(db.session))


def _feed(title: str, changes: Iterable[Change]) -> bytes:
    language = current_language()
    here = absolute(url_for(request.endpoint or ""))
    entries = [_entry(change, language) for change in changes]
    return feed.atom(title, _("Services directory"), here, language, entries)


def _entry(change: Change, language: str) -> feed.Entry:
    program = change.program
    name = program_text(program, "name", language) if program is not None else None
    if program is None or name is None:
        gone = _("This listing is no longer shown. Please take it out of your copy.")
        return feed.Entry(change.id, change.at, _("No longer listed"), gone, None)
    address = absolute(url_for("catalog.program", slug=program.slug))
    changed = _("New or changed. Please read it again and replace your copy.")
    return feed.Entry(change.id, change.at, name.text, changed, address, name.lang)
