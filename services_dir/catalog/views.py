"""Routes of the catalog: one program, one organization."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from services_dir import clock
from services_dir.accounts.guards import public
from services_dir.catalog import queries
from services_dir.catalog.kinds import Vocabulary
from services_dir.catalog.pages import Label, OrganizationPage, ProgramPage
from services_dir.db import db
from services_dir.errors import NotFoundError
from services_dir.web.languages import current_language

bp = Blueprint("catalog", __name__)


@bp.get("/programs/<slug>")
@public
def program(slug: str) -> ResponseReturnValue:
    """Show a program; a former slug leads to it for good."""
    try:
        found = queries.get_public_program(db.session, slug)
    except NotFoundError:
        return _moved("program", slug)
    page = ProgramPage.build(found, _labels(), at=clock.now(), today=clock.now().date(), language=current_language())
    return render_template("catalog/program.html", page=page)


@bp.get("/organizations/<slug>")
@public
def organization(slug: str) -> ResponseReturnValue:
    """Show an organization and its programs; a former slug leads to it for good."""
    try:
        found = queries.get_public_organization(db.session, slug)
    except NotFoundError:
        return _moved("organization", slug)
    programs = queries.list_programs_of(db.session, slug)
    page = OrganizationPage.build(found, programs, today=clock.now().date(), language=current_language())
    return render_template("catalog/organization.html", page=page)
