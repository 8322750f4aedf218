"""How a file of open data is answered: kept until the catalog changes, and not asked too often."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import wraps
from typing import Any

from flask import Response, request, stream_with_context
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from services_dir import clock, policy, throttle
from services_dir.db import db, transaction
from services_dir.open_data import queries
from services_dir.web.errors import error_response
from services_dir.web.requests import network

Body = bytes | Iterator[bytes]
View = Callable[..., Body]


def kept(content_type: str, file: str | None = None) -> Callable[[View], Callable[..., ResponseReturnValue]]:
    """Answer with what a view gives, as a file of a name if there is one; 304 where nothing changed."""

    def decorate(view: View) -> Callable[..., ResponseReturnValue]:
        @wraps(view)
        def answered(*args: Any, **values: Any) -> ResponseReturnValue:
            if not _may_ask():
                waiting = error_response(429, _("Too many downloads from your network. Wait a minute."))
                waiting.headers["Retry-After"] = "60"
                return waiting
            tag = _tag()
            if request.if_none_match.contains_weak(tag):
                response = Response(status=304)
            else:
                body = view(*args, **values)
                streamed = body if isinstance(body, bytes) else stream_with_context(_closing(body))
                response = Response(streamed, content_type=content_type)
                if file is not None:
                    response.headers["Content-Disposition"] = f'attachment; filename="{file}"'
            response.set_etag(tag, weak=True)
            response.headers["Cache-Control"] = "private, no-cache"
            response.headers["Access-Control-Allow-Origin"] = "*"
            return response

        return answered

    return decorate


def _closing(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Give the connection back when the last piece is sent or the reader is gone."""
    try:
        yield from pieces
    finally:
        db.session.close()


def _may_ask() -> bool:
    """Count a download with the questions to the API; the address is not kept."""
    at = clock.now()
    with transaction() as session:
        limit = policy.get(session, "api_requests_per_minute")
        return throttle.allow(session, "api", network(), limit=limit, within=timedelta(minutes=1), at=at)


def _tag() -> str:
    """Name what an answer depends on: the catalog, the day on which alerts end, and the address."""
    stamp = queries.read_stamp(db.session)
    parts = (stamp.database_id, stamp.last_change, clock.now().date(), request.url)
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()[:32]
