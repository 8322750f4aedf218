"""Mail to coordinators: at once when somebody may come to harm, else once a day; never with content."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from services_dir import audit
from services_dir.accounts.models import Account
from services_dir.audit import AuditEvent
from services_dir.mail.messages import MailKind, Message
from services_dir.mail.operations import enqueue
from services_dir.moderation.queries import count_late
from services_dir.submissions.models import Submission, SubmissionState
from services_dir.submissions.rules import URGENT
from services_dir.verification.queries import list_organizations

_ALERTED = "submission.alerted"


def list_urgent(session: Session) -> Sequence[int]:
    """List the reports that cannot wait and that coordinators were not told of; the audit remembers."""
    was_told = exists().where(AuditEvent.deed == _ALERTED, AuditEvent.subject_id == Submission.id)
    is_urgent = or_(*(("," + Submission.flags + ",").like(f"%,{flag.value},%") for flag in sorted(URGENT)))
    waiting = select(Submission.id).where(
        Submission.state == SubmissionState.PENDING, Submission.flags != "", is_urgent, ~was_told
    )
    return session.scalars(waiting.order_by(Submission.id)).all()


def tell_urgent(session: Session, link: str, *, at: datetime) -> int:
    """Tell every coordinator of new reports that cannot wait, in one mail, and give how many there are."""
    ids = list_urgent(session)
    for submission_id in ids:
        audit.record(session, _ALERTED, kind="submission", subject=submission_id, by=None, at=at)
    if ids:
        _tell_all(session, MailKind.URGENT, {"link": link}, at)
    return len(ids)


def tell_daily(session: Session, link: str, *, at: datetime) -> bool:
    """Tell every coordinator what waits, as counts; nothing is sent when nothing does."""
    pending = select(func.count()).select_from(Submission).where(Submission.state == SubmissionState.PENDING)
    waiting = session.scalar(pending) or 0
    due = sum(len(line.due) for line in list_organizations(session, today=at.date()))
    if not (waiting or due):
        return False
    values = {
        "link": link,
        "waiting": str(waiting),
        "overdue": str(count_late(session, at=at)),
        "due": str(due),
    }
    _tell_all(session, MailKind.DIGEST, values, at)
    return True


def _tell_all(session: Session, kind: MailKind, values: dict[str, str], at: datetime) -> None:
    people = select(Account.email, Account.language).where(
        Account.is_active, Account.password_hash.is_not(None)
    )
    for email, language in session.execute(people.order_by(Account.id)):
        enqueue(session, Message(kind, email, language or "en", values), at=at)
