"""Whole pages over HTTP: this application, the floor below it, and Datasette, in turn."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import chain, cycle, islice
from pathlib import Path
from urllib.parse import quote, urlencode

from benchmarks.engines import Engine
from benchmarks.load import Load, put_load
from benchmarks.questions import COMMON, MIDDLING, VERY, Kind, Question, Questions
from services_dir.search.query import Facet

OURS, FLOOR, DATASETTE = "this application", "the floor", "Datasette"
CLIENTS = (1, 8)
# Without rare words, and each with so many possible questions that none is asked twice.
KINDS = (
    Kind("one very common word, filter", (VERY,), filters=1),
    Kind("one common word, filter", (COMMON,), filters=1),
    Kind("one middling word, filter", (MIDDLING,), filters=1),
    Kind("two words", (VERY, COMMON)),
    Kind("two common words", (VERY, VERY)),
    Kind("three words", (VERY, COMMON, COMMON)),
    Kind("three common words", (VERY, VERY, VERY)),
    Kind("two words, two filters", (VERY, COMMON), filters=2),
    Kind("one word, place", (COMMON,), has_place=True),
    Kind("no word, place, filter", has_place=True, filters=1),
)
_START_WITHIN = 120
_WARM_UP = 150
_CHECKED = 2  # questions of each kind whose totals are compared
_MOST_PAGES = 12_000  # that any server is asked for
_ROOT = Path(__file__).parent.parent


@dataclass
class Served:
    """A server: its ports, how it is asked, and what came of it for each number of clients."""

    name: str
    ports: list[int]
    log: Path
    loads: dict[int, Load] = field(default_factory=dict)
    asked: int = 0  # how many of the questions, which are the same for all servers

    def path(self, question: Question) -> str:
        """Give the address of a question."""
        return _datasette_path(question) if self.name == DATASETTE else our_path(question)

    def put_load(self, questions: Sequence[Question], most: int, clients: int, seconds: float) -> None:
        """Ask for a while, from where it was asked last, and keep what came of it."""
        next_ones = questions[self.asked : self.asked + most]
        done = put_load(self.ports, [self.path(question) for question in next_ones], clients, seconds)
        self.asked += len(done.latencies)
        wrong = {status: count for status, count in done.statuses.items() if status != 200}
        assert not wrong, f"{self.name} answered {wrong}:\n{_troubles(self.log)}"
        self.loads.setdefault(clients, Load()).add(done)


def our_path(question: Question) -> str:
    """Give the address at which this application answers a question."""
    return f"/programs?{urlencode(question.query().to_args(), doseq=True)}"


def _datasette_path(question: Question) -> str:
    args: list[tuple[str, str]] = [("_size", "20")]
    args += [("_facet" if f is Facet.LEVEL else "_facet_array", f.value) for f in Facet]
    if question.words:
        args.append(("_search", " ".join(word.stem for word in question.words)))
    for facet, value in question.chosen:
        args.append((facet.value if facet is Facet.LEVEL else f"{facet.value}__arraycontains", value))
    if question.areas:
        keys = ", ".join(f"'{key}'" for key in question.areas)
        args.append(("_where", f"id in (select listing from areas where value in ({keys}))"))
    return f"/listings/listings?{urlencode(args, quote_via=quote)}"


def measure(
    home: Path,
    sqlite: Path,
    questions: Questions,
    totals: Sequence[tuple[Question, int]],
    *,
    rounds: int,
    seconds: float,
) -> tuple[list[Served], list[str], dict[str, int]]:
    """Put load on each server in turn. `totals` says how many listings some questions find.

    Gives the servers, what makes the comparison void, and the private memory of our workers in bytes.
    """
    with ExitStack() as running:
        servers = [running.enter_context(serving(home, kind)) for kind in (OURS, FLOOR)]
        if find_spec("datasette"):
            servers.append(running.enter_context(_datasette(sqlite)))
        workers = warm_up(servers, questions)
        void = _differences(servers[-1], totals) if servers[-1].name == DATASETTE else []
        asked = list(islice(mixed(questions), _MOST_PAGES))
        most = len(asked) // (rounds * len(CLIENTS))
        for clients in CLIENTS:
            for turn in range(rounds):
                for server in (*servers[turn % len(servers) :], *servers[: turn % len(servers)]):
                    server.put_load(asked, most, clients, seconds)
        return servers, void, {worker: private_bytes(int(worker)) for worker in sorted(workers)}


def mixed(questions: Questions) -> Iterator[Question]:
    """Give questions of all kinds in turn, none that was asked before."""
    return chain.from_iterable(zip(*(questions.of_kind(kind) for kind in KINDS), strict=False))


def warm_up(servers: Sequence[Served], questions: Questions) -> set[str]:
    """Ask every server for some pages, and give the workers of the first; the floor then has its pages."""
    found: set[str] = set()
    for server in servers:
        done = put_load(server.ports, [server.path(q) for q in islice(mixed(questions), 20)], 2, 20)
        for _attempt in range(20):
            if server.name == DATASETTE or (len(done.workers) == 2 and len(done.latencies) >= _WARM_UP):
                break
            paths = [server.path(question) for question in islice(mixed(questions), 80)]
            done.add(put_load(server.ports, paths, 8, 20))
        found = found or done.workers
    return found


def private_bytes(process: int) -> int:
    """Give the private memory of a process (USS): what would be free if it ended."""
    rows = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    held = dict(row.split(":", 1) for row in rows if ":" in row and row.endswith("kB"))
    return 1024 * sum(int(held[name].split()[0]) for name in ("Private_Clean", "Private_Dirty"))


def measure_memory(home: Path, questions: Questions, **settings: str) -> int:
    """Give the private memory in bytes of the worker that has most, after some pages."""
    with serving(home, OURS, **settings) as server:
        return max(private_bytes(int(worker)) for worker in warm_up([server], questions))


def totals(questions: Questions, engine: Engine) -> list[tuple[Question, int]]:
    """Give some questions of each kind, and how many listings they find."""
    asked = chain.from_iterable(questions.some(kind, _CHECKED) for kind in KINDS)
    return [(question, engine.ask(engine.prepare(question)).total) for question in asked]


def _differences(datasette: Served, totals: Sequence[tuple[Question, int]]) -> list[str]:
    """Say where Datasette counts other listings."""
    found = []
    for question, total in totals:
        path = _datasette_path(question).replace("/listings?", "/listings.json?")
        told = json.loads(_read(datasette.ports[0], path))["filtered_table_rows_count"]
        if told != total:
            found.append(f"{question.kind}: {told} instead of {total}")
    return found


@contextmanager
def serving(home: Path, kind: str, **settings: str) -> Iterator[Served]:
    """Serve a home with two workers, as this application or as the floor."""
    port = _free_port()
    name = "floor" if kind == FLOOR else "application"
    command = [sys.executable, "-m", "benchmarks.serve", str(port), name]
    environment = {**os.environ, "SERVICES_DIR_HOME": str(home), **settings}
    log = home.with_name(f"{name}.log")
    with _running(command, log, environment):
        _wait(port, "/readyz", log)
        yield Served(kind, [port], log)


@contextmanager
def _datasette(sqlite: Path) -> Iterator[Served]:
    """Serve the tables of FTS5 by Datasette: two processes, without limits of time."""
    metadata = sqlite.with_name("metadata.json")
    table = {"fts_table": "listings_fts", "fts_pk": "id"}
    metadata.write_text(json.dumps({"databases": {"listings": {"tables": {"listings": table}}}}))
    limits = ("sql_time_limit_ms", "facet_time_limit_ms", "facet_suggest_time_limit_ms")
    settings = dict.fromkeys(limits, "600000") | {
        "suggest_facets": "off", "default_facet_size": "100", "default_page_size": "20",
        "default_cache_ttl": "0",
    }  # fmt: skip
    chosen = chain.from_iterable(("--setting", name, value) for name, value in settings.items())
    command = [sys.executable, "-m", "datasette", "serve", "-i", str(sqlite), "-m", str(metadata), *chosen]
    log = sqlite.with_name("datasette.log")
    with ExitStack() as running:
        ports = [_free_port() for _ in range(2)]
        for port in ports:
            running.enter_context(_running([*command, "--port", str(port)], log, dict(os.environ)))
        for port in ports:
            _wait(port, "/-/versions.json", log)
        yield Served(DATASETTE, ports, log)


@contextmanager
def _running(command: list[str], log: Path, environment: dict[str, str]) -> Iterator[None]:
    with log.open("ab") as written:
        process = subprocess.Popen(command, cwd=_ROOT, env=environment, stdout=written, stderr=written)
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=60)


def _wait(port: int, path: str, log: Path) -> None:
    until = time.monotonic() + _START_WITHIN
    for _ in cycle((0,)):
        try:
            _read(port, path)
            return
        except OSError as error:
            if time.monotonic() > until:
                raise RuntimeError(f"a server did not start:\n{log.read_text()[-2000:]}") from error
            time.sleep(0.1)


def _read(port: int, path: str) -> bytes:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=300) as response:
        return bytes(response.read())


def _troubles(log: Path) -> str:
    """Give the last lines of a log, without those that only tell of requests that went well."""
    lines = [line for line in log.read_text().splitlines() if '"status": 200' not in line]
    return "\n".join(lines[-20:])


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
