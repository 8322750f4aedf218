"""What a request may bring along, and whose word counts for where it came from."""

from __future__ import annotations

from typing import Any

from flask import Flask, abort, request
from werkzeug.middleware.proxy_fix import ProxyFix

from services_dir import throttle
from services_dir.web.context import absolute

MAXIMUM_BODY = 1024 * 1024
MAXIMUM_FIELDS = 2000


def init_app(app: Flask) -> None:
    """Limit what is read of a request, and believe as many proxies as the settings name."""
    app.config.update(
        MAX_CONTENT_LENGTH=MAXIMUM_BODY,
        MAX_FORM_MEMORY_SIZE=MAXIMUM_BODY,
        MAX_FORM_PARTS=MAXIMUM_FIELDS,
    )
    app.before_request(_refuse_null_in_path)
    hops = app.config["SETTINGS"].trusted_proxies
    if hops:
        inner: Any = app.wsgi_app
        app.wsgi_app = ProxyFix(inner, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]


def site_address() -> str:
    """Give the address of this site, without a slash at its end."""
    return absolute("")


def network() -> str:
    """Give what stands for the network this request comes from, for throttles; it is never kept as it is."""
    return throttle.network(request.remote_addr)


def _refuse_null_in_path() -> None:
    """Answer 404 to an address with a null character: PostgreSQL refuses to look for one."""
    if "\x00" in request.path:
        abort(404)
