"""The pages of imports: hand in a file, read the plan, decide about a term, apply, take back."""

from __future__ import annotations

import io
import json

import pytest
from sqlalchemy import select

from services_dir.accounts.models import Role
from services_dir.catalog.models import Program
from services_dir.exchange.imports.models import ImportRun, RunState, TermMapping
from services_dir.submissions.models import Submission
from tests.exchange.imports import feeds
from tests.support.factories import make_account
from tests.support.statements import counted_statements

pytestmark = pytest.mark.sqlite

IMPORTS = "/workspace/imports"


def handed_in(records, name="services.json"):
    return (io.BytesIO(json.dumps(records).encode()), name)


def upload(client, records, **values):
    page = client.get(IMPORTS)
    said = {"feed": "Partner", "file": handed_in(records), "level": "local"} | values
    return client.submit(page, said, action=IMPORTS)


def numbered(number, **changes):
    """Give one of many services; they differ in id, name, website and phone."""
    record = {
        "id": f"9a4f0000-0000-4000-8000-{number + 1000:012d}",
        "name": f"Made-up Help {number}",
        "url": f"https://h{number}.example.org",
        "phones": [],
        "service_at_locations": [],
    }
    return feeds.service(**(record | changes))


def names(answer):
    """Give the names of the records on a page."""
    return answer.page.texts("span", class_="queue__name")


def test_a_coordinator_hands_in_a_file_reads_the_plan_and_puts_it_into_the_queue(client, session):
    client.sign_in(session, make_account(session))

    plan = client.follow(upload(client, [feeds.service(), feeds.service(id="no-name", name="")]))

    assert "Made-up Lawyers" in plan.page.text
    assert "This service has no name." in plan.page.text
    assert "Publish what is without doubt" not in plan.page.text
    done = client.follow(client.submit(plan, {}, action=f"{IMPORTS}/1/application"))
    assert "The import is applied." in done.page.text
    assert len(session.scalars(select(Submission)).all()) == 2
    assert "This service has no name." in client.get(f"{IMPORTS}/1/to-mend.csv").text
    undone = client.follow(client.submit(done, {}, action=f"{IMPORTS}/1/undoing"))
    assert "The import is taken back." in undone.page.text


def test_only_an_administrator_may_publish_an_import_at_once(client, session):
    client.sign_in(session, make_account(session))
    plan = client.follow(upload(client, [feeds.service()]))

    client.submit(plan, {"publish": "yes"}, action=f"{IMPORTS}/1/application", status=422)

    assert session.scalars(select(Program)).all() == []
    client.sign_in(session, make_account(session, Role.ADMINISTRATOR))
    plan = client.get(f"{IMPORTS}/1")
    client.submit(plan, {"publish": "yes"}, action=f"{IMPORTS}/1/application")
    session.rollback()
    assert [program.slug for program in session.scalars(select(Program))] == ["made-up-lawyers"]


def test_a_broken_file_is_refused_with_its_reason_and_nothing_is_kept(client, session):
    client.sign_in(session, make_account(session))

    page = client.get(IMPORTS)
    said = {"feed": "Partner", "file": (io.BytesIO(b"[{"), "services.json"), "level": "local"}
    refused = client.submit(page, said, action=IMPORTS, status=422)

    assert "cannot be read" in refused.page.text
    assert session.scalars(select(ImportRun).where(ImportRun.state == RunState.PLANNED)).all() == []


def test_a_big_plan_is_read_by_pages_and_narrowed_by_name_kind_verdict_and_state(client, session):
    client.sign_in(session, make_account(session))
    plan = client.follow(upload(client, [numbered(n) for n in range(120)] + [numbered(500, name="")]))
    address = f"{IMPORTS}/1"

    assert "1 to 50 of 122" in plan.page.text
    second, third = client.get(f"{address}?page=2"), client.get(f"{address}?page=3&kind=service")
    assert names(plan)[0] == "Made-up Legal Fund"
    assert names(plan) + names(second) == ["Made-up Legal Fund", *(f"Made-up Help {n}" for n in range(99))]
    assert "101 to 121 of 121" in third.page.text
    assert third.page.one("a", rel="prev").get("href").endswith("?page=2&kind=service")
    assert names(client.get(f"{address}?q=help+11")) == [f"Made-up Help {n}" for n in (11, *range(110, 120))]
    assert names(client.get(f"{address}?kind=organization")) == ["Made-up Legal Fund"]
    refused = client.get(f"{address}?verdict=refuse")
    assert "This service has no name." in refused.page.text
    assert refused.page.texts("option", selected="") == ["Cannot be taken"]
    assert names(client.get(f"{address}?state=waiting&q=fund")) == ["Made-up Legal Fund"]
    for nonsense in ("page=99", "q=%25", "verdict=add&state=queued"):
        assert "No record fits." in client.get(f"{address}?{nonsense}").page.text
    assert "1 to 50 of 122" in client.get(f"{address}?verdict=nonsense&kind=x&page=-1").page.text


def test_notes_are_counted_by_their_sentence_and_listed_one_sentence_at_a_time(client, session):
    client.sign_in(session, make_account(session))
    records = [numbered(n, url="no address", email="n/a at all") for n in range(60)]
    plan = client.follow(upload(client, [*records, numbered(500, name="")]))

    assert "This service has no name." in plan.page.text
    everything = client.get(f"{IMPORTS}/1/notes")
    assert "1 to 50 of 181" in everything.page.text
    link = next(a for a in everything.page.all("a") if (a.text or "").startswith("“…” is not a web"))
    one = client.get(link.get("href"))
    assert "1 to 50 of 60" in one.page.text
    assert "“n/a at all”" not in one.page.text
    assert "“n/a at all”" in everything.page.text
    rest = client.get(one.page.one("a", rel="next").get("href"))
    assert "51 to 60 of 60" in rest.page.text
    assert "1 to 50 of 181" in client.get(f"{IMPORTS}/1/notes?about=nonsense").page.text


def test_a_plan_of_any_size_takes_the_same_few_statements(app, client, session):
    client.sign_in(session, make_account(session))
    upload(client, [numbered(n) for n in range(3)])
    upload(client, [numbered(n) for n in range(60)], feed="Other")

    with counted_statements(app) as few:
        client.get(f"{IMPORTS}/1")
    with counted_statements(app) as many:
        client.get(f"{IMPORTS}/2")

    assert len(many) == len(few)


def test_a_decided_term_is_followed_by_the_next_plan(client, session):
    client.sign_in(session, make_account(session))
    term = feeds.TERM | {"name": "Made-up help", "code": "x-1"}
    record = feeds.service(attributes=[{"taxonomy_term": term}])
    plan = client.follow(upload(client, [record]))
    assert "Choose at least one kind of help." in plan.page.text
    number = session.scalars(select(TermMapping.id)).one()

    address = f"{IMPORTS}/1/terms/{number}"
    client.submit(client.get(address), {"categories": "legal-assistance"}, action=address)

    plan = client.follow(upload(client, [record]))
    assert "Choose at least one kind of help." not in plan.page.text
