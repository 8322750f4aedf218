"""Logs name rules and lines of code, never people, words or addresses."""

from __future__ import annotations

import json
import logging

import pytest
import structlog

from services_dir.web import logs
from tests.web.conftest import SECRET


@pytest.fixture
def lines(capsys):
    """Give a function that reads what was logged since `logs.configure()`, which a command calls."""
    root = logging.getLogger()
    handlers, level = set(root.handlers), root.level
    yield lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    for handler in set(root.handlers) - handlers:
        root.removeHandler(handler)
    root.setLevel(level)
    structlog.reset_defaults()


def test_a_request_is_logged_by_its_rule(small_app, visitor, lines):
    logs.configure()
    visitor.http.get(f"/es/programs?q={SECRET}", environ_base={"REMOTE_ADDR": "203.0.113.9"})

    written = lines()
    assert [line["rule"] for line in written] == ["/<any(es):in_language>/programs"]
    assert written[0]["status"] == 200
    assert written[0]["milliseconds"] >= 0
    assert SECRET not in json.dumps(written)
    assert "203.0.113" not in json.dumps(written)


def test_an_unknown_path_is_not_logged(visitor, lines):
    logs.configure()
    visitor.http.get(f"/{SECRET}")

    assert [(line["rule"], line["status"]) for line in lines()] == [(None, 404)]


def test_an_unknown_method_is_not_copied_into_the_log(visitor, lines):
    logs.configure()
    visitor.http.open("/safety", method="LIGHTHOUSE")

    assert [line["method"] for line in lines()] == ["other"]


@pytest.mark.parametrize("kind", ["bug", "down"])
def test_a_failure_is_logged_with_lines_of_code_and_no_values(visitor, lines, kind):
    logs.configure()
    visitor.http.get(f"/fails/{kind}?q={SECRET}")

    written = lines()
    failure = next(line for line in written if line["event"] == "failure")
    assert failure["errors"][0]["kind"].endswith(("RuntimeError", "OperationalError"))
    assert any("fails" in place for place in failure["errors"][0]["at"])
    assert SECRET not in json.dumps(written)


def test_what_libraries_log_about_a_request_loses_its_values(lines):
    logs.configure()
    gunicorn = logging.getLogger("gunicorn.error")
    try:
        raise ValueError(SECRET)
    except ValueError:
        gunicorn.exception("Error handling request %s", f"/programs?q={SECRET}")
        logging.getLogger("services_dir").exception("Exception on %s [%s]", f"/programs/{SECRET}", "GET")
        structlog.get_logger("services_dir").exception("worker", exc_info=True)
    gunicorn.warning("Invalid request from ip=203.0.113.9: bad line")
    gunicorn.info("Listening at: %s", "http://127.0.0.1:8000")

    written = lines()
    assert SECRET not in json.dumps(written)
    assert "203.0.113" not in json.dumps(written)
    assert "Listening at: http://127.0.0.1:8000" in [line["event"] for line in written]
    assert "ValueError" in json.dumps(written)
