"""Exports: what they hold, that nothing else is in them, and that they are the same each time."""

from __future__ import annotations

import csv
import io
import json
from datetime import date

import pytest

from services_dir.db import db
from services_dir.exchange.exports import csv_chunks, json_chunks, ndjson_chunks
from services_dir.exchange.exports.spreadsheet import harmless
from tests.support.factories import draft_hidden_site, draft_site, make_program
from tests.support.hsds import nothings
from tests.support.rich import a_rich_program

TODAY = date(2026, 3, 2)
BASE = "https://services.example.org"


@pytest.fixture
def rich(session):
    """A published program that says all it can."""
    return make_program(session, a_rich_program())


@pytest.fixture
def exported(app):
    """Give the text of an export."""

    def export(chunks, *arguments, path="/"):
        with app.test_request_context(path):
            return b"".join(chunks(db.session, TODAY, *arguments)).decode()

    return export


def rows(text):
    """Read a table: its rows by the names of the columns."""
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_json_holds_what_the_api_gives(client, session, rich, exported):
    make_program(session)
    whole = json.loads(exported(json_chunks))

    assert whole["version"] == "3.1"
    for name in ("services", "organizations", "taxonomies", "taxonomy_terms"):
        ids = [record["id"] for record in whole[name]]
        assert ids == sorted(ids)
        for record in whole[name]:
            given = client.get(f"/hsds/{name}/{record['id']}").json
            given.pop("services", None)
            assert record == given
    assert list(nothings(whole)) == []
    assert exported(json_chunks) == exported(json_chunks)


def test_an_empty_catalog_is_a_document_too(exported):
    whole = json.loads(exported(json_chunks))

    assert (whole["services"], whole["organizations"]) == ([], [])
    assert rows(exported(csv_chunks, BASE)) == []


def test_lines_are_those_of_the_api(client, session, rich, exported):
    make_program(session)

    assert exported(ndjson_chunks) == client.get("/hsds/services?format=ndjson").text


def test_a_table_says_it_in_words(rich, exported):
    text = exported(csv_chunks, BASE)
    [row] = rows(text)

    assert text.startswith('\ufeff"Name","Organization"')
    assert text.count("\r\n") == 2
    assert row["Name"] == "Lantern House"
    assert row["Kinds of help"] == "Emergency shelter; Legal help"
    assert "Hotline: 860-555-0101 extension 012 (Night line, Press 2., Spanish, 24 hours)" in row["Phone"]
    assert "Main door, 12 Made-up Street, Hartford, CT 06103 (Monday and Tuesday evenings" in row["Places"]
    assert "Confidential address" in row["Places"]
    assert row["Ages"] == "Ages 18 to 120"
    assert row["Confirmed"] == "Not yet confirmed by a coordinator. Call before you go."
    assert row["Page"] == "https://services.example.org/programs/lantern-house"
    assert "secret" not in text


def test_a_table_from_the_spanish_pages_is_in_spanish(rich, exported):
    [row] = rows(exported(csv_chunks, BASE, path="/es/data"))

    assert row["Nombre"] == "Casa Linterna"
    assert row["Edades"] == "De 18 a 120 años"
    assert row["Cómo empezar"] == "Call first."  # not translated


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "  =", "＝"])
def test_a_spreadsheet_runs_no_cell(start):
    assert harmless(f"{start}HYPERLINK()") == f"'{start}HYPERLINK()"
    assert harmless(f"a{start}b") == f"a{start}b"


def test_no_text_of_a_program_starts_a_formula(session, exported):
    make_program(
        session,
        name="=cmd|' /C calc'!A0",
        description="@SUM(1)",
        how_to_apply="+1",
        cost="-5",
        sites=(draft_site(name="=1"), draft_hidden_site()),
    )
    [row] = rows(exported(csv_chunks, BASE))

    assert row["Name"] == "'=cmd|' /C calc'!A0"
    assert row["Cost"] == "'-5"
    assert [cell for cell in row.values() if cell.startswith(("=", "+", "-", "@"))] == []
