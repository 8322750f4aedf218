"""Every format becomes the same kind of listing, whatever its delimiter and encoding."""

from __future__ import annotations

import json
import zipfile

import openpyxl
import pytest
from sqlalchemy import select

from services_dir.catalog.draft import read_program
from services_dir.catalog.models import Program
from services_dir.errors import InvalidError
from services_dir.exchange.imports.showing import file_lines
from services_dir.exchange.imports.sources import Format
from tests.exchange.folders import tables, write_folder
from tests.exchange.imports import feeds
from tests.support import factories

pytestmark = pytest.mark.sqlite

LEGACY = {
    "organizations": [{"id": "1", "name": "Made-up Legal Fund", "url": "http://fund.example.org"}],
    "services": [
        {
            "id": "7",
            "organization_id": "1",
            "name": "Made-up Lawyers",
            "description": "Abogados que no existen: año, señal.",
            "status": "active",
            "url": "lawyers.example.org",
            "fees": "Free",
        }
    ],
    "locations": [
        {"id": "3", "organization_id": "1", "name": "Main office", "latitude": "41.7", "longitude": "-72.6"}
    ],
    "services_at_location": [{"id": "5", "service_id": "7", "location_id": "3"}],
    "physical_addresses": [
        {
            "id": "4",
            "location_id": "3",
            "address_1": "12 Made-up Street",
            "city": "Hartford",
            "state_province": "CT",
            "postal_code": "6103",
        }
    ],
    "phones": [{"id": "8", "service_id": "7", "number": "860.555.0123 x4", "type": "voice"}],
    "regular_schedules": [
        {"service_id": "7", "weekday": "Monday", "opens_at": "9:00 AM", "closes_at": "5pm"}
    ],
    "service_areas": [{"service_id": "7", "service_area": "Hartford"}],
    "languages": [{"service_id": "7", "language": "Spanish"}],
    "eligibility": [{"service_id": "7", "eligibility": "Anybody"}],
    "taxonomy": [{"id": "111-01", "name": "Advocacy & Legal Aid", "vocabulary": "OE"}],
    "services_taxonomy": [{"service_id": "7", "taxonomy_id": "111-01"}],
}
OHANA = {
    "organizations": [{"id": "1", "name": "Made-up Legal Fund", "website": "http://fund.example.org"}],
    "locations": [{"id": "3", "organization_id": "1", "name": "Main office", "languages": "Spanish"}],
    "addresses": [
        {
            "id": "4",
            "location_id": "3",
            "address_1": "12 Made-up Street",
            "city": "Hartford",
            "state_province": "CT",
        }
    ],
    "services": [
        {
            "id": "7",
            "location_id": "3",
            "name": "Made-up Lawyers",
            "description": "Lawyers who do not exist.",
            "eligibility": "Anybody",
            "fees": "Free",
            "service_areas": "Hartford",
            "taxonomy_ids": "111-01",
            "website": "lawyers.example.org",
        }
    ],
    "phones": [{"id": "8", "location_id": "3", "number": "860 555-0123", "number_type": "voice"}],
    "contacts": [{"id": "9", "organization_id": "1", "name": "Nobody Made-up"}],
    "taxonomy": [{"taxonomy_id": "111-01", "name": "Advocacy & Legal Aid", "parent_id": ""}],
}


def published(session, path):
    """Import a feed at once and give the one program it holds."""
    run = feeds.make_plan(session, path)
    assert feeds.verdicts(session, run)["Made-up Lawyers"] == "add", feeds.why(
        session, run, "Made-up Lawyers"
    )
    feeds.apply(session, run)
    return run, read_program(feeds.row_of(session, run, "Made-up Lawyers").document)


def test_a_service_of_hsds_3_becomes_a_program(session, tmp_path):
    run, draft = published(session, feeds.write_json(tmp_path / "services.json", [feeds.service()]))

    assert run.format is Format.HSDS_3_JSON
    assert draft.id == feeds.service()["id"]
    assert draft.categories == ("legal-assistance",)
    assert [phone.number for phone in draft.phones] == ["+18605550123"]
    assert draft.url == "https://www.lawyers.example.org"
    assert draft.sites[0].street == "12 Made-up Street"
    assert [area.place for area in draft.service_areas] == ["town/hartford"]


@pytest.mark.parametrize("shape", ["page", "lines", "one"])
def test_json_is_read_as_a_page_as_lines_and_as_one_record(session, tmp_path, shape):
    file = tmp_path / "services.json"
    record = feeds.service()
    other = record | {"id": "9a4f0000-0000-4000-8000-0000000000aa", "name": "B"}
    texts = {
        "page": json.dumps({"total_items": 1, "contents": [record]}),
        "lines": f"{json.dumps(record)}\n{json.dumps(other)}\n",
        "one": json.dumps(record),
    }
    file.write_text(texts[shape])

    run = feeds.make_plan(session, file)

    assert feeds.verdicts(session, run)["Made-up Lawyers"] == "add"


@pytest.mark.parametrize(
    ("encoding", "delimiter"), [("utf-8", ","), ("utf-8-sig", ";"), ("cp1252", "\t"), ("utf-16", "|")]
)
def test_tables_of_1_1_are_read_in_any_encoding(session, tmp_path, encoding, delimiter):
    folder = feeds.write_tables(tmp_path / "feed", LEGACY, encoding=encoding, delimiter=delimiter)

    run, draft = published(session, folder)

    assert run.format is Format.HSDS_1_TABLES
    text = draft.texts["en"]
    assert text.description == "Abogados que no existen: año, señal."
    assert (text.cost, text.eligibility) == ("Free", "Anybody")
    assert (draft.phones[0].number, draft.phones[0].extension) == ("+18605550123", "4")
    assert draft.sites[0].postal_code == "06103"
    assert [(line.opens, line.closes) for line in draft.hours.weekly] == [("09:00", "17:00")]
    assert [spoken.code for spoken in draft.languages] == ["es"]


def test_tables_of_2_and_of_3_are_told_apart(session, tmp_path):
    two = {name: rows for name, rows in LEGACY.items() if name not in ("taxonomy", "services_taxonomy")}
    two |= {
        "taxonomy_terms": [{"id": "t1", "term": "Advocacy & Legal Aid", "taxonomy": "OE"}],
        "service_attributes": [{"id": "a1", "service_id": "7", "taxonomy_term_id": "t1"}],
    }
    run, draft = published(session, feeds.write_tables(tmp_path / "two", two))

    assert run.format is Format.HSDS_2_TABLES
    assert draft.categories == ("legal-assistance",)


def test_ohana_puts_the_place_of_a_service_and_its_phones_together(session, tmp_path):
    run, draft = published(session, feeds.write_tables(tmp_path / "ohana", OHANA))

    assert run.format is Format.OHANA
    assert draft.sites[0].street == "12 Made-up Street"
    assert draft.sites[0].phones[0].number == "+18605550123"
    assert draft.categories == ("legal-assistance",)
    accounts = {line.file: line for line in file_lines(run)}
    assert accounts["contacts.csv"].taken == 0
    assert sum(accounts["contacts.csv"].left.values()) == 1


def test_our_own_tables_are_read_as_a_workbook(session, tmp_path):
    rows = tables(places=None, place_parents=None, terms=None, term_words=None, words=None)
    rows["programs"] = [rows["programs"][0] | {"service_areas": "town/hartford"}]
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, held in rows.items():
        sheet = book.create_sheet(name)
        sheet.append(list(held[0]))
        for row in held:
            sheet.append(list(row.values()))
    book.save(tmp_path / "listings.xlsx")

    run = feeds.make_plan(session, tmp_path / "listings.xlsx")
    feeds.apply(session, run)

    assert run.format is Format.OWN
    assert session.scalars(select(Program.slug)).all() == ["north-house"]


def test_a_row_of_our_own_tables_with_an_error_is_refused_with_its_line(session, tmp_path):
    rows = tables(places=None, place_parents=None, terms=None, term_words=None, words=None)
    good = rows["programs"][0] | {"service_areas": "town/hartford"}
    rows["programs"] = [good, good | {"slug": "south-house", "service_areas": "town/nowhere"}]
    folder = write_folder(tmp_path / "own", rows)

    run = feeds.make_plan(session, folder)

    assert feeds.verdicts(session, run)["North House"] == "add"
    assert "town/nowhere" in feeds.why(session, run, "programs.csv, line 3")


def test_a_zip_is_opened_and_files_of_other_kinds_are_named(session, tmp_path):
    with zipfile.ZipFile(tmp_path / "feed.zip", "w") as archive:
        archive.writestr("export/services.json", json.dumps([feeds.service()]))
        archive.writestr("export/readme.md", "hello")

    run = feeds.make_plan(session, tmp_path / "feed.zip")

    assert feeds.verdicts(session, run)["Made-up Lawyers"] == "add"


def test_every_row_of_every_table_is_accounted_for(session, tmp_path):
    broken = LEGACY | {
        "services": [*LEGACY["services"], {"id": "9", "organization_id": "404", "name": "Nobody's"}],
        "phones": [
            *LEGACY["phones"],
            {"id": "10", "service_id": "9", "number": "860 555 0199"},
            {"id": "11", "service_id": "7", "number": "call us"},
            {"id": "12", "service_id": "77", "number": "860 555 0198"},
        ],
    }
    run = feeds.make_plan(session, feeds.write_tables(tmp_path / "feed", broken))

    assert feeds.verdicts(session, run)["Nobody's"] == "refuse"
    lines = {line.file: line for line in file_lines(run)}
    assert all(line.rows == line.taken + sum(line.left.values()) for line in lines.values())
    assert lines["phones.csv"].taken == 1
    assert len(lines["phones.csv"].left) == 3


def test_a_file_that_breaks_off_changes_nothing_and_says_where(session, tmp_path):
    folder = feeds.write_tables(tmp_path / "feed", LEGACY)
    with (folder / "services.csv").open("a") as file:
        file.write('8,1,"Half a name')

    with pytest.raises(InvalidError, match=r"services.csv, line 3: a quotation mark is opened here"):
        feeds.make_plan(session, folder)

    assert session.scalars(select(Program)).all() == []


def test_a_broken_json_says_at_which_record(session, tmp_path):
    file = tmp_path / "services.json"
    file.write_text(f"[{json.dumps(feeds.service())}, {{'x'")

    with pytest.raises(InvalidError, match=r"services.json, record 2"):
        feeds.make_plan(session, file)


def test_a_term_that_nobody_mapped_is_kept_and_the_record_needs_a_person(session, tmp_path):
    term = feeds.TERM | {"name": "Made-up help", "code": "x-1"}
    record = feeds.service(attributes=[{"id": "9a4f0000-0000-4000-8000-0000000000a5", "taxonomy_term": term}])

    run = feeds.make_plan(session, feeds.write_json(tmp_path / "services.json", [record]))

    assert feeds.verdicts(session, run)["Made-up Lawyers"] == "doubt"
    assert "Choose at least one kind of help." in feeds.why(session, run, "Made-up Lawyers")
    assert "Made-up help" in feeds.row_of(session, run, "Made-up Lawyers").terms


def test_a_listing_with_the_same_name_and_phone_is_doubted(session, tmp_path):
    factories.make_program(session, name="Made-up Lawyers", phones=(factories.draft_phone("+18605550123"),))

    run = feeds.make_plan(session, feeds.write_json(tmp_path / "services.json", [feeds.service()]))

    assert feeds.verdicts(session, run)["Made-up Lawyers"] == "doubt"
    assert "the same phone number, nearly the same name" in feeds.why(session, run, "Made-up Lawyers")
