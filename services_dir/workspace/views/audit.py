"""Routes of the audit: who did what, found by deed, account, subject and day; the same as a table to keep."""

from __future__ import annotations

import csv
import io
from typing import Any

from flask import make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from services_dir.accounts.guards import requires
from services_dir.accounts.rules import Permission
from services_dir.db import db
from services_dir.submissions.showing import read_number
from services_dir.workspace.pages import AuditPage
from services_dir.workspace.queries import (
    AuditFilter,
    Deed,
    list_actors,
    list_deed_names,
    list_deeds,
)
from services_dir.workspace.views.parts import bp

_COLUMNS = ("at", "account", "deed", "kind", "subject", "fields")
_MOST = 100_000  # lines of one table


@bp.get("/workspace/audit")
@requires(Permission.ADMINISTER)
def audit() -> ResponseReturnValue:
    """List who did what, newest first."""
    number = max(1, min(read_number(request.args.get("page")) or 1, 1_000_000))
    view = AuditFilter.from_args(request.args)
    arguments: dict[str, Any] = view.to_args()
    page = AuditPage(
        title=_("Who did what"),
        view=view,
        deeds=list_deeds(db.session, view, page=number),
        names=list_deed_names(db.session),
        actors=list_actors(db.session),
        address=lambda n: url_for("workspace.audit", **arguments, page=n),
        table_address=url_for("workspace.audit_table", **arguments),
    )
    return render_template("workspace/audit.html", page=page)


@bp.get("/workspace/audit.csv")
@requires(Permission.ADMINISTER)
def audit_table() -> ResponseReturnValue:
    """Give the same as a table; it holds account numbers and no names, like the audit itself."""
    deeds = list_deeds(db.session, AuditFilter.from_args(request.args), size=_MOST)
    response = make_response(_as_csv(deeds.items))
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = "attachment; filename=audit.csv"
    return response


def _as_csv(deeds: Any) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_COLUMNS)
    writer.writerows(_row(deed) for deed in deeds)
    return text.getvalue()


def _row(deed: Deed) -> tuple[object, ...]:
    fields = " ".join(deed.fields)
    return deed.at.isoformat(), deed.by_id or "", deed.deed, deed.kind, deed.subject or "", fields
