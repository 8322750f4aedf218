"""Routes of the workspace: what waits, and the audit."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from services_dir import clock
from services_dir.accounts.guards import account, requires
from services_dir.accounts.rules import Permission
from services_dir.catalog.kinds import CatalogStatus
from services_dir.catalog.queries import count_programs
from services_dir.db import db
from services_dir.errors import N_
from services_dir.moderation import queries
from services_dir.submissions.models import SubmissionState
from services_dir.submissions.showing import read_number
from services_dir.web.navigation import Entry, Menu
from services_dir.workspace.pages import AuditPage, HomePage
from services_dir.workspace.queries import list_deeds

bp = Blueprint("workspace", __name__)

ENTRIES = (Entry(Menu.WORKSPACE, "workspace.home", N_("Overview"), order=10),)


@bp.get("/workspace")
@requires(Permission.REVIEW)
def home() -> ResponseReturnValue:
    """Show what waits longest, and how much there is."""
    at = clock.now()
    counts = queries.count_by_state(db.session)
    page = HomePage(
        title=_("Overview"),
        waiting=queries.list_queue(db.session, at=at, size=10),
        late=queries.count_late(db.session, at=at),
        for_senders=counts.get(SubmissionState.CHANGES_REQUESTED, 0),
        published=count_programs(db.session),
        withdrawn=count_programs(db.session, CatalogStatus.WITHDRAWN),
        is_administrator=account().may(Permission.ADMINISTER),
        at=at,
    )
    return render_template("workspace/home.html", page=page)


@bp.get("/workspace/audit")
@requires(Permission.ADMINISTER)
def audit() -> ResponseReturnValue:
    """List who did what, newest first."""
    number = max(1, min(read_number(request.args.get("page")) or 1, 1_000_000))
    page = AuditPage(
        title=_("Who did what"),
        deeds=list_deeds(db.session, page=number),
        address=lambda n: url_for("workspace.audit", page=n),
    )
    return render_template("workspace/audit.html", page=page)
