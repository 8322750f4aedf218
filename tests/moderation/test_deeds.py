"""Deeds on the catalog: one number in all listings, merging, an earlier version again, several withdrawn."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from sqlalchemy import func, select

from services_dir.catalog.kinds import CatalogStatus, PhoneKind
from services_dir.catalog.leading import find_current_slug
from services_dir.catalog.models import OrganizationVersion, Program, ProgramVersion
from services_dir.catalog.queries import find_published_draft
from services_dir.db import transaction
from services_dir.errors import ConflictError, InvalidError
from services_dir.moderation import operations, queries
from services_dir.moderation.models import FirstApproval, Review
from services_dir.moderation.safeguards import ContactCheck
from services_dir.submissions.models import Subject, Submission, SubmissionState
from services_dir.submissions.queries import get_submission_for_update
from tests.moderation.test_four_eyes import CHECK, approve
from tests.support.factories import (
    NOON,
    draft_phone,
    draft_site,
    make_account,
    make_organization,
    make_program,
)

OLD, NEW = "+18605550100", "+18605550111"


@pytest.fixture
def ana(session):
    return make_account(session, email="ana@example.org").id


@pytest.fixture
def bo(session):
    return make_account(session, email="bo@example.org").id


def phone(**changes):
    return draft_phone(OLD, **changes)


def numbers_of(session, program):
    session.rollback()
    draft = find_published_draft(session, session.get_one(Program, program.id))[0]
    return [p.number for p in (*draft.phones, *(p for site in draft.sites for p in site.phones))]


def change(session, by, new="860-555-0111", check=CHECK):
    with transaction(session):
        return operations.change_number(session, OLD, new, check, by=by, at=NOON)


@pytest.fixture
def three(session):
    """Two programs and their organization that name one number, and one that does not."""
    owner = make_organization(session, phones=(phone(),))
    one = make_program(session, organization=owner.uuid, phones=(phone(label="Day"),))
    two = make_program(session, organization=owner.uuid, phones=(), sites=(draft_site(phones=(phone(),)),))
    make_program(session, organization=owner.uuid, phones=(draft_phone("+18605550122"),))
    return one, two


def test_a_number_is_changed_in_one_deed_with_one_review_and_one_version_each(session, ana, three):
    review = change(session, ana)

    assert [numbers_of(session, program) for program in three] == [[NEW], [NEW]]
    made = select(func.count()).select_from(ProgramVersion).where(ProgramVersion.review_id == review.id)
    assert session.scalar(made) == 2
    of_owner = select(OrganizationVersion.number).where(OrganizationVersion.review_id == review.id)
    assert session.scalars(of_owner).all() == [2]
    submission = session.scalars(select(Submission).where(Submission.subject == Subject.PHONE)).one()
    assert (submission.phone_number, submission.state) == (OLD, SubmissionState.APPROVED)


def test_a_changed_number_is_undone_in_all_listings_at_once(session, ana, bo, three):
    change(session, ana)
    submission = session.scalars(select(Submission).where(Submission.subject == Subject.PHONE)).one()

    with transaction(session):
        operations.undo(session, get_submission_for_update(session, submission.id), by=bo, at=NOON)

    assert [numbers_of(session, program) for program in three] == [[OLD], [OLD]]


@pytest.mark.parametrize(
    ("new", "check", "error"),
    [
        ("12", CHECK, InvalidError),
        ("860-555-0100", CHECK, ConflictError),
        ("860-555-0111", ContactCheck("a site"), InvalidError),
    ],
)
def test_a_number_that_cannot_be_used_changes_nothing(session, ana, three, new, check, error):
    with pytest.raises(error):
        change(session, ana, new, check)

    session.rollback()
    assert session.scalar(select(func.count()).select_from(Review).where(Review.reviewer_id == ana)) == 0


def test_the_number_of_a_hotline_waits_for_a_second_coordinator(session, ana, bo):
    program = make_program(session, phones=(phone(kind=PhoneKind.HOTLINE),))

    first = change(session, ana)

    assert isinstance(first, FirstApproval)
    assert numbers_of(session, program) == [OLD]
    submission = session.scalars(select(Submission).where(Submission.subject == Subject.PHONE)).one()
    with pytest.raises(ConflictError):
        approve(session, submission, ana)
    approve(session, submission, bo, check=ContactCheck())
    assert numbers_of(session, program) == [NEW]


def test_a_second_approval_is_refused_when_another_listing_took_the_number_up(session, ana, bo):
    make_program(session, phones=(phone(kind=PhoneKind.HOTLINE),))
    change(session, ana)
    make_program(session, phones=(phone(),))
    submission = session.scalars(select(Submission).where(Submission.subject == Subject.PHONE)).one()

    with pytest.raises(ConflictError, match="changed meanwhile"):
        approve(session, submission, bo)


def test_numbers_that_several_listings_name_are_listed_and_any_is_found(session, three):
    assert queries.list_numbers(session) == [(OLD, 3)]
    assert queries.list_numbers(session, q="555-0122") == [("+18605550122", 1)]


def test_a_merged_program_is_gone_and_all_its_addresses_lead_to_the_other(session, ana):
    stays = make_program(session, name="North House")
    goes = make_program(session, name="North Home")
    draft = find_published_draft(session, goes)[0]
    make_program(session, replace(draft, slug="north-rooms"))

    with transaction(session):
        rows = [session.get_one(Program, record.id) for record in (goes, stays)]
        operations.merge(session, *rows, by=ana, at=NOON)

    for slug in ("north-home", "north-rooms"):
        assert find_current_slug(session, "program", slug) == "north-house"
    assert session.get_one(Program, goes.id).status is CatalogStatus.WITHDRAWN


def test_a_merger_is_undone_under_the_old_address(session, ana):
    stays, goes = make_program(session, name="North House"), make_program(session, name="North Home")
    draft = find_published_draft(session, goes)[0]
    make_program(session, replace(draft, slug="north-rooms"))
    with transaction(session):
        rows = [session.get_one(Program, record.id) for record in (goes, stays)]
        review = operations.merge(session, *rows, by=ana, at=NOON)
        submission = review.revision.submission
        operations.undo(session, submission, by=ana, at=NOON)

    again = session.get_one(Program, goes.id)
    assert (again.status, again.slug) == (CatalogStatus.PUBLISHED, "north-rooms")
    assert find_current_slug(session, "program", "north-rooms") is None
    assert find_current_slug(session, "program", "north-home") == "north-rooms"


def test_a_program_is_not_merged_with_itself_or_into_one_that_is_gone(session, ana):
    one, two = make_program(session), make_program(session)
    with transaction(session):
        operations.withdraw(session, session.get_one(Program, two.id), by=ana, at=NOON)

    for other in (one, two):
        rows = [session.get_one(Program, record.id) for record in (one, other)]
        with pytest.raises(ConflictError):
            operations.merge(session, *rows, by=ana, at=NOON)
        session.rollback()


def test_an_earlier_version_is_published_again_as_a_new_one(session, ana):
    program = make_program(session, area_words="First")
    draft = find_published_draft(session, program)[0]
    make_program(session, replace(draft, area_words="Second"))
    make_program(session, replace(draft, area_words="Third"))

    with transaction(session):
        operations.publish_version(session, session.get_one(Program, program.id), 1, by=ana, at=NOON)

    now, number = find_published_draft(session, session.get_one(Program, program.id))
    assert (now, number) == (draft, 4)
    with pytest.raises(ConflictError, match="published now"), transaction(session):
        operations.publish_version(session, session.get_one(Program, program.id), 1, by=ana, at=NOON)


def test_several_are_withdrawn_and_what_is_gone_already_is_told(session, ana):
    programs = [make_program(session) for _ in range(3)]
    slugs = [program.slug for program in programs]

    with transaction(session):
        assert operations.withdraw_all(session, [*slugs, "unknown"], by=ana, at=NOON) == (3, 1)

    session.rollback()
    left = select(func.count()).select_from(Program).where(Program.status == CatalogStatus.PUBLISHED)
    assert session.scalar(left) == 0
