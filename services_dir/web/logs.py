"""Logs: lines of JSON on stderr that name the rule of a request, never a path, a query or an address."""

from __future__ import annotations

import logging
import sys
import time
import traceback
from types import TracebackType

import structlog
from flask import Flask, Response, g, request
from flask.logging import default_handler

_log = structlog.get_logger("services_dir.web")


def configure(level: int = logging.INFO) -> None:
    """Send all logs, ours and those of libraries, to stderr as JSON. Called once by each command."""
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        without_values,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    handler.addFilter(_no_traces)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in ("alembic", "werkzeug"):
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("gunicorn.error").addFilter(_no_traces)
    logging.getLogger("services_dir").removeHandler(default_handler)


def init_app(app: Flask) -> None:
    """Log each request by its rule, with status and milliseconds; keep paths out of Flask's own log."""
    logging.getLogger(app.name).addFilter(_no_traces)

    @app.before_request
    def start() -> None:
        g.started = time.perf_counter()

    @app.after_request
    def finish(response: Response) -> Response:
        started = g.get("started")
        _log.info(
            "request",
            method=request.method if request.method in _METHODS else "other",
            rule=request.url_rule.rule if request.url_rule else None,
            status=response.status_code,
            milliseconds=None if started is None else round((time.perf_counter() - started) * 1000, 1),
        )
        return response


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def log_failure(error: BaseException) -> None:
    """Log that a request failed: the kinds of error and the lines of code, not what was asked or held."""
    _log.error("failure", rule=request.url_rule.rule if request.url_rule else None, errors=chain(error))


def chain(error: BaseException) -> list[dict[str, object]]:
    """Give an error and what caused it, newest first: its class and the places in the code it passed."""
    links: list[dict[str, object]] = []
    current: BaseException | None = error
    while current is not None and len(links) < 5:
        links.append({"kind": _kind(current), "at": _places(current.__traceback__)})
        current = current.__cause__ or current.__context__
    return links


class NoTraces(logging.Filter):
    """Rewrites what libraries would log about a request, so that no address, path or value is left in it."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Drop lines about an address; take arguments and error texts out of the others about a request."""
        words = str(record.msg)
        if "Invalid request from ip" in words:
            return False
        if words.startswith(("Error handling request", "Exception on")):
            record.msg, record.args = "a request failed", ()
        if record.exc_info:
            error = record.exc_info[1]
            if error is not None and isinstance(record.msg, str):  # our own events hold it already
                record.msg = f"{record.getMessage()}: {chain(error)}"
                record.args = ()
            record.exc_info, record.exc_text = None, None
        return True


_no_traces = NoTraces()


def without_values(
    _logger: object, _method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Turn an exception in a log event into its class and lines of code."""
    exc_info = event.pop("exc_info", None)
    error = sys.exc_info()[1] if exc_info is True else exc_info
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        event["errors"] = chain(error)
    return event


def _kind(error: BaseException) -> str:
    return f"{type(error).__module__}.{type(error).__qualname__}"


def _places(trace: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(trace)[-12:]
    return [f"{_module(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]


def _module(filename: str) -> str:
    for marker in ("site-packages/", "services_dir/"):
        if marker in filename:
            tail = filename.rsplit(marker, 1)[1]
            return tail if marker == "site-packages/" else f"services_dir/{tail}"
    return filename.rsplit("/", 1)[-1]
