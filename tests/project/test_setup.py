"""Setting up: a machine that lacks something is told so in a sentence; locks are whole and name no place."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.support.databases import missing

ROOT = Path(__file__).resolve().parent.parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LOCKS = ("requirements.lock", "requirements-development.lock")

TOO_OLD = """#!/bin/sh
case "$2" in
    *print*) echo 3.8 ;;
    *) exit 1 ;;
esac
"""
WITHOUT_VENV = """#!/bin/sh
case "$2" in
    *print*) echo 3.12 ;;
    *venv*) exit 1 ;;
esac
"""


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A folder that is the whole PATH of a machine with a shell and nothing else."""
    folder = tmp_path / "bin"
    folder.mkdir()
    shell = shutil.which("sh")
    assert shell
    (folder / "sh").symlink_to(shell)
    return folder


def set_up(bare: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", ROOT / "tools" / "environment.sh", bare.parent / "venv"],
        env={"PATH": str(bare), **environment},
        capture_output=True,
        text=True,
    )


def add_python(bare: Path, text: str, name: str = "python3") -> None:
    (bare / name).write_text(text)
    (bare / name).chmod(stat.S_IRWXU)


@pytest.mark.parametrize(
    ("python", "sentence"),
    [
        (None, "No Python was found: please install Python 3.11 or newer."),
        (TOO_OLD, "Python 3.8 is too old: please install Python 3.11 or newer."),
        (WITHOUT_VENV, "Python 3.12 is here but its venv module is missing"),
    ],
)
def test_what_is_missing_is_said_in_one_sentence(bare, python, sentence):
    if python:
        add_python(bare, python)

    result = set_up(bare)

    assert result.returncode == 1
    assert sentence in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_a_newer_python_is_found_beside_one_that_is_too_old(bare):
    add_python(bare, TOO_OLD)
    add_python(bare, f'#!/bin/sh\nexec {sys.executable} "$@"\n', name="python3.13")

    result = set_up(bare)

    assert result.returncode == 0, result.stderr
    assert os.access(bare.parent / "venv" / "bin" / "python", os.X_OK)


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_file_has_a_hash_for_everything_and_names_no_place(name):
    text = (ROOT / name).read_text("utf-8")
    entries = [entry for entry in re.split(r"\n(?=\S)", text.strip()) if not entry.startswith("#")]

    assert "://" not in text
    assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_every_dependency_is_locked():
    groups = PROJECT["dependency-groups"]
    wanted = {*PROJECT["project"]["dependencies"], *groups["build"], *groups["development"]}
    locked = {
        line.partition("==")[0]
        for name in LOCKS
        for line in (ROOT / name).read_text("utf-8").splitlines()
        if "==" in line
    }

    names = {re.split(r"[\[<>=,~ ]", line)[0].lower().replace("_", "-") for line in wanted}

    assert names <= locked


def test_only_versions_of_python_that_ci_runs_are_claimed():
    script = (ROOT / ".ci" / "run").read_text("utf-8")
    newer = re.search(r"for version in ([\d. ]+);", script)
    assert newer

    claimed = {
        line.rpartition(" ")[2]
        for line in PROJECT["project"]["classifiers"]
        if line.startswith("Programming Language :: Python :: 3.")
    }

    assert claimed == {"3.11", *newer[1].split()}
    assert PROJECT["project"]["requires-python"] == ">=3.11"


def test_the_ci_script_is_one_that_bash_understands():
    script = ROOT / ".ci" / "run"
    bash = shutil.which("bash") or missing("no bash here")

    assert os.access(script, os.X_OK)
    assert subprocess.run([bash, "-n", script]).returncode == 0
