"""Routes of the catalog: one program, one organization."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from services_dir import clock
from services_dir.accounts.guards import public
from services_dir.catalog import queries
from services_dir.catalog.freshness import get_freshness
from services_dir.catalog.leading import find_current_slug
from services_dir.catalog.pages import OrganizationPage, ProgramPage
from services_dir.catalog.pages.structured import data_block
from services_dir.db import db
from services_dir.errors import N_, NotFoundError
from services_dir.values import slugify
from services_dir.web.context import absolute
from services_dir.web.languages import current_language
from services_dir.web.robots import indexed

bp = Blueprint("catalog", __name__)


@bp.get("/programs/<slug>")
@public
@indexed
def program(slug: str) -> ResponseReturnValue:
    """Show a program; a former slug leads to it for good."""
    _check_slug(slug)
    current = find_current_slug(db.session, "program", slug)
    if current is not None:
        return redirect(url_for("catalog.program", slug=current), code=308)
    language = current_language()
    found = queries.get_public_program(db.session, slug)
    labels = queries.get_labels(db.session, language)
    page = ProgramPage.build(found, labels, get_freshness(db.session), at=clock.now(), language=language)
    address = absolute(url_for("catalog.program", slug=slug))
    block = data_block(found, {one.slug: one.label for one in page.categories}, address, language)
    return render_template("catalog/program.html", page=page, data_block=block)


@bp.get("/organizations/<slug>")
@public
@indexed
def organization(slug: str) -> ResponseReturnValue:
    """Show an organization and its programs; a former slug leads to it for good."""
    _check_slug(slug)
    current = find_current_slug(db.session, "organization", slug)
    if current is not None:
        return redirect(url_for("catalog.organization", slug=current), code=308)
    found = queries.get_public_organization(db.session, slug)
    programs = queries.list_programs_of(db.session, slug)
    page = OrganizationPage.build(found, programs, today=clock.now().date(), language=current_language())
    return render_template("catalog/organization.html", page=page)


def _check_slug(slug: str) -> None:
    """Raise NotFoundError for what cannot be a slug: PostgreSQL refuses to look for some of it."""
    if slug != slugify(slug):
        raise NotFoundError(N_("There is no page at this address. It may have moved."))
