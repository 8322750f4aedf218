"""Erasure, with time that passes: what /privacy promises, looked for in the bytes of the database."""

from __future__ import annotations

from datetime import timedelta
from email.parser import BytesParser
from email.policy import default as email_policy
from pathlib import Path

import pytest
from sqlalchemy import select

from services_dir import policy, throttle
from services_dir.accounts import operations as accounts
from services_dir.audit import AuditEvent
from services_dir.catalog.models import Program
from services_dir.db import transaction
from services_dir.mail.messages import MailKind, Message
from services_dir.mail.models import OutgoingMail
from services_dir.mail.operations import enqueue
from services_dir.moderation import operations as moderation
from services_dir.moderation.models import Decision
from services_dir.moderation.rules import Verdict
from services_dir.submissions import operations as submissions
from services_dir.submissions.models import (
    AuthorKind,
    FormDraft,
    Subject,
    Submission,
    SubmissionKind,
    SubmissionState,
)
from services_dir.submissions.operations import Beginning, Sender
from services_dir.upkeep.work import work_once
from tests.support.factories import NOON, TOKEN, draft_program, make_account, make_submission

DAY = timedelta(days=1)


def run(app, at):
    report = work_once(app, with_index=False, now=lambda: at)
    assert report.failed == []
    return report


def holds(session, home: Path, word: str) -> bool:
    """Tell whether a word stands anywhere in the files of the database, or in a row of a table."""
    session.rollback()
    if session.get_bind().dialect.name == "sqlite":
        return any(word.encode() in file.read_bytes() for file in home.glob("services.sqlite*"))
    rows = session.scalars(select(Submission)).all()
    mails = session.scalars(select(OutgoingMail)).all()
    columns = [str(getattr(row, c.key)) for row in (*rows, *mails) for c in row.__mapper__.column_attrs]
    session.rollback()
    return any(word in text for text in columns)


def ask_back(session, submission):
    verdict = Verdict(Decision.REQUEST_CHANGES, note="Which days?", seen_revision=1)
    moderation.decide(session, submission, verdict, by=None, at=NOON)


def state_of(session):
    session.rollback()
    return session.scalars(select(Submission.state)).one()


def letter(file: Path) -> str:
    """Give subject and text of a mail."""
    message = BytesParser(policy=email_policy).parsebytes(file.read_bytes())
    return f"{message['Subject']}\n{message.get_body(('plain',)).get_content()}"


def close(session, submission, state, at):
    with transaction(session):
        submission.state, submission.closed_at = state, at


def test_a_sender_is_forgotten_a_year_after_closure_and_what_was_published_stays(app, session, home):
    submission = make_submission(
        session, draft_program(name="Zqprogram Hall"), state=SubmissionState.APPROVED
    )
    with transaction(session):
        submission.submitter_name, submission.submitter_email = "Zqname Person", "zqmail@example.org"
        submission.submitter_role, submission.message = "zqrole", "zqmessage to you"

    run(app, NOON + 364 * DAY)
    before = [holds(session, home, word) for word in ("Zqname", "zqmail", "zqrole", "zqmessage")]
    run(app, NOON + 366 * DAY)
    after = [holds(session, home, word) for word in ("Zqname", "zqmail", "zqrole", "zqmessage")]

    assert before == [True] * 4
    assert after == [False] * 4
    assert session.scalars(select(Program)).one().version == 1
    assert session.scalars(select(AuditEvent)).all() != []
    session.expire_all()
    assert session.scalars(select(Submission.token_hash)).one() is None


def test_a_submission_that_coordinators_have_not_decided_keeps_its_sender(app, session, home):
    make_submission(session, submitter_name="Zqopen Person")

    run(app, NOON + 800 * DAY)

    assert holds(session, home, "Zqopen")


def test_a_sender_who_never_answers_is_told_that_it_is_closed_and_forgotten_a_year_later(app, session, home):
    submission = make_submission(session, draft_program(name="Zqsilent Hall"), language="es")
    with transaction(session):
        submission.submitter_name, submission.submitter_email = "Zqname Person", "zqmail@example.org"
        ask_back(session, submission)

    run(app, NOON + 59 * DAY)
    assert state_of(session) is SubmissionState.CHANGES_REQUESTED
    run(app, NOON + 61 * DAY)

    assert state_of(session) is SubmissionState.LAPSED
    mail = next(text for file in (home / "outbox").glob("*.eml") if "Zqsilent" in (text := letter(file)))
    assert "/es/submissions/" in mail
    assert "Cerramos" in mail
    run(app, NOON + (61 + 364) * DAY)
    assert holds(session, home, "Zqname")
    run(app, NOON + (61 + 366) * DAY)
    assert [holds(session, home, word) for word in ("Zqname", "zqmail")] == [False, False]


def test_what_a_sender_types_without_sending_is_no_silence(app, session):
    submission = make_submission(session)
    with transaction(session):
        ask_back(session, submission)
    with transaction(session):
        submission.form = FormDraft(typed="{}", seen_revision=1, saved_at=NOON + 55 * DAY)

    run(app, NOON + 61 * DAY)
    assert state_of(session) is SubmissionState.CHANGES_REQUESTED
    run(app, NOON + 116 * DAY)

    assert state_of(session) is SubmissionState.LAPSED


def test_how_long_an_answer_is_waited_for_is_a_policy_and_privacy_says_it(app, client, session):
    submission = make_submission(session)
    with transaction(session):
        ask_back(session, submission)
        policy.change(session, "silence_days", 20, by=None, at=NOON)

    assert "does not hear from you for 20 days" in client.get("/privacy").text
    run(app, NOON + 21 * DAY)

    assert state_of(session) is SubmissionState.LAPSED
    page = client.get(f"/submissions/{TOKEN}").text
    assert "did not hear from you, so we closed it" in page
    assert "/submit" in page


def test_the_text_of_a_report_is_forgotten_90_days_after_it_was_closed(app, session, home):
    report = make_submission(
        session, message="zqreport says more than it should", kind=SubmissionKind.PROBLEM
    )
    close(session, report, SubmissionState.REJECTED, NOON)

    run(app, NOON + 89 * DAY)
    assert holds(session, home, "zqreport")
    run(app, NOON + 91 * DAY)

    assert not holds(session, home, "zqreport")


def test_a_draft_that_nobody_went_on_with_is_forgotten_after_30_days(app, session, home):
    with transaction(session):
        submissions.start(
            session,
            Beginning(Subject.PROGRAM),
            {"name": ["Zqdraft House"], "message": ["zqtyped"]},
            token="made-up-token",
            at=NOON,
            language="en",
            email="zqdrafter@example.org",
        )

    run(app, NOON + 29 * DAY)
    assert holds(session, home, "zqdrafter")
    run(app, NOON + 31 * DAY)

    assert not holds(session, home, "zqdrafter")
    assert not holds(session, home, "zqtyped")


def test_what_a_mail_said_is_forgotten_when_it_is_sent_and_its_row_a_month_later(app, session, home):
    values = {"link": "https://services.example.org/submissions/zqlink", "label": "zqlabel"}
    with transaction(session):
        enqueue(session, Message(MailKind.DECISION, "zqto@example.org", "en", values), at=NOON)

    run(app, NOON)
    run(app, NOON + 7 * timedelta(hours=1))  # the next erasure wipes the files
    assert [holds(session, home, word) for word in ("zqlink", "zqlabel", "zqto")] == [False] * 3
    assert session.scalars(select(OutgoingMail.sent_at)).one() == NOON
    run(app, NOON + 31 * DAY)

    session.rollback()
    assert session.scalars(select(OutgoingMail)).all() == []


@pytest.mark.sqlite
def test_sessions_links_and_counts_that_ended_are_deleted(app, session, home):
    account = make_account(session)
    with transaction(session):
        accounts.sign_in(session, account.id, device="Zqdevice on Linux", at=NOON)
        throttle.allow(session, "test", "192.0.2.7", limit=5, within=DAY, at=NOON)

    run(app, NOON + timedelta(minutes=5))
    assert holds(session, home, "Zqdevice")
    run(app, NOON + 2 * DAY)

    assert not holds(session, home, "Zqdevice")
    assert session.scalars(select(throttle.ThrottleCount)).all() == []


@pytest.mark.sqlite
def test_a_sender_who_revised_is_forgotten_whole(app, session, home):
    draft = draft_program()
    submission = make_submission(session, draft)
    sender = Sender(AuthorKind.SUBMITTER, name="Zqsecond Person", email="zqsecond@example.org", role="zqjob")
    with transaction(session):
        submissions.revise(session, submission, draft, sender, seen_revision=1, at=NOON)
        submissions.withdraw(session, submission, at=NOON)

    run(app, NOON + 366 * DAY)

    assert [holds(session, home, word) for word in ("Zqsecond", "zqsecond", "zqjob")] == [False] * 3
