"""Routes that programs read: the map of pages, and what robots may open."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, request, url_for
from flask.typing import ResponseReturnValue

from services_dir.accounts.guards import public
from services_dir.db import db
from services_dir.errors import NotFoundError
from services_dir.open_data import feed, queries
from services_dir.open_data.feed import MapEntry
from services_dir.open_data.queries import Listed
from services_dir.open_data.serving import kept
from services_dir.web.context import absolute
from services_dir.web.languages import LANGUAGES
from services_dir.web.robots import indexed_rules

bp = Blueprint("open_data_files", __name__)

# A map may hold 50,000 addresses, and each page has one in each language.
_PAGES_OF_A_MAP = 20_000
_CLOSED_TO_ROBOTS = ("/exit", "/referral-sheet", "/suggestions", "/submissions/", "/verify/")
_OTHERS_CLOSED = ("/hsds/", "/sign-in", "/workspace")


@bp.get("/sitemap.xml")
@public
@kept("application/xml")
def sitemap() -> bytes:
    """Give the map of pages that search engines may list; a list of maps where there are very many."""
    listed = queries.list_pages(db.session)
    number = request.args.get("map", type=int)
    maps = -(-len(listed) // _PAGES_OF_A_MAP)
    if number is None and maps > 1:
        here = absolute(url_for("open_data_files.sitemap"))
        return feed.sitemap_index(f"{here}?map={n}" for n in range(1, maps + 1))
    if number is not None and not 1 <= number <= maps:
        raise NotFoundError("There is no page at this address. It may have moved.")
    first = ((number or 1) - 1) * _PAGES_OF_A_MAP
    pages = [_listing(one) for one in listed[first : first + _PAGES_OF_A_MAP]]
    return feed.sitemap([*(_own_pages() if first == 0 else ()), *pages])


@bp.get("/robots.txt")
@public
def robots() -> ResponseReturnValue:
    """Tell robots what holds nothing for them, and where the map is."""
    closed = [f"{prefix}{path}" for prefix in _prefixes() for path in _CLOSED_TO_ROBOTS]
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in (*closed, *_OTHERS_CLOSED)),
        "",
        f"Sitemap: {absolute(url_for('open_data_files.sitemap'))}",
    ]
    return Response("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def _own_pages() -> Iterator[MapEntry]:
    for endpoint in dict.fromkeys(rule.endpoint for rule in indexed_rules() if not rule.arguments):
        yield MapEntry(_in_each_language(endpoint))


def _listing(one: Listed) -> MapEntry:
    return MapEntry(_in_each_language(f"catalog.{one.kind}", slug=one.slug), one.modified_at)


def _in_each_language(endpoint: str, **values: Any) -> dict[str, str]:
    return {code: absolute(url_for(endpoint, in_language=code, **values)) for code in LANGUAGES}


def _prefixes() -> Iterator[str]:
    for code in LANGUAGES:
        yield url_for("site.home", in_language=code).rstrip("/")
