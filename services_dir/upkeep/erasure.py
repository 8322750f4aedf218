"""Erasure: what people told us about themselves is forgotten when it is no longer needed.

`/privacy` promises these times; what was published, and the audit, which names nobody, stay.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Delete, Update, delete, or_, select, update
from sqlalchemy.orm import Session

from services_dir import policy, throttle
from services_dir.accounts.models import OneTimeLink, RecoveryCode, SignedIn, UsedChallenge
from services_dir.exchange.imports.erasing import erase_old
from services_dir.mail.models import OutgoingMail
from services_dir.submissions.models import PrivateLink, Submission, SubmissionKind
from services_dir.submissions.operations import drop_old_drafts
from services_dir.verification.models import RoundLink

SENDERS_KEPT = timedelta(days=365)  # after a submission is closed
REPORTS_KEPT = timedelta(days=90)
USED_KEPT = timedelta(days=30)  # links, codes and mails that served their purpose
CHALLENGES_KEPT = timedelta(hours=1)

# Tables from which something may be erased; PostgreSQL rewrites them afterwards.
ERASED_FROM = (
    "submission form_draft private_link signed_in one_time_link recovery_code used_challenge outgoing_mail "
    "import_run import_row import_note verification_link throttle_count throttle_key demand_running"
).split()


@dataclass(frozen=True)
class Erased:
    """How many senders, texts of reports, drafts and other rows were erased."""

    senders: int
    reports: int
    drafts: int
    rows: int

    @property
    def is_any(self) -> bool:
        """Tell whether something was erased, so that the files should be wiped."""
        return any((self.senders, self.reports, self.drafts, self.rows))


def erase(session: Session, *, at: datetime) -> Erased:
    """Forget what is older than it need be. The caller's transaction writes."""
    throttle.clean(session, at=at)
    return Erased(
        senders=_erase_senders(session, at),
        reports=_run(session, _report_texts(at)),
        drafts=drop_old_drafts(session, at=at),
        rows=sum(_run(session, statement) for statement in _useless_rows(session, at))
        + erase_old(session, at=at),
    )


def _erase_senders(session: Session, at: datetime) -> int:
    """Who sent it, how to reach her, her message and her link go; what was published stays."""
    old = Submission.closed_at <= at - SENDERS_KEPT
    known = or_(
        Submission.submitter_name.is_not(None),
        Submission.submitter_email.is_not(None),
        Submission.submitter_role.is_not(None),
        Submission.token_hash.is_not(None),
        Submission.message != "",
    )
    ids = select(Submission.id).where(old)
    _run(session, delete(PrivateLink).where(PrivateLink.submission_id.in_(ids)))
    gone: dict[str, Any] = dict.fromkeys(
        (
            "submitter_name",
            "submitter_email",
            "submitter_role",
            "contact_consent_at",
            "token_hash",
            "token_expires_at",
        )
    )
    return _run(session, update(Submission).where(old, known).values(message="", **gone))


def _report_texts(at: datetime) -> Update:
    is_old_report = (
        Submission.kind == SubmissionKind.PROBLEM,
        Submission.closed_at <= at - REPORTS_KEPT,
        Submission.message != "",
    )
    return update(Submission).where(*is_old_report).values(message="")


def _useless_rows(session: Session, at: datetime) -> list[Delete]:
    """Sessions that ended, links and codes that were used or ended, challenges, mails that went out."""
    idle = at - timedelta(minutes=policy.get(session, "session_idle_minutes"))
    begun = at - timedelta(hours=policy.get(session, "session_absolute_hours"))
    used = at - USED_KEPT
    return [
        delete(SignedIn).where(or_(SignedIn.seen_at < idle, SignedIn.started_at < begun)),
        delete(OneTimeLink).where(or_(OneTimeLink.used_at < used, OneTimeLink.expires_at < used)),
        delete(RecoveryCode).where(RecoveryCode.used_at < used),
        delete(UsedChallenge).where(UsedChallenge.used_at < at - CHALLENGES_KEPT),
        delete(OutgoingMail).where(or_(OutgoingMail.sent_at < used, OutgoingMail.failed_at < used)),
        delete(RoundLink).where(RoundLink.expires_at < at),
    ]


def _run(session: Session, statement: Update | Delete) -> int:
    result = session.execute(statement.execution_options(synchronize_session=False))
    return int(getattr(result, "rowcount", 0))
