"""The command, run in this process: what it prints, and its exit status."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import structlog

from services_dir.cli import run


@dataclass(frozen=True)
class Said:
    """What a command printed, and its exit status."""

    status: int
    out: str
    err: str


Command = Callable[..., Said]


@pytest.fixture
def command(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Command]:
    """Run a command on the home of this test; what it changes about logging is put back."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    monkeypatch.setenv("SERVICES_DIR_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("PORT", raising=False)

    def say(*arguments: str, **settings: str) -> Said:
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        status = run(arguments)
        said = capsys.readouterr()
        return Said(status, said.out, said.err)

    yield say
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()
