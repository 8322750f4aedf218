"""Tables as spreadsheets and old systems leave them: every row is in a listing, or its reason is told."""

from __future__ import annotations

import copy
import json
import zipfile
from datetime import time

import openpyxl
import pytest
from sqlalchemy import select

from services_dir.catalog.draft import read_program
from services_dir.errors import InvalidError
from services_dir.exchange.files.limits import Limits
from services_dir.exchange.files.packages import open_package
from services_dir.exchange.files.workbooks import read_workbook
from services_dir.exchange.imports.models import ImportNote
from services_dir.exchange.imports.showing import file_lines
from tests.exchange.folders import tables
from tests.exchange.imports import feeds
from tests.exchange.imports.test_formats import LEGACY, OHANA

pytestmark = pytest.mark.sqlite

LOOKS = {
    "capitals": lambda text: (
        text.partition("\n")[0].upper().replace("_", " ") + "\n" + text.partition("\n")[2]
    ),
    "blank lines": lambda text: "\n\n" + text.replace("\n", "\n\n"),
    "separator named": lambda text: "sep=,\n" + text,
    "old line ends": lambda text: text.replace("\n", "\r"),
    "unnamed columns": lambda text: text.replace("\n", ",,\n"),
    "no line end": lambda text: text.rstrip("\n"),
    "nothing after": lambda text: text + ",,,\n,\n",
}


def rewrite(folder, change):
    """Change the text of each table of a folder; line ends within quoted cells are changed too."""
    for file in folder.glob("*.csv"):
        file.write_bytes(change(file.read_text().replace("\r\n", "\n")).encode())
    return folder


def accounts(run):
    """Give the accounts of files by their names; the sums of each are right."""
    lines = {line.file: line for line in file_lines(run)}
    assert all(line.rows == line.taken + sum(line.left.values()) for line in lines.values())
    return lines


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("format", ["1.1", "Ohana"])
def test_tables_are_read_however_a_spreadsheet_wrote_them(session, tmp_path, look, format):
    folder = feeds.write_tables(tmp_path / "feed", LEGACY if format == "1.1" else OHANA)

    run = feeds.make_plan(session, rewrite(folder, LOOKS[look]))

    assert feeds.verdicts(session, run)["Made-up Lawyers"] == "add"
    assert accounts(run)["services.csv"].taken == 1


def test_line_ends_quotes_and_delimiters_within_a_cell_stay(session, tmp_path):
    text = 'One\nTwo "quoted"; comma, too'
    rows = copy.deepcopy(LEGACY)
    rows["services"][0]["description"] = text

    run = feeds.make_plan(session, feeds.write_tables(tmp_path / "feed", rows))

    assert (
        read_program(feeds.row_of(session, run, "Made-up Lawyers").document).texts["en"].description == text
    )


def test_each_bad_row_is_refused_with_its_line_and_reason(session, tmp_path):
    folder = feeds.write_tables(tmp_path / "feed", LEGACY)
    with (folder / "services.csv").open("a") as file:
        file.write("7,1,Twice,d,active,,\n,1,No id,d,active,,\n10,,No owner,d,active,,\n")
        file.write(
            "11,404,Unknown owner,d,active,,\n12,1,,d,active,,\n13,1,Long,d,active,u,f,more,more\n,,,,,,\n"
        )

    run = feeds.make_plan(session, folder)

    reasons = {
        line: feeds.why(session, run, name)
        for line, name in enumerate(("Twice", "No id", "No owner", "Unknown owner", "12"), 3)
        if feeds.row_of(session, run, name).line == line
    }
    assert list(reasons) == [3, 4, 5, 6, 7]
    assert "further up already" in reasons[3]
    assert "has no id" in reasons[4]
    assert "names no organization" in reasons[5]
    assert "“404”, is not in the files" in reasons[6]
    assert "has no name" in reasons[7]
    torn = session.scalars(select(ImportNote.line).where(ImportNote.message.contains("more cells"))).all()
    assert torn == [8]
    assert accounts(run)["services.csv"].left == {
        "It belongs to a record that was refused.": 5,
        "It has more cells than there are columns.": 1,
        "This row is empty.": 1,
    }


def test_empty_and_unknown_files_are_named_and_keep_nothing_from_being_read(session, tmp_path):
    folder = feeds.write_tables(tmp_path / "feed", LEGACY)
    (folder / "funding.csv").write_bytes(b"")
    (folder / "phones.csv").write_text("id,service_id,number\n")
    (folder / "odd.csv").write_text("a,a\n1,2\n")
    (folder / "notes.txt").write_bytes(b"\n")
    (folder / "picture.db").write_bytes(b"x")

    run = feeds.make_plan(session, folder)

    assert feeds.verdicts(session, run)["Made-up Lawyers"] == "add"
    lines = accounts(run)
    assert (lines["funding.csv"].rows, lines["phones.csv"].rows, lines["odd.csv"].rows) == (0, 0, 2)
    assert {"notes.txt", "picture.db"} <= set(lines)


def test_a_data_package_says_which_file_holds_what(session, tmp_path):
    rows = {"svc_2026": LEGACY["services"], "orgs": LEGACY["organizations"], "phones": LEGACY["phones"]}
    folder = feeds.write_tables(tmp_path / "feed", rows)
    resources = [
        {"name": "services", "path": "svc_2026.csv"},
        {"name": "organizations", "path": "data/orgs.csv"},
    ]
    (folder / "datapackage.json").write_text(json.dumps({"resources": resources}))

    run = feeds.make_plan(session, folder)

    assert accounts(run)["svc_2026.csv"].taken == 1
    assert accounts(run)["phones.csv"].taken == 1


def test_a_service_that_names_its_place_itself_keeps_it(session, tmp_path):
    rows = copy.deepcopy(LEGACY)
    rows["services"][0]["location_id"] = "3"
    rows["services_at_location"] = [{"id": "5", "service_id": "another", "location_id": "3"}]

    run = feeds.make_plan(session, feeds.write_tables(tmp_path / "feed", rows))

    draft = read_program(feeds.row_of(session, run, "Made-up Lawyers").document)
    assert draft.sites[0].street == "12 Made-up Street"


def test_hours_and_holidays_of_old_systems_are_read(session, tmp_path):
    rows = copy.deepcopy(LEGACY)
    rows["regular_schedules"] = [
        {"service_id": "7", "weekday": "Mon-Fri", "opens_at": "9am", "closes_at": "5pm"},
        {"service_id": "7", "weekday": "Saturday", "opens_at": "22:00", "closes_at": "02:00"},
        {"service_id": "7", "weekday": "Sunday", "opens_at": "noon", "closes_at": "late"},
        {"service_id": "7", "weekday": "Sunday"},
    ]
    rows["holiday_schedules"] = [
        {"service_id": "7", "start_date": "12/24/26", "end_date": "12/25/2026", "closed": "TRUE"},
        {
            "service_id": "7",
            "start_date": "January 01, 0001",
            "end_date": "January 01, 0001",
            "closed": "true",
        },
    ]

    run = feeds.make_plan(session, feeds.write_tables(tmp_path / "feed", rows))

    hours = read_program(feeds.row_of(session, run, "Made-up Lawyers").document).hours
    weekly = [(" ".join(day.value for day in line.days), line.opens, line.closes) for line in hours.weekly]
    assert weekly == [("MO TU WE TH FR", "09:00", "17:00"), ("SA", "22:00", "02:00")]
    assert [dated.on.isoformat() for dated in hours.exceptions] == ["2026-12-24", "2026-12-25"]
    assert hours.words.splitlines() == ["Sunday, noon – late", "January 01, closed"]
    assert accounts(run)["regular_schedules.csv"].left == {"This schedule says nothing; it was not kept.": 1}


def test_words_of_languages_and_lists_of_places_are_kept(session, tmp_path):
    rows = copy.deepcopy(OHANA)
    rows["locations"][0]["languages"] = "Spanish (evenings), Language Line"
    rows["services"][0]["service_areas"] = "Hartford, New Haven, Atlantis"

    run = feeds.make_plan(session, feeds.write_tables(tmp_path / "feed", rows))

    draft = read_program(feeds.row_of(session, run, "Made-up Lawyers").document)
    assert [(spoken.code, spoken.note) for spoken in draft.languages] == [("es", "evenings")]
    assert draft.interpreter.note == "Language Line"
    assert [area.place for area in draft.service_areas] == ["town/hartford", "town/new-haven"]
    assert draft.area_words == "Atlantis"


def book(path, sheets):
    """Write a workbook; each sheet begins with two empty rows."""
    held = openpyxl.Workbook()
    held.remove(held.active)
    for name, rows in sheets.items():
        sheet = held.create_sheet(name)
        if rows:
            sheet.append([])
            sheet.append([])
            columns = list(dict.fromkeys(column for row in rows for column in row))
            sheet.append(columns)
            for row in rows:
                sheet.append([row.get(column) for column in columns])
    held.save(path)
    return path


def test_a_workbook_with_numbers_times_and_an_empty_sheet_is_read(session, tmp_path):
    sheets = {name.replace("_", " ").title(): copy.deepcopy(rows) for name, rows in LEGACY.items()}
    for rows in sheets.values():
        for row in rows:
            row |= {key: int(value) for key, value in row.items() if value.isdigit()}
    sheets["Regular Schedules"][0] |= {"opens_at": time(9), "closes_at": time(17)}

    run = feeds.make_plan(session, book(tmp_path / "feed.xlsx", {"Sheet1": [], **sheets}))

    draft = read_program(feeds.row_of(session, run, "Made-up Lawyers").document)
    assert [(line.opens, line.closes) for line in draft.hours.weekly] == [("09:00", "17:00")]
    assert accounts(run)["services.csv"].taken == 1


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_our_own_tables_are_read_in_any_order_of_columns_with_rows_left_blank(session, tmp_path, kind):
    rows = tables(places=None, place_parents=None, terms=None, term_words=None, words=None)
    good = dict(reversed((rows["programs"][0] | {"service_areas": "town/hartford"}).items()))
    rows["programs"] = [good, dict.fromkeys(good, ""), good, good | {"slug": "odd", "kind": "nonsense"}]
    if kind == "xlsx":
        source = book(tmp_path / "own.xlsx", rows | {"notes": []})
    else:
        source = feeds.write_tables(tmp_path / "own", rows, encoding="cp1252", delimiter=";")
        rewrite(source, lambda text: "sep=;\n" + text)

    run = feeds.make_plan(session, source)

    assert feeds.verdicts(session, run)["North House"] == "add"
    refused = [name for name, verdict in feeds.verdicts(session, run).items() if verdict == "refuse"]
    assert len(refused) == 2
    assert feeds.row_of(session, run, "Made-up Mission").line in (3, 4)
    lines = accounts(run)
    assert lines["programs.csv"].taken == 1
    assert lines["programs.csv"].left["It belongs to a record that was refused."] == 2


def test_a_workbook_that_grows_out_of_all_bounds_is_refused(tmp_path):
    path = tmp_path / "bomb.xlsx"
    book(path, {"services": [{"id": "1"}]})
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet9.xml", b"0" * 12_000_000)

    with open_package(path) as package, pytest.raises(InvalidError, match="grows more than 200 times"):
        read_workbook(package.files[0])


def test_a_workbook_that_lies_about_its_size_is_refused_while_it_is_read(tmp_path):
    path = book(tmp_path / "many.xlsx", {"services": [{"id": str(n)} for n in range(300)]})

    with open_package(path) as package, pytest.raises(InvalidError, match="more than 100 rows"):
        read_workbook(package.files[0], limits=Limits(workbook_rows=100))


def test_an_archive_of_tables_that_grows_out_of_all_bounds_is_refused(session, tmp_path):
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("services.csv", "id,name\n" + "1," + "a" * 30_000_000)

    with pytest.raises(InvalidError, match="grows more than 200 times"):
        feeds.make_plan(session, path)
