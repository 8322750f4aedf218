"""The API as a partner's program sees it: lists, records, filters, errors, and what it never gives away."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from services_dir import clock, policy
from services_dir.catalog import operations as catalog
from services_dir.catalog.draft import (
    AreaDraft,
)
from services_dir.catalog.kinds import AssuranceMethod, ChangeKind
from services_dir.catalog.models import Assurance, Program
from services_dir.catalog.queries import find_published_organization_draft
from services_dir.db import transaction
from services_dir.search import sync
from tests.support.factories import (
    NOON,
    draft_hidden_site,
    draft_site,
    make_organization,
    make_program,
)
from tests.support.hsds import OFFICIAL, described_validator, nothings, official_validator
from tests.support.rich import a_rich_program
from tests.support.statements import counted_statements

ENVELOPE = (
    "total_items",
    "total_pages",
    "page_number",
    "size",
    "first_page",
    "last_page",
    "empty",
    "contents",
)
LISTS = ("services", "organizations", "service_at_locations", "taxonomies", "taxonomy_terms")
SCHEMAS = {
    "services": ("schema-list/service_list.json", "schema/service.json"),
    "organizations": ("schema-list/organization_list.json", "schema/organization.json"),
    "service_at_locations": (
        "schema-list/service_at_location_list.json",
        "schema/service_at_location.json",
    ),
    "taxonomies": ("schema/taxonomy.json", "schema/taxonomy.json"),
    "taxonomy_terms": ("schema/taxonomy_term.json", "schema/taxonomy_term.json"),
}


@pytest.fixture
def rich(session):
    """A published program that says all it can."""
    return make_program(session, a_rich_program())


def get(client, path, status=200, **kwargs):
    return client.get(f"/hsds{path}", status=status, **kwargs).json


def ids(page):
    return [record["id"] for record in page["contents"]]


def facts(record):
    """Give what an object says in attributes of further facts, by code: label and value."""
    found = {}
    for attribute in record.get("attributes", []):
        if attribute["link_type"] == "fact":
            found.setdefault(attribute["taxonomy_term"]["code"], []).append(
                (attribute.get("label"), attribute["value"])
            )
    return found


def test_the_root_says_what_this_is_and_where_it_is_described(client):
    """Guide 4.1.1."""
    about = get(client, "/")

    assert about["version"] == "3.1"
    assert about["profile"].startswith("https://")
    description = client.get("/" + about["openapi_url"].split("/", 3)[3]).json
    assert description["openapi"] == "3.1.0"


@pytest.mark.parametrize("name", LISTS)
def test_every_page_has_its_envelope_and_all_pages_give_each_record_once(client, session, rich, name):
    """Guide 4.1.2 and 4.1.3."""
    for _ in range(4):
        make_program(session, sites=(draft_site(),))
    whole = get(client, f"/{name}?per_page=500")
    assert set(ENVELOPE) <= whole.keys()
    assert whole["total_items"] == len(whole["contents"]) > 1

    walked = []
    for number in range(1, -(-whole["total_items"] // 2) + 1):
        page = get(client, f"/{name}?per_page=2&page={number}")
        assert page["page_number"] == number
        assert page["size"] == len(page["contents"])
        assert page["total_pages"] == -(-whole["total_items"] // 2)
        assert page["first_page"] is (number == 1)
        assert page["last_page"] is (number == page["total_pages"])
        assert page["empty"] is False
        walked += ids(page)

    assert walked == ids(whole)
    assert len(set(walked)) == len(walked)
    assert get(client, f"/{name}?page=1000")["empty"] is True


@pytest.mark.skipif(not OFFICIAL.is_dir(), reason="the official schemas are not beside this checkout")
@pytest.mark.parametrize("name", LISTS)
def test_lists_and_records_are_valid_by_the_official_schemas(client, rich, name):
    """Guide 4.1.3 and 4.1.4."""
    listed, full = map(official_validator, SCHEMAS[name])

    for record in get(client, f"/{name}?per_page=500")["contents"]:
        listed.validate(record)
        full.validate(get(client, f"/{name}/{record['id']}"))


@pytest.mark.parametrize("query", ["", "&full=true", "&minimal=true", "&full_service=true"])
@pytest.mark.parametrize("name", LISTS)
def test_every_answer_is_what_our_own_description_says_and_holds_no_null(client, rich, name, query):
    """Guide 4.1.7 and 4.1.14."""
    description = get(client, "/openapi.json")
    content = description["paths"][f"/{name}"]["get"]["responses"]["200"]["content"]
    page = get(client, f"/{name}?per_page=500{query}")

    described_validator(description, content["application/json"]["schema"]).validate(page)
    assert list(nothings(page)) == []


def test_a_record_is_what_our_own_description_says(client, rich):
    description = get(client, "/openapi.json")
    for name in LISTS:
        [first, *_rest] = ids(get(client, f"/{name}"))
        answers = description["paths"][f"/{name}/{{id}}"]["get"]["responses"]
        record = get(client, f"/{name}/{first}")
        described_validator(description, answers["200"]["content"]["application/json"]["schema"]).validate(
            record
        )


def test_the_description_names_exactly_the_routes_that_there_are(app, client):
    """Guide 4.1.13."""
    description = get(client, "/openapi.json")
    described = {
        (method.upper(), "/hsds" + path.replace("{id}", "<record_id>"))
        for path, methods in description["paths"].items()
        for method in methods
    }
    routes = {
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("api.")
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert described == routes


def test_a_service_says_all_it_can_in_the_words_of_the_standard(client, rich):
    service = get(client, f"/services/{rich.uuid}")

    assert service["name"] == "Lantern House"
    assert service["alternate_name"] == "The Lantern"
    assert service["eligibility_description"] == "Anyone."
    assert service["application_process"] == "Call first."
    assert service["fees_description"] == "Free"
    assert service["cost_options"][0]["amount"] == 0
    assert service["alert"] == "The bell is broken."
    assert service["interpretation_services"] == "By phone."
    assert (service["minimum_age"], service["maximum_age"]) == (18, 120)
    assert service["status"] == "active"
    assert service["organization"]["name"] == "Made-up Lantern Alliance"
    assert {language["code"] for language in service["languages"]} == {"es", "ase"}
    assert service["additional_urls"][0]["url"] == "https://lantern.example.org/apply"
    assert [area["name"] for area in service["service_areas"]] == ["Hartford", "Connecticut"]
    night, day = service["phones"]
    assert night["number"] == "+18605550101"
    assert "extension" not in night  # "012" is no number
    assert facts(night)["phone-extension"] == [(None, "012")]
    assert json.loads(facts(night)["phone-hours"][0][1])["round_the_clock"] is True
    assert day["extension"] == 7
    weekly, holiday = service["schedules"]
    assert (weekly["byday"], weekly["opens_at"], weekly["closes_at"]) == ("MO,TU", "18:00", "01:00")
    assert weekly["notes"] == "Ends on the next day."
    assert holiday["valid_from"] == holiday["valid_to"] == "2027-12-25"
    assert "opens_at" not in holiday


def test_what_the_standard_has_no_field_for_is_an_attribute_and_never_invented(client, rich):
    service = get(client, f"/services/{rich.uuid}")
    known = facts(service)

    assert known["slug"] == [(None, "lantern-house")]
    assert known["name"] == [("es", "Casa Linterna")]
    assert known["what-happens"] == [("en", "Somebody kind answers.")]
    assert known["translated-on"] == [("es", "2026-01-05")]
    assert known["asks-immigration-status"] == [(None, "no")]
    assert known["needs-police-report"] == [(None, "yes")]
    assert "mandated-reporters" not in known  # unknown stays unsaid
    assert known["source"] == [("A public page", "https://lantern.example.org/about")]
    assert known["former-name"] == [(None, "Lamp House")]
    assert "assured_date" not in service


def test_a_whole_address_is_one_and_a_part_of_one_is_told_as_parts(client, rich):
    locations = [at["location"] for at in get(client, f"/services/{rich.uuid}")["service_at_locations"]]
    whole, partly, hidden = locations

    assert whole["addresses"][0]["postal_code"] == "06103"
    assert whole["addresses"][0]["country"] == "US"
    assert whole["accessibility"][0]["description"] == "Two steps."
    assert "addresses" not in partly
    assert facts(partly)["street"] == [(None, "14 Made-up Street")]
    assert hidden["location_type"] == "virtual"
    assert facts(hidden)["confidential-address"] == [(None, "yes")]


def test_a_confidential_place_has_no_address_point_or_notes_anywhere(client, session):
    """Guide 4.1.15."""
    make_program(session, sites=(draft_hidden_site(),))

    for name in ("services", "organizations", "service_at_locations"):
        text = json.dumps(get(client, f"/{name}?full=true&full_service=true"))
        for word in ("latitude", "longitude", "addresses", "accessibility", '"street"', "postal_code"):
            assert word not in text, (name, word)


def test_what_is_for_editors_never_comes(client, session, rich):
    for name in LISTS:
        stream = client.get(f"/hsds/{name}?format=ndjson").text
        assert "secret" not in stream.lower()


def test_withdrawn_and_unknown_records_are_not_found(client, session, rich):
    """Guide 4.1.5."""
    with transaction(session):
        catalog.withdraw_program(session, session.get_one(Program, rich.id), at=NOON)

    assert rich.uuid not in ids(get(client, "/services"))
    for path in (f"/services/{rich.uuid}", "/services/00000000-0000-4000-8000-000000000000", "/services/7"):
        visit = client.get(f"/hsds{path}", status=404)
        assert visit.response.mimetype == "application/problem+json"
        assert visit.json["status"] == 404


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("page=minus", "page"),
        ("page=0", "page"),
        ("per_page=many", "per_page"),
        ("format=xml", "format"),
        ("taxonomy_term_id=housing", "taxonomy_term_id"),
        ("organization_id=1", "organization_id"),
        ("modified_after=yesterday", "modified_after"),
        ("full=maybe", "full"),
    ],
)
def test_a_parameter_that_cannot_be_used_is_refused_by_its_name(client, query, parameter):
    visit = client.get(f"/hsds/services?{query}", status=400)

    assert visit.response.mimetype == "application/problem+json"
    assert visit.json["parameter"] == parameter
    assert visit.json["detail"]


def test_terms_find_what_has_them_or_one_below_them(client, session, rich):
    """Guide 4.1.6."""
    other = make_program(session, categories=("health-care",))
    terms = {term["code"]: term for term in get(client, "/taxonomy_terms?per_page=500")["contents"]}

    shelter, housing = terms["emergency-shelter"], terms["housing"]
    assert shelter["parent_id"] == housing["id"]
    assert ids(get(client, f"/services?taxonomy_term_id={housing['id']}")) == [rich.uuid]
    assert ids(get(client, f"/services?taxonomy_term_id={terms['health-care']['id']}")) == [other.uuid]
    both = get(client, f"/services?taxonomy_id={housing['taxonomy_id']}")
    assert set(ids(both)) == {rich.uuid, other.uuid}
    nobody = f"/services?taxonomy_term_id={housing['id']}&organization_id={other.organization.uuid}"
    assert get(client, nobody)["total_items"] == 0
    local = f"/services?taxonomy_term_id={terms['local']['id']}"
    assert get(client, local)["total_items"] == 2


def test_every_term_that_is_used_can_be_looked_up(client, rich):
    """Guide 4.1.9."""
    for attribute in get(client, f"/services/{rich.uuid}")["attributes"]:
        term = get(client, f"/taxonomy_terms/{attribute['taxonomy_term_id']}")
        assert term == attribute["taxonomy_term"]
        assert get(client, f"/taxonomies/{term['taxonomy_id']}") == term["taxonomy_detail"]


def test_terms_at_the_top_and_below_another(client):
    terms = get(client, "/taxonomy_terms?per_page=500")["contents"]
    housing = next(term for term in terms if term["code"] == "housing")

    top = get(client, "/taxonomy_terms?per_page=500&top_only=true")["contents"]
    below = get(client, f"/taxonomy_terms?parent_id={housing['id']}")["contents"]

    assert {term["id"] for term in top} == {term["id"] for term in terms if "parent_id" not in term}
    assert [term["code"] for term in below] == ["emergency-shelter"]
    client.get(f"/hsds/taxonomy_terms?top_only=true&parent_id={housing['id']}", status=400)


def test_what_changed_at_a_moment_or_later(client, session):
    """Guide 4.1.6."""
    make_program(session, at=NOON)
    new = make_program(session, at=NOON + timedelta(hours=1))

    at = (NOON + timedelta(hours=1)).isoformat().replace("+", "%2B")
    assert ids(get(client, f"/services?modified_after={at}")) == [new.uuid]
    assert get(client, "/services?modified_after=2026-03-02")["total_items"] == 2
    assert get(client, "/services?modified_after=2026-03-03T00:00:00Z")["total_items"] == 0


def test_words_are_searched_as_on_the_pages(app, client, session, rich):
    make_program(session, name="A made-up clinic", categories=("health-care",))
    sync.catch_up(app)

    assert ids(get(client, "/services?search=lanterns")) == [rich.uuid]
    sites = {at["id"] for at in get(client, f"/services/{rich.uuid}")["service_at_locations"]}
    assert set(ids(get(client, "/service_at_locations?search=lanterns"))) == sites
    assert ids(get(client, "/organizations?search=lantern")) == [rich.organization.uuid]
    assert get(client, "/services?search=zzzz")["empty"] is True
    assert ids(get(client, "/taxonomies?search=kinds")) != []


def test_a_zip_code_finds_the_places_that_serve_it_and_metres_those_that_are_near(client, session):
    """Guide 4.1.8."""
    near = make_program(session, sites=(draft_site(),))
    make_program(
        session,
        service_areas=(AreaDraft(place="town/new-haven"),),
        sites=(draft_site(town="town/new-haven", latitude=41.311, longitude=-72.925),),
    )
    [site] = ids(get(client, "/service_at_locations?postcode=06103"))

    assert get(client, f"/service_at_locations/{site}")["service_id"] == near.uuid
    assert ids(get(client, "/service_at_locations?postcode=06103&proximity=1000")) == [site]
    assert get(client, "/service_at_locations?postcode=99999")["empty"] is True
    client.get("/hsds/service_at_locations?proximity=1000", status=400)


def test_an_organization_lists_its_services_and_holds_them_if_asked(client, rich):
    """Guide 4.1.7."""
    owner = rich.organization.uuid

    short = get(client, f"/organizations/{owner}")
    whole = get(client, f"/organizations/{owner}?full_service=true")

    assert short["description"] == "A made-up alliance."
    assert [service["id"] for service in short["services"]] == [rich.uuid]
    assert "phones" not in short["services"][0]
    assert whole["services"][0]["phones"]
    assert facts(short)["organization-former-name"] == [(None, "Made-up Lamp Society")]


def test_an_organization_that_says_nothing_is_described_by_its_name(client, session):
    owner = make_organization(session, name="Made-up Quiet Society")

    assert get(client, f"/organizations/{owner.uuid}")["description"] == "Made-up Quiet Society"


def test_a_feed_that_confirmed_something_does_not_confirm_it_for_us(client, session, rich):
    with transaction(session):
        session.add(
            Assurance(
                program_id=rich.id, on=date(2026, 2, 1), method=AssuranceMethod.FEED, feed="Made-up 211"
            )
        )
        catalog.record_change(session, ChangeKind.PUBLISH, rich.id, NOON)
    assert "assured_date" not in get(client, f"/services/{rich.uuid}")
    with transaction(session):
        program, on = session.get_one(Program, rich.id), date(2026, 2, 2)
        catalog.assure_program(
            session, program, AssuranceMethod.PHONE, on=on, role="Manager", by=None, at=NOON
        )
    assert get(client, f"/services/{rich.uuid}")["assured_date"] == "2026-02-02"


def test_one_record_a_line_gives_the_whole_list_in_full(client, session, rich):
    """Guide 4.1.11."""
    make_program(session)
    visit = client.get("/hsds/services?format=ndjson&per_page=1")

    lines = [json.loads(line) for line in visit.text.splitlines()]
    assert visit.response.mimetype == "application/x-ndjson"
    assert [line["id"] for line in lines] == ids(get(client, "/services"))
    for line in lines:
        assert line == get(client, f"/services/{line['id']}")


def test_a_list_by_post_is_the_same_and_its_address_tells_nothing(client, rich):
    """Guide 4.1.10."""
    by_get = get(client, "/services?full=true&per_page=1")

    by_form = client.post("/hsds/services", {"full": "true", "per_page": "1"}, status=200).json
    by_json = client.post("/hsds/services", json={"full": True, "per_page": 1}, status=200).json

    assert by_form == by_json == by_get
    client.post("/hsds/services", json=["no object"], status=400)


def test_other_websites_may_read_and_no_cookie_is_set(client, rich):
    """Guide 4.1.12."""
    headers = client.get("/hsds/services").response.headers

    assert headers["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in headers


def test_what_did_not_change_is_not_sent_again(client, session, rich):
    """Guide 4.1.12."""
    first = client.get("/hsds/services").response.headers

    client.get("/hsds/services", status=304, headers={"If-None-Match": first["ETag"]})
    client.get("/hsds/services", status=304, headers={"If-Modified-Since": first["Last-Modified"]})
    make_program(session, at=clock.now())
    client.get("/hsds/services", headers={"If-None-Match": first["ETag"]})


def test_asking_too_often_is_refused_for_a_while(client, session):
    """Guide 4.1.12."""
    with transaction(session):
        policy.change(session, "api_requests_per_minute", 10, by=None, at=clock.now())

    answers = [client.look("/hsds/taxonomies").status for _ in range(12)]

    assert answers == [200] * 10 + [429] * 2
    refused = client.look("/hsds/taxonomies")
    assert refused.response.headers["Retry-After"]
    assert refused.json["status"] == 429


def test_a_page_takes_few_statements_however_many_records(app, client, session):
    for _ in range(3):
        make_program(session)
    get(client, "/services")
    with counted_statements(app) as few:
        get(client, "/services?full=true&per_page=1")
    with counted_statements(app) as many:
        get(client, "/services?full=true&per_page=100")

    assert len(many) == len(few)


def test_an_organization_without_services_is_news_too(client, session, rich):
    tag = client.get("/hsds/organizations").response.headers["ETag"]

    quiet = make_organization(session, at=NOON)

    assert client.get("/hsds/organizations", headers={"If-None-Match": tag}).status == 200
    assert quiet.uuid in ids(get(client, "/organizations"))


def test_a_change_of_the_organization_or_a_confirmation_is_a_change_of_its_services(client, session, rich):
    """Guide 4.1.14."""
    later = NOON + timedelta(hours=1)
    asked = f"/services?modified_after={later:%Y-%m-%dT%H:%M:%SZ}"
    assert get(client, asked)["empty"] is True
    with transaction(session):
        owner = session.get_one(Program, rich.id).organization
        draft = find_published_organization_draft(session, owner)[0]
        catalog.publish_organization(
            session, replace(draft, name="Made-up New Name"), review_id=None, at=later
        )

    service = get(client, f"/services/{rich.uuid}")

    assert ids(get(client, asked)) == [rich.uuid]
    assert service["organization"]["name"] == "Made-up New Name"
    assert service["last_modified"] == f"{later:%Y-%m-%dT%H:%M:%SZ}"
    assert get(client, "/services?minimal=true")["contents"][0]["last_modified"] == service["last_modified"]


def test_an_answer_that_is_kept_is_forgotten_when_a_program_is_withdrawn(client, session, rich):
    for _ in range(2):
        assert get(client, "/services")["total_items"] == 1
    with transaction(session):
        catalog.withdraw_program(session, session.get_one(Program, rich.id), at=NOON)

    assert get(client, "/services")["total_items"] == 0
    get(client, f"/services/{rich.uuid}", status=404)
