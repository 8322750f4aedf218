"""An organization that another repeats is merged into it: all that belonged to it goes there, and back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from services_dir.audit import AuditEvent
from services_dir.catalog.kinds import CatalogStatus
from services_dir.catalog.models import Organization, PrivateContact, Program, ProgramVersion
from services_dir.catalog.queries import find_published_draft, find_published_organization_draft
from services_dir.db import transaction
from services_dir.errors import ConflictError
from services_dir.moderation import operations
from services_dir.moderation.models import Decision
from services_dir.moderation.queries import find_last_deed
from services_dir.moderation.rules import Verdict
from services_dir.search import sync
from services_dir.submissions.models import Subject
from services_dir.submissions.queries import get_submission_for_update
from services_dir.verification.models import Answer, PhoneCall, Round
from services_dir.verification.operations import confirm, record_call
from services_dir.verification.operations.rounds import start_round
from tests.moderation.test_four_eyes import CHECK, approve
from tests.support.factories import (
    NOON,
    draft_program,
    make_account,
    make_organization,
    make_program,
    make_submission,
)

LATER = NOON + timedelta(days=1)


@pytest.fixture
def ana(session):
    return make_account(session, email="ana@example.org").id


@pytest.fixture
def stays(session):
    return make_organization(session, name="Made-up North Alliance", slug="north-alliance")


@pytest.fixture
def goes(session):
    return make_organization(
        session,
        name="Lantern Union",
        slug="lantern-union",
        aliases=("The Lanterns",),
        former_names=("Lamps",),
    )


@pytest.fixture
def house(session, goes):
    return make_program(session, name="Harbor House", slug="harbor-house", organization=goes.uuid)


def merge(session, goes, stays, by, at=NOON):
    with transaction(session):
        rows = [session.get_one(Organization, one.id) for one in (goes, stays)]
        return operations.merge_organizations(session, *rows, by=by, at=at)


def undo_last(session, record, by, at=LATER):
    with transaction(session):
        last = find_last_deed(session, session.get_one(type(record), record.id))
        operations.undo(session, get_submission_for_update(session, last.id), by=by, at=at)


def fresh(session, record):
    session.rollback()
    session.expire_all()
    return session.get_one(type(record), record.id)


def owner_of(session, program):
    return fresh(session, program).organization_id


def link(token, language):
    return f"https://example.org/{language}/{token}"


def names_of(session, organization):
    held = find_published_organization_draft(session, fresh(session, organization))[0]
    return held.aliases, held.former_names


def test_its_programs_and_branches_get_a_version_each_under_the_one_that_stays(
    session, ana, goes, stays, house
):
    branch = make_organization(session, name="Made-up Branch", parent=goes.uuid)
    gone_before = make_program(session, organization=goes.uuid)
    with transaction(session):
        operations.withdraw(session, session.get_one(Program, gone_before.id), by=ana, at=NOON)

    review = merge(session, goes, stays, ana)

    assert owner_of(session, house) == owner_of(session, gone_before) == stays.id
    assert find_published_draft(session, house)[0].organization == stays.uuid
    versions = select(ProgramVersion.review_id).where(ProgramVersion.program_id == house.id)
    assert session.scalars(versions.order_by(ProgramVersion.number)).all()[1:] == [review.id]
    assert fresh(session, branch).parent_id == stays.id
    assert fresh(session, goes).status is CatalogStatus.WITHDRAWN
    assert fresh(session, gone_before).status is CatalogStatus.WITHDRAWN
    assert fresh(session, house).status is CatalogStatus.PUBLISHED
    merged = session.scalars(select(AuditEvent).where(AuditEvent.deed == "organization.merged")).all()
    assert [(event.subject_id, event.by_account_id) for event in merged] == [(goes.id, ana)]


def test_every_address_of_it_leads_to_the_one_that_stays_and_searches_find_its_programs(
    app, client, session, ana, goes, stays, house
):
    held = find_published_organization_draft(session, fresh(session, goes))[0]
    make_organization(session, replace(held, slug="lanterns"))  # so it has a former address too
    sync.catch_up(app)

    merge(session, goes, stays, ana)

    for path in ("lanterns", "lantern-union"):
        answer = client.get(f"/organizations/{path}", status=308)
        assert answer.location.endswith("/organizations/north-alliance")
    answer = client.get("/organizations/lanterns/changes/new", status=308)
    assert answer.location.endswith("/organizations/north-alliance/changes/new")
    by_id = client.get(f"/hsds/organizations/{goes.uuid}?full_service=true", status=308).location
    assert by_id.endswith(f"/hsds/organizations/{stays.uuid}?full_service=true")
    page = client.get("/organizations/north-alliance")
    assert "Harbor House" in page.text
    assert "Lantern Union" in page.text
    sync.catch_up(app)
    for words in ("harbor house", "lantern union", "north alliance"):
        assert client.get(f"/programs.json?q={words}").json["total"] == 1
    assert "Harbor House" in client.get("/referral-sheet?program=harbor-house").text
    assert client.get(f"/hsds/services/{house.uuid}").json["organization"]["id"] == stays.uuid


def test_a_merged_program_leads_on_by_its_id_and_on_sheets(app, client, session, ana):
    one, two = make_program(session, name="North House"), make_program(session, name="North Home")
    with transaction(session):
        rows = [session.get_one(Program, record.id) for record in (two, one)]
        operations.merge(session, *rows, by=ana, at=NOON)

    assert client.get(f"/hsds/services/{two.uuid}", status=308).location.endswith(one.uuid)
    sheet = client.get("/referral-sheet?program=north-home&program=north-house")
    assert len([text for text in sheet.page.texts("h2") if "North House" in text]) == 1


def test_a_merger_is_undone_with_what_changed_since(client, session, ana, goes, stays, house):
    branch = make_organization(session, name="Made-up Branch", parent=goes.uuid)
    own = make_program(session, organization=stays.uuid)
    merge(session, goes, stays, ana)
    draft = find_published_draft(session, fresh(session, house))[0]
    make_program(session, replace(draft, area_words="Newer words"), at=LATER)

    undo_last(session, goes, ana)

    assert owner_of(session, house) == goes.id
    assert owner_of(session, own) == stays.id
    newest = find_published_draft(session, fresh(session, house))[0]
    assert (newest.area_words, newest.organization) == ("Newer words", goes.uuid)
    assert fresh(session, branch).parent_id == goes.id
    assert names_of(session, stays) == ((), ())
    client.get("/organizations/lantern-union")
    client.get(f"/hsds/organizations/{goes.uuid}")


def test_its_names_become_other_names_of_the_one_that_stays(session, ana, goes, stays):
    merge(session, goes, stays, ana)

    assert names_of(session, stays) == (("Lantern Union", "The Lanterns"), ("Lamps",))


def test_merged_twice_everything_leads_to_the_last_one(client, session, ana, goes, stays, house):
    last = make_organization(session, slug="last-of-all")
    new = make_submission(session, draft_program(organization=goes.uuid))
    merge(session, goes, stays, ana)
    merge(session, stays, last, ana, at=LATER)

    assert client.get("/organizations/lantern-union", status=308).location.endswith("/last-of-all")
    assert owner_of(session, house) == last.id
    approve(session, new, ana)
    assert session.get_one(
        Program, get_submission_for_update(session, new.id).program_id
    ).organization_id == (last.id)


def test_what_waits_about_its_programs_is_brought_up_to_date_and_about_itself_names_the_other(
    session, ana, goes, stays, house
):
    draft = find_published_draft(session, house)[0]
    about_program = make_submission(session, replace(draft, area_words="Elsewhere"))
    held = find_published_organization_draft(session, fresh(session, goes))[0]
    about_itself = make_submission(session, replace(held, partners_note="New"))
    merge(session, goes, stays, ana)

    with pytest.raises(ConflictError, match="newer version"):
        approve(session, about_program, ana)
    with transaction(session):
        waiting = get_submission_for_update(session, about_program.id)
        assert operations.bring_up_to_date(session, waiting, by=ana, at=NOON).conflicts == ()
    approve(session, about_program, ana, revision=2, version=2)
    now = find_published_draft(session, fresh(session, house))[0]
    assert (now.area_words, now.organization) == ("Elsewhere", stays.uuid)

    with pytest.raises(ConflictError, match="merged into “Made-up North Alliance”"):
        approve(session, about_itself, ana)
    with transaction(session):
        waiting = get_submission_for_update(session, about_itself.id)
        verdict = Verdict(Decision.REJECT, note="It is listed already.", seen_revision=1)
        operations.decide(session, waiting, verdict, by=ana, at=NOON)


def test_contacts_rounds_and_calls_go_along_and_links_stay_good(session, ana, goes, stays, house):
    contacts = {}
    for organization in (goes, stays):
        with transaction(session):
            contact = PrivateContact(
                organization_id=organization.id, name="Pat", email="pat@example.org", recorded_by_id=ana
            )
            session.add(contact)
            contacts[organization.id] = contact
    own = make_program(session, organization=stays.uuid)
    for organization in (stays, goes):
        with transaction(session):
            record = session.get_one(Organization, organization.id)
            start_round(
                session, record, contacts[organization.id], lambda token, language: token, by=ana, at=NOON
            )
    with transaction(session):
        record_call(session, session.get_one(Organization, goes.id), None, {}, by=ana, at=NOON)

    merge(session, goes, stays, ana)

    assert {contact.organization_id for contact in session.scalars(select(PrivateContact))} == {stays.id}
    assert session.scalars(select(PhoneCall.organization_id)).all() == [stays.id]
    rounds = session.scalars(select(Round).order_by(Round.id)).all()
    assert [(one.organization_id, one.closed_at, len(one.links)) for one in rounds] == [
        (stays.id, None, 1),
        (stays.id, None, 1),
    ]
    with transaction(session):
        confirm(session, session.get_one(Round, rounds[1].id), house.id, at=LATER)
    assert session.get_one(Program, house.id).assurances[0].on == LATER.date()
    with transaction(session):  # and what is said on the phone is noted in the round it belongs to
        answers = {own.id: Answer.CONFIRMED}
        record_call(session, session.get_one(Organization, stays.id), "front desk", answers, by=ana, at=LATER)
    assert session.get_one(Round, rounds[0].id).closed_at == LATER


def test_a_contact_of_one_of_them_does_not_merge_them(session, ana, goes, stays):
    bo = make_account(session, email="bo@example.org").id
    with transaction(session):
        session.add(PrivateContact(organization_id=stays.id, name="Ana", email="ANA@example.org"))

    with pytest.raises(ConflictError, match="contact of one of them"):
        merge(session, goes, stays, ana)
    session.rollback()
    merge(session, goes, stays, bo)


def test_it_is_not_merged_with_itself_with_one_that_is_out_or_with_a_part_of_it(session, ana, goes, stays):
    part = make_organization(session, name="Made-up Part", parent=goes.uuid)
    out = make_organization(session)
    with transaction(session):
        operations.withdraw_organization(session, session.get_one(Organization, out.id), by=ana, at=NOON)

    for one, other, words in (
        (goes, goes, "these are the same"),
        (goes, out, "not in the catalog"),
        (out, goes, "not in the catalog"),
        (goes, part, "is a part of"),
    ):
        with pytest.raises(ConflictError, match=words):
            merge(session, one, other, ana)
        session.rollback()
    merge(session, part, goes, ana)


def test_a_number_of_both_is_still_changed_in_one_deed_afterwards(session, ana, goes, stays, house):
    merge(session, goes, stays, ana)
    number = find_published_draft(session, fresh(session, house))[0].phones[0].number

    with transaction(session):
        operations.change_number(session, number, "860-555-0111", CHECK, by=ana, at=LATER)

    session.rollback()
    changed = find_published_draft(session, fresh(session, house))[0]
    assert (changed.phones[0].number, changed.organization) == ("+18605550111", stays.uuid)


def test_organizations_are_merged_after_both_were_seen_and_the_page_takes_it_back(
    client, session, goes, stays, house
):
    client.sign_in(session, make_account(session))
    action = "/workspace/organizations/lantern-union/merge"
    page = client.get("/workspace/organizations/lantern-union")
    assert action in page.text

    wrong = client.submit(client.get(action), {"into": "no-such"}, action=action, status=422)
    assert "There is no organization with this address." in wrong.page.text
    address = "https://example.org/organizations/north-alliance"
    both = client.follow(client.submit(client.get(action), {"into": address}, action=action))
    assert "1 program gets a new version" in both.text
    client.get("/organizations/lantern-union")  # nothing happened yet
    done = client.follow(client.submit(both, {"confirmed": "north-alliance"}, action=action))
    assert "The organizations are merged." in done.text
    assert "Harbor House" in done.text

    gone = client.get("/workspace/organizations/lantern-union")
    assert "This organization was merged into another" in gone.text
    deed = find_last_deed(session, fresh(session, goes))
    assert deed.subject is Subject.ORGANIZATION
    client.submit(gone, {}, action=f"/workspace/submissions/{deed.id}/undo")
    client.get("/organizations/lantern-union")
