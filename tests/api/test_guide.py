"""What of section 4.1 of the guide to the standard the tests beside this one leave open, by its numbers."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from services_dir.catalog.draft import AreaDraft
from services_dir.catalog.models import Program
from services_dir.db import transaction
from services_dir.hsds.standard import is_moment
from services_dir.search import sync
from services_dir.submissions.models import SubmissionState
from tests.support.factories import (
    NOON,
    draft_hidden_site,
    draft_program,
    draft_site,
    make_program,
    make_submission,
)
from tests.support.hsds import OFFICIAL, official_validator
from tests.support.rich import a_rich_program

pytestmark = pytest.mark.sqlite

LISTS = ("services", "organizations", "service_at_locations", "taxonomies", "taxonomy_terms")
official = pytest.mark.skipif(not OFFICIAL.is_dir(), reason="no official schemas beside this checkout")


@pytest.fixture
def rich(session):
    """A published program that says all it can."""
    return make_program(session, a_rich_program())


def get(client, path, **kwargs):
    return client.get(f"/hsds{path}", **kwargs).json


def ids(page):
    return [record["id"] for record in page["contents"]]


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """Give every object within a record, itself included."""
    if isinstance(value, dict):
        yield value
        for held in value.values():
            yield from objects(held)
    elif isinstance(value, list):
        for held in value:
            yield from objects(held)


@official
@pytest.mark.parametrize("name", ["service", "organization", "service_at_location"])
def test_4_1_2_and_3_the_first_a_middle_and_the_last_page_are_valid_also_as_a_whole(
    client, session, rich, name
):
    for _ in range(4):
        make_program(session, sites=(draft_site(),))
    listed = official_validator(f"schema-list/{name}_list.json")

    for number in (1, 2, 3):
        page = get(client, f"/{name}s?per_page=2&page={number}")
        listed.validate(page)  # some validators hold the page itself to the schema of a record
        for record in page["contents"]:
            listed.validate(record)


def test_4_1_5_what_is_not_published_never_appears(client, session, rich):
    drafts = [draft_program(name=f"Made-up Secret {number}") for number in range(4)]
    states = (
        SubmissionState.DRAFT,
        SubmissionState.PENDING,
        SubmissionState.REJECTED,
        SubmissionState.CHANGES_REQUESTED,
    )
    for draft, state in zip(drafts, states, strict=True):
        make_submission(session, draft, state=state)

    for name in ("services", "organizations"):
        assert "Secret" not in client.get(f"/hsds/{name}?full=true&format=ndjson").text
        assert get(client, f"/{name}")["total_items"] == 1
    for draft in drafts:
        client.get(f"/hsds/services/{draft.id}", status=404)


@pytest.mark.parametrize(
    "one", ["x", "1", "%00", "..", "null", "a" * 300, "00000000-0000-4000-8000-00000000000g"]
)
@pytest.mark.parametrize("name", LISTS)
def test_4_1_5_a_malformed_id_is_not_found(client, name, one):
    assert client.look(f"/hsds/{name}/{one}").status == 404


def test_4_1_6_filters_narrow_each_other(app, client, session):
    one = make_program(session, name="Made-up Lantern", categories=("housing",), at=NOON)
    make_program(session, name="Made-up Candle", categories=("housing",), at=NOON)
    make_program(session, name="Made-up Lantern Clinic", categories=("health-care",), at=NOON)
    sync.catch_up(app)
    terms = {term["code"]: term for term in get(client, "/taxonomy_terms?per_page=500")["contents"]}
    housing = terms["housing"]
    filters = {
        "search": "lantern",
        "taxonomy_term_id": housing["id"],
        "taxonomy_id": housing["taxonomy_id"],
        "organization_id": one.organization.uuid,
        "modified_after": "2026-03-02T17:00:00Z",
    }

    together = "&".join(f"{name}={value}" for name, value in filters.items())
    assert ids(get(client, f"/services?{together}")) == [one.uuid]
    for name, value in {**filters, "taxonomy_term_id": terms["health-care"]["id"]}.items():
        alone = get(client, f"/services?{name}={value}")["total_items"]
        assert alone >= 1
    later = (NOON + timedelta(seconds=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert get(client, f"/services?{together}".replace("2026-03-02T17:00:00Z", later))["total_items"] == 0


@official
@pytest.mark.parametrize("name", ["service", "organization", "service_at_location"])
def test_4_1_7_full_lists_are_valid_and_hold_their_lists(client, rich, name):
    full = official_validator(f"schema/{name}.json")
    for query in ("full=true", "full=true&full_service=true"):
        for record in get(client, f"/{name}s?{query}&per_page=500")["contents"]:
            full.validate(record)
            nested = (rich if name == "service" else record) and [
                v for v in record.values() if isinstance(v, list)
            ]
            assert nested or name == "service_at_location"


def test_4_1_8_the_area_of_a_site_comes_first_and_distance_is_in_metres(client, session):
    own = draft_site(service_areas=(AreaDraft(place="town/new-haven"),))
    away = draft_site(latitude=41.856)  # ten kilometres north of the ZIP code
    make_program(session, sites=(own, away), service_areas=(AreaDraft(place="town/hartford"),))
    served = "/service_at_locations?postcode=06103"

    assert get(client, served)["total_items"] == 1
    assert own.id not in ids(get(client, served))
    assert get(client, f"{served}&proximity=9000")["total_items"] == 0
    assert get(client, f"{served}&proximity=11000")["total_items"] == 1
    assert get(client, "/service_at_locations?postcode=00000")["empty"] is True


def test_4_1_9_every_term_and_taxonomy_within_any_record_resolves(client, rich):
    found = [
        attribute
        for name in ("services", "organizations", "service_at_locations")
        for record in get(client, f"/{name}?full=true")["contents"]
        for attribute in objects(record)
        if "taxonomy_term_id" in attribute
    ]
    assert {attribute["link_entity"] for attribute in found} >= {
        "service",
        "organization",
        "location",
        "phone",
    }
    for term_id in {attribute["taxonomy_term_id"] for attribute in found}:
        term = get(client, f"/taxonomy_terms/{term_id}")
        assert term["taxonomy_detail"]["id"] == term["taxonomy_id"]
        if "parent_id" in term:
            get(client, f"/taxonomy_terms/{term['parent_id']}")


def test_4_1_10_what_is_posted_is_in_no_log(client, rich, capfd):
    client.post("/hsds/services", {"search": "zqxword"}, status=200)

    said = capfd.readouterr()
    assert "/hsds/services" in said.out + said.err
    assert "zqxword" not in said.out + said.err


@official
def test_4_1_11_each_line_is_a_valid_full_record_and_the_stream_is_packed_for_who_takes_that(client, rich):
    plain = client.get("/hsds/services?format=ndjson").response
    packed = client.get("/hsds/services?format=ndjson", headers={"Accept-Encoding": "gzip"}).response

    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    for line in plain.data.splitlines():
        official_validator("schema/service.json").validate(json.loads(line))


def test_4_1_12_pages_are_packed_for_who_takes_that(client, rich):
    packed = client.get("/hsds/services", headers={"Accept-Encoding": "gzip"}).response

    assert packed.headers["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(packed.data)) == get(client, "/services")


def test_4_1_13_required_and_optional_are_tagged_and_references_are_local(client):
    description = get(client, "/openapi.json")
    tags = {path: methods["get"]["tags"] for path, methods in description["paths"].items()}

    assert {path for path, held in tags.items() if held == ["required"]} == {
        "/",
        "/services",
        "/services/{id}",
    }
    assert all(held in (["required"], ["optional"]) for held in tags.values())
    for part in objects(description):
        assert str(part.get("$ref", "#/components/")).startswith("#/components/")


@pytest.mark.parametrize("name", ["services", "organizations", "service_at_locations"])
def test_4_1_14_ids_are_uuids_addresses_are_not_empty_and_moments_have_an_offset(client, rich, name):
    for record in get(client, f"/{name}?full=true&full_service=true")["contents"]:
        for part in objects(record):
            for key, value in part.items():
                if key == "id" or key.endswith("_id"):
                    assert str(UUID(value)) == value
                if key in ("url", "uri", "website", "email"):
                    assert value
                if key == "last_modified":
                    assert is_moment(value)


def test_4_1_15_a_place_that_becomes_confidential_is_so_in_every_answer(client, session):
    site = draft_site(street="1 Zqlane Road", access_notes="Zqlane door")
    draft = draft_program(sites=(site,))
    make_program(session, draft)
    paths = ["/services?full=true", "/service_at_locations?full=true", f"/service_at_locations/{site.id}"]
    paths += [f"/services/{draft.id}", "/services?format=ndjson", "/service_at_locations?format=ndjson"]
    assert all("Zqlane" in client.get(f"/hsds{path}").text for path in paths)
    with transaction(session):
        kept = session.scalars(select(Program)).one()
        assert kept.uuid == draft.id

    make_program(
        session,
        draft_program(
            id=draft.id, organization=kept.organization.uuid, sites=(draft_hidden_site(id=site.id),)
        ),
    )

    for path in paths:
        text = client.get(f"/hsds{path}").text
        for told in ("Zqlane", "latitude", "longitude", '"addresses"', '"accessibility"', '"metadata"'):
            assert told not in text
