"""What an error looks like: its status, and a page (or JSON) with a sentence and a way on."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
from flask import Flask, Response, current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DatabaseError, DBAPIError, InterfaceError, OperationalError, TimeoutError
from werkzeug.exceptions import HTTPException

from services_dir.errors import (
    N_,
    ConflictError,
    ForbiddenError,
    GoneError,
    InvalidError,
    NotFoundError,
    ServicesDirError,
    UnavailableError,
)
from services_dir.web.context import settings
from services_dir.web.hotlines import Hotline, remembered_hotlines
from services_dir.web.languages import translated
from services_dir.web.logs import log_failure
from services_dir.web.sessions import has_session

STATUSES: dict[type[ServicesDirError], int] = {
    NotFoundError: 404,
    GoneError: 410,
    ConflictError: 409,
    ForbiddenError: 403,
    InvalidError: 422,
    UnavailableError: 503,
}

# Status: the title (neutral) and a sentence, where the error brings none of its own.
_WORDS = {
    400: (N_("Not understood"), N_("We could not read what was sent. Please go back and try again.")),
    403: (N_("Not allowed"), N_("You may not do this here.")),
    404: (N_("Page not found"), N_("There is no page at this address. It may have moved.")),
    405: (N_("Not possible here"), N_("This page cannot be used in that way.")),
    409: (N_("Changed meanwhile"), N_("Somebody else was faster. Please look at it again.")),
    410: (N_("No longer listed"), N_("This was listed here once and is not any more.")),
    413: (N_("Too large"), N_("What was sent is too large. Please send less than one megabyte.")),
    422: (N_("Please check"), N_("Something in what was sent cannot be used.")),
    429: (N_("Please wait"), N_("That was very often in a short time. Please wait a little and try again.")),
    500: (N_("Something went wrong"), N_("The mistake is ours. Please try again in a few minutes.")),
    503: (
        N_("Out of order"),
        N_("This site is out of order for the moment. Please try again in a few minutes."),
    ),
}
_LAST_RESORT = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>Out of order</title>'
    "<h1>Out of order</h1><p>This site is out of order. In danger now? Call 911. "
    'For help with any need call 211.</p><p lang="es">Este sitio no funciona en este momento. '
    "¿Está en peligro ahora? Llame al 911. Para cualquier otra ayuda, llame al 211.</p></html>"
)


@dataclass(frozen=True)
class ErrorPage:
    """What the page of an error shows."""

    title: str
    text: str
    status: int
    hotlines: tuple[Hotline, ...]

    @property
    def is_ours(self) -> bool:
        """Tell whether we failed, not the person."""
        return self.status >= 500


def sentence(error: ServicesDirError) -> str:
    """Give the error's sentence in the language of this request, its values filled in."""
    text = translated(error.message)
    return text.format(**error.values) if error.values else text


def error_response(status: int, text: str | None = None) -> Response:
    """Give the page of an error, or JSON (RFC 9457) for the API and an address that ends in .json."""
    title, usual = _WORDS.get(status) or _WORDS[500 if status >= 500 else 400]
    detail = text or translated(usual)
    if request.path.endswith(".json") or request.path.startswith("/hsds"):
        problem = {"type": "about:blank", "title": translated(title), "status": status, "detail": detail}
        response = make_response(msgspec.json.encode(problem), status)
        response.content_type = "application/problem+json"
        return response
    lines = remembered_hotlines(settings().home) if status >= 500 else ()
    in_workspace = has_session(request.path) and status < 500
    template = "errors/workspace.html" if in_workspace else "errors/public.html"
    return make_response(
        render_template(template, page=ErrorPage(translated(title), detail, status, lines)), status
    )


def is_database_failure(error: Exception) -> bool:
    """Tell whether the database cannot be used, as opposed to having been asked something wrong."""
    if isinstance(error, (OperationalError, InterfaceError, TimeoutError)):
        return True
    # A damaged SQLite file is a plain DatabaseError; its subclasses are mistakes of ours.
    return type(error) is DatabaseError or (isinstance(error, DBAPIError) and error.connection_invalidated)


def init_app(app: Flask) -> None:
    """Answer every error with a page; a failure of ours is logged without what was asked."""

    @app.errorhandler(ServicesDirError)
    def for_the_person(error: ServicesDirError) -> ResponseReturnValue:
        status = next((s for kind, s in STATUSES.items() if isinstance(error, kind)), None)
        if status is None:
            return failure(error)
        return error_response(status, sentence(error))

    @app.errorhandler(HTTPException)
    def from_flask(error: HTTPException) -> ResponseReturnValue:
        if error.response is not None or error.code is None or error.code < 400:
            return error
        response = _page_or_words(error.code)
        for name, value in error.get_headers(request.environ):
            if name not in ("Content-Type", "Content-Length"):
                response.headers[name] = value
        return response

    @app.errorhandler(Exception)
    def failure(error: Exception) -> ResponseReturnValue:
        if type(error).__module__ == "gunicorn.http.errors":  # the body broke off or cannot be read
            return _page_or_words(400)
        is_down = is_database_failure(error)
        if not is_down and current_app.testing and current_app.config["PROPAGATE_EXCEPTIONS"] is not False:
            raise error
        log_failure(error)
        response = _page_or_words(503 if is_down else 500)
        if is_down:
            response.headers["Retry-After"] = "60"
        return response


def _page_or_words(status: int) -> Response:
    try:
        return error_response(status)
    except Exception as error:  # noqa: BLE001 - whatever fails while we say so: a few words without a template
        log_failure(error)
        return make_response(_LAST_RESORT, status if status < 500 else 503)
