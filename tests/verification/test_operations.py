"""Asking and answering: what is due, who is asked, what counts at once, what waits, what a call does."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy import func, select

from services_dir import policy
from services_dir.catalog.kinds import AssuranceMethod
from services_dir.catalog.models import Assurance, CatalogChange, Organization, PrivateContact, Program
from services_dir.catalog.queries import find_published_draft, get_public_program
from services_dir.db import db, transaction
from services_dir.errors import ConflictError, NotFoundError
from services_dir.mail.messages import MailKind
from services_dir.mail.models import OutgoingMail
from services_dir.moderation import operations as moderation
from services_dir.submissions.models import Submission, SubmissionKind, SubmissionState
from services_dir.submissions.queries import get_submission_for_update
from services_dir.verification import operations, queries
from services_dir.verification.models import Answer, Round, RoundLink
from services_dir.verification.rules import Standing
from tests.moderation.test_four_eyes import approve
from tests.support.factories import (
    NOON,
    make_account,
    make_organization,
    make_program,
    make_submission,
)
from tests.support.statements import counted_statements

DAY = timedelta(days=1)


def make_link(token: str, language: str) -> str:
    return f"https://services.example.org/{language}/verify/{token}"


def token_of(mail: OutgoingMail) -> str:
    return next(line for line in mail.text.splitlines() if "/verify/" in line).rpartition("/")[2]


def mails(session, kind=None):
    query = select(OutgoingMail).order_by(OutgoingMail.id)
    return session.scalars(query if kind is None else query.where(OutgoingMail.kind == kind)).all()


def make_asked(session, *, programs=1, by=7, contact=True, at=NOON, **changes):
    """Publish an organization with programs and a contact that a coordinator keeps."""
    organization = make_organization(session, at=at)
    made = [
        make_program(
            session, organization=organization.uuid, at=at, **{"categories": ("legal-assistance",)} | changes
        )
        for _ in range(programs)
    ]
    if contact:
        with transaction(session):
            operations.save_contact(
                session,
                organization,
                None,
                name="Robin Made-up",
                email=f"robin-{organization.id}@example.org",
                role="program manager",
                language="en",
                by=by,
                at=at,
            )
    return organization, made


def contact_of(session, organization) -> PrivateContact:
    query = select(PrivateContact).where(PrivateContact.organization_id == organization.id)
    return session.scalars(query).one()


def start(session, organization, *, at=NOON, by=7):
    with transaction(session):
        return operations.start_round(
            session, organization, contact_of(session, organization), make_link, by=by, at=at
        )


def start_due(session, at):
    with transaction(session):
        return operations.start_due_rounds(session, make_link, at=at)


def remind(session, at):
    with transaction(session):
        return operations.remind_due(session, make_link, at=at)


def test_one_mail_asks_about_all_programs_of_an_organization(session):
    account = make_account(session)
    organization, _ = make_asked(session, programs=3, by=account.id)

    start(session, organization, by=account.id)

    [mail] = mails(session)
    assert mail.kind is MailKind.VERIFICATION
    assert mail.recipient == f"robin-{organization.id}@example.org"
    assert organization.name in mail.text
    assert "3" in mail.text
    round = queries.get_round(session, token_of(mail), NOON)
    assert len(round.programs) == 3


def test_confirmed_over_the_link_of_a_kept_contact_is_an_assurance_at_once(session):
    account = make_account(session)
    organization, [program] = make_asked(session, by=account.id)
    start(session, organization, by=account.id)
    before = session.scalar(select(func.max(CatalogChange.number)))

    with transaction(session):
        round = queries.get_round(session, token_of(mails(session)[0]), NOON, for_update=True)
        operations.confirm(session, round, program.id, at=NOON + DAY)

    assured = get_public_program(session, program.slug).assured
    assert (assured.on, assured.method, assured.role) == (
        date(2026, 3, 3),
        AssuranceMethod.MAIL_LINK,
        "program manager",
    )
    assert session.scalar(select(func.max(CatalogChange.number))) == before + 1
    assert session.scalar(select(Round.closed_at)) is not None
    assert session.scalar(select(Submission.id).where(Submission.kind == SubmissionKind.VERIFICATION)) is None


def test_confirmed_by_a_contact_that_only_a_sender_named_waits_in_the_queue(session):
    account = make_account(session)
    organization, [program] = make_asked(session, by=account.id)
    with transaction(session):
        contact_of(session, organization).recorded_by_id = None
    start(session, organization, by=account.id)

    with transaction(session):
        round = queries.get_round(session, token_of(mails(session)[0]), NOON, for_update=True)
        operations.confirm(session, round, program.id, at=NOON)

    assert get_public_program(session, program.slug).assured is None
    waiting = session.scalars(select(Submission).where(Submission.state == SubmissionState.PENDING)).one()
    assert (waiting.kind, waiting.program_id) == (SubmissionKind.VERIFICATION, program.id)


def test_a_program_that_is_said_to_be_gone_waits_for_a_coordinator_and_stays_meanwhile(session):
    account = make_account(session)
    organization, [program] = make_asked(session, by=account.id)
    start(session, organization, by=account.id)

    with transaction(session):
        round = queries.get_round(session, token_of(mails(session)[0]), NOON, for_update=True)
        operations.report_gone(session, round, program.id, at=NOON)

    waiting = session.scalars(select(Submission).where(Submission.state == SubmissionState.PENDING)).one()
    assert waiting.kind is SubmissionKind.WITHDRAWAL
    assert get_public_program(session, program.slug).assured is None


def test_an_answer_is_taken_once(session):
    account = make_account(session)
    organization, programs = make_asked(session, programs=2, by=account.id)
    start(session, organization, by=account.id)
    token = token_of(mails(session)[0])

    def confirm(program_id: int) -> None:
        with transaction(session):
            round = queries.get_round(session, token, NOON, for_update=True)
            operations.confirm(session, round, program_id, at=NOON)

    confirm(programs[0].id)
    with pytest.raises(ConflictError):
        confirm(programs[0].id)
    with pytest.raises(NotFoundError):
        confirm(make_program(session).id)

    assert session.scalar(select(func.count()).select_from(Assurance)) == 1


def test_all_that_is_open_is_confirmed_with_one_button(session):
    account = make_account(session)
    organization, programs = make_asked(session, programs=3, by=account.id)
    start(session, organization, by=account.id)
    token = token_of(mails(session)[0])

    with transaction(session):
        round = queries.get_round(session, token, NOON, for_update=True)
        operations.report_gone(session, round, programs[0].id, at=NOON)
        assert operations.confirm_all(session, round, at=NOON) == 2

    assert [get_public_program(session, p.slug).assured is not None for p in programs] == [False, True, True]


@pytest.mark.sqlite
def test_reminders_come_after_three_and_six_weeks_and_then_no_more(session):
    account = make_account(session)
    organization, _ = make_asked(session, by=account.id)
    start(session, organization, by=account.id)

    sent = [remind(session, NOON + timedelta(days=day)) for day in (20, 21, 22, 41, 42, 43, 100)]

    assert sent == [0, 1, 0, 0, 1, 0, 0]
    first, second = mails(session, MailKind.REMINDER)
    tokens = [token_of(mail) for mail in (*mails(session, MailKind.VERIFICATION), first, second)]
    assert len(set(tokens)) == 3
    for token in tokens:
        assert queries.get_round(session, token, NOON + 100 * DAY).organization_id == organization.id


@pytest.mark.sqlite
def test_who_answered_is_not_reminded(session):
    account = make_account(session)
    organization, _ = make_asked(session, by=account.id)
    start(session, organization, by=account.id)
    with transaction(session):
        round = queries.get_round(session, token_of(mails(session)[0]), NOON, for_update=True)
        operations.confirm_all(session, round, at=NOON)

    assert remind(session, NOON + 30 * DAY) == 0


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("categories", "days", "standing"),
    [
        (("legal-assistance",), 300, Standing.FRESH),
        (("legal-assistance",), 310, Standing.DUE),
        (("legal-assistance",), 370, Standing.OVERDUE),
        (("housing",), 150, Standing.FRESH),
        (("housing",), 160, Standing.DUE),
        (("housing",), 220, Standing.OVERDUE),
    ],
)
def test_programs_are_due_after_ten_months_and_places_to_stay_after_five(session, categories, days, standing):
    account = make_account(session)
    organization, [program] = make_asked(session, by=account.id, categories=categories)
    with transaction(session):
        operations.record_call(
            session, organization, "front desk", {program.id: Answer.CONFIRMED}, by=account.id, at=NOON
        )

    today = (NOON + timedelta(days=days)).date()
    [line] = queries.list_organizations(session, today=today, only=organization.id, due_only=False)

    assert line.programs[0].standing is standing


@pytest.mark.sqlite
def test_what_was_confirmed_is_asked_again_by_itself_when_it_is_due(session):
    account = make_account(session)
    organization, [program] = make_asked(session, by=account.id)
    with transaction(session):
        policy.change(session, "verify_new_per_week", 0, by=None, at=NOON)
        operations.record_call(
            session, organization, "front desk", {program.id: Answer.CONFIRMED}, by=account.id, at=NOON
        )

    assert start_due(session, NOON + 290 * DAY) == 0
    assert start_due(session, NOON + 310 * DAY) == 1
    assert start_due(session, NOON + 311 * DAY) == 0


@pytest.mark.sqlite
def test_what_was_never_confirmed_is_asked_a_few_a_week(session):
    account = make_account(session)
    for _ in range(5):
        make_asked(session, by=account.id)
    with transaction(session):
        policy.change(session, "verify_new_per_week", 2, by=None, at=NOON)

    by_day = [start_due(session, NOON + DAY * day) for day in (0, 1, 6, 8, 16, 24)]

    assert by_day == [2, 0, 0, 2, 1, 0]


@pytest.mark.sqlite
def test_mail_that_comes_back_marks_the_contact_and_nobody_is_asked_there_again(session):
    account = make_account(session)
    organization, _ = make_asked(session, by=account.id)

    with transaction(session):
        operations.flag_bounced(session, contact_of(session, organization).email.upper(), NOON)

    assert start_due(session, NOON + DAY) == 0
    with pytest.raises(ConflictError, match="does not arrive"):
        start(session, organization, at=NOON + DAY)
    [line] = queries.list_organizations(session, today=NOON.date())
    assert line.asking.is_bounced


@pytest.mark.sqlite
def test_another_address_of_a_contact_ends_the_links_to_the_old_one(session):
    account = make_account(session)
    organization, _ = make_asked(session, by=account.id)
    start(session, organization, by=account.id)
    token = token_of(mails(session)[0])
    contact = contact_of(session, organization)

    with transaction(session):
        operations.save_contact(
            session,
            organization,
            contact_of(session, organization),
            name=contact.name,
            email="sam@example.org",
            role=None,
            language="es",
            by=account.id,
            at=NOON,
        )

    with pytest.raises(NotFoundError):
        queries.get_round(session, token, NOON)


@pytest.mark.sqlite
def test_a_removed_contact_is_forgotten_and_the_round_remembered(session):
    account = make_account(session)
    organization, _ = make_asked(session, by=account.id)
    start(session, organization, by=account.id)

    with transaction(session):
        operations.remove_contact(session, contact_of(session, organization), by=account.id, at=NOON)

    assert session.scalars(select(PrivateContact)).all() == []
    assert session.scalar(select(Round.contact_id)) is None
    assert session.scalars(select(RoundLink)).all() == []


@pytest.mark.sqlite
def test_who_does_not_want_to_be_asked_is_forgotten(session):
    account = make_account(session)
    organization, _ = make_asked(session, by=account.id)
    start(session, organization, by=account.id)

    with transaction(session):
        round = queries.get_round(session, token_of(mails(session)[0]), NOON, for_update=True)
        operations.stop_writing(session, round, at=NOON)

    assert contact_of(session, organization).email is None
    assert remind(session, NOON + 30 * DAY) == 0


def test_a_call_is_an_assurance_with_the_role_of_who_answered_and_the_coordinator(session):
    account = make_account(session)
    organization, programs = make_asked(session, programs=3, by=account.id)
    start(session, organization, by=account.id)
    answers = {
        programs[0].id: Answer.CONFIRMED,
        programs[1].id: Answer.GONE,
        programs[2].id: Answer.MENDED,
    }

    with transaction(session):
        held = session.get_one(Organization, organization.id)
        operations.record_call(session, held, "front desk", answers, by=account.id, at=NOON)

    assurance = session.scalars(select(Assurance)).one()
    assert (assurance.program_id, assurance.method, assurance.role, assurance.by_account_id) == (
        programs[0].id,
        AssuranceMethod.PHONE,
        "front desk",
        account.id,
    )
    waiting = session.scalars(select(Submission).where(Submission.state == SubmissionState.PENDING)).one()
    assert (waiting.kind, waiting.program_id) == (SubmissionKind.WITHDRAWAL, programs[1].id)
    [round] = queries.list_open_rounds(session, organization.id)
    assert [asked.said for asked in round.programs] == [Answer.CONFIRMED, Answer.GONE, None]


@pytest.mark.sqlite
def test_a_call_that_nobody_answered_is_remembered_and_confirms_nothing(session):
    account = make_account(session)
    organization, [program] = make_asked(session, by=account.id)

    with transaction(session):
        operations.record_call(session, organization, None, {}, by=account.id, at=NOON)
    with pytest.raises(ConflictError, match="who answered"), transaction(session):
        operations.record_call(
            session, organization, "", {program.id: Answer.CONFIRMED}, by=account.id, at=NOON
        )

    assert session.scalars(select(Assurance)).all() == []
    assert queries.list_calls(session, organization.id)[0].role is None


@pytest.mark.sqlite
def test_the_call_list_begins_with_places_to_stay_and_leaves_out_who_may_still_answer(session):
    account = make_account(session)
    school, _ = make_asked(session, by=account.id)
    shelter, _ = make_asked(session, by=account.id, contact=False, categories=("housing",))
    asked, _ = make_asked(session, by=account.id)
    called, _ = make_asked(session, by=account.id)
    start(session, asked, by=account.id)
    with transaction(session):
        operations.record_call(session, called, None, {}, by=account.id, at=NOON)

    today = [line.id for line in queries.list_calls_for_today(session, at=NOON)]
    in_seven_weeks = [line.id for line in queries.list_calls_for_today(session, at=NOON + 49 * DAY)]

    assert today == [shelter.id, school.id]
    assert in_seven_weeks[0] == shelter.id
    assert set(in_seven_weeks) == {shelter.id, school.id, asked.id, called.id}


@pytest.mark.sqlite
def test_the_list_takes_the_same_number_of_statements_for_many_organizations(app, session):
    account = make_account(session)

    def statements() -> int:
        with app.app_context(), counted_statements(app) as seen:
            queries.list_organizations(db.session, today=NOON.date())
        return len(seen)

    for _ in range(2):
        start(session, make_asked(session, by=account.id)[0], by=account.id)
    few = statements()
    for _ in range(8):
        start(session, make_asked(session, by=account.id)[0], by=account.id)

    assert statements() == few


@pytest.mark.sqlite
def test_a_withdrawn_program_is_no_longer_asked_about(session):
    account = make_account(session)
    organization, programs = make_asked(session, programs=2, by=account.id)
    start(session, organization, by=account.id)
    token = token_of(mails(session)[0])
    with transaction(session):
        moderation.withdraw(session, session.get_one(Program, programs[0].id), by=account.id, at=NOON)

    with transaction(session):
        round = queries.get_round(session, token, NOON, for_update=True)
        assert operations.confirm_all(session, round, at=NOON) == 1
        assert round.closed_at is not None


def test_a_new_round_ends_the_one_before(session):
    account = make_account(session)
    organization, _ = make_asked(session, by=account.id)
    start(session, organization, by=account.id)
    start(session, organization, by=account.id, at=NOON + DAY)

    old, new = (token_of(mail) for mail in mails(session))

    assert queries.get_round(session, new, NOON + DAY).closed_at is None
    with pytest.raises(NotFoundError):
        queries.get_round(session, old, NOON + DAY)


def test_organizations_without_published_programs_are_not_asked(session):
    account = make_account(session)
    organization, _ = make_asked(session, programs=0, by=account.id)

    with pytest.raises(ConflictError, match="No program"):
        start(session, organization, by=account.id)


def test_what_an_approval_confirmed_is_not_confirmed_once_it_is_undone(session):
    account = make_account(session)
    program = make_program(session, area_words="Before")
    changed = replace(find_published_draft(session, program)[0], area_words="After")
    answer = make_submission(session, changed, kind=SubmissionKind.VERIFICATION)
    approve(session, answer, account.id, version=1)
    assert [one.method for one in session.scalars(select(Assurance))] == [AssuranceMethod.MAIL_LINK]

    with transaction(session):
        moderation.undo(session, get_submission_for_update(session, answer.id), by=account.id, at=NOON)

    assert session.scalars(select(Assurance)).all() == []
