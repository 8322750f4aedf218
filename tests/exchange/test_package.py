"""The tabular package of HSDS, held to the numbered list of section 4.2 of the guide to the standard."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from datetime import date, time

import frictionless
import pytest

from services_dir.db import db
from services_dir.exchange.exports import package_chunks, write_package
from services_dir.hsds.tabular import NESTED, TABLES, fields
from tests.support.factories import draft_site, make_program
from tests.support.hsds import OFFICIAL
from tests.support.rich import a_rich_program

pytestmark = pytest.mark.sqlite

TODAY = date(2026, 3, 2)
official = pytest.mark.skipif(
    not OFFICIAL.is_dir(), reason="the official descriptor is not beside this checkout"
)


@pytest.fixture
def rich(session):
    """A published program that says all it can."""
    return make_program(session, a_rich_program())


@pytest.fixture
def package(app, session, rich, tmp_path):
    """The folder of a package with a program that says all it can, and a plain one."""
    make_program(session, name="=1+1", sites=(draft_site(),))
    folder = tmp_path / "package"
    folder.mkdir()
    with app.app_context():
        write_package(db.session, TODAY, folder)
    return folder


def descriptor(package):
    return json.loads((package / "datapackage.json").read_text())


def rows(package, path):
    with (package / path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def validate(package):
    with frictionless.system.use_context(trusted=True):  # its own path may be an absolute one
        return frictionless.Package(str(package / "datapackage.json")).validate()


def test_4_2_1_the_descriptor_lies_on_top_and_names_the_files_that_have_rows(package):
    described = descriptor(package)
    paths = {resource["path"] for resource in described["resources"]}

    assert described["version"] == "3.1"
    assert paths == {file.name for file in package.iterdir()} - {"datapackage.json"}
    assert all(rows(package, path) for path in paths)
    assert {"organizations.csv", "services.csv", "service_at_location.csv", "attributes.csv"} <= paths


def test_4_2_1_a_zip_archive_holds_the_same_each_time(app, package):
    with app.app_context():
        first, second = (b"".join(package_chunks(db.session, TODAY)) for _ in range(2))

    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as packed:
        held = {name: packed.read(name) for name in packed.namelist()}
    assert held == {file.name: file.read_bytes() for file in package.iterdir()}


@official
def test_4_2_1_files_and_columns_have_their_official_names():
    theirs = json.loads((OFFICIAL / "examples-csv" / "datapackage.json").read_text())["resources"]
    known = {one["name"]: one for one in theirs}

    for table in TABLES:
        resource = known[table.name]
        columns = {field["name"]: field for field in resource["schema"]["fields"]}
        assert table.path == resource["path"]
        assert set(table.columns) <= columns.keys()
        required = {name for name, field in columns.items() if field["constraints"].get("required")}
        assert set(table.required) - {"service_id", "location_id"} == required - {"service_id", "location_id"}
        for field in fields(table):
            assert field["type"] == columns[field["name"]]["type"]


def test_4_2_2_cells_are_utf_8_with_the_columns_of_the_descriptor_plain_dates_and_true_empty_cells(package):
    for resource in descriptor(package)["resources"]:
        content = (package / resource["path"]).read_bytes().decode("utf-8")
        header = content.split("\r\n")[0].split(",")
        assert header == [field["name"] for field in resource["schema"]["fields"]]
        assert not content.startswith("\ufeff")
        assert "None" not in content
    [evening, *_others] = [row for row in rows(package, "schedules.csv") if row["opens_at"]]
    assert time.fromisoformat(evening["opens_at"]) == time(18)
    changed = {row["last_modified"] for row in rows(package, "services.csv")}
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", moment) for moment in changed)
    assert "" in {row["alert"] for row in rows(package, "services.csv")}


def test_4_2_3_required_columns_are_filled_and_a_link_names_the_table_of_what_it_links(package):
    by_name = {table.name: table for table in TABLES}
    for resource in descriptor(package)["resources"]:
        table = by_name[resource["name"]]
        for row in rows(package, table.path):
            assert all(row[column] for column in table.required)
    ids = {name: set() for name in by_name}
    for name, table in by_name.items():
        if (package / table.path).exists():
            ids[name] = {row["id"] for row in rows(package, table.path)}
    for row in rows(package, "attributes.csv"):
        assert row["link_id"] in ids[row["link_entity"]]


def test_4_2_4_frictionless_finds_nothing_wrong(package):
    report = validate(package)

    assert report.valid, report.flatten(["type", "message"])


def test_4_2_4_frictionless_would_find_a_key_that_points_nowhere(package):
    content = (package / "services.csv").read_text()
    owner = rows(package, "services.csv")[0]["organization_id"]
    (package / "services.csv").write_text(content.replace(owner, "00000000-0000-4000-8000-000000000000"))

    report = validate(package)

    assert ["foreign-key"] in report.flatten(["type"])


@official
def test_4_2_4_frictionless_finds_nothing_wrong_by_the_official_descriptor_either(package):
    theirs = json.loads((OFFICIAL / "examples-csv" / "datapackage.json").read_text())
    held = {file.name for file in package.iterdir()}
    theirs["resources"] = [one for one in theirs["resources"] if one["path"] in held]
    names = {one["name"] for one in theirs["resources"]}
    for resource in theirs["resources"]:
        schema = resource["schema"]
        columns = (package / resource["path"]).read_text().splitlines()[0].split(",")
        known = {field["name"]: field for field in schema["fields"]}
        schema["fields"] = [known[column] for column in columns]
        for field in schema["fields"]:
            if field["type"] == "time":
                field["format"] = "%H:%M"  # as the guide has it; the official descriptor asks for seconds
                field.pop("example", None)
        schema["foreignKeys"] = [
            key
            for key in schema.get("foreignKeys", [])
            if key["fields"] in columns and key["reference"]["resource"] in names
        ]
    (package / "datapackage.json").write_text(json.dumps(theirs))

    report = validate(package)

    assert report.valid, report.flatten(["type", "message"])


def test_4_2_5_all_that_the_api_says_of_a_service_is_in_the_rows(client, package, rich):
    """Nothing is lost between the two forms: every plain value of the nested record is a cell."""
    service = client.get(f"/hsds/services/{rich.uuid}").json
    by_name = {table.name: table for table in TABLES}

    def find(name, record):
        table = by_name[name]
        [row] = [row for row in rows(package, table.path) if row["id"] == record["id"]]
        for key, value in record.items():
            if key in table.columns:
                # "0" and "0.0" are one number, as JSON has it.
                assert row[key] == str(value) or float(row[key]) == float(value)
            elif key in NESTED:
                for one in value if isinstance(value, list) else [value]:
                    find(NESTED[key], one)
            else:
                assert key in ("organization", "taxonomy_term", "taxonomy_detail")

    find("service", service)


def test_4_2_7_the_machine_package_changes_no_cell(package):
    assert "=1+1" in {row["name"] for row in rows(package, "services.csv")}


def test_terms_that_are_not_used_are_left_out(package):
    used = {row["taxonomy_term_id"] for row in rows(package, "attributes.csv")}
    held = {row["id"]: row for row in rows(package, "taxonomy_terms.csv")}
    parents = {held[one]["parent_id"] for one in used} - {""}

    assert used <= held.keys()
    assert set(held) - used <= parents
    assert {row["taxonomy_id"] for row in held.values()} == {
        row["id"] for row in rows(package, "taxonomies.csv")
    }
