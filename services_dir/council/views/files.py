"""Routes of the files of the library: PDFs, which no browser opens by itself here, and the calendar."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, Response, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from services_dir.accounts.guards import public
from services_dir.council import queries, rules
from services_dir.council.calendar import calendar
from services_dir.council.models import Meeting
from services_dir.db import db
from services_dir.errors import N_, NotFoundError
from services_dir.web.context import absolute

bp = Blueprint("council_files", __name__)

# Whatever the bytes are: they are saved, not shown, and if shown all the same they may do nothing.
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; sandbox; base-uri 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Download-Options": "noopen",
}
_MOST_MEETINGS = 500


@bp.get("/council/files/<paper>.pdf")
@public
def file(paper: str) -> ResponseReturnValue:
    """Give a file to be saved."""
    found = queries.get_document(db.session, paper)
    if found.file is None:
        raise NotFoundError(N_("This document is not held here."))
    day = found.meeting.held_on if found.meeting else None
    name = rules.file_name(found.kind, day, found.period, found.id)
    response = Response(
        stream_with_context(_pieces(found.file.digest)),
        mimetype="application/pdf",
        headers={
            **_HEADERS,
            "Content-Length": str(found.file.size),
            "Content-Disposition": f'attachment; filename="{name}"',
        },
    )
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@bp.get("/council/meetings.ics")
@public
def meetings() -> ResponseReturnValue:
    """Give all meetings for a calendar; one that subscribes to this address follows what changes."""
    found = queries.list_meetings(db.session, size=_MOST_MEETINGS)
    return _calendar(list(found), "meetings.ics")


@bp.get("/council/calendar/<day>.ics")
@public
def meeting(day: str) -> ResponseReturnValue:
    """Give one meeting for a calendar."""
    return _calendar([queries.get_meeting(db.session, day)], f"meeting-{day}.ics")


def _calendar(found: list[Meeting], name: str) -> Response:
    content = calendar(
        found, _("Council meeting"), lambda one: absolute(url_for("council.meeting", day=one.slug))
    )
    response = Response(content, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _pieces(digest: str) -> Iterator[bytes]:
    try:
        yield from queries.each_piece(db.session, digest)
    finally:
        db.session.close()
