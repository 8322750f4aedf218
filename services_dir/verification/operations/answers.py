"""Answers: what a provider says over the link of a mail, and what a coordinator hears on the phone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from services_dir import audit
from services_dir.catalog.kinds import AssuranceMethod, CatalogStatus
from services_dir.catalog.models import Organization, Program
from services_dir.catalog.operations import assure_program
from services_dir.catalog.queries import find_published_draft
from services_dir.errors import N_, ConflictError, NotFoundError
from services_dir.submissions.models import AuthorKind, Submission, SubmissionKind, SubmissionState
from services_dir.submissions.operations import Sender, open_submission
from services_dir.verification import queries
from services_dir.verification.models import Answer, AskedProgram, PhoneCall, Round
from services_dir.verification.operations.rounds import close, close_if_answered

_NOT_LISTED = N_("This program is not listed any more.")


def confirm(session: Session, round: Round, program_id: int, *, at: datetime) -> None:
    """Take "it is right" for a program. The round is locked.

    By a link to a contact that a coordinator vouches for it is an assurance at once; otherwise it waits in
    the queue. Raises NotFoundError if the program was not asked about, ConflictError if it was answered.
    """
    asked = _asked(round, program_id)
    if round.is_trusted:
        role = round.contact.role if round.contact is not None else None
        method = AssuranceMethod.MAIL_LINK
        assure_program(session, asked.program, method, on=at.date(), role=role, by=None, at=at)
        _record_confirmed(session, program_id, None, at)
    else:
        asked.submission_id = _put_into_queue(session, round, asked, SubmissionKind.VERIFICATION, at).id
    _take(asked, Answer.CONFIRMED, at)


def confirm_all(session: Session, round: Round, *, at: datetime) -> int:
    """Take "it is right" for every program without an answer, and give how many. The round is locked."""
    open_ones = [asked.program_id for asked in round.programs if asked.answer is None and asked.is_listed]
    for program_id in open_ones:
        confirm(session, round, program_id, at=at)
    return len(open_ones)


def report_gone(session: Session, round: Round, program_id: int, *, at: datetime) -> None:
    """Take "it no longer exists": a withdrawal waits in the queue. The round is locked."""
    asked = _asked(round, program_id)
    asked.submission_id = _put_into_queue(session, round, asked, SubmissionKind.WITHDRAWAL, at).id
    _take(asked, Answer.GONE, at)


def note_change(round: Round, program_id: int, submission: Submission, *, at: datetime) -> None:
    """Remember the draft in which a program is mended; once sent, it is the answer. The round is locked."""
    asked = _asked(round, program_id)
    submission.kind = SubmissionKind.VERIFICATION
    asked.submission = submission
    _take(asked, Answer.MENDED, at)


def stop_writing(session: Session, round: Round, *, at: datetime) -> None:
    """Forget the mail address of the contact, who does not want to be asked. The round is locked."""
    if round.contact is not None:
        round.contact.email = round.contact.consented_at = None
        audit.record(session, "contact.declined", kind="contact", subject=round.contact.id, by=None, at=at)
    close(round, at)


def record_call(
    session: Session,
    organization: Organization,
    role: str | None,
    answers: Mapping[int, Answer],
    *,
    by: int,
    at: datetime,
) -> PhoneCall:
    """Record a coordinator's call: who answered (a role; None for nobody), and what of each program.

    "It is right" is an assurance; "it no longer exists" puts a withdrawal into the queue; what must change
    is edited by the coordinator. Raises ConflictError if there are answers of nobody, NotFoundError for a
    program that is not listed.
    """
    if answers and not role:
        raise ConflictError(N_("Say who answered, such as “front desk”. No name."))
    call = PhoneCall(organization_id=organization.id, called_at=at, by_account_id=by, role=role or None)
    session.add(call)
    rounds = queries.list_open_rounds(session, organization.id)
    for program_id, answer in answers.items():
        program = _listed_program(session, organization, program_id)
        if answer is Answer.CONFIRMED:
            method = AssuranceMethod.PHONE
            assure_program(session, program, method, on=at.date(), role=role, by=by, at=at)
            _record_confirmed(session, program.id, by, at)
        elif answer is Answer.GONE:
            _propose_withdrawal(session, program, Sender(AuthorKind.REVIEWER, account_id=by), at)
        _note_in_rounds(rounds, program_id, answer, at)
    session.flush()
    audit.record(session, "call.recorded", kind="organization", subject=organization.id, by=by, at=at)
    return call


def _asked(round: Round, program_id: int) -> AskedProgram:
    asked = next((asked for asked in round.programs if asked.program_id == program_id), None)
    if asked is None or not asked.is_listed:
        raise NotFoundError(_NOT_LISTED)
    if asked.said is not None:
        raise ConflictError(N_("You have answered this already. Thank you."))
    return asked


def _take(asked: AskedProgram, answer: Answer, at: datetime) -> None:
    asked.answer, asked.answered_at = answer, at
    close_if_answered(asked.round, at)


def _put_into_queue(
    session: Session, round: Round, asked: AskedProgram, kind: SubmissionKind, at: datetime
) -> Submission:
    contact = round.contact
    sender = Sender(
        AuthorKind.SUBMITTER,
        name=contact.name if contact is not None else None,
        email=contact.email if contact is not None else None,
        role=contact.role if contact is not None else None,
        language=contact.language if contact is not None else "en",
    )
    return _open(session, asked.program, kind, sender, at)


def _propose_withdrawal(session: Session, program: Program, sender: Sender, at: datetime) -> None:
    waiting = select(Submission.id).where(
        Submission.program_id == program.id,
        Submission.kind == SubmissionKind.WITHDRAWAL,
        Submission.state == SubmissionState.PENDING,
    )
    if session.scalars(waiting).first() is None:
        _open(session, program, SubmissionKind.WITHDRAWAL, sender, at)


def _open(
    session: Session, program: Program, kind: SubmissionKind, sender: Sender, at: datetime
) -> Submission:
    published = find_published_draft(session, program)
    if published is None:
        raise NotFoundError(_NOT_LISTED)
    draft, version = published
    return open_submission(session, draft, sender, kind=kind, at=at, base_version=version)


def _listed_program(session: Session, organization: Organization, program_id: int) -> Program:
    program = session.get(Program, program_id)
    is_own = program is not None and program.organization_id == organization.id
    if program is None or not is_own or program.status is not CatalogStatus.PUBLISHED:
        raise NotFoundError(_NOT_LISTED)
    return program


def _note_in_rounds(rounds: Sequence[Round], program_id: int, answer: Answer, at: datetime) -> None:
    """What was said on the phone need not be asked by mail."""
    if answer is Answer.MENDED:
        return
    for asked in (asked for round in rounds for asked in round.programs):
        if asked.program_id == program_id and asked.said is None:
            _take(asked, answer, at)


def _record_confirmed(session: Session, program_id: int, by: int | None, at: datetime) -> None:
    audit.record(session, "program.confirmed", kind="program", subject=program_id, by=by, at=at)
