"""What is kept of imports, and for how long: their rows hold whole listings, so they do not stay for ever."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import and_, delete, or_, select
from sqlalchemy.orm import Session

from services_dir.exchange.imports.models import ImportNote, ImportRow, ImportRun, RunState

# A plan that nobody applied in a month speaks of a catalog that is not that any more: it is planned anew.
PLANS_KEPT = timedelta(days=30)
# An import can be taken back for a year, until most feeds come again; its sums stay as the record of it.
ROWS_KEPT = timedelta(days=365)
_FILES = "imports/{run}-to-mend"


def folder_to_mend(home: Path, run: int | str) -> Path:
    """Give where the rows of an import that cannot be taken are written, if nothing else is said."""
    return home / _FILES.format(run=run)


def drop_old_files(home: Path, *, at: datetime) -> int:
    """Delete rows to mend that were written a month ago on this machine; give of how many imports."""
    old = [
        folder
        for folder in home.glob(_FILES.format(run="*"))
        if datetime.fromtimestamp(folder.stat().st_mtime, UTC) <= at - PLANS_KEPT
    ]
    for folder in old:
        shutil.rmtree(folder)
    return len(old)


def erase_old(session: Session, *, at: datetime) -> int:
    """Delete plans that nobody applied, and the rows and notes of old imports; give how many rows went."""
    is_unused = and_(
        ImportRun.state.in_((RunState.PLANNING, RunState.PLANNED, RunState.BROKEN)),
        ImportRun.made_at <= at - PLANS_KEPT,
    )
    is_old = and_(
        ImportRun.state.in_((RunState.APPLYING, RunState.APPLIED, RunState.UNDONE)),
        ImportRun.made_at <= at - ROWS_KEPT,
    )
    old = select(ImportRun.id).where(or_(is_unused, is_old))
    count = 0
    for statement in (
        delete(ImportNote).where(ImportNote.run_id.in_(old)),
        delete(ImportRow).where(ImportRow.run_id.in_(old)),
        delete(ImportRun).where(is_unused),
    ):
        result = session.execute(statement.execution_options(synchronize_session=False))
        count += int(getattr(result, "rowcount", 0))
    return count
