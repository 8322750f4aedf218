"""Who may approve what: not one's own, not unchecked, and some things only together. On both databases."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from sqlalchemy import func, select

from services_dir import policy
from services_dir.audit import AuditEvent
from services_dir.catalog.kinds import PhoneKind
from services_dir.catalog.models import Program, ProgramVersion
from services_dir.catalog.queries import find_published_draft
from services_dir.db import transaction
from services_dir.errors import ConflictError, InvalidError
from services_dir.moderation import operations
from services_dir.moderation.models import Decision, FirstApproval, Review
from services_dir.moderation.rules import Verdict
from services_dir.moderation.safeguards import ContactCheck, Criterion
from services_dir.submissions import operations as submissions
from services_dir.submissions.models import AuthorKind, Submission, SubmissionState
from services_dir.submissions.operations import Sender
from services_dir.submissions.queries import get_submission_for_update, read_draft
from tests.support.factories import (
    NOON,
    draft_hidden_site,
    draft_phone,
    draft_program,
    draft_site,
    make_account,
    make_program,
    make_submission,
)

CHECK = ContactCheck("the number in the state's own list", "intake worker", NOON.date())
HOTLINE = draft_phone("+18605550177", kind=PhoneKind.HOTLINE)


@pytest.fixture
def ana(session):
    return make_account(session, email="ana@example.org").id


@pytest.fixture
def bo(session):
    return make_account(session, email="bo@example.org").id


def approve(session, submission, by, *, check=CHECK, revision=1, version=None, **more):
    verdict = Verdict(
        Decision.APPROVE, note="", seen_revision=revision, seen_version=version, check=check, **more
    )
    with transaction(session):
        locked = get_submission_for_update(session, submission.id)
        return operations.decide(session, locked, verdict, by=by, at=NOON)


def state(session, submission):
    session.rollback()
    return session.get_one(Submission, submission.id).state


def deeds(session):
    session.rollback()
    return list(session.scalars(select(AuditEvent.deed).order_by(AuditEvent.id)))


def published(session, program):
    session.rollback()
    return find_published_draft(session, session.get_one(Program, program.id))[0]


def entered_by(session, account_id, draft=None):
    submission = make_submission(session, draft)
    with transaction(session):
        session.get_one(Submission, submission.id).entered_by_id = account_id
    return submission


def let_one_decide_alone(session):
    with transaction(session):
        policy.change(session, "approve_alone", 1, by=None, at=NOON)


@pytest.mark.parametrize("check", [ContactCheck(), ContactCheck("a site", "intake worker")])
def test_a_new_program_is_not_approved_before_it_is_said_how_it_was_checked(session, ana, check):
    submission = make_submission(session)

    with pytest.raises(InvalidError, match="how you checked it"):
        approve(session, submission, ana, check=check)

    assert state(session, submission) is SubmissionState.PENDING
    assert session.scalar(select(func.count()).select_from(ProgramVersion)) == 0


def test_how_it_was_checked_and_the_ticked_points_are_kept_with_the_review(session, ana):
    submission = make_submission(session)

    approve(session, submission, ana, criteria=frozenset({Criterion.HELPS, Criterion.SOURCED}))

    review = session.scalars(select(Review)).one()
    assert (review.contact_check, review.answered_by, review.checked_on) == (
        CHECK.source,
        CHECK.answered_by,
        CHECK.on,
    )
    assert review.criteria == '["helps","sourced"]'


def test_a_change_that_leads_nowhere_new_needs_no_check(session, ana):
    program = make_program(session, area_words="Here")
    change = make_submission(session, replace(published(session, program), area_words="There"))

    approve(session, change, ana, check=ContactCheck(), version=1)

    assert published(session, program).area_words == "There"


def test_nobody_approves_what_she_entered(session, ana, bo):
    submission = entered_by(session, ana)

    with pytest.raises(ConflictError, match="entered this yourself"):
        approve(session, submission, ana)

    approve(session, submission, bo)
    assert state(session, submission) is SubmissionState.APPROVED


def test_nobody_approves_what_names_her_mail_however_it_is_written(session, ana, bo):
    submission = make_submission(session, submitter_email="ANA@example.org")

    with pytest.raises(ConflictError, match="its contact"):
        approve(session, submission, ana)


def test_a_reviewers_edits_do_not_make_it_her_own(session, ana):
    submission = make_submission(session)
    with transaction(session):
        locked = get_submission_for_update(session, submission.id)
        edited = replace(read_draft(locked), area_words="Edited")
        author = Sender(AuthorKind.REVIEWER, account_id=ana)
        submissions.revise(session, locked, edited, author, seen_revision=1, at=NOON)

    approve(session, submission, ana, revision=2)

    assert state(session, submission) is SubmissionState.APPROVED


def test_the_only_account_may_approve_its_own_if_the_policy_says_so_and_the_audit_tells(session, ana):
    submission = entered_by(session, ana, draft_program(phones=(HOTLINE,)))
    let_one_decide_alone(session)

    approve(session, submission, ana)

    assert state(session, submission) is SubmissionState.APPROVED
    assert "submission.approved-alone" in deeds(session)


def test_with_a_second_account_that_policy_allows_nothing(session, ana, bo):
    submission = entered_by(session, ana)
    let_one_decide_alone(session)

    with pytest.raises(ConflictError, match="entered this yourself"):
        approve(session, submission, ana)


def test_a_hotline_is_published_by_the_second_of_two(session, ana, bo):
    submission = make_submission(session, draft_program(phones=(HOTLINE,)))

    approve(session, submission, ana)
    assert state(session, submission) is SubmissionState.PENDING
    assert session.scalar(select(func.count()).select_from(ProgramVersion)) == 0
    with pytest.raises(ConflictError, match="Another coordinator"):
        approve(session, submission, ana)
    approve(session, submission, bo, check=ContactCheck())  # what the first one checked counts

    assert state(session, submission) is SubmissionState.APPROVED
    review = session.scalars(select(Review)).one()
    assert (review.reviewer_id, review.contact_check) == (bo, CHECK.source)
    assert deeds(session)[-2:] == ["submission.approved-first", "submission.approved"]


def test_a_confidential_place_becomes_public_by_two_only(session, ana, bo):
    hidden = draft_hidden_site()
    program = make_program(session, sites=(hidden,))
    shown = draft_site(id=hidden.id, location_id=hidden.location_id)
    change = make_submission(session, replace(published(session, program), sites=(shown,)))

    approve(session, change, ana, version=1)
    assert published(session, program).sites == (hidden,)
    approve(session, change, bo, version=1)

    assert published(session, program).sites == (shown,)


def test_a_first_approval_does_not_count_for_a_newer_revision(session, ana, bo):
    submission = make_submission(session, draft_program(phones=(HOTLINE,)))
    approve(session, submission, ana)
    with transaction(session):
        locked = get_submission_for_update(session, submission.id)
        changed = replace(read_draft(locked), phones=(replace(HOTLINE, number="+18605550178"),))
        sender = Sender(AuthorKind.SUBMITTER)
        submissions.revise(session, locked, changed, sender, seen_revision=1, at=NOON)

    approve(session, submission, bo, revision=2)

    assert state(session, submission) is SubmissionState.PENDING
    assert session.scalar(select(func.count()).select_from(FirstApproval)) == 2


def test_some_fields_are_approved_and_what_was_approved_is_one_document(session, ana):
    program = make_program(session, area_words="Here", email="old@example.org")
    changed = replace(published(session, program), area_words="There", email="new@example.org")
    change = make_submission(session, changed)

    approve(session, change, ana, version=1, accepted=frozenset({"email"}))

    assert published(session, program) == replace(changed, area_words="Here")
    latest = session.get_one(Submission, change.id).latest
    assert (latest.number, latest.author, latest.author_id) == (2, AuthorKind.REVIEWER, ana)
    assert read_draft(session.get_one(Submission, change.id)) == published(session, program)
    assert session.scalars(select(Review).where(Review.revision_id == latest.id)).one().choices == (
        '{"email":true}'
    )


def test_approving_no_field_is_refused(session, ana):
    program = make_program(session, area_words="Here")
    change = make_submission(session, replace(published(session, program), area_words="There"))

    with pytest.raises(InvalidError, match="Nothing is left"):
        approve(session, change, ana, version=1, accepted=frozenset())


def test_the_only_account_is_told_which_setting_lets_it_approve(session, ana):
    own = entered_by(session, ana)
    with pytest.raises(ConflictError, match="“The only account may approve what needs somebody else”"):
        approve(session, own, ana)

    hotline = make_submission(session, draft_program(phones=(HOTLINE,)))
    approve(session, hotline, ana)
    with pytest.raises(ConflictError, match="under Policy"):
        approve(session, hotline, ana)

    let_one_decide_alone(session)
    approve(session, own, ana)
    assert state(session, own) is SubmissionState.APPROVED
