"""The layout of the code: who imports whom, and what templates take from each other."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from services_dir.settings import TEMPLATES

ROOT = Path(__file__).resolve().parent.parent.parent
PAGES = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))


def test_imports_follow_the_layout():
    command = Path(sys.executable).parent / "lint-imports"

    result = subprocess.run([command, "--no-cache", "--no-logo"], cwd=ROOT, capture_output=True, text=True)

    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("name", PAGES)
def test_every_imported_macro_is_called(name):
    tree = Environment(extensions=["jinja2.ext.i18n"]).parse((TEMPLATES / name).read_text("utf-8"))
    imported = {
        item[1] if isinstance(item, tuple) else item
        for statement in tree.find_all(nodes.FromImport)
        for item in statement.names
    }
    called = {call.node.name for call in tree.find_all(nodes.Call) if isinstance(call.node, nodes.Name)}

    assert imported <= called, f"imported and never called: {sorted(imported - called)}"
