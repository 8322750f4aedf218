"""Routes of sheets: the page of the chosen programs, and the same as a PDF."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from flask import Blueprint, current_app, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from services_dir import clock, policy, throttle
from services_dir.accounts.guards import public
from services_dir.catalog import queries as catalog
from services_dir.catalog.chosen import read_chosen
from services_dir.catalog.freshness import get_freshness
from services_dir.catalog.public import PublicProgram
from services_dir.db import db, transaction
from services_dir.sheets import pages, queries
from services_dir.sheets.demand import count_sheet
from services_dir.sheets.pages import SheetPage
from services_dir.sheets.printing import sheet_pdf
from services_dir.sheets.text import sheet_text
from services_dir.web.context import settings
from services_dir.web.errors import error_response
from services_dir.web.languages import current_language, repeatable
from services_dir.web.visits import came_from, is_own_deed

bp = Blueprint("sheets", __name__)

_FILE = "sheet.pdf"


@bp.route("/referral-sheet", methods=["GET", "POST"])
@public
@repeatable
def sheet() -> ResponseReturnValue:
    """Show the chosen programs as one sheet; by POST the address does not tell which."""
    page, programs, _status = _read()
    _count(programs)
    return render_template("sheets/sheet.html", page=replace(page, text=sheet_text(page)))


@bp.route("/referral-sheet.pdf", methods=["GET", "POST"])
@public
def pdf() -> ResponseReturnValue:
    """Give the sheet as a PDF with a name that tells nothing."""
    page, programs, status = _read()
    if not page.entries:
        return error_response(status, " ".join(page.notices) or _("Choose a program first."))
    if not _may_print():
        waiting = error_response(429, _("Many sheets were printed from your network. Wait a few minutes."))
        waiting.headers["Retry-After"] = "600"
        return waiting
    _count(programs)
    addresses = {slug: f"{_base()}{url_for('catalog.program', slug=slug)}" for slug in page.slugs}
    response = make_response(sheet_pdf(page, current_language(), addresses))
    response.content_type = "application/pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{_FILE}"'
    return response


def _count(programs: Sequence[PublicProgram]) -> None:
    """Count a sheet once: not what is changed on it, nor the PDF of a sheet that was looked at."""
    if programs and is_own_deed() and came_from("sheets.sheet") is None:
        snapshot = current_app.extensions["search"].snapshot
        if snapshot is not None:
            count_sheet(programs, snapshot.vocabulary, snapshot.gazetteer, current_language(), at=clock.now())


def _read() -> tuple[SheetPage, tuple[PublicProgram, ...], int]:
    """Read the choice, from either kind of request; give its sheet, the programs, a status if it is empty."""
    sent = request.form if request.method == "POST" else request.args
    chosen = read_chosen([] if "clear" in sent else sent.getlist("program"), without=sent.getlist("remove"))
    found = queries.list_chosen(db.session, chosen.slugs)
    language, at = current_language(), clock.now()
    is_discreet = sent.get("discreet") == "1"
    labels = catalog.get_labels(db.session, language) if found.programs else {}
    page = SheetPage(
        title=pages.title(),
        slugs=tuple(program.slug for program in found.programs),
        entries=pages.entries(
            found.programs,
            labels,
            get_freshness(db.session),
            at=at,
            language=language,
            is_discreet=is_discreet,
        ),
        notices=pages.notices(chosen, found),
        is_discreet=is_discreet,
        is_answer=request.method == "POST" or not chosen.is_empty,
        made_on=pages.made_on(at.date()),
        call_first=pages.call_first(),
    )
    return page, found.programs, 400 if chosen.is_empty else 404


def _base() -> str:
    return settings().base_url or request.host_url.rstrip("/")


def _may_print() -> bool:
    """Count a sheet printed from this network; the address is not kept."""
    with transaction() as session:
        return throttle.allow(
            session,
            "sheet",
            request.remote_addr or "",
            limit=policy.get(session, "sheets_per_hour"),
            within=timedelta(hours=1),
            at=clock.now(),
        )
