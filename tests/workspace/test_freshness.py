"""How old a confirmation may be is a policy that pages and running searches follow."""

from __future__ import annotations

from datetime import date

import pytest

from services_dir import clock
from services_dir.accounts.models import Role
from services_dir.catalog.kinds import AssuranceMethod
from services_dir.catalog.models import Program
from services_dir.catalog.operations import assure_program
from services_dir.db import transaction
from services_dir.search import sync
from services_dir.values import months_later
from tests.support.factories import NOON, make_account, make_program


@pytest.fixture
def eight_months_old(app, session):
    """A program confirmed eight months ago, by its name before one that was confirmed today."""
    today = clock.now().date()
    year, month = divmod(today.year * 12 + today.month - 1 - 8, 12)
    for name, on in (("Amber House", date(year, month + 1, 1)), ("Birch House", today)):
        program = make_program(session, name=name, categories=("legal-assistance",))
        with transaction(session):
            record = session.get_one(Program, program.id)
            assure_program(session, record, AssuranceMethod.PHONE, on=on, role=None, by=None, at=NOON)
    assert today > months_later(date(year, month + 1, 1), 7)
    sync.catch_up(app)


def in_order(client):
    found = client.get("/programs.json?q=house").json["hits"]
    return [hit["name"] for hit in found]


def change_policy(client, session, **changed):
    client.sign_in(session, make_account(session, Role.ADMINISTRATOR))
    client.submit(client.get("/workspace/policy"), changed, action="/workspace/policy")


def test_results_show_it_lower_after_as_many_months_as_the_policy_says(
    app, client, session, eight_months_old
):
    assert in_order(client) == ["Amber House", "Birch House"]

    change_policy(client, session, lower_months="6")

    assert sync.catch_up(app) is sync.Outcome.UPDATED, "nothing is indexed anew for it"
    assert in_order(client) == ["Birch House", "Amber House"]


def test_its_page_its_card_and_its_sheet_say_so_after_as_many_months_as_the_policy_says(
    app, client, session, eight_months_old
):
    addresses = ("/programs/amber-house", "/programs?q=amber", "/referral-sheet?program=amber-house")
    said = "Not confirmed since"
    assert [said in client.get(address).text for address in addresses] == [False] * 3

    change_policy(client, session, stale_months="7")
    sync.catch_up(app)

    assert [said in client.get(address).text for address in addresses] == [True] * 3
