"""The application: the one place that knows every part and puts them together."""

from __future__ import annotations

from flask import Flask

from services_dir import demand, search, web
from services_dir.accounts import views as accounts
from services_dir.api import views as api
from services_dir.catalog import views as catalog
from services_dir.council import finding
from services_dir.council.views import desk as council_desk
from services_dir.council.views import files as council_files
from services_dir.council.views import public as council
from services_dir.db import db, prepare
from services_dir.exchange.imports import views as imports
from services_dir.indicators.views import desk as indicators_desk
from services_dir.indicators.views import public as indicators
from services_dir.moderation import views as moderation
from services_dir.open_data.views import files, pages
from services_dir.reports import views as reports
from services_dir.reports.annual import views as annual
from services_dir.reports.demand import views as demand_report
from services_dir.reports.freshness import views as freshness
from services_dir.reports.publishing import views as publishing
from services_dir.search import beside
from services_dir.search import views as search_views
from services_dir.settings import TEMPLATES, Settings
from services_dir.sheets import views as sheets
from services_dir.site import views as site
from services_dir.site.posters import views as posters
from services_dir.submissions import views as submissions
from services_dir.upkeep import schema
from services_dir.upkeep import views as upkeep
from services_dir.upkeep.secret import get_secret
from services_dir.verification.views import answering, asking
from services_dir.web import navigation
from services_dir.web.languages import register_public
from services_dir.web.sessions import use_workspace_sessions
from services_dir.web.templates import Templates
from services_dir.workspace import views as workspace

_PUBLIC = (
    site,
    posters,
    search_views,
    catalog,
    submissions,
    answering,
    sheets,
    pages,
    reports,
    freshness,
    demand_report,
    indicators,
    annual,
    council,
)
_OWN = (
    api,
    accounts,
    workspace,
    moderation,
    asking,
    imports,
    upkeep,
    files,
    indicators_desk,
    publishing,
    council_files,
    council_desk,
)


def create_app(settings: Settings | None = None) -> Flask:
    """Make the application. Opens neither the database nor the index: workers fork after this.

    Raises SettingsError with a sentence about the first wrong setting.
    """
    chosen = settings or Settings.from_environment()
    app = Flask("services_dir", template_folder=str(TEMPLATES), static_folder=None)
    app.jinja_environment = Templates
    app.config["SETTINGS"] = chosen
    app.config["SECRET_KEY"] = get_secret(chosen)
    app.config.setdefault("SERVED_AT", "http://127.0.0.1:8000")  # `serve` knows better
    app.config["SQLALCHEMY_ENGINES"] = {"default": {"url": chosen.database_url, "pool_pre_ping": True}}
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    _set_up_database(app)
    use_workspace_sessions(app, base_url=chosen.base_url)
    web.init_app(app)
    demand.init_app(app)
    search.init_app(app)
    for part in _PUBLIC:
        register_public(app, part.bp)
    for part in _OWN:
        app.register_blueprint(part.bp)
    for part in (*_PUBLIC, *_OWN):
        navigation.add(app, *getattr(part, "ENTRIES", ()))
    beside.add(app, finding.find_beside)
    app.extensions["search"].on_change.append(site.keep_hotlines)
    return app


def _set_up_database(app: Flask) -> None:
    db.init_app(app)
    schema.init_app(app)
    with app.app_context():
        for engine in db.engines.values():
            prepare(engine)
