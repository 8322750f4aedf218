"""What is due is done: once, by one, completely or not at all; one failure does not keep the rest from it."""

from __future__ import annotations

import fcntl
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from services_dir.catalog.models import Program
from services_dir.catalog.queries import find_published_draft
from services_dir.db import db, transaction
from services_dir.exchange.imports.erasing import folder_to_mend
from services_dir.mail.messages import MailKind, Message
from services_dir.mail.models import OutgoingMail
from services_dir.mail.operations import enqueue
from services_dir.submissions.models import SubmissionKind
from services_dir.submissions.rules import Flag
from services_dir.upkeep import work
from services_dir.upkeep.models import DueWork, Job
from services_dir.upkeep.work import work_once
from services_dir.upkeep.worker import Worker
from services_dir.verification import operations
from tests.support.factories import (
    NOON,
    PASSWORD,
    draft_program,
    draft_site,
    make_account,
    make_organization,
    make_program,
    make_submission,
)

DAY = timedelta(days=1)


def mails(session, kind):
    session.expire_all()
    session.rollback()
    return session.scalars(select(OutgoingMail).where(OutgoingMail.kind == kind)).all()


def run(app, at=NOON):
    return work_once(app, with_index=False, now=lambda: at)


def make_asked(session, account):
    """Publish a program whose organization has a contact that a coordinator keeps."""
    organization = make_organization(session)
    program = make_program(session, organization=organization.uuid)
    with transaction(session):
        operations.save_contact(
            session,
            organization,
            None,
            name="Robin",
            email=f"robin-{organization.id}@example.org",
            role=None,
            language="es",
            by=account.id,
            at=NOON,
        )
    return organization, program


def outbox(home):
    return sorted((home / "outbox").glob("*.eml"))


def test_one_pass_asks_reminds_and_sends(app, session, home):
    make_asked(session, make_account(session))

    first = run(app)
    quiet = run(app, NOON + timedelta(minutes=1))
    reminded = run(app, NOON + timedelta(days=22))

    assert "Organizations asked to confirm: 1." in first.done
    assert "Mails sent: 1." in first.done
    assert (quiet.done, quiet.failed) == ([], [])
    assert "Contacts reminded: 1." in reminded.done
    letters = [file.read_text() for file in outbox(home)]
    assert sum("/es/verify/" in text.replace("=\n", "") for text in letters) >= 2


def test_a_removed_address_leaves_the_files_with_the_next_pass_in_which_nobody_reads(app, session, engine):
    program = make_program(session, draft_program(sites=(draft_site(),)))
    draft, _version = find_published_draft(session, program)
    make_program(session, replace(draft, sites=(draft.sites[0].without_address(),)))
    session.rollback()

    with engine.connect() as reader:
        reader.execute(select(Program)).all()
        busy = run(app)
    done = run(app)
    quiet = run(app)

    wiped = "Removed addresses have left the files of the database."
    assert busy.failed == ["A removed address may still be in the files of the database. It is tried again."]
    assert wiped in done.done
    assert (quiet.done, quiet.failed) == ([], [])


def test_files_of_rows_to_mend_go_with_a_pass_when_their_time_is_over(app, session, home):
    folder = folder_to_mend(home, 1)
    folder.mkdir(parents=True)
    (folder / "services.csv").write_text("line,problem\n2,Made up.\n")

    work_once(app, with_index=False)
    assert folder.exists()
    later = datetime.now(UTC) + timedelta(days=31)
    report = work_once(app, with_index=False, now=lambda: later)

    assert not folder.exists()
    assert "Imports whose files of rows to mend were deleted: 1." in report.done


def test_several_machines_at_once_ask_each_organization_once(app, session):
    account = make_account(session)
    for _ in range(4):
        make_asked(session, account)

    with ThreadPoolExecutor(4) as pool:
        reports = list(pool.map(lambda _: run(app), range(4)))

    assert [report.failed for report in reports] == [[], [], [], []]
    assert len(mails(session, MailKind.VERIFICATION)) == 4


def test_a_pass_that_is_killed_in_the_middle_has_done_nothing_and_the_next_does_it(app, session, monkeypatch):
    make_asked(session, make_account(session))

    def killed(*_arguments, **_named):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(work, "remind_due", killed)
        with pytest.raises(KeyboardInterrupt):
            run(app)
    assert mails(session, MailKind.VERIFICATION) == []
    assert session.get(DueWork, Job.ROUNDS) is None

    assert "Organizations asked to confirm: 1." in run(app).done


@pytest.mark.sqlite
def test_what_fails_is_told_and_the_rest_is_done(app, session, home, monkeypatch):
    with transaction(session):
        message = Message(MailKind.INVITATION, "pat@example.org", "en", {"link": "https://x.example.org/"})
        enqueue(session, message, at=NOON)

    def broken(*_arguments, **_named):
        raise RuntimeError("pat@example.org")

    monkeypatch.setattr(work, "start_due_rounds", broken)
    report = run(app)

    assert report.failed == ["Could not do this: verification."]
    assert "Mails sent: 1." in report.done


@pytest.mark.sqlite
def test_an_urgent_report_is_told_at_once_and_once_without_content(app, session):
    make_account(session, email="kim@example.org", password=PASSWORD)
    make_account(session, email="invited@example.org")
    program = make_program(session, name="Zqsecret House")
    submission = make_submission(session)
    with transaction(session):
        submission.kind, submission.program_id = SubmissionKind.PROBLEM, program.id
        submission.message = "zqmessage"
        submission.flags = f"{Flag.OTHER},{Flag.HOTLINE_SILENT}"
    make_submission(session, flags=Flag.OTHER.value)

    with app.test_request_context(), transaction(db.session) as own:
        work.tell_urgent(own, "https://services.example.org/workspace/queue", at=NOON)
    [mail] = mails(session, MailKind.URGENT)
    again = run(app)

    assert mail.recipient == "kim@example.org"
    assert "Zqsecret" not in mail.text + mail.html + mail.subject
    assert "zqmessage" not in mail.text + mail.html
    assert len(mails(session, MailKind.URGENT)) == 1
    assert again.failed == []


@pytest.mark.sqlite
def test_coordinators_get_one_summary_a_day_and_none_when_nothing_waits(app, session):
    kim = make_account(session, email="kim@example.org", password=PASSWORD)
    with transaction(session):
        kim.language = "es"
    at_seven = NOON.replace(hour=7)
    run(app, at_seven)  # from now on there is a next noon, in UTC
    run(app, at_seven + DAY)
    assert mails(session, MailKind.DIGEST) == []

    make_submission(session, at=NOON)
    run(app, at_seven + DAY + timedelta(hours=4))
    assert mails(session, MailKind.DIGEST) == []
    for hours in (6, 7, 8, 20):
        run(app, at_seven + DAY + timedelta(hours=hours))
    [mail] = mails(session, MailKind.DIGEST)
    assert mail.language == "es"
    run(app, at_seven + 2 * DAY + timedelta(hours=6))

    assert mail.sent_at is not None
    assert len(mails(session, MailKind.DIGEST)) == 2


@pytest.mark.sqlite
def test_one_process_of_a_machine_works_at_a_time_and_another_takes_over(app, home):
    first, second = Worker(app), Worker(app)

    assert first.has_turn()
    assert not second.has_turn()
    first.stop()
    assert second.has_turn()
    second.stop()


@pytest.mark.sqlite
def test_the_thread_of_serve_sends_what_waits(app, session, home):
    with transaction(session):
        message = Message(MailKind.INVITATION, "pat@example.org", "en", {"link": "https://x.example.org/"})
        enqueue(session, message, at=NOON)
    worker = Worker(app, interval=0.05)
    worker.start()
    try:
        for _ in range(200):
            if outbox(home):
                break
            worker.join(0.05)
    finally:
        worker.stop()

    assert len(outbox(home)) == 1
    with (home / "work.lock").open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
