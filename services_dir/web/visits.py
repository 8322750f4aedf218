"""What a request tells of itself that decides if it is a person's own deed: nothing of it is kept."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit

from flask import current_app, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

# Programs that say what they are. One that hides it cannot be told apart without watching visitors.
_PROGRAM = re.compile(r"bot\b|bot/|crawl|spider|slurp|archiver|preview|facebookexternalhit", re.IGNORECASE)


def is_own_deed() -> bool:
    """Tell whether somebody opened this page: no robot, no guess of a browser, no script of our pages."""
    headers = request.headers
    is_ahead = "prefetch" in f"{headers.get('Sec-Purpose', '')} {headers.get('Purpose', '')}".lower()
    is_page = headers.get("Sec-Fetch-Dest", "document") in ("document", "iframe")
    is_program = _PROGRAM.search(headers.get("User-Agent", "")) is not None
    return request.method != "HEAD" and is_page and not (is_ahead or is_program or "Live-Update" in headers)


def came_from(endpoint: str) -> SplitResult | None:
    """Give the address of the page of ours that led here, if it is this one, in any language."""
    before = urlsplit(request.referrer or "")
    if before.netloc != request.host:
        return None
    try:
        found, _values = current_app.url_map.bind("").match(before.path, method="GET")
    except (HTTPException, RequestRedirect):
        return None
    return before if found == endpoint else None
