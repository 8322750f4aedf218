"""JSON that real systems and bad people write: odd shapes, odd values, and texts that end processes."""

from __future__ import annotations

import io
import json
from contextlib import ExitStack

import pytest

from services_dir.catalog.draft import read_program
from services_dir.errors import InvalidError
from services_dir.exchange.files import documents
from services_dir.exchange.files.documents import open_document
from services_dir.exchange.files.packages import File
from services_dir.exchange.imports.showing import file_lines
from tests.exchange.imports import feeds

pytestmark = pytest.mark.sqlite

RECORD = feeds.service()
OTHER = RECORD | {"id": "other", "name": "Other help"}


def read(content: str | bytes, name: str = "services.json"):
    """Give the records of a document with their numbers."""
    data = content.encode() if isinstance(content, str) else content
    with ExitStack() as stack:
        return list(open_document(File(name, io.BytesIO(data), len(data), stack.enter_context)).records())


@pytest.mark.parametrize(
    "content",
    [
        json.dumps([RECORD, OTHER]),
        json.dumps([RECORD, OTHER], indent=2),
        json.dumps({"total_items": 2, "contents": [RECORD, OTHER]}),
        json.dumps({"id": "a-list", "name": "services", "contents": [RECORD, OTHER]}),
        json.dumps({"meta": {"services": [1]}, "services": [RECORD, OTHER]}),
        f"{json.dumps(RECORD)}\n{json.dumps(OTHER)}\n",
        f"{json.dumps(RECORD, indent=2)}\n{json.dumps(OTHER, indent=2)}\n",
        b"\xef\xbb\xbf" + json.dumps([RECORD, OTHER]).encode(),
        json.dumps([RECORD, OTHER]).encode("utf-16"),
    ],
    ids=["array", "indented", "page", "page with id", "lists", "lines", "several", "mark", "utf-16"],
)
@pytest.mark.parametrize("piece", [7, 1_000_000])
def test_records_are_found_in_every_shape_however_the_file_is_cut(monkeypatch, content, piece):
    monkeypatch.setattr(documents, "_PIECE", piece)

    assert read(content) == [(1, RECORD), (2, OTHER)]


def test_an_organization_with_its_services_is_one_record():
    record = {"services": [RECORD], "id": "1", "name": "Made-up Legal Fund"}

    assert read(json.dumps(record)) == [(1, record)]


def test_lines_are_counted_as_they_stand_in_the_file():
    content = f"\ufeff{json.dumps(RECORD)}\r\n\r\n{json.dumps(OTHER)}\r\n"

    assert [number for number, _record in read(content, "services.ndjson")] == [1, 3]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "services.json is empty"),
        ("{}", "holds no list of records"),
        ("[" * 100_000 + "]" * 100_000, "record 1.*too deep"),
        ('{"a":' * 100_000, "record 1.*too deep"),
        (f'[{{"id": 1}}, {{"id": {"9" * 5000}}}]', "record 2.*too many digits"),
        ('[{"latitude": NaN}]', "record 1.*NaN is no number"),
        ('[{"id": 1}, {"id"', "record 2"),
        ('[{"id": 1}', "record 2.*ends too early"),
        ('[{"id": 1}] and more', "record 2.*something follows"),
        ('{"services": [{"id": 1}', "record 1.*ends too early"),
        ("<html>", "record 1"),
    ],
)
def test_a_document_that_is_broken_or_would_do_harm_is_refused_with_its_record(content, sentence):
    with pytest.raises(InvalidError, match=sentence):
        read(content)


def test_half_a_sign_becomes_a_mark_and_whole_ones_stay():
    [(_number, record)] = read('[{"id": "1", "name": "A \\ud800 B \\ud83d\\ude00"}]')

    assert record["name"] == "A � B 😀"


def test_what_is_no_record_is_counted_and_the_others_are_taken(session, tmp_path):
    rows = [RECORD, None, 5, "x", [], {}, OTHER]

    run = feeds.make_plan(session, feeds.write_json(tmp_path / "s.json", rows))

    [line] = file_lines(run)
    assert (line.rows, line.taken) == (7, 2)
    assert line.left == {"It is neither a service nor an organization.": 5}


def test_a_file_of_places_only_is_refused_with_a_sentence(session, tmp_path):
    rows = [{"id": "1", "location": feeds.location("2")}]

    with pytest.raises(InvalidError, match="no service and no organization"):
        feeds.make_plan(session, feeds.write_json(tmp_path / "s.json", rows))


@pytest.mark.parametrize(
    ("changes", "verdict", "reason"),
    [
        ({"id": 17}, "add", ""),
        ({"id": ""}, "refuse", "This service has no id."),
        ({"id": None}, "refuse", "This service has no id."),
        ({"id": [{"id": "1"}]}, "refuse", "This service has no id."),
        ({"status": "ACTIVE"}, "add", ""),
        ({"status": "open"}, "doubt", "“open” is not a status of HSDS."),
        ({"status": "defunct"}, "refuse", "no longer exists"),
        ({"organization": None}, "refuse", "names no organization"),
        ({"organization": "Made-up Legal Fund"}, "refuse", "names no organization"),
        ({"organization": feeds.ORGANIZATION | {"id": ["1"]}}, "refuse", "names no organization"),
        ({"phones": {"number": "860 555 0101"}}, "add", ""),
        ({"phones": ["860 555 0101"], "languages": ["es"], "schedules": "Mondays"}, "add", ""),
        ({"service_at_locations": [None, {"location_id": "404"}], "schedules": [None]}, "add", ""),
        ({"minimum_age": "twelve", "maximum_age": 1e308, "email": ["a"], "url": 7}, "add", ""),
        ({"attributes": None, "service_areas": None}, "doubt", "Say which area the program serves."),
    ],
)
def test_odd_values_of_a_record_are_taken_or_named(session, tmp_path, changes, verdict, reason):
    run = feeds.make_plan(session, feeds.write_json(tmp_path / "s.json", [RECORD | changes]))

    assert feeds.verdicts(session, run)["Made-up Lawyers"] == verdict
    assert reason in feeds.why(session, run, "Made-up Lawyers")


def draft_of(session, tmp_path, **changes):
    """Plan one service and give its draft."""
    run = feeds.make_plan(session, feeds.write_json(tmp_path / "s.json", [RECORD | changes]))
    return read_program(feeds.row_of(session, run, "Made-up Lawyers").document)


def test_numbers_are_found_in_what_people_write_into_one_cell(session, tmp_path):
    written = [
        "860-555-0108 or 860-555-0109",
        "TTY: 860-555-0111",
        "860.555.0110 (Spanish)",
        "(860) 555-0105 x7",
        "860-555-HELP",
        "211",
    ]

    draft = draft_of(session, tmp_path, phones=[{"number": text} for text in written])

    assert [(phone.kind.value, phone.number, phone.extension, phone.label) for phone in draft.phones] == [
        ("voice", "+18605550108", None, None),
        ("voice", "+18605550109", None, None),
        ("tty", "+18605550111", None, "TTY"),
        ("voice", "+18605550110", None, "Spanish"),
        ("voice", "+18605550105", "7", None),
        ("voice", "+18605554357", None, None),
        ("voice", "211", None, None),
    ]


def test_hours_that_are_not_those_of_every_week_stay_in_words(session, tmp_path):
    times = {"opens_at": "09:00", "closes_at": "17:00"}

    hours = draft_of(
        session,
        tmp_path,
        schedules=[
            times | {"byday": ["MO", "TU"]},
            times | {"byday": "1WE", "freq": "MONTHLY"},
            times | {"byday": "TH", "freq": "WEEKLY", "interval": 2},
            times | {"byday": "FR", "valid_from": "2026-06-01", "valid_to": "2026-08-31"},
            {"valid_from": "2026-12-24", "valid_to": "2026-12-26", "closed": True},
        ],
    ).hours

    assert [(line.opens, [day.value for day in line.days]) for line in hours.weekly] == [
        ("09:00", ["MO", "TU"])
    ]
    assert hours.words.splitlines() == [
        "1WE, 09:00 – 17:00, monthly",
        "TH, 09:00 – 17:00, interval: 2",
        "2026-06-01 – 2026-08-31, FR, 09:00 – 17:00",
    ]
    assert [dated.on.isoformat()[-2:] for dated in hours.exceptions] == ["24", "25", "26"]


def test_signs_that_nobody_sees_do_not_come_in(session, tmp_path):
    draft = draft_of(
        session, tmp_path, name="Made-up\x00 \u202eLawyers", description="<b>Help</b> &amp; more"
    )

    assert draft.name == "Made-up Lawyers"
    assert draft.texts["en"].description == "Help & more"


def test_nobody_confirmed_anything_in_times_to_come(session, tmp_path):
    record = RECORD | {"assured_date": "2099-01-01"}

    run = feeds.make_plan(session, feeds.write_json(tmp_path / "s.json", [record]))

    assert feeds.row_of(session, run, "Made-up Lawyers").assured_on is None
