"""Routes of the site's own pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from flask import Blueprint, current_app, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from services_dir import policy
from services_dir.accounts.guards import public
from services_dir.db import db
from services_dir.errors import N_
from services_dir.site import queries
from services_dir.site.pages import GlossaryPage, HomePage, PrivacyPage, TextPage
from services_dir.values import fold
from services_dir.web.context import settings
from services_dir.web.glossary import ENTRIES as ENTRIES_OF_GLOSSARY
from services_dir.web.hotlines import Hotline, remember_hotlines
from services_dir.web.languages import SOURCE_LANGUAGE, current_language, translated
from services_dir.web.navigation import Entry, Menu
from services_dir.web.robots import indexed

bp = Blueprint("site", __name__)

T = TypeVar("T")

ENTRIES = (
    Entry(Menu.MAIN, "search.results", N_("Find help"), 10),
    Entry(Menu.MAIN, "site.safety", N_("Safety"), 80),
    Entry(Menu.ABOUT, "site.about", N_("About this directory"), 10),
    Entry(Menu.ABOUT, "site.privacy", N_("Privacy"), 20),
    Entry(Menu.ABOUT, "site.safety", N_("Safety"), 30),
    Entry(Menu.ABOUT, "site.glossary", N_("Hard words"), 35),
    Entry(Menu.ABOUT, "site.accessibility", N_("Accessibility"), 40),
    Entry(Menu.ABOUT, "site.inclusion_policy", N_("What is listed"), 50),
    Entry(Menu.ABOUT, "site.data", N_("Data"), 60),
)


@bp.get("/")
@public
@indexed
def home() -> ResponseReturnValue:
    """Show the search box, the kinds of help and the lines that answer at any hour."""
    language = current_language()
    page = HomePage(_("Home"), _current(queries.list_topics, language), current_hotlines(language))
    return render_template("site/home.html", page=page)


def current_hotlines(language: str) -> tuple[Hotline, ...]:
    """Give the lines that answer at any hour."""
    return _current(queries.list_hotlines, language)


def keep_hotlines() -> None:
    """Keep the lines in the home as well, for when the database fails."""
    remember_hotlines(settings().home, current_hotlines(SOURCE_LANGUAGE))


def _current(read: Callable[[Session, str], T], language: str) -> T:
    """Give what a query reads of the catalog in a language; read anew only when the catalog changed."""
    stamp = queries.get_catalog_stamp(db.session)
    known = current_app.extensions.setdefault("read_of_catalog", {})
    key = (read.__name__, language)
    if known.get(key, (None,))[0] != stamp:
        known[key] = (stamp, read(db.session, language))
    return cast("T", known[key][1])


@bp.get("/about")
@public
@indexed
def about() -> ResponseReturnValue:
    """Say what this directory is and where its facts come from."""
    page = TextPage(_("About this directory"), queries.find_state_name(db.session))
    return render_template("site/about.html", page=page)


@bp.get("/privacy")
@public
@indexed
def privacy() -> ResponseReturnValue:
    """Say what is kept of a visit and of a form."""
    page = PrivacyPage(_("Privacy"), policy.get(db.session, "silence_days"))
    return render_template("site/privacy.html", page=page)


@bp.get("/safety")
@public
@indexed
def safety() -> ResponseReturnValue:
    """Say how to leave at once, and what leaving does not hide."""
    return render_template("site/safety.html", page=TextPage(_("Safety")))


@bp.get("/glossary")
@public
@indexed
def glossary() -> ResponseReturnValue:
    """Say plainly what words mean that cannot be avoided."""
    entries = sorted(ENTRIES_OF_GLOSSARY, key=lambda entry: fold(translated(entry.name)))
    return render_template("site/glossary.html", page=GlossaryPage(_("Hard words"), entries))


@bp.get("/accessibility")
@public
@indexed
def accessibility() -> ResponseReturnValue:
    """Say what was done and tried so that everybody can use this site."""
    return render_template("site/accessibility.html", page=TextPage(_("Accessibility")))


@bp.get("/inclusion-policy")
@public
@indexed
def inclusion_policy() -> ResponseReturnValue:
    """Say which programs are listed, and how one gets in or out."""
    page = TextPage(_("What is listed"), queries.find_state_name(db.session))
    return render_template("site/inclusion_policy.html", page=page)


@bp.get("/data")
@public
@indexed
def data() -> ResponseReturnValue:
    """Say how other programs can read the listings."""
    return render_template("site/data.html", page=TextPage(_("Data")))


@bp.get("/exit")
@public
def leave() -> ResponseReturnValue:
    """Leave this site for the neutral page of the settings, and clear what scripts stored."""
    response = redirect(settings().exit_url, code=303)
    response.headers["Clear-Site-Data"] = '"storage"'
    return response
