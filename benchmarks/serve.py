"""Serves a home as `services-dir serve` does, and says in each answer which worker gave it.

With `floor`, the page of results is rendered from constant page objects: those of the first searches that
a worker was asked for. What then remains is what the template and the server cost, and nothing of search.
"""

from __future__ import annotations

import os
import sys
from itertools import cycle
from typing import Any

from flask import Flask, Response, render_template, template_rendered

from services_dir.app import create_app
from services_dir.cli.server import Server, listen
from services_dir.search import sync
from services_dir.settings import Settings
from services_dir.web import logs

_CONSTANTS = 20
_ENDPOINT = "search.results"


class Floor:
    """A view that keeps the pages it first gave, and then renders only those."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._view: Any = app.view_functions[_ENDPOINT]
        self._kept: list[tuple[str, Any]] = []
        self._turns: Any = None

    def __call__(self, **values: Any) -> Any:
        if self._turns is None:
            with template_rendered.connected_to(self._keep, self._app):
                answer = self._view(**values)
            if len(self._kept) >= _CONSTANTS:
                self._turns = cycle(self._kept[:_CONSTANTS])
            return answer
        name, page = next(self._turns)
        return Response(render_template(name, page=page), headers={"X-Constant": "yes"})

    def _keep(self, _sender: Flask, template: Any, context: dict[str, Any], **_more: Any) -> None:
        if "page" in context and len(self._kept) < _CONSTANTS:
            self._kept.append((template.name, context["page"]))


def main() -> None:
    """Serve the home of the environment on a port."""
    port, kind = int(sys.argv[1]), sys.argv[2]
    logs.configure()
    app = create_app(Settings.from_environment(os.environ))
    if kind == "floor":
        view: Any = Floor(app)
        app.view_functions[_ENDPOINT] = view
    app.after_request(_sign)
    if os.fork() == 0:  # nothing may be open when the workers are forked
        os._exit(0 if sync.prepare(app) else 1)
    os.wait()
    with listen("127.0.0.1", port) as listener:
        Server(app, listener, workers=2, address=f"http://127.0.0.1:{port}").run()


def _sign(response: Response) -> Response:
    response.headers["X-Worker"] = str(os.getpid())
    return response


if __name__ == "__main__":
    main()
