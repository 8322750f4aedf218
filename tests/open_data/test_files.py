"""Downloads, the feed of changes and what search engines read: public, and no more than that."""

from __future__ import annotations

import csv
import io
import json
import re
from xml.etree import ElementTree

import pytest

from services_dir import policy
from services_dir.catalog.draft import SourceDraft
from services_dir.catalog.operations import withdraw_program
from services_dir.db import transaction
from services_dir.open_data.feed import ATOM, SITEMAP
from services_dir.open_data.views import files
from tests.support.factories import NOON, draft_hidden_site, draft_phone, draft_site, make_program

pytestmark = pytest.mark.sqlite

ATOM_ENTRY = f"{{{ATOM}}}entry"


@pytest.fixture
def lanterns(session):
    """A program with a street, and one whose place nobody may know."""
    make_program(session, name="Made-up Lantern House", slug="lantern-house", sites=(draft_site(),))
    make_program(session, name="Made-up Hidden House", slug="hidden-house", sites=(draft_hidden_site(),))


def table(client) -> list[dict[str, str]]:
    """Read the download as a spreadsheet would."""
    data = client.get("/data/programs.csv").response.data.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(data)))


def entries(client, path: str = "/data/changes.atom") -> list[tuple[str | None, str | None]]:
    """Give title and address of each change in the feed."""
    found = []
    for entry in ElementTree.fromstring(client.get(path).response.data).iter(ATOM_ENTRY):
        link = entry.find(f"{{{ATOM}}}link")
        found.append((entry.findtext(f"{{{ATOM}}}title"), None if link is None else link.get("href")))
    return found


def test_the_table_has_a_line_for_each_program(client, lanterns):
    held = {line["Name"]: line for line in table(client)}

    lantern, hidden = held["Made-up Lantern House"], held["Made-up Hidden House"]
    assert lantern["Page"] == "http://localhost/programs/lantern-house"
    assert "12 Made-up Street, Hartford, CT 06103" in lantern["Places"]
    assert "Street" not in " ".join(hidden.values())
    assert "Confidential address" in hidden["Places"]


def test_the_document_holds_the_programs_of_the_table(client, lanterns):
    held = client.get("/data/programs.json").json

    assert {one["id"] for one in held["services"]} == {line["ID"] for line in table(client)}
    assert "Made-up Street" in json.dumps(held)
    hidden = next(one for one in held["services"] if one["name"] == "Made-up Hidden House")
    assert "Street" not in json.dumps(hidden)


def test_the_table_of_the_spanish_page_is_in_spanish(client, lanterns):
    [link] = [link for link in client.get("/es/data").page.links if link.endswith("programs.csv")]

    assert link == "/es/data/programs.csv"
    assert client.get(link).response.data.decode("utf-8-sig").startswith('"Nombre"')


def test_without_a_program_the_files_are_empty_and_whole(client):
    assert client.get("/data/programs.json").json["services"] == []
    assert table(client) == []


def test_a_text_that_a_spreadsheet_would_run_stays_a_text(client, session):
    make_program(session, name='=HYPERLINK("https://example.org")', phones=(draft_phone("+18605550123"),))

    [line] = table(client)

    assert line["Name"].startswith("'=")
    assert "860-555-0123" in line["Phone"]


def test_a_download_that_did_not_change_is_not_sent_again(client, session, lanterns):
    first = client.get("/data/programs.csv").response
    tag = {"If-None-Match": first.headers["ETag"]}

    client.get("/data/programs.csv", status=304, headers=tag)
    make_program(session)

    assert client.get("/data/programs.csv", headers=tag).response.headers["ETag"] != first.headers["ETag"]


def test_the_feed_names_what_changed_last_first(client, lanterns):
    assert entries(client) == [
        ("Made-up Hidden House", "http://localhost/programs/hidden-house"),
        ("Made-up Lantern House", "http://localhost/programs/lantern-house"),
    ]
    assert entries(client, "/es/data/changes.atom")[0][1] == "http://localhost/es/programs/hidden-house"


def test_the_feed_tells_of_what_is_gone_by_its_id_alone(client, session, lanterns):
    program = make_program(session, name="Made-up Gone House", slug="gone-house")
    with transaction(session):
        withdraw_program(session, program, at=NOON)

    body = client.get("/data/changes.atom").text

    assert entries(client)[0] == ("No longer listed", None)
    assert f"urn:uuid:{program.uuid}" in body
    assert "gone" not in body.casefold()


def test_all_that_was_taken_off_stands_in_a_feed_of_its_own_by_its_id_alone(client, session, lanterns):
    gone = [make_program(session, name=f"Made-up Gone House {n}", slug=f"gone-{n}") for n in (1, 2)]
    for program in gone:
        with transaction(session):
            withdraw_program(session, program, at=NOON)

    body = client.get("/data/withdrawn.atom").text
    assert entries(client, "/data/withdrawn.atom") == [("No longer listed", None)] * 2
    assert re.findall(r"urn:uuid:([0-9a-f-]+)", body) == [gone[1].uuid, gone[0].uuid]
    assert "gone" not in body.casefold()
    assert entries(client, "/es/data/withdrawn.atom") == [("Ya no está en la lista", None)] * 2


def test_the_map_lists_every_page_in_both_languages_and_nothing_else(client, lanterns):
    found = ElementTree.fromstring(client.get("/sitemap.xml").response.data)
    addresses = [element.text or "" for element in found.iter(f"{{{SITEMAP}}}loc")]

    assert "http://localhost/programs/lantern-house" in addresses
    assert "http://localhost/es/programs/lantern-house" in addresses
    assert "http://localhost/safety" in addresses
    for address in addresses:
        visit = client.get(address.removeprefix("http://localhost"))
        assert "X-Robots-Tag" not in visit.response.headers, address
    assert len(set(addresses)) == len(addresses)


def test_a_large_catalog_has_several_maps(client, session, lanterns, monkeypatch):
    monkeypatch.setattr(files, "_PAGES_OF_A_MAP", 2)

    found = ElementTree.fromstring(client.get("/sitemap.xml").response.data)
    maps = [
        (element.text or "").removeprefix("http://localhost") for element in found.iter(f"{{{SITEMAP}}}loc")
    ]
    listed = "".join(client.get(address).text for address in maps)

    assert maps == ["/sitemap.xml?map=1", "/sitemap.xml?map=2"]
    assert "lantern-house" in listed
    assert "hidden-house" in listed
    client.get("/sitemap.xml?map=3", status=404)


@pytest.mark.parametrize(
    "path",
    [
        "/programs",
        "/programs?q=lantern",
        "/es/programs?q=lantern",
        "/programs.json",
        "/suggestions?q=la",
        "/referral-sheet",
        "/submit",
        "/safety?from=somewhere",
        "/sign-in",
    ],
)
def test_search_engines_are_asked_to_leave_answers_to_a_query_out(client, path):
    assert client.get(path).response.headers["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize("path", ["/", "/es/", "/programs/lantern-house", "/organizations/made-up-alliance"])
def test_search_engines_may_list_pages_of_the_catalog(client, lanterns, path):
    visit = client.look(path)

    assert ("X-Robots-Tag" in visit.response.headers) == (visit.status != 200)


def test_robots_learn_where_the_map_is_and_what_is_closed(client):
    text = client.get("/robots.txt").text

    assert "Sitemap: http://localhost/sitemap.xml" in text
    for path in ("/exit", "/es/exit", "/submissions/", "/workspace"):
        assert f"Disallow: {path}\n" in text


def test_the_page_of_a_program_carries_what_it_says_for_search_engines(client, lanterns):
    block = json.loads(
        client.get("/programs/lantern-house").page.one("script", type="application/ld+json").text
    )

    assert block["@type"] == "Service"
    assert block["name"] == "Made-up Lantern House"
    places = [one["serviceLocation"] for one in block["availableChannel"] if "serviceLocation" in one]
    assert places[0]["address"]["streetAddress"] == "12 Made-up Street"


def test_the_block_of_a_hidden_place_holds_no_address(client, lanterns):
    element = client.get("/programs/hidden-house").page.one("script", type="application/ld+json")

    for word in ("Street", "serviceLocation", "PostalAddress", "latitude", "geo"):
        assert word not in (element.text or "")


def test_no_text_of_a_program_ends_its_block(client, session):
    make_program(session, slug="sly-house", description="</script><h1>Two</h1> & <!--")

    block = client.get("/programs/sly-house").page.one("script", type="application/ld+json")

    assert json.loads(block.text or "")["description"] == "</script><h1>Two</h1> & <!--"


def test_no_file_holds_what_only_editors_may_read(client, session):
    source = SourceDraft(title="Canary 7719", url="https://example.org/7719")
    make_program(session, slug="lantern-house", sources=(source,), editor_note="Canary 7719")

    for path in (
        "/data/programs.csv",
        "/data/programs.json",
        "/data/changes.atom",
        "/data/withdrawn.atom",
        "/programs/lantern-house",
    ):
        assert "7719" not in client.get(path).text, path


def test_too_many_downloads_are_asked_to_wait(client, session):
    with transaction(session):
        policy.change(session, "api_requests_per_minute", 10, by=None, at=NOON)
    answers = [client.look("/data/programs.json") for _ in range(11)]

    assert answers[-1].status == 429
    assert answers[-1].response.headers["Retry-After"] == "60"
