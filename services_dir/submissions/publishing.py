"""A transaction that may change the catalog, and what must follow its commit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from services_dir.catalog.queries import last_change
from services_dir.db import db, transaction
from services_dir.search import nudge


@contextmanager
def publishing() -> Iterator[Session]:
    """Open a transaction that writes; then wake the search, which takes up what changed."""
    before = last_change(db.session)
    with transaction() as session:
        yield session
    if last_change(db.session) != before:
        nudge()
