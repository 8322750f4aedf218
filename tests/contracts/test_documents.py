"""What people who run a directory read: every setting and command is there, and nothing that is not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from services_dir import settings
from services_dir.cli import cli

ROOT = Path(__file__).resolve().parent.parent.parent
DOCS = ROOT / "docs"
_SETTING = re.compile(r"SERVICES_DIR_[A-Z_]+[A-Z]")
_CALL = re.compile(r"services-dir ((?:[a-z][a-z-]*\b ?){1,2})")


def _commands(command: click.Command, *names: str) -> Iterator[tuple[str, click.Command]]:
    if isinstance(command, click.Group):
        for name, part in command.commands.items():
            yield from _commands(part, *names, name)
    else:
        yield " ".join(names), command


COMMANDS = dict(_commands(cli))


def test_every_setting_is_documented_and_every_documented_setting_exists():
    known = set(_SETTING.findall(Path(settings.__file__).read_text("utf-8")))

    documented = set(_SETTING.findall((DOCS / "settings.md").read_text("utf-8")))

    assert documented == known


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_documented_with_its_options(name):
    text = (DOCS / "cli.md").read_text("utf-8")
    options = {
        option
        for parameter in COMMANDS[name].params
        if isinstance(parameter, click.Option) and not parameter.hidden
        for option in parameter.opts
        if option.startswith("--")
    }

    assert f"services-dir {name}" in text
    assert {option for option in options if option not in text} == set()


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_help_text_with_an_example(name):
    command = COMMANDS[name]

    assert command.help
    assert "Example" in (command.epilog or "")
    assert f"services-dir {name}" in (command.epilog or "")


@pytest.mark.parametrize(
    "document",
    [
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        *sorted(DOCS.rglob("*.md")),
        *sorted(ROOT.glob("changes/*")),
    ],
    ids=lambda path: path.name,
)
def test_every_command_in_a_document_exists(document):
    groups = {name.partition(" ")[0] for name in COMMANDS}
    for found in _CALL.findall(document.read_text("utf-8")):
        words = found.split()
        assert words[0] in groups, found
        if words[0] not in COMMANDS and len(words) > 1:
            assert f"{words[0]} {words[1]}" in COMMANDS, found
