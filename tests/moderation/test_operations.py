"""Deciding: what is published, what is refused, what can be taken back. On both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy import func, select

from services_dir.audit import AuditEvent
from services_dir.catalog.kinds import CatalogStatus, ChangeKind
from services_dir.catalog.models import CatalogChange, Organization, Program, ProgramText, ProgramVersion
from services_dir.catalog.queries import find_published_draft, get_public_program
from services_dir.db import transaction
from services_dir.errors import ConflictError, GoneError, InvalidError
from services_dir.moderation import operations
from services_dir.moderation.models import Decision, Review
from services_dir.moderation.rules import Verdict
from services_dir.moderation.safeguards import ContactCheck
from services_dir.submissions import operations as submissions
from services_dir.submissions.models import (
    AuthorKind,
    Submission,
    SubmissionKind,
    SubmissionState,
)
from services_dir.submissions.queries import get_submission_for_update, read_draft
from tests.support.factories import (
    NOON,
    SENDER,
    draft_organization,
    draft_phone,
    draft_program,
    draft_site,
    make_account,
    make_organization,
    make_program,
    make_submission,
)
from tests.support.together import at_once

LATER = NOON + timedelta(hours=1)
CHECKED = ContactCheck("the number on their own website", "intake worker", NOON.date())


@pytest.fixture
def reviewer(session):
    return make_account(session).id


def published(session, program):
    session.rollback()
    return find_published_draft(session, session.get_one(Program, program.id))


def renamed(draft, name):
    return replace(draft, texts=draft.texts | {"en": replace(draft.texts["en"], name=name)})


def change_of(session, program, **changes):
    """Send in a change to what is published now."""
    draft, _version = published(session, program)
    name = changes.pop("name", None)
    draft = replace(draft, **changes)
    return make_submission(session, renamed(draft, name) if name else draft)


def do(session, deed, submission, *values, at=LATER, **named):
    """Do something with a submission as it is now, in a transaction."""
    with transaction(session):
        return deed(session, get_submission_for_update(session, submission.id), *values, at=at, **named)


def decide(session, submission, decision, by, *, revision=1, version=None, note="A reason."):
    verdict = Verdict(decision, note=note, seen_revision=revision, seen_version=version, check=CHECKED)
    return do(session, operations.decide, submission, verdict, by=by)


def approve(session, submission, by, *, revision=1, version=None):
    return decide(session, submission, Decision.APPROVE, by, revision=revision, version=version)


def revise(session, submission, *, seen_revision=1):
    draft = read_draft(session.get_one(Submission, submission.id))
    return do(session, submissions.revise, submission, draft, SENDER, seen_revision=seen_revision)


def undo(session, submission, by):
    return do(session, operations.undo, submission, by=by)


def withdraw(session, program, by, at=LATER):
    with transaction(session):
        return operations.withdraw(session, session.get_one(Program, program.id), by=by, at=at)


def count(session, table, *criteria):
    session.rollback()
    return session.scalar(select(func.count()).select_from(table).where(*criteria))


def test_an_approval_makes_version_review_audit_and_change_in_one_go(session, reviewer):
    submission = make_submission(session, draft_program(name="North House"))

    review = approve(session, submission, reviewer)

    program = session.scalars(select(Program)).one()
    version = session.scalars(select(ProgramVersion)).one()
    assert (program.version, version.number, version.review_id) == (1, 1, review.id)
    assert get_public_program(session, "north-house").text().name == "North House"
    assert session.get_one(Submission, submission.id).state is SubmissionState.APPROVED
    assert count(session, AuditEvent, AuditEvent.deed == "submission.approved") == 1
    assert count(session, CatalogChange, CatalogChange.kind == ChangeKind.PUBLISH) == 1


def test_a_failed_approval_leaves_nothing_behind(session, reviewer):
    submission = make_submission(session, draft_program(categories=()))

    with pytest.raises(InvalidError, match="kind of help"):
        approve(session, submission, reviewer)

    session.rollback()
    assert session.get_one(Submission, submission.id).state is SubmissionState.PENDING
    assert count(session, Review) == count(session, Program) == count(session, CatalogChange) == 0


def test_a_decision_on_an_old_revision_is_refused(session, reviewer):
    submission = make_submission(session, revisions=2)

    with pytest.raises(ConflictError, match="newer version"):
        approve(session, submission, reviewer, revision=1)

    assert count(session, Review) == 0


@pytest.mark.parametrize("decision", Decision)
def test_a_decision_made_before_an_older_published_version_is_refused(session, reviewer, decision):
    program = make_program(session)
    submission = change_of(session, program, area_words="Everywhere")
    draft, _version = published(session, program)
    make_program(session, replace(draft, area_words="Somewhere"))

    with pytest.raises(ConflictError, match="changed meanwhile"):
        decide(session, submission, decision, reviewer, version=1)


def test_a_change_written_on_an_older_version_is_not_approved_but_may_be_rejected(session, reviewer):
    program = make_program(session)
    submission = change_of(session, program, area_words="Everywhere")
    draft, _version = published(session, program)
    make_program(session, replace(draft, area_words="Somewhere"))

    with pytest.raises(ConflictError, match="Bring it up to date"):
        approve(session, submission, reviewer, version=2)

    decide(session, submission, Decision.REJECT, reviewer, version=2)
    assert published(session, program)[0].area_words == "Somewhere"


@pytest.mark.parametrize("state", [s for s in SubmissionState if s in ("approved", "rejected", "withdrawn")])
def test_a_closed_submission_refuses_every_deed(session, reviewer, state):
    submission = make_submission(session, state=state)
    version = 1 if state is SubmissionState.APPROVED else None

    with pytest.raises(ConflictError, match="decided meanwhile"):
        approve(session, submission, reviewer, version=version)
    with pytest.raises(ConflictError, match="decided meanwhile"):
        revise(session, submission)
    with pytest.raises(ConflictError, match="decided meanwhile"):
        do(session, submissions.withdraw, submission)
    with pytest.raises(ConflictError, match="decided meanwhile"):
        do(session, operations.claim, submission, by=reviewer)


def test_who_asks_for_changes_waits_for_the_sender(session, reviewer):
    submission = make_submission(session, state=SubmissionState.CHANGES_REQUESTED)

    with pytest.raises(ConflictError, match="waits for its sender"):
        approve(session, submission, reviewer)

    revise(session, submission)
    approve(session, submission, reviewer, revision=2)


def test_a_rejection_needs_a_reason(session, reviewer):
    submission = make_submission(session)

    with pytest.raises(InvalidError, match="why"):
        decide(session, submission, Decision.REJECT, reviewer, note="  ")


def deciding(submission_id, by, version=None):
    def deed(session):
        locked = get_submission_for_update(session, submission_id)
        verdict = Verdict(Decision.APPROVE, note="", seen_revision=1, seen_version=version, check=CHECKED)
        operations.decide(session, locked, verdict, by=by, at=LATER)

    return deed


def test_two_approvals_at_once_publish_once(engine, session, reviewer):
    for _ in range(5):
        submission = make_submission(session)
        before = count(session, ProgramVersion)

        answers = at_once(engine, *[deciding(submission.id, reviewer)] * 4)

        assert answers.count("done") == 1
        assert all("decided meanwhile" in answer for answer in answers if answer != "done")
        assert count(session, ProgramVersion) == before + 1


def test_two_changes_of_one_program_approved_at_once_publish_one(engine, session, reviewer):
    for _ in range(5):
        program = make_program(session)
        first = change_of(session, program, area_words="Everywhere")
        second = change_of(session, program, name="Another name")

        answers = at_once(
            engine, deciding(first.id, reviewer, version=1), deciding(second.id, reviewer, version=1)
        )

        assert answers.count("done") == 1
        assert count(session, ProgramVersion, ProgramVersion.program_id == program.id) == 2


def test_two_changes_of_one_organization_approved_at_once_publish_one(engine, session, reviewer):
    draft = draft_organization()
    organization = make_organization(session, draft)
    ids = [make_submission(session, replace(draft, name=f"Name {n}")).id for n in range(2)]

    answers = at_once(engine, *[deciding(number, reviewer, version=1) for number in ids])

    assert answers.count("done") == 1
    session.rollback()
    assert session.get_one(Organization, organization.id).version == 2


def test_deciding_while_the_sender_revises_never_publishes_what_nobody_read(engine, session, reviewer):
    for _ in range(5):
        submission = make_submission(session, draft_program(name="As read"))
        newer = renamed(read_draft(submission), "As changed")

        def revising(own, number=submission.id, draft=newer):
            locked = get_submission_for_update(own, number)
            submissions.revise(own, locked, draft, SENDER, seen_revision=1, at=LATER)

        answers = at_once(engine, revising, deciding(submission.id, reviewer))

        assert answers.count("done") == 1
        assert count(session, ProgramText, ProgramText.name == "As changed") == 0


def test_undoing_a_change_publishes_the_former_version_as_a_new_one(session, reviewer):
    program = make_program(session, area_words="Here")
    submission = change_of(session, program, area_words="There")
    approve(session, submission, reviewer, version=1)

    undo(session, submission, reviewer)

    draft, version = published(session, program)
    assert (draft.area_words, version) == ("Here", 3)
    numbers = session.scalars(select(ProgramVersion.number).order_by(ProgramVersion.number)).all()
    assert numbers == [1, 2, 3]
    with pytest.raises(ConflictError, match="undone already"):
        undo(session, submission, reviewer)


def test_undoing_a_first_publication_withdraws_it(session, reviewer):
    submission = make_submission(session, draft_program(name="North House"))
    approve(session, submission, reviewer)

    undo(session, submission, reviewer)

    session.rollback()
    with pytest.raises(GoneError):
        get_public_program(session, "north-house")


def test_undoing_a_withdrawal_publishes_again(session, reviewer):
    program = make_program(session, area_words="Here")
    withdrawal = withdraw(session, program, reviewer).revision.submission
    assert session.get_one(Program, program.id).status is CatalogStatus.WITHDRAWN
    assert withdrawal.kind is SubmissionKind.WITHDRAWAL

    undo(session, withdrawal, reviewer)

    draft, version = published(session, program)
    assert (draft.area_words, version) == ("Here", 2)
    assert session.get_one(Program, program.id).status is CatalogStatus.PUBLISHED


def test_an_undo_can_be_undone(session, reviewer):
    program = make_program(session, area_words="Here")
    submission = change_of(session, program, area_words="There")
    approve(session, submission, reviewer, version=1)
    second = undo(session, submission, reviewer).revision.submission

    undo(session, second, reviewer)

    assert published(session, program)[0].area_words == "There"


def test_only_the_newest_change_is_undone(session, reviewer):
    program = make_program(session)
    first = change_of(session, program, area_words="One")
    approve(session, first, reviewer, version=1)
    second = change_of(session, program, area_words="Two")
    approve(session, second, reviewer, version=2)

    with pytest.raises(ConflictError, match="newer change first"):
        undo(session, first, reviewer)
    undo(session, second, reviewer)

    assert published(session, program)[0].area_words == "One"


def test_undoing_a_change_made_after_a_withdrawal_withdraws_again(session, reviewer):
    program = make_program(session)
    withdraw(session, program, reviewer)
    back = publish_again(session, program, reviewer, at=LATER + timedelta(hours=1))

    undo(session, back, reviewer)

    session.rollback()
    assert session.get_one(Program, program.id).status is CatalogStatus.WITHDRAWN


def publish_again(session, program, by, *, at):
    draft, _version = published(session, program)
    with transaction(session):
        review = operations.publish_directly(session, draft, author=AuthorKind.REVIEWER, by=by, at=at)
        return review.revision.submission


def test_only_the_newest_withdrawal_is_undone(session, reviewer):
    program = make_program(session)
    first = withdraw(session, program, reviewer).revision.submission
    publish_again(session, program, reviewer, at=LATER + timedelta(hours=1))
    withdraw(session, program, reviewer, at=LATER + timedelta(hours=2))

    with pytest.raises(ConflictError, match="newer change first"):
        undo(session, first, reviewer)


def test_a_change_of_an_organization_is_undone(session, reviewer):
    draft = draft_organization(name="Before")
    organization = make_organization(session, draft)
    submission = make_submission(session, replace(draft, name="After"))
    approve(session, submission, reviewer, version=1)

    undo(session, submission, reviewer)

    session.rollback()
    row = session.get_one(Organization, organization.id)
    assert (row.name, row.version) == ("Before", 3)


def test_a_program_withdrawn_meanwhile_refuses_a_change_but_lets_it_be_rejected(session, reviewer):
    program = make_program(session)
    submission = change_of(session, program, area_words="Everywhere")
    withdraw(session, program, reviewer)

    with pytest.raises(ConflictError, match="withdrawn meanwhile"):
        approve(session, submission, reviewer, version=1)

    decide(session, submission, Decision.REJECT, reviewer, version=None)
    assert session.get_one(Submission, submission.id).state is SubmissionState.REJECTED


def test_what_is_withdrawn_cannot_be_withdrawn_again(session, reviewer):
    program = make_program(session)
    withdraw(session, program, reviewer)

    with pytest.raises(ConflictError, match="not in the catalog"):
        withdraw(session, program, reviewer)


def test_bringing_up_to_date_keeps_both_sides_and_names_conflicts(session, reviewer):
    program = make_program(session, area_words="Here", email="old@example.org")
    submission = change_of(session, program, area_words="Sender's words", email="sender@example.org")
    draft, _version = published(session, program)
    phones = (draft_phone("+18605550199"),)
    make_program(session, replace(draft, email="other@example.org", phones=phones))

    rebased = do(session, operations.bring_up_to_date, submission, by=reviewer)

    assert rebased.conflicts == ("email",)
    session.rollback()
    fresh = session.get_one(Submission, submission.id)
    merged = read_draft(fresh)
    assert (merged.area_words, merged.email, merged.phones) == (
        "Sender's words",
        "sender@example.org",
        phones,
    )
    assert (fresh.base_version, fresh.latest.author, fresh.sent_at) == (2, AuthorKind.REVIEWER, NOON)
    with pytest.raises(ConflictError, match="up to date"):
        do(session, operations.bring_up_to_date, submission, by=reviewer)
    approve(session, submission, reviewer, revision=2, version=2)


def test_a_claim_keeps_others_out_until_it_runs_out_or_is_taken_over(session, reviewer):
    other = make_account(session).id
    submission = make_submission(session)

    def claim(by, **named):
        do(session, operations.claim, submission, by=by, **named)
        return session.get_one(Submission, submission.id).claimed_by_id

    assert claim(reviewer) == reviewer
    with pytest.raises(ConflictError, match="Somebody else"):
        claim(other)
    assert claim(other, take_over=True) == other
    assert claim(reviewer, at=LATER + timedelta(hours=5)) == reviewer
    do(session, operations.release, submission, by=reviewer)
    assert session.get_one(Submission, submission.id).claimed_by_id is None


def test_the_audit_holds_no_words_of_the_listing(session, reviewer):
    submission = make_submission(session, draft_program(name="Telltale House"))
    approve(session, submission, reviewer)

    events = session.scalars(select(AuditEvent)).all()
    told = " ".join(f"{event.deed} {event.kind} {event.fields}" for event in events)
    assert "Telltale" not in told
    assert "example.org" not in told


def test_new_listings_of_one_name_approved_at_once_get_names_of_their_own(engine, session, reviewer):
    for number in range(5):
        sent = [make_submission(session, draft_program(name=f"Twin House {number}")) for _ in range(3)]

        answers = at_once(engine, *[deciding(submission.id, reviewer) for submission in sent])

        assert "done" in answers
        assert all("same moment" in answer for answer in answers if answer != "done")
        session.rollback()
        slugs = session.scalars(
            select(Program.slug).where(Program.slug.startswith(f"twin-house-{number}"))
        ).all()
        assert len(slugs) == answers.count("done")


def test_parts_of_another_listing_cannot_be_taken_along(session, reviewer):
    mine, theirs = draft_program(sites=(draft_site(),)), draft_program()
    make_program(session, mine)
    for forged in (
        replace(theirs, phones=mine.phones),
        replace(theirs, sites=(replace(draft_site(), location_id=mine.sites[0].location_id),)),
    ):
        submission = make_submission(session, forged)
        with pytest.raises(InvalidError, match="another listing"):
            decide(session, submission, Decision.APPROVE, reviewer)


def test_a_new_organization_cannot_replace_one_that_is_listed(session, reviewer):
    organization = make_organization(session, name="Made-up Union")
    forged = draft_organization(id=organization.uuid, name="Somebody else")
    submission = make_submission(session, draft_program(new_organization=forged))

    with pytest.raises(InvalidError, match="already"):
        decide(session, submission, Decision.APPROVE, reviewer)
