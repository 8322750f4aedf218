"""Routes of posters and cards: the page, and the files as they are today."""

from __future__ import annotations

from functools import lru_cache

import msgspec
from flask import Blueprint, abort, make_response, render_template, url_for
from flask.typing import ResponseReturnValue

from services_dir import clock
from services_dir.accounts.guards import public
from services_dir.catalog.freshness import get_freshness
from services_dir.db import db
from services_dir.errors import N_
from services_dir.sheets.printing import qr, set_pdf
from services_dir.site.posters import pages
from services_dir.site.posters.pages import Lines, PostersPage, Print
from services_dir.site.queries import list_line_programs
from services_dir.web.context import absolute
from services_dir.web.languages import current_language
from services_dir.web.navigation import Entry, Menu
from services_dir.web.robots import indexed

bp = Blueprint("posters", __name__, url_prefix="/posters")

ENTRIES = (Entry(Menu.ABOUT, "posters.show", N_("Posters and cards"), 58),)


@bp.get("")
@public
@indexed
def show() -> ResponseReturnValue:
    """Offer posters and cards, and say which lines are on them."""
    return render_template("site/posters.html", page=PostersPage.build(_lines()))


@bp.get("/<printed>.pdf")
@public
def pdf(printed: str) -> ResponseReturnValue:
    """Give a poster or a page of cards as it is today."""
    if printed not in set(Print):
        abort(404)
    address = absolute(url_for("site.home"))
    data = pages.print_data(Print(printed), _lines(), address, current_language(), at=clock.now())
    response = make_response(_set(f"{printed}.typ", msgspec.json.encode(data)))
    response.content_type = "application/pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{printed}.pdf"'
    return response


@lru_cache(maxsize=16)
def _set(source: str, data: bytes) -> bytes:
    """Set a file; most who ask on one day get the same."""
    content = msgspec.json.decode(data)
    return set_pdf(source, content | {"qr": qr(content["code"])})


def _lines() -> Lines:
    programs = list_line_programs(db.session)
    return Lines.of(programs, get_freshness(db.session), current_language(), at=clock.now())
