"""A process that is killed while it applies an import leaves whole stretches, and the next one goes on."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.exchange.imports import feeds
from tests.exchange.imports.test_applying import many

pytestmark = [pytest.mark.sqlite, pytest.mark.slow]

COUNT = 1000
WITHIN = 300.0  # seconds


def command(home: Path, *words: str) -> subprocess.Popen[str]:
    arguments = [sys.executable, "-m", "services_dir", *words]
    environment = {"SERVICES_DIR_HOME": str(home), "PATH": ""}
    return subprocess.Popen(
        arguments, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def run(home: Path, *words: str) -> str:
    process = command(home, *words)
    told, _ = process.communicate(timeout=WITHIN)
    assert process.returncode == 0, told
    return told


def ask(home: Path, statement: str) -> int:
    with closing(sqlite3.connect(f"file:{home / 'services.sqlite'}?mode=ro", uri=True, timeout=30)) as held:
        return int(held.execute(statement).fetchone()[0])


def test_an_import_whose_process_is_killed_goes_on_and_loses_and_doubles_nothing(tmp_path):
    home, published = tmp_path / "home", "SELECT count(*) FROM import_row WHERE state = 'published'"
    file = feeds.write_json(tmp_path / "services.json", many(COUNT))
    run(home, "database", "upgrade")
    run(home, "account", "add", "kim@example.org", "--role", "administrator")
    run(home, "import", "plan", str(file), "--feed", "Partner")

    apply = ("import", "apply", "1", "--publish", "--by", "kim@example.org")
    process = command(home, *apply)
    until = time.monotonic() + WITHIN
    while ask(home, published) == 0:
        assert process.poll() is None, process.communicate()[0]
        assert time.monotonic() < until
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=WITHIN)

    assert process.returncode == -signal.SIGKILL
    done = ask(home, published)
    assert 0 < done <= COUNT
    assert ask(home, "SELECT count(*) FROM program") == ask(home, "SELECT count(*) FROM program_version")
    assert ask(home, "SELECT count(*) FROM program") + 1 == done

    assert f"{COUNT + 1}" in run(home, *apply)

    for table in ("program", "program_version", "review WHERE revision_id IN (SELECT id FROM revision)"):
        assert ask(home, f"SELECT count(*) FROM {table}") in (COUNT, COUNT + 1)
    assert ask(home, "SELECT count(DISTINCT uuid) FROM program") == COUNT
    assert ask(home, "SELECT count(*) FROM catalog_change") == ask(
        home, "SELECT max(number) FROM catalog_change"
    )
