"""What is due: mail, reminders, digest, the index of this machine, erasure. One pass, or again and again.

Each job is done in the transaction that moves its next moment on: of several machines one does it, and a
process killed in the middle has done nothing. Mail and index have their own ways to the same end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import structlog
from flask import Flask, url_for
from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from services_dir import clock
from services_dir.catalog.operations import find_unwiped, mark_wiped, wipe_traces
from services_dir.council.operations import give_up_reading, keep_texts
from services_dir.council.pdf.uploads import SECONDS_OF_WORK, inspect
from services_dir.council.queries import each_piece, find_unread_file
from services_dir.db import db, transaction
from services_dir.errors import InvalidError
from services_dir.exchange.imports.erasing import drop_old_files
from services_dir.mail.models import MailError
from services_dir.mail.sending import send_due
from services_dir.mail.transport import open_transport
from services_dir.moderation.operations import close_silent
from services_dir.reports.demand.operations import close_due
from services_dir.search import sync
from services_dir.upkeep.erasure import ERASED_FROM, erase
from services_dir.upkeep.models import DueWork, Job
from services_dir.upkeep.telling import list_urgent, tell_daily, tell_urgent
from services_dir.verification.operations import flag_bounced, remind_due, start_due_rounds
from services_dir.web.context import absolute, settings
from services_dir.web.logs import chain

_EVERY = {
    Job.URGENT: timedelta(0),
    Job.ROUNDS: timedelta(hours=1),
    Job.SILENCE: timedelta(hours=6),
    Job.ERASURE: timedelta(hours=6),
}
_DIGEST_HOUR = 12  # UTC: the morning in New York

_log = structlog.get_logger()


@dataclass
class Report:
    """What one pass did, in sentences, and what failed."""

    done: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def note(self, number: int, sentence: str) -> None:
        """Remember how often something was done, if it was."""
        if number:
            self.done.append(sentence.format(number))


def work_once(app: Flask, *, with_index: bool = True, now: Callable[[], datetime] = clock.now) -> Report:
    """Do all that is due. What fails is told in the report and does not keep the rest from being done."""
    report = Report()
    base = app.config["SETTINGS"].base_url or app.config["SERVED_AT"]
    for name, deed in _DEEDS.items():
        try:
            with app.test_request_context("/", base_url=base):
                deed(report, now)
        except Exception as error:  # noqa: BLE001 - the other work is as important
            report.failed.append(f"Could not do this: {name}.")
            _log.warning("work failed", what=name, errors=chain(error))
    if with_index:
        try:
            sync.catch_up(app, wait=0)
        except Exception as error:  # noqa: BLE001
            report.failed.append("Could not do this: the index.")
            _log.warning("work failed", what="index", errors=chain(error))
    return report


def _urgent(report: Report, now: Callable[[], datetime]) -> None:
    if not list_urgent(db.session):
        return
    with _turn(Job.URGENT, now()) as session:
        if session is not None:
            told = tell_urgent(session, absolute(url_for("moderation.queue")), at=now())
            report.note(told, "Urgent reports told of: {}.")


def _rounds(report: Report, now: Callable[[], datetime]) -> None:
    with _turn(Job.ROUNDS, now()) as session:
        if session is not None:
            report.note(remind_due(session, _link, at=now()), "Contacts reminded: {}.")
            report.note(start_due_rounds(session, _link, at=now()), "Organizations asked to confirm: {}.")


def _silence(report: Report, now: Callable[[], datetime]) -> None:
    with _turn(Job.SILENCE, now()) as session:
        if session is not None:
            closed = close_silent(session, _own_page, at=now())
            report.note(closed, "Submissions closed because their sender did not answer: {}.")


def _digest(report: Report, now: Callable[[], datetime]) -> None:
    with _turn(Job.DIGEST, now()) as session:
        if session is not None:
            told = tell_daily(session, absolute(url_for("workspace.home")), at=now())
            report.note(told, "The daily summary is on its way.")


def _erasure(report: Report, now: Callable[[], datetime]) -> None:
    erased = None
    with _turn(Job.ERASURE, now()) as session:
        if session is not None:
            erased = erase(session, at=now())
    if erased is None:
        return
    if erased.is_any or settings().uses_sqlite:
        wipe_traces(db.engine, ERASED_FROM)
    report.note(erased.senders, "Submissions whose sender was forgotten: {}.")
    report.note(erased.reports, "Reports whose text was erased: {}.")
    report.note(erased.drafts, "Drafts thrown away: {}.")
    report.note(erased.rows, "Used or ended rows deleted: {}.")


def _rows_to_mend(report: Report, now: Callable[[], datetime]) -> None:
    dropped = drop_old_files(settings().home, at=now())
    report.note(dropped, "Imports whose files of rows to mend were deleted: {}.")


def _demand(report: Report, now: Callable[[], datetime]) -> None:
    report.note(close_due(db.session, at=now()), "Months of demand closed: {}.")


def _addresses(report: Report, now: Callable[[], datetime]) -> None:
    """Make removed addresses leave the files of the database; if somebody reads, at the next pass."""
    number = find_unwiped(db.session)
    db.session.rollback()
    if number is None:
        return
    if not wipe_traces(db.engine):
        report.failed.append(
            "A removed address may still be in the files of the database. It is tried again."
        )
        return
    with transaction() as session:
        mark_wiped(session, number)
    report.note(1, "Removed addresses have left the files of the database.")


def _mail(report: Report, now: Callable[[], datetime]) -> None:
    outcome = send_due(db.session, open_transport(settings()), now=now, on_refused=flag_bounced)
    report.note(outcome.sent, "Mails sent: {}.")
    report.note(outcome.refused, "Mails that were refused for good: {}.")
    if MailError.UNREACHABLE in outcome.errors:
        report.failed.append("The mail server could not be reached. The mails wait.")
    if MailError.REFUSED_US in outcome.errors:
        report.failed.append("The mail server refuses us. The mails wait; look at SERVICES_DIR_MAIL_URL.")


def _papers(report: Report, _now: Callable[[], datetime]) -> None:
    """Read the words of one paper of the Council that took too long while somebody waited."""
    digest = find_unread_file(db.session)
    if digest is None:
        return
    content = b"".join(each_piece(db.session, digest))
    db.session.rollback()
    try:
        found = inspect(content, seconds=SECONDS_OF_WORK)
    except InvalidError:
        found = None
    with transaction() as session:
        if found is None:
            give_up_reading(session, digest)
        else:
            keep_texts(session, digest, found)
    report.note(1, "The words of a paper of the Council were read.")


# In this order: what the first ones write goes out with the last.
_DEEDS: dict[str, Callable[[Report, Callable[[], datetime]], None]] = {
    "removed addresses": _addresses,
    "urgent reports": _urgent,
    "verification": _rounds,
    "the daily summary": _digest,
    "senders who do not answer": _silence,
    "demand": _demand,
    "erasure": _erasure,
    "rows to mend": _rows_to_mend,
    "mail": _mail,
    "papers of the Council": _papers,
}


@contextmanager
def _turn(job: Job, at: datetime) -> Iterator[Session | None]:
    """Open the transaction of a job if it is due and nobody else was faster; else give None."""
    next_at = db.session.scalar(select(DueWork.next_at).where(DueWork.job == job))
    if next_at is not None and next_at > at:
        yield None
        return
    with transaction() as session:
        yield session if _take(session, job, at) else None


def _take(session: Session, job: Job, at: datetime) -> bool:
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    first = insert(DueWork).values(job=job, next_at=_next_digest(at) if job is Job.DIGEST else at)
    session.execute(first.on_conflict_do_nothing())
    later = _next_digest(at) if job is Job.DIGEST else at + _EVERY[job]
    due = update(DueWork).where(DueWork.job == job, DueWork.next_at <= at).values(next_at=later)
    moved = session.execute(due.returning(DueWork.job).execution_options(synchronize_session=False))
    return moved.first() is not None


def _next_digest(at: datetime) -> datetime:
    today = at.astimezone(UTC).replace(hour=_DIGEST_HOUR, minute=0, second=0, microsecond=0)
    return today if today > at else today + timedelta(days=1)


def _link(token: str, language: str) -> str:
    return absolute(url_for("verification.show", token=token, in_language=language))


def _own_page(token: str, language: str) -> str:
    return absolute(url_for("submissions.show", token=token, in_language=language))
