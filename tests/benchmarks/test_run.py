"""The benchmark works from end to end, and is fair: the engines that are here answer the same."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_a_quick_run_fills_and_asks_every_engine_and_no_answer_differs(tmp_path):
    command = [sys.executable, "-m", "benchmarks", "--quick", "--build", str(tmp_path)]
    tmp_path.parent.chmod(0o755)
    environment = {name: held for name, held in os.environ.items() if not name.startswith("SERVICES_DIR_")}

    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=600)

    assert done.returncode == 0, done.stderr[-3000:]
    result = json.loads((tmp_path / "1000.json").read_text())
    assert {"this engine", "first touch", "whole answer", "SQLite FTS5", "Whoosh"} <= set(result["engines"])
    assert [row["void"] for row in result["rows"]] == [{}] * 12
    assert not result["pages"]["void"]
    assert result["found"]["count"] == 2
    assert result["memory"]["worker"] > 1
    assert "What must be reached" in done.stdout
    assert (tmp_path / "engines.svg").read_text().startswith("<svg")
