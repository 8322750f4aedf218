"""How long until an approval is found by search in every worker of a running server."""

from __future__ import annotations

import json
import time
import urllib.request
from pathlib import Path
from random import Random
from urllib.parse import urlencode

from flask import Flask
from msgspec.structs import replace
from sqlalchemy import select

from benchmarks.pages import OURS, private_bytes, serving
from services_dir import clock
from services_dir.catalog import queries as catalog
from services_dir.catalog.kinds import CatalogStatus
from services_dir.catalog.models import Program
from services_dir.db import db, transaction
from services_dir.moderation.operations import publish_directly
from services_dir.submissions.models import AuthorKind

_PATIENCE = 30.0
_PAUSE = 0.005
_WORKERS = 2


def measure(app: Flask, home: Path, count: int) -> tuple[list[float], int]:
    """Approve changes of programs one after the other while a server runs.

    Gives for each the seconds from the end of its transaction until both workers find it, and the most
    private memory of a worker afterwards in bytes.
    """
    with app.app_context():
        programs = db.session.scalars(
            select(Program.id).where(Program.status == CatalogStatus.PUBLISHED).order_by(Program.id)
        ).all()
        db.session.rollback()
    with serving(home, OURS) as server:
        [port] = server.ports
        workers: set[str] = set()
        while len(workers) < _WORKERS:
            workers.add(_ask(port, "shelter")[0])
        seconds = []
        for at in range(count):
            word = _word(at)
            _approve(app, programs[at % len(programs)], word)
            seconds.append(_until_found(port, word, workers))
        return seconds, max(private_bytes(int(worker)) for worker in workers)


def _approve(app: Flask, program_id: int, word: str) -> None:
    with app.app_context(), transaction() as session:
        program = session.get_one(Program, program_id)
        published = catalog.find_published_draft(session, program)
        assert published is not None
        draft = published[0]
        text = draft.texts["en"]
        changed = replace(text, name=f"Made-up {word}")
        made = replace(draft, texts={**draft.texts, "en": changed})
        publish_directly(session, made, author=AuthorKind.REVIEWER, by=None, at=clock.now())


def _until_found(port: int, word: str, workers: set[str]) -> float:
    began = time.perf_counter()
    found: set[str] = set()
    while not workers <= found:
        worker, total = _ask(port, word)
        if total:
            found.add(worker)
        assert time.perf_counter() - began < _PATIENCE, "an approval is not found by search"
        time.sleep(_PAUSE)
    return time.perf_counter() - began


def _ask(port: int, word: str) -> tuple[str, int]:
    """Ask over a connection of its own, which either worker may take."""
    address = f"http://127.0.0.1:{port}/programs.json?{urlencode({'q': chr(34) + word + chr(34)})}"
    with urllib.request.urlopen(address, timeout=30) as response:
        return response.headers["X-Worker"], json.load(response)["total"]


def _word(number: int) -> str:
    """Give a word that no listing has."""
    random = Random(number)
    return "zq" + "".join(random.choice("bdfgklmnprtv") + random.choice("aeiou") for _ in range(5))
