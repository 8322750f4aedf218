"""Applying a plan, a stretch of rows in each transaction, so that a killed process goes on later."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services_dir import audit
from services_dir.catalog.draft import Draft, ProgramDraft, read_organization, read_program
from services_dir.catalog.kinds import AssuranceMethod, CatalogStatus
from services_dir.catalog.leading import find_organization_id
from services_dir.catalog.models import Assurance, ForeignId, Organization, Program
from services_dir.catalog.operations import assure_program
from services_dir.catalog.rules import list_identities
from services_dir.errors import N_, ConflictError, InvalidError
from services_dir.exchange.imports.known import find_held, list_taken, list_taken_slugs
from services_dir.exchange.imports.models import (
    ImportRow,
    ImportRun,
    RecordKind,
    RowState,
    RunState,
    Verdict,
)
from services_dir.exchange.imports.planning import Progress, Transaction, no_progress
from services_dir.inserting import insert_all
from services_dir.moderation.models import Review
from services_dir.moderation.operations import Arrival, publish_all_imported, publish_imported, withdraw
from services_dir.submissions.models import (
    AuthorKind,
    Submission,
    SubmissionKind,
    SubmissionState,
)
from services_dir.submissions.operations import Sender, Sending, open_submissions, revise

BATCH = 200

_PUBLISHABLE = (Verdict.ADD, Verdict.CHANGE, Verdict.LEAVE)


def never() -> bool:
    """Say that there is all the time in the world."""
    return False


def apply(
    transaction: Transaction,
    run_id: int,
    *,
    at: datetime,
    by: int | None,
    publishes: bool = False,
    progress: Progress = no_progress,
    is_time_up: Callable[[], bool] = never,
) -> dict[RowState, int]:
    """Do what a plan says, and give how many rows came to which end; stop between stretches when time is up.

    Records become submissions in the queue; with `publishes` those without doubts are published at once.
    Called again after it was cut off, it goes on where it stopped. Raises ConflictError if the run is not
    planned, or if a newer one of its feed was applied since.
    """
    with transaction() as session:
        run = _get_run(session, run_id)
        _refuse(session, run)
        if run.state is RunState.PLANNED:
            run.publishes = publishes
            run.state = RunState.APPLYING
            audit.record(session, "import.applied", kind="import_run", subject=run.id, by=by, at=at)
        waiting = _count(session, run_id)
    done = 0
    while True:
        with transaction() as session:
            run = session.get_one(ImportRun, run_id)
            rows = session.scalars(
                select(ImportRow)
                .where(ImportRow.run_id == run_id, ImportRow.state == RowState.WAITING)
                .order_by(ImportRow.position)
                .limit(BATCH)
            ).all()
            if not rows:
                _join_parents(session, run_id)
                run.state, run.applied_at = RunState.APPLIED, at
                return _ends(session, run_id)
            _apply_some(session, run, rows, at, by)
        done += len(rows)
        progress(done, waiting)
        if is_time_up():
            with transaction() as session:
                return _ends(session, run_id)


def _join_parents(session: Session, run_id: int) -> None:
    """Put organizations under those that came after them in the files."""
    rows = session.execute(
        select(Organization, ImportRow.document)
        .join(ImportRow, ImportRow.uuid == Organization.uuid)
        .where(
            ImportRow.run_id == run_id,
            ImportRow.kind == RecordKind.ORGANIZATION,
            ImportRow.state == RowState.PUBLISHED,
            Organization.parent_id.is_(None),
        )
    )
    for organization, document in rows.all():
        wanted = read_organization(document or "").parent
        if wanted is not None:
            organization.parent_id = find_organization_id(session, wanted)


def _get_run(session: Session, run_id: int) -> ImportRun:
    run = session.scalars(select(ImportRun).where(ImportRun.id == run_id).with_for_update()).one_or_none()
    if run is None:
        raise ConflictError(N_("There is no import with the number {number}."), number=run_id)
    return run


def _refuse(session: Session, run: ImportRun) -> None:
    if run.state not in (RunState.PLANNED, RunState.APPLYING):
        raise ConflictError(N_("This import is not waiting to be applied."))
    newer = select(ImportRun.id).where(
        ImportRun.feed_id == run.feed_id,
        ImportRun.id > run.id,
        ImportRun.state.in_((RunState.APPLYING, RunState.APPLIED)),
    )
    if session.scalar(newer.limit(1)) is not None:
        raise ConflictError(N_("A newer import of this feed was applied since. Please plan it anew."))


def _apply_some(
    session: Session, run: ImportRun, rows: Sequence[ImportRow], at: datetime, by: int | None
) -> None:
    publishing: list[ImportRow] = []
    queueing: list[ImportRow] = []
    for row in rows:
        if row.verdict is Verdict.LEAVE:
            row.state = RowState.NOTHING
        elif run.publishes and row.verdict in _PUBLISHABLE:
            publishing.append(row)
        elif run.publishes and row.verdict is Verdict.WITHDRAW:
            _withdraw(session, row, at, by)
        else:
            queueing.append(row)
    if publishing:
        queueing += _publish(session, run, publishing, at, by)
    if queueing:
        _queue(session, run, queueing, at, by)
    _link(session, run, rows, at)
    for row in rows:
        if row.verdict is Verdict.LEAVE and row.assured_on is not None:
            _assure(session, run, row, at)
    session.flush()


def _publish(
    session: Session, run: ImportRun, rows: Sequence[ImportRow], at: datetime, by: int | None
) -> list[ImportRow]:
    """Publish rows; give those that cannot be, with the reason noted: they wait for a person instead."""
    left: list[ImportRow] = []
    for kind in RecordKind:
        fresh = _free_rows(session, kind, [row for row in rows if row.kind is kind])
        arrivals = [Arrival(draft, row.modified_at) for row, draft in fresh]
        published = publish_all_imported(session, arrivals, by=by, at=at)
        assurances = []
        for (row, draft), one in zip(fresh, published, strict=True):
            row.state, row.submission_id = RowState.PUBLISHED, one.submission_id
            row.uuid, row.version_after = draft.id, 1
            if row.assured_on is not None and kind is RecordKind.PROGRAM:
                assurances.append(_assurance(run, row, one.record_id, one.review_id, at))
        insert_all(session, assurances)
    for row in rows:
        if row.state is not RowState.WAITING:
            continue
        try:
            with session.begin_nested():
                review = publish_imported(
                    session, _draft_of(row), seen_version=row.version_before, by=by, at=at
                )
        except (ConflictError, InvalidError) as error:
            row.reasons = _with_reason(row, str(error))
            left.append(row)
            continue
        _note_published(session, run, row, review, at)
    return left


def _record_of(session: Session, review: Review) -> Program | Organization:
    submission = review.revision.submission
    if submission.program_id is not None:
        return session.get_one(Program, submission.program_id)
    return session.get_one(Organization, submission.organization_id)


def _free_rows(
    session: Session, kind: RecordKind, rows: Sequence[ImportRow]
) -> list[tuple[ImportRow, Draft]]:
    """Give the rows of records that are new and collide with nothing: they are published together."""
    new = [row for row in rows if row.verdict is Verdict.ADD]
    drafts = {row.id: _draft_of(row) for row in new}
    held = find_held(session, kind, [row.uuid or "" for row in new])
    taken = list_taken(session, list(drafts.values()))
    slugs = list_taken_slugs(session, kind, drafts.values())
    owners = _published_owners(session, drafts.values())
    seen: set[str] = set()
    free = []
    for row in new:
        draft = drafts[row.id]
        ids = {identity for _path, identity in list_identities(draft)} | {draft.id}
        owner = draft.organization if isinstance(draft, ProgramDraft) else None
        is_lone = isinstance(draft, ProgramDraft) and owner not in owners
        if draft.id in held or ids & taken or ids & seen or draft.slug in slugs or is_lone:
            continue
        seen |= ids
        free.append((row, draft))
    return free


def _published_owners(session: Session, drafts: Iterable[Draft]) -> set[str]:
    uuids = {draft.organization for draft in drafts if isinstance(draft, ProgramDraft) and draft.organization}
    query = select(Organization.uuid).where(
        Organization.uuid.in_(uuids), Organization.status == CatalogStatus.PUBLISHED
    )
    return set(session.scalars(query))


def _note_published(session: Session, run: ImportRun, row: ImportRow, review: Review, at: datetime) -> None:
    record, submission = _record_of(session, review), review.revision.submission
    row.state, row.submission_id = RowState.PUBLISHED, submission.id
    row.uuid, row.version_after = record.uuid, record.version
    if row.modified_at is not None and row.modified_at <= at:
        record.modified_at = row.modified_at
        # HSDS dates no organization: one that came along is no newer than the programs it runs.
        owner = record.organization if isinstance(record, Program) else None
        if owner is not None and owner.published_at == at and owner.modified_at > row.modified_at:
            owner.modified_at = row.modified_at
    if row.assured_on is not None and isinstance(record, Program):
        session.add(_assurance(run, row, record.id, review.id, at))


def _assurance(
    run: ImportRun, row: ImportRow, program_id: int, review_id: int | None, at: datetime
) -> Assurance:
    return Assurance(
        program_id=program_id,
        on=row.assured_on,
        method=AssuranceMethod.FEED,
        feed=run.feed.name,
        review_id=review_id,
        recorded_at=at,
    )


def _assure(session: Session, run: ImportRun, row: ImportRow, at: datetime) -> None:
    """Record that a feed confirmed what stays as it is, unless it said so before."""
    program = session.scalars(select(Program).where(Program.uuid == row.uuid)).one_or_none()
    if program is None or row.assured_on is None:
        return
    held = select(Assurance.id).where(
        Assurance.program_id == program.id,
        Assurance.feed == run.feed.name,
        Assurance.on >= row.assured_on,
    )
    if session.scalar(held.limit(1)) is None:
        assure_program(
            session,
            program,
            AssuranceMethod.FEED,
            on=row.assured_on,
            role=None,
            by=None,
            at=at,
            feed=run.feed.name,
        )


def _withdraw(session: Session, row: ImportRow, at: datetime, by: int | None) -> None:
    query = select(Program).where(Program.uuid == row.uuid).with_for_update()
    program = session.scalars(query).one_or_none()
    if program is None or program.version != row.version_before:
        row.state = RowState.FAILED
        row.reasons = _with_reason(row, N_("The listing was changed since the plan was made."))
        return
    review = withdraw(session, program, by=by, at=at)
    row.state, row.submission_id = RowState.PUBLISHED, review.revision.submission_id
    row.version_after = program.version


def _queue(session: Session, run: ImportRun, rows: Sequence[ImportRow], at: datetime, by: int | None) -> None:
    """Put rows into the queue; what waits there from an earlier import gets a newer revision instead."""
    sender = Sender(AuthorKind.IMPORT, account_id=by)
    open_ones = _open_submissions(session, [row.uuid for row in rows if row.uuid])
    new: list[ImportRow] = []
    for row in rows:
        waiting = open_ones.get(row.uuid or "")
        row.state = RowState.QUEUED
        if waiting is None or row.verdict is Verdict.WITHDRAW:
            new.append(row)
            continue
        row.submission_id = waiting.id
        if waiting.latest.document != row.document:
            seen = waiting.latest.number
            revise(session, waiting, _draft_of(row), sender, seen_revision=seen, at=at)
    sendings = [
        Sending(
            _draft_of(row),
            SubmissionKind.WITHDRAWAL if row.verdict is Verdict.WITHDRAW else SubmissionKind.IMPORT,
            row.version_before,
            _why(run, row),
        )
        for row in new
    ]
    for row, submission in zip(new, open_submissions(session, sendings, sender, at=at), strict=True):
        row.submission_id = submission.id


def _open_submissions(session: Session, uuids: Sequence[str]) -> dict[str, Submission]:
    rows = session.scalars(
        select(Submission).where(
            Submission.subject_uuid.in_(uuids),
            Submission.kind == SubmissionKind.IMPORT,
            Submission.state == SubmissionState.PENDING,
        )
    )
    return {row.subject_uuid: row for row in rows if row.subject_uuid}


def _why(run: ImportRun, row: ImportRow) -> str:
    """Say for coordinators where it comes from and what is doubtful; in English, like all their notes."""
    reasons = [reason[0].format(**reason[1]) for reason in msgspec.json.decode(row.reasons)]
    where = f"{row.file}, line {row.line}" if row.file else ""
    return "\n".join(filter(None, (f"{run.feed.name}: {where}".rstrip(": "), *dict.fromkeys(reasons))))


def _link(session: Session, run: ImportRun, rows: Sequence[ImportRow], at: datetime) -> None:
    """Remember what the feed calls each record and what it said of it."""
    wanted = [row for row in rows if row.state is not RowState.FAILED and row.foreign_id]
    held = {
        (link.kind, link.foreign_id): link
        for link in session.scalars(
            select(ForeignId).where(
                ForeignId.feed == run.feed.name, ForeignId.foreign_id.in_([row.foreign_id for row in wanted])
            )
        )
    }
    new: list[ForeignId] = []
    for row in wanted:
        link = held.get((row.kind.value, row.foreign_id))
        if link is None:
            link = ForeignId(
                feed=run.feed.name, kind=row.kind.value, foreign_id=row.foreign_id, uuid=row.uuid or ""
            )
            new.append(link)
            held[row.kind.value, row.foreign_id] = link
        if row.verdict is Verdict.WITHDRAW:
            link.fingerprint = link.document = None
            continue
        link.uuid, link.seen_run, link.seen_at = row.uuid or link.uuid, run.id, at
        link.terms = row.terms
        if row.base is not None:
            link.document, link.fingerprint = row.base, row.fingerprint
    insert_all(session, new)


def _draft_of(row: ImportRow) -> Draft:
    read = read_program if row.kind is RecordKind.PROGRAM else read_organization
    return read(row.document or "")


def _with_reason(row: ImportRow, sentence: str) -> str:
    reasons = msgspec.json.decode(row.reasons)
    return msgspec.json.encode(
        [*reasons, [sentence.replace("{", "{{").replace("}", "}}"), {}, "", 0, ""]]
    ).decode()


def _count(session: Session, run_id: int) -> int:
    query = select(func.count()).where(ImportRow.run_id == run_id, ImportRow.state == RowState.WAITING)
    return session.scalar(query) or 0


def _ends(session: Session, run_id: int) -> dict[RowState, int]:
    query = select(ImportRow.state, func.count()).where(ImportRow.run_id == run_id).group_by(ImportRow.state)
    return dict(session.execute(query).all())
