"""Route of the overview: what waits, what is late, what changed, who is on what, how fresh the catalog is."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from services_dir import clock
from services_dir.accounts.guards import account, requires
from services_dir.accounts.rules import Permission
from services_dir.catalog.kinds import CatalogStatus
from services_dir.catalog.queries import count_programs
from services_dir.db import db
from services_dir.moderation import queries
from services_dir.moderation.filters import QueueFilter, Reader
from services_dir.moderation.pages import waiting_line
from services_dir.workspace.pages import HomePage
from services_dir.workspace.queries import count_standings, list_changes, list_readers
from services_dir.workspace.views.parts import bp

_SHOWN = 8


@bp.get("/workspace")
@requires(Permission.REVIEW)
def home() -> ResponseReturnValue:
    """Show what needs somebody, and how the catalog stands."""
    at, me = clock.now(), account()
    counts = queries.count_queue(db.session, QueueFilter().state, reader=me.id, at=at)
    waiting = queries.list_queue(db.session, reader=me.id, at=at, size=_SHOWN, total=counts.total)
    mine = queries.list_queue(db.session, QueueFilter(reader=Reader.ME), reader=me.id, at=at, size=_SHOWN)
    page = HomePage(
        title=_("Overview"),
        waiting=[waiting_line(line, at) for line in waiting],
        mine=[waiting_line(line, at) for line in mine],
        counts=counts,
        readers=list_readers(db.session, at=at),
        changes=list_changes(db.session, size=_SHOWN),
        standings=count_standings(db.session, today=at.date()),
        published=count_programs(db.session),
        withdrawn=count_programs(db.session, CatalogStatus.WITHDRAWN),
        is_alone=queries.is_only_account(db.session) and not queries.may_decide_alone(db.session),
        is_administrator=me.may(Permission.ADMINISTER),
        at=at,
    )
    return render_template("workspace/home.html", page=page)
