"""What the crash test has done in processes that it kills: approve, catch up, rebuild.

Imported once by a server of processes, so that a child begins with everything loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

from flask import Flask

import services_dir.search.views  # noqa: F401 - loads what the application would load
from services_dir.app import create_app
from services_dir.db import db, transaction
from services_dir.moderation import operations as moderation
from services_dir.moderation.models import Decision
from services_dir.moderation.rules import Verdict
from services_dir.search import sync
from services_dir.settings import Settings
from services_dir.submissions.models import Submission
from tests.support.factories import NOON

Deed = Callable[[Flask, int], object]


def settings_of(home: Path) -> Settings:
    """Give settings for a home, without any of this environment."""
    return Settings.from_environment({"SERVICES_DIR_HOME": str(home), "SERVICES_DIR_SECRET_KEY": "k" * 40})


@contextmanager
def opened(home: Path) -> Iterator[Flask]:
    """Open the application on a home, as after a restart."""
    app = create_app(settings_of(home))
    with app.app_context():
        try:
            yield app
        finally:
            db.session.close()
            db.engine.dispose()


def approve(_app: Flask, submission_id: int) -> None:
    """Approve a submission, as a reviewer does."""
    with transaction() as session:
        submission = session.get_one(Submission, submission_id)
        verdict = Verdict(Decision.APPROVE, note="", seen_revision=1, seen_version=submission.base_version)
        moderation.decide(session, submission, verdict, by=None, at=NOON)


def catch_up(app: Flask, _number: int) -> None:
    """Take up what was published."""
    sync.catch_up(app)


def rebuild(app: Flask, _number: int) -> None:
    """Build the index anew."""
    sync.rebuild(app)


def work(deed: Deed, home: Path, number: int, say: Connection) -> None:
    """Get ready, say so, do it, say so."""
    with opened(home) as app:
        db.session.connection()
        db.session.rollback()
        say.send("ready")
        deed(app, number)
        say.send("done")
