"""Headers of every answer: what a page may load, who may keep it, and what it tells others; and gzip."""

from __future__ import annotations

import gzip

from flask import Flask, Response, request

from services_dir.web.sessions import has_session

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
PERMISSIONS_POLICY = (
    ", ".join(
        f"{feature}=()"
        for feature in ("accelerometer", "camera", "geolocation", "gyroscope", "magnetometer", "microphone")
    )
    + ", payment=(), usb=()"
)

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": PERMISSIONS_POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    # A part of the site that may be kept says so itself.
    "Cache-Control": "no-store",
}

_SMALLEST_PACKED = 600
_PACKED_TYPES = ("text/", "application/json", "application/problem+json", "text/javascript", "image/svg+xml")


def init_app(app: Flask) -> None:
    """Add the headers to every answer, errors included, and pack texts for those who accept it."""

    @app.after_request
    def finish(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return _packed(response)


def _packed(response: Response) -> Response:
    if (
        response.direct_passthrough
        or response.is_streamed
        or response.status_code in (204, 304)
        or "Content-Encoding" in response.headers
        or not (response.content_type or "").startswith(_PACKED_TYPES)
        # The workspace shows secrets of a session beside what was typed: packed, their length would tell.
        or has_session(request.path)
    ):
        return response
    response.vary.add("Accept-Encoding")
    body = response.get_data()
    if len(body) >= _SMALLEST_PACKED and request.accept_encodings["gzip"] > 0:
        response.set_data(gzip.compress(body, compresslevel=5, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response
