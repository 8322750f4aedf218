"""Holds the whole run to "every page's markup is read": a template nobody visited with care fails it."""

from __future__ import annotations

from typing import Any

import pytest

from services_dir.settings import TEMPLATES
from tests.support.client import read_templates

# Folders whose templates are parts of pages, or no pages at all.
_PARTS = ("layouts/", "components/", "mail/")


def pages() -> set[str]:
    """Give the names of the templates that are pages."""
    names = {path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html")}
    return {name for name in names if not name.startswith(_PARTS) and "/_" not in name}


def _is_whole_run(config: pytest.Config) -> bool:
    chosen = config.option.keyword or config.option.markexpr or config.option.collectonly
    return not chosen and config.args == config.getini("testpaths")


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    """Take over what another process has read."""
    read_templates.update(getattr(node, "workeroutput", {}).get("read_templates", ()))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Hand on what was read, or fail a run of all tests that left a page unread."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["read_templates"] = sorted(read_templates)
    elif exitstatus == 0 and _is_whole_run(session.config) and pages() - read_templates:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Name the pages that were left unread."""
    if _is_whole_run(config):
        for name in sorted(pages() - read_templates):
            terminalreporter.write_line(f"No test reads the page {name} with care.", red=True)
