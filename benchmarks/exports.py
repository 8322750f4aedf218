"""What exchange costs at a size: exports, imports of them into an empty register, the API beside a search."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import click
from flask import Flask

from benchmarks import copies
from benchmarks.homes import make_home
from services_dir.db import db

FORMS = ("json", "csv", "hsds", "ndjson")
_MOST_PRINTED = 5_000  # programs; a directory of more is no book any more
_PAGES = {
    "search page": "/programs?q=shelter&place=hartford",
    "search page, no words": "/programs?category=housing",
    "first API page": "/hsds/services",
    "first API page, in full": "/hsds/services?full=true",
    "API search": "/hsds/services?search=shelter",
}
# Each time another address, so that no kept answer is measured; any unknown parameter is ignored.
_FRESH = {
    f"{name}, not kept": f"{path}{'&' if '?' in path else '?'}x="
    for name, path in _PAGES.items()
    if "API" in name
}
# Runs in a process of its own, so that its peak memory is that of the command alone.
_COMMAND = """
import json, re, sys, time
from pathlib import Path
from services_dir.cli import run
begin, cpu = time.perf_counter(), time.process_time()
status = run(sys.argv[1:])
peak = int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024
print(json.dumps({"status": status, "seconds": time.perf_counter() - begin,
                  "cpu": time.process_time() - cpu, "megabytes": peak}))
"""


def measure(folder: Path, size: int, rounds: int = 20, forms: Sequence[str] = FORMS) -> dict[str, Any]:
    """Fill a home, export it in each form, then ask for pages in turn."""
    home = make_home(folder / "home")
    with home.app.app_context():
        with db.engine.begin() as connection:
            begin = time.perf_counter()
            held = copies.fill(connection, size)
        filled = time.perf_counter() - begin
        result: dict[str, Any] = {"programs": held, "filled": filled}
        result["pages"] = _pages(home.app, rounds)
        db.engine.dispose()
    printed = ("pdf",) if held <= _MOST_PRINTED else ()
    result["exports"] = {form: _export(home.folder, folder, form) for form in (*printed, *forms)}
    if "ndjson" in forms:
        result["imports"] = _import(folder, folder / "out.ndjson")
    return result


def _export(home: Path, folder: Path, form: str) -> dict[str, Any]:
    out = folder / (f"out.{form}" if form != "hsds" else "out.zip")
    told = _run(home, "export", form, str(out))
    told["bytes"] = out.stat().st_size
    if form != "ndjson":
        out.unlink()
    return told


def _import(folder: Path, file: Path) -> dict[str, dict[str, Any]]:
    """Plan the import of an export into an empty register, and queue all of it; in another, publish it."""
    who = "measure@example.org"
    told: dict[str, dict[str, Any]] = {}
    for step, more in (("queue", ()), ("publish", ("--publish", "--by", who))):
        home = folder / step
        _run(home, "database", "upgrade")
        _run(home, "account", "add", who, "--role", "administrator")
        told["plan"] = _run(home, "import", "plan", str(file), "--feed", "Measured")
        told[step] = _run(home, "import", "apply", "1", *more)
    return told


def _run(home: Path, *words: str) -> dict[str, Any]:
    """Run a command, and give its seconds, its seconds of CPU and its peak of memory."""
    command = [sys.executable, "-c", _COMMAND, *words]
    environment = {"SERVICES_DIR_HOME": str(home), "PATH": ""}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert told["status"] == 0, done.stderr
    click.echo(f"{' '.join(words[:2])}: {told['cpu']:.0f} s of CPU, {told['megabytes']:.0f} MB", err=True)
    return told


def _pages(app: Flask, rounds: int) -> dict[str, float]:
    """Give the median CPU time of each page in ms, asked in turn in this process."""
    visitor = app.test_client()
    pages = _PAGES | _FRESH
    times: dict[str, list[float]] = {name: [] for name in pages}
    for turn in range(rounds + 2):
        for name, asked in pages.items():
            path = f"{asked}{turn}" if name in _FRESH else asked
            begin = time.process_time()
            answer = visitor.get(path)
            spent = time.process_time() - begin
            assert answer.status_code == 200, (path, answer.status_code)
            if turn >= 2:
                times[name].append(spent)
    return {name: 1e3 * median(spent) for name, spent in times.items()}


def lines(result: dict[str, Any]) -> Iterator[str]:
    """Give what was measured as tables of Markdown."""
    yield f"{result['programs']:,} programs in the database, filled in {result['filled']:.0f} s"
    yield ""
    yield "| export | seconds of CPU | programs a second | peak memory MB | size MB |"
    yield "| --- | --- | --- | --- | --- |"
    for form, told in result["exports"].items():
        rate = result["programs"] / told["cpu"]
        size = told["bytes"] / 1e6
        yield f"| {form} | {told['cpu']:.0f} | {rate:,.0f} | {told['megabytes']:.0f} | {size:.0f} |"
    yield ""
    if "imports" in result:
        yield "| import of it into an empty register | seconds of CPU | services a second | peak memory MB |"
        yield "| --- | --- | --- | --- |"
        for step, told in result["imports"].items():
            rate = result["programs"] / told["cpu"]
            yield f"| {step} | {told['cpu']:.0f} | {rate:,.0f} | {told['megabytes']:.0f} |"
        yield ""
    yield "| page | ms of CPU | against the search page |"
    yield "| --- | --- | --- |"
    base = result["pages"]["search page"]
    for name, spent in result["pages"].items():
        yield f"| {name} | {spent:.1f} | {spent / base:.2f} |"
