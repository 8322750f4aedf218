"""Where the time of an answer and of a page goes: functions of ours by share, with all they call."""

from __future__ import annotations

import cProfile
import pstats
from collections.abc import Callable, Iterable
from pathlib import Path

from flask import Flask

from benchmarks.engines.ours import Ours
from benchmarks.pages import our_path
from benchmarks.questions import Question
from services_dir.db import db

_PARTS = ("services_dir", "templates")
_MOST = 16
_LEAST_SHARE = 0.02

Shares = list[tuple[str, float, float]]  # name, share of the time, calls for each question


def of_answers(own: Ours, questions: Iterable[Question]) -> Shares:
    """Profile answers of the engine as pages ask for them."""
    asked = list(questions)
    return _shares(lambda: [own.answer(question.query()) for question in asked], len(asked))


def of_pages(app: Flask, questions: Iterable[Question]) -> Shares:
    """Profile pages of results, without a server."""
    with app.app_context():
        app.extensions["search"].refresh(db.session)
        db.session.rollback()
    client = app.test_client()
    first, *paths = [our_path(question) for question in questions]
    assert client.get(first).status_code == 200
    return _shares(lambda: [client.get(path) for path in paths], len(paths))


def _shares(deed: Callable[[], object], count: int) -> Shares:
    profile = cProfile.Profile()
    profile.runcall(deed)
    stats = pstats.Stats(profile)
    total: float = stats.total_tt
    found = [
        (f"`{_place(file)}` {name}", min(1.0, cumulative / total), calls / count)
        for (file, _line, name), (_own, calls, _time, cumulative, _callers) in stats.stats.items()
        if _place(file) and not name.startswith("<")
    ]
    found = [one for one in found if one[1] >= _LEAST_SHARE]
    return sorted(found, key=lambda one: -one[1])[:_MOST]


def _place(file: str) -> str:
    """Give the path of a file of ours below the project; nothing for those of others."""
    parts = Path(file).parts
    at = next((parts.index(part) for part in _PARTS if part in parts), None)
    return "" if at is None or "site-packages" in parts else "/".join(parts[at:])
