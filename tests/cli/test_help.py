"""Every command explains itself, with an example, and is described in docs/cli.md."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from services_dir.cli import cli

DOCUMENT = (Path(__file__).resolve().parent.parent.parent / "docs" / "cli.md").read_text("utf-8")


def all_commands(group: click.Group = cli, path: str = "services-dir") -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from all_commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


COMMANDS = dict(all_commands())


def test_the_commands_are_those_that_others_rely_on():
    assert set(COMMANDS) == {
        f"services-dir {name}"
        for name in (
            "serve",
            "search",
            "seed load",
            "seed council",
            "database upgrade",
            "index rebuild",
            "index status",
            "index catch-up",
            "import plan",
            "import apply",
            "import undo",
            "import status",
            "import watch",
            "indicators template",
            "indicators plan",
            "indicators apply",
            "export csv",
            "export hsds",
            "export json",
            "export ndjson",
            "export pdf",
            "hsds check",
            "report annual",
            "report check",
            "report publish",
            "account add",
            "account recover",
            "backup create",
            "backup restore",
            "doctor",
            "work",
        )
    }


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_explains_itself_with_an_example(command, name):
    said = command(*name.split()[1:], "--help")

    assert said.status == 0
    assert "Example:\n" in said.out
    assert said.out.split("Example:\n")[1].strip().find(name) >= 0
    assert all(option.help for option in COMMANDS[name].params if isinstance(option, click.Option))


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_and_its_options_are_documented(name):
    assert f"`{name}" in DOCUMENT
    section = DOCUMENT.split(f"`{name}", 1)[1].split("\n### ", 1)[0]
    options = [param for param in COMMANDS[name].params if isinstance(param, click.Option)]

    assert [option.opts[-1] for option in options if f"`{option.opts[-1]}`" not in section] == []


def test_no_other_command_is_documented():
    documented = {
        line.removeprefix("### `").split("`")[0] for line in DOCUMENT.splitlines() if line.startswith("### `")
    }

    assert {name for name in documented if not any(name.startswith(known) for known in COMMANDS)} == set()


def test_help_loads_neither_the_application_nor_the_database():
    """It answers at once, also on a slow machine."""
    look = (
        "import sys\nfrom services_dir.cli import run\nrun(['--help'])\n"
        "print([name for name in ('flask', 'numpy', 'whoosh', 'gunicorn') if name in sys.modules])"
    )

    result = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)

    assert result.stdout.rstrip().endswith("\n[]")
