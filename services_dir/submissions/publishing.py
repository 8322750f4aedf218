"""A transaction that may change the catalog, and what must follow its commit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import select
from sqlalchemy.orm import Session

from services_dir.catalog.kinds import ChangeKind
from services_dir.catalog.models import CatalogChange
from services_dir.catalog.operations import wipe_traces
from services_dir.catalog.queries import last_change
from services_dir.db import db, transaction
from services_dir.search import nudge


@contextmanager
def publishing() -> Iterator[Session]:
    """Open a transaction that writes; then wake the search, and wipe addresses that were removed."""
    with transaction() as session:
        before = last_change(session)
        yield session
        session.flush()
        newer = select(CatalogChange.kind).where(CatalogChange.number > before)
        kinds = set(session.scalars(newer))
    if kinds:
        nudge()
    if ChangeKind.HIDE_PLACE in kinds:
        wipe_traces(db.engine)
