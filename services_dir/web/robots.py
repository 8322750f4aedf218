"""Which pages search engines may list: those that say so; every other answer tells them not to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from flask import Flask, Response, current_app, request
from werkzeug.routing import Rule

_MARK = "may_be_indexed"

View = TypeVar("View", bound=Callable[..., Any])


def indexed(view: View) -> View:
    """Let search engines list a page. Answers to a query, and pages of one person, are never marked so."""
    setattr(view, _MARK, True)
    return view


def indexed_rules() -> Iterator[Rule]:
    """Give the rules of the pages that search engines may list."""
    for rule in current_app.url_map.iter_rules():
        if _is_indexed(rule.endpoint):
            yield rule


def _is_indexed(endpoint: str | None) -> bool:
    return endpoint is not None and hasattr(current_app.view_functions[endpoint], _MARK)


def init_app(app: Flask) -> None:
    """Tell robots to leave out what is not marked, what carries a query, and what is no page at all."""

    @app.after_request
    def tell_robots(response: Response) -> Response:
        is_listed = _is_indexed(request.endpoint) and not request.query_string and response.status_code < 400
        if not is_listed and request.endpoint != "static":
            response.headers["X-Robots-Tag"] = "noindex"
        return response
