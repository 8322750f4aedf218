"""Serving for real: several processes on a free port, from an empty home."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from services_dir.catalog.models import Program
from services_dir.db import transaction
from services_dir.moderation import operations
from services_dir.values import seed_uuid
from tests.support.databases import make_engine, missing
from tests.support.factories import NOON
from tests.support.processes import Served, environment, free_port, run, serving

pytestmark = pytest.mark.slow

QUERY = "qandariword"
ADDRESS = "198.51.100.77"
SECRET = "wintergreenvalue"
SLUG = "ywca-greenwich-harmony-project"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory):
    """A server on a home that was empty, with two processes that answer."""
    home = tmp_path_factory.mktemp("serve") / "home"
    with serving(home, "--workers", "2") as server:
        yield server


def children(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task/{pid}/children")
    if not tasks.exists():
        missing("this system does not list the children of a process")
    return [int(child) for child in tasks.read_text().split()]


def test_an_empty_home_becomes_a_register_that_answers(served: Served):
    status, page = served.get("/")

    assert status == 200
    assert "<h1" in page
    assert "Loaded 230 programs; 22 more wait for review." in served.output.read_text()
    assert f"Serving at {served.address}" in served.output.read_text()
    assert served.get("/healthz") == (200, '{"status":"ok"}\n')
    assert served.get("/readyz") == (200, '{"status":"ready"}\n')
    assert len(children(served.process.pid)) == 2


def test_the_start_prints_a_link_for_the_first_administrator(served: Served):
    assert served.link is not None
    status, page = served.get(served.link)

    assert status == 200
    assert 'type="password"' in page


def test_all_that_is_written_is_for_its_owner_only(served: Served):
    home = Path(environment_home(served))

    assert (home / "services.sqlite").exists()
    assert (home / "secret").exists()
    for path in [home, *home.rglob("*")]:
        assert path.stat().st_mode & 0o077 == 0, path


def environment_home(served: Served) -> str:
    return str(served.output.with_name("home"))


def test_a_long_address_gets_a_page_of_ours(served: Served):
    status, page = served.get("/programs/" + "a" * 20_000)

    assert status == 404
    assert "<h1" in page


def test_a_process_that_dies_is_replaced(served: Served):
    victim = children(served.process.pid)[0]

    os.kill(victim, signal.SIGKILL)
    until = time.monotonic() + 20
    while victim in children(served.process.pid) or len(children(served.process.pid)) < 2:
        assert time.monotonic() < until
        time.sleep(0.1)

    assert served.get("/")[0] == 200


@contextmanager
def only(worker: int, served: Served) -> Iterator[None]:
    """Let one process answer alone; the others stand still meanwhile."""
    others = [pid for pid in children(served.process.pid) if pid != worker]
    for pid in others:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in others:
            os.kill(pid, signal.SIGCONT)


def found(served: Served) -> list[object]:
    """Tell where a program is: status of its page and of its record, if search and a sheet name it."""
    hits = json.loads(served.get("/programs.json?q=harmony+project")[1])["hits"]
    return [
        served.get(f"/programs/{SLUG}")[0],
        served.get(f"/hsds/services/{seed_uuid('program', SLUG)}")[0],
        any(hit["slug"] == SLUG for hit in hits),
        "Harmony Project" in served.get(f"/referral-sheet?program={SLUG}")[1],
    ]


def found_by_each(served: Served) -> list[list[object]]:
    """Ask each process alone; one that stands still may hold the database, so it goes on and we ask again."""
    answers = []
    for worker in children(served.process.pid):
        for _ in range(10):
            with only(worker, served):
                answer = found(served)
            if 503 not in answer:
                break
            time.sleep(0.3)
        answers.append(answer)
    return answers


def test_what_is_withdrawn_is_gone_from_every_process_in_the_same_moment(served: Served):
    before = found_by_each(served)  # from now on each has a snapshot of the index and caches of its own

    engine = make_engine(f"sqlite:///{Path(environment_home(served)) / 'services.sqlite'}")
    with Session(engine) as session, transaction(session):
        program = session.scalars(select(Program).where(Program.slug == SLUG)).one()
        operations.withdraw(session, program, by=None, at=NOON)
    engine.dispose()
    after = found_by_each(served)

    assert before == [[200, 200, True, True]] * 2
    assert after == [[410, 404, False, False]] * 2


def test_the_log_holds_no_query_no_path_no_address_and_no_value(served: Served):
    served.get(f"/programs?q={QUERY}&place={QUERY}", **{"X-Forwarded-For": ADDRESS, "User-Agent": QUERY})
    served.get(f"/programs/{QUERY}")
    served.get(f"/programs.json?q={QUERY}")
    served.get(f"/nothing-at-{QUERY}?{SECRET}")
    send_nonsense(served)

    log = served.log.read_text()

    assert '"rule": "/programs/<slug>"' in log
    assert '"rule": null' in log
    for word in (QUERY, SECRET, ADDRESS, "127.0.0.1", "nothing-at"):
        assert word not in log, [line for line in log.splitlines() if word in line]


def send_nonsense(served: Served) -> None:
    """Send what is no request, which makes gunicorn complain about an address."""
    import socket

    port = served.address.rpartition(":")[2]
    with socket.create_connection(("127.0.0.1", int(port))) as connection:
        connection.sendall(f"{QUERY} nonsense\r\n\r\n".encode())
        connection.recv(1000)


def test_a_failure_is_logged_by_its_place_in_the_code_only(tmp_path):
    """A request that meets a broken table: the statement and its parameters must not be in the log."""
    with serving(tmp_path / "home") as server:
        with closing(sqlite3.connect(tmp_path / "home" / "services.sqlite")) as database, database:
            database.execute("ALTER TABLE program RENAME TO elsewhere")
        status, _page = server.get(f"/programs/{QUERY}?x={SECRET}")
        log = server.log.read_text()

    assert status == 503
    assert "services_dir/catalog/leading.py" in log
    assert QUERY not in log
    assert SECRET not in log
    assert "elsewhere" not in log
    assert "SELECT" not in log


def test_a_second_start_finds_everything_and_gives_a_new_link(tmp_path):
    home = tmp_path / "home"
    with serving(home) as first:
        former = first.link
        assert first.stop() == 0

    with serving(home) as second:
        assert "Loaded" not in second.output.read_text()
        assert second.link not in (None, former)
        assert former is not None
        assert second.get(former)[0] == 404


def test_a_port_in_use_is_said_in_a_sentence(served: Served, tmp_path):
    port = served.address.rpartition(":")[2]

    result = run(tmp_path / "other", "serve", "--port", port)

    assert result.returncode == 1
    assert result.stderr == (
        f"Port {port} is in use already. Choose another one, such as --port {int(port) + 1}.\n"
    )
    assert not (tmp_path / "other" / "services.sqlite").exists()


def test_the_environment_names_the_port_and_a_wrong_one_is_refused(tmp_path):
    result = run(tmp_path / "home", "serve", PORT="eighty")

    assert result.returncode == 2
    assert "'eighty' is not a valid integer" in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert not (tmp_path / "home").exists()
    assert "PORT" not in environment(tmp_path)
    assert free_port() > 1023
