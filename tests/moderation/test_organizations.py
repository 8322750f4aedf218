"""Organizations are taken out of the catalog with their programs, everywhere at once, and come back."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from services_dir.audit import AuditEvent
from services_dir.catalog.kinds import CatalogStatus
from services_dir.catalog.models import Organization, Program
from services_dir.catalog.queries import find_published_draft, find_published_organization_draft
from services_dir.db import transaction
from services_dir.errors import ConflictError
from services_dir.moderation import operations
from services_dir.moderation.queries import find_last_deed
from services_dir.search import sync
from services_dir.submissions.queries import get_submission_for_update
from tests.moderation.test_four_eyes import approve
from tests.support.factories import (
    NOON,
    draft_organization,
    draft_program,
    make_account,
    make_organization,
    make_program,
    make_submission,
)


@pytest.fixture
def ana(session):
    return make_account(session, email="ana@example.org").id


@pytest.fixture
def alliance(session):
    return make_organization(session, name="Made-up North Alliance", slug="north-alliance")


@pytest.fixture
def house(session, alliance):
    return make_program(session, name="Lantern House", slug="lantern-house", organization=alliance.uuid)


def withdraw(session, organization, by):
    with transaction(session):
        record = session.get_one(Organization, organization.id)
        return operations.withdraw_organization(session, record, by=by, at=NOON)


def undo(session, submission_id, by):
    with transaction(session):
        submission = get_submission_for_update(session, submission_id)
        return operations.undo(session, submission, by=by, at=NOON)


def status(session, record):
    session.rollback()
    return session.get_one(type(record), record.id).status


def last_deed(session, record):
    session.rollback()
    return find_last_deed(session, session.get_one(type(record), record.id)).id


def test_a_withdrawn_organization_takes_its_programs_along_and_comes_back_with_them(
    session, ana, alliance, house
):
    other = make_program(session)
    gone_before = make_program(session, organization=alliance.uuid)
    with transaction(session):
        operations.withdraw(
            session, session.get_one(Program, gone_before.id), by=ana, at=NOON.replace(hour=9)
        )

    withdraw(session, alliance, ana)
    assert status(session, alliance) is status(session, house) is CatalogStatus.WITHDRAWN
    assert status(session, other) is CatalogStatus.PUBLISHED

    undo(session, last_deed(session, alliance), ana)
    assert status(session, alliance) is status(session, house) is CatalogStatus.PUBLISHED
    assert status(session, gone_before) is CatalogStatus.WITHDRAWN
    deeds = session.scalars(select(AuditEvent.deed)).all()
    assert deeds.count("submission.undone") == 1


def test_a_withdrawn_organization_is_gone_from_pages_search_api_and_sheets_at_once(
    app, client, session, ana, alliance, house
):
    sync.catch_up(app)
    found = client.get("/programs.json?q=lantern").json
    mark = client.get("/hsds/organizations").response.headers["ETag"]
    assert found["total"] == 1

    withdraw(session, alliance, ana)  # nothing takes it up before the next pages are asked for

    for path in ("/organizations/north-alliance", "/programs/lantern-house"):
        page = client.get(path, status=410).page
        assert page.one("form", role="search") is not None
    assert client.get("/programs.json?q=lantern").json["total"] == 0
    assert client.get("/programs.json?q=north alliance").json["total"] == 0
    answer = client.get("/hsds/organizations", headers={"If-None-Match": mark})
    assert [one["name"] for one in answer.json["contents"]] == []
    client.get(f"/hsds/organizations/{alliance.uuid}", status=404)
    client.get(f"/hsds/services/{house.uuid}", status=404)
    assert "Lantern House" not in client.get("/referral-sheet?program=lantern-house").text
    sync.catch_up(app)
    assert client.get("/programs.json?q=lantern").json["total"] == 0


def test_an_organization_without_programs_changes_the_mark_of_the_api_too(client, session, ana, alliance):
    mark = client.get("/hsds/organizations").response.headers["ETag"]

    withdraw(session, alliance, ana)

    assert client.get("/hsds/organizations", headers={"If-None-Match": mark}).json["contents"] == []


def test_its_branches_stay_and_no_longer_name_it(app, client, session, ana, alliance):
    branch = make_organization(session, name="Made-up Branch", slug="branch", parent=alliance.uuid)
    make_program(session, slug="branch-house", organization=branch.uuid)

    withdraw(session, alliance, ana)

    assert "North Alliance" not in client.get("/organizations/branch").text
    sync.catch_up(app)
    assert client.get("/programs.json?q=north alliance").json["total"] == 0


def test_nothing_of_a_withdrawn_organization_is_published_before_it_is_back(session, ana, alliance, house):
    draft = find_published_draft(session, house)[0]
    change = make_submission(session, replace(draft, area_words="Elsewhere"))
    new = make_submission(session, draft_program(organization=alliance.uuid))
    withdraw(session, alliance, ana)

    with pytest.raises(ConflictError, match="withdrawn meanwhile"):
        approve(session, change, ana)
    with pytest.raises(ConflictError, match="organization of this program was withdrawn"):
        approve(session, new, ana)

    assert status(session, house) is CatalogStatus.WITHDRAWN
    with (
        pytest.raises(ConflictError, match="organization of this program was withdrawn"),
        transaction(session),
    ):
        operations.publish_version(session, session.get_one(Program, house.id), 1, by=ana, at=NOON)


def test_an_earlier_version_brings_back_the_organization_alone(session, ana, alliance, house):
    withdraw(session, alliance, ana)

    with transaction(session):
        record = session.get_one(Organization, alliance.id)
        operations.publish_organization_version(session, record, 1, by=ana, at=NOON)

    assert status(session, alliance) is CatalogStatus.PUBLISHED
    assert status(session, house) is CatalogStatus.WITHDRAWN
    with transaction(session):
        operations.publish_version(session, session.get_one(Program, house.id), 1, by=ana, at=NOON)
    assert status(session, house) is CatalogStatus.PUBLISHED


def test_approving_a_new_organization_is_undone_while_it_has_no_program(session, ana):
    new = make_submission(session, draft_organization())
    approve(session, new, ana)
    record = session.scalars(select(Organization)).one()
    program = make_program(session, organization=record.uuid)

    with pytest.raises(ConflictError, match="has programs by now"):
        undo(session, new.id, ana)
    with transaction(session):
        operations.withdraw(session, session.get_one(Program, program.id), by=ana, at=NOON)
    undo(session, new.id, ana)

    assert status(session, record) is CatalogStatus.WITHDRAWN


def test_what_is_withdrawn_is_not_withdrawn_again_nor_undone_twice(session, ana, alliance, house):
    withdraw(session, alliance, ana)
    deed = last_deed(session, alliance)
    with pytest.raises(ConflictError, match="not in the catalog"):
        withdraw(session, alliance, ana)
    with transaction(session):
        record = session.get_one(Organization, alliance.id)
        draft = find_published_organization_draft(session, record)[0]
    make_organization(session, draft)

    with pytest.raises(ConflictError, match="changed since"):
        undo(session, deed, ana)


def test_a_coordinator_withdraws_an_organization_in_one_action_and_takes_it_back(
    client, session, alliance, house
):
    client.sign_in(session, make_account(session))
    page = client.get("/workspace/organizations/north-alliance")
    assert "takes the organization and its program out of the catalog" in page.text

    gone = client.follow(client.submit(page, {}, action=f"{page.path}/withdraw"))
    assert "Nobody finds it or its programs" in gone.text
    client.get("/organizations/north-alliance", status=410)

    deed = last_deed(session, alliance)
    client.submit(gone, {}, action=f"/workspace/submissions/{deed}/undo")
    client.get("/organizations/north-alliance")
    client.get("/programs/lantern-house")
