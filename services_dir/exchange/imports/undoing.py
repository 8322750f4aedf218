"""Taking an import back as a whole; what was changed since stays and is listed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services_dir import audit
from services_dir.catalog.kinds import CatalogStatus
from services_dir.catalog.models import ForeignId, Organization, Program
from services_dir.errors import N_, ConflictError
from services_dir.exchange.imports.applying import BATCH, never
from services_dir.exchange.imports.models import ImportRow, ImportRun, RecordKind, RowState, RunState, Verdict
from services_dir.exchange.imports.planning import Progress, Transaction, no_progress
from services_dir.moderation import operations as moderation
from services_dir.submissions.models import Submission, SubmissionState
from services_dir.submissions.operations import withdraw as take_back

_DONE = (RowState.QUEUED, RowState.PUBLISHED)


def undo(
    transaction: Transaction,
    run_id: int,
    *,
    at: datetime,
    by: int | None,
    progress: Progress = no_progress,
    is_time_up: Callable[[], bool] = never,
) -> tuple[dict[RowState, int], list[str]]:
    """Take back what an import did, newest row first; give the ends of its rows and the names that stay.

    Cut off, it goes on where it stopped. Raises ConflictError if it was not applied,
    or if its rows are not kept any more.
    """
    with transaction() as session:
        run = session.scalars(select(ImportRun).where(ImportRun.id == run_id).with_for_update()).one_or_none()
        if run is None or run.state not in (RunState.APPLYING, RunState.APPLIED):
            raise ConflictError(N_("This import was not applied."))
        if session.scalar(select(ImportRow.id).where(ImportRow.run_id == run_id).limit(1)) is None:
            raise ConflictError(
                N_("This was imported more than a year ago and cannot be taken back any more.")
            )
        query = select(func.count()).where(ImportRow.run_id == run_id, ImportRow.state.in_(_DONE))
        waiting = session.scalar(query) or 0
    done = 0
    while True:
        with transaction() as session:
            rows = session.scalars(
                select(ImportRow)
                .where(ImportRow.run_id == run_id, ImportRow.state.in_(_DONE))
                .order_by(ImportRow.position.desc())
                .limit(BATCH)
            ).all()
            if not rows:
                return _finish(session, run_id, at, by)
            feed = session.get_one(ImportRun, run_id).feed.name
            for row in rows:
                is_undone = _undo(session, row, at, by)
                row.state = RowState.UNDONE if is_undone else RowState.KEPT
                if is_undone:
                    _forget(session, feed, row)
        done += len(rows)
        progress(done, waiting)
        if is_time_up():
            with transaction() as session:
                return _ends(session, run_id)


def _finish(
    session: Session, run_id: int, at: datetime, by: int | None
) -> tuple[dict[RowState, int], list[str]]:
    run = session.get_one(ImportRun, run_id)
    run.state, run.undone_at = RunState.UNDONE, at
    audit.record(session, "import.undone", kind="import_run", subject=run.id, by=by, at=at)
    return _ends(session, run_id)


def _ends(session: Session, run_id: int) -> tuple[dict[RowState, int], list[str]]:
    states = select(ImportRow.state, func.count()).where(ImportRow.run_id == run_id).group_by(ImportRow.state)
    kept = select(ImportRow.name).where(ImportRow.run_id == run_id, ImportRow.state == RowState.KEPT)
    return dict(session.execute(states).all()), list(session.scalars(kept.order_by(ImportRow.position)))


def _undo(session: Session, row: ImportRow, at: datetime, by: int | None) -> bool:
    """Take back one row; False if it was changed since."""
    if row.state is RowState.QUEUED:
        return _undo_queued(session, row, at)
    if row.kind is RecordKind.ORGANIZATION:
        return _undo_organization(session, row, at, by)
    query = select(Program).where(Program.uuid == row.uuid).with_for_update()
    program = session.scalars(query).one_or_none()
    stands = CatalogStatus.WITHDRAWN if row.verdict is Verdict.WITHDRAW else CatalogStatus.PUBLISHED
    if program is None or program.version != row.version_after or program.status is not stands:
        return False
    try:
        with session.begin_nested():
            submission = session.get_one(Submission, row.submission_id)
            moderation.undo(session, submission, by=by, at=at)
    except ConflictError:
        return False
    return True


def _undo_queued(session: Session, row: ImportRow, at: datetime) -> bool:
    submission = session.get(Submission, row.submission_id) if row.submission_id else None
    if submission is None or submission.state in (SubmissionState.WITHDRAWN, SubmissionState.REJECTED):
        return True
    if submission.is_closed:
        return False  # somebody approved it: that is her deed now
    take_back(session, submission, at=at)
    return True


def _undo_organization(session: Session, row: ImportRow, at: datetime, by: int | None) -> bool:
    """Take back what an import said of an organization; a new one stays while it has programs."""
    query = select(Organization).where(Organization.uuid == row.uuid).with_for_update()
    organization = session.scalars(query).one_or_none()
    if organization is None or organization.version != row.version_after:
        return False
    try:
        with session.begin_nested():
            moderation.undo(session, session.get_one(Submission, row.submission_id), by=by, at=at)
    except ConflictError:
        return False
    return True


def _forget(session: Session, feed: str, row: ImportRow) -> None:
    """Let the next import of the feed begin anew with what was taken back."""
    link = session.scalars(
        select(ForeignId).where(
            ForeignId.feed == feed, ForeignId.kind == row.kind.value, ForeignId.foreign_id == row.foreign_id
        )
    ).one_or_none()
    if link is None:
        return
    link.document = link.fingerprint = None
