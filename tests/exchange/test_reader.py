"""A folder of CSV files becomes drafts, and every row that cannot be taken is told with its place."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services_dir.catalog.draft import Hours, WeeklyHours
from services_dir.catalog.kinds import Day, PhoneKind, Visibility
from services_dir.catalog.rules import References
from services_dir.exchange.hours import read_hours
from services_dir.exchange.reader import Existing, read_folder
from services_dir.exchange.reading import Reading
from services_dir.exchange.rows import SEPARATOR, Row
from tests.exchange.folders import PROGRAM, Rows, tables, write_folder

STREET = "99 Hidden Lantern Lane"


def read(tmp_path: Path, **changes: Rows | None) -> Reading:
    return read_folder(write_folder(tmp_path / "folder", tables(**changes)))


def told(reading: Reading) -> list[tuple[str, int, str, str]]:
    return [(error.file, error.line, error.column, error.sentence) for error in reading.errors]


def test_a_folder_becomes_drafts(tmp_path):
    reading = read(tmp_path)

    assert told(reading) == []
    (program,) = reading.programs
    assert program.publish
    assert program.hold_reason is None
    assert program.line == 2
    assert program.draft.name == "North House"
    assert program.draft.organization == reading.organizations[0].id
    assert [phone.number for phone in program.draft.phones] == ["+18605550100"]
    assert program.draft.hours is not None
    assert program.draft.hours.weekly == (WeeklyHours(days=(Day.MONDAY,), opens="09:00", closes="17:00"),)
    assert [place.key for place in reading.places] == ["nation/made-up", "town/northtown"]
    assert reading.places[1].parents == (("nation/made-up", 1.0),)
    assert reading.terms[0].labels == {"en": ("Housing", ""), "es": ("Vivienda", "")}
    assert reading.terms[0].words == (("en", "shelter"),)
    assert [word.means for word in reading.words] == ["shelter"]


def test_a_byte_order_mark_and_outer_space_are_no_part_of_what_is_said(tmp_path):
    folder = write_folder(tmp_path / "folder", tables())
    file = folder / "organizations.csv"
    file.write_bytes(
        b"\xef\xbb\xbf" + file.read_bytes().replace(b"Made-up Mission", b"  Made-up\x07 Mission ")
    )

    assert read_folder(folder).organizations[0].name == "Made-up Mission"


def test_identities_do_not_depend_on_the_order_of_rows(tmp_path):
    phones = [
        {"program": "north-house", "kind": "voice", "number": "860-555-0100"},
        {"program": "north-house", "kind": "text", "number": "860-555-0101"},
    ]
    first = read(tmp_path / ".", phones=phones).programs[0].draft
    second = read(tmp_path / ".", phones=phones[::-1]).programs[0].draft

    assert [phone.id for phone in first.phones] == [phone.id for phone in second.phones][::-1]
    assert first.id == second.id


def test_an_identity_that_another_record_has_is_told(tmp_path):
    identity = "0b7c1d4e-5f60-4a7b-8c9d-0e1f2a3b4c5d"
    programs = [PROGRAM | {"id": identity}, PROGRAM | {"slug": "south-house", "id": identity}]

    reading = read(tmp_path, programs=programs)

    assert [program.draft.slug for program in reading.programs] == ["north-house"]
    (error,) = [error for error in reading.errors if not error.is_warning]
    assert (error.line, error.column) == (3, "id")


def test_an_identity_that_is_given_is_kept(tmp_path):
    identity = "0b7c1d4e-5f60-4a7b-8c9d-0e1f2a3b4c5d"

    reading = read(tmp_path, programs=[PROGRAM | {"id": identity}])

    assert reading.programs[0].draft.id == identity


def test_a_text_may_be_said_in_more_languages(tmp_path):
    reading = read(tmp_path, programs=[PROGRAM | {"name_es": "Casa Norte", "translated_on_es": "2026-02-01"}])

    texts = reading.programs[0].draft.texts
    assert texts["es"].name == "Casa Norte"
    assert str(texts["es"].translated_on) == "2026-02-01"


def test_phones_find_their_program_site_or_organization(tmp_path):
    reading = read(
        tmp_path,
        sites=[
            {"program": "north-house", "site": "hall", "visibility": "public", "town": "town/northtown"},
        ],
        phones=[
            {"program": "north-house", "number": "860-555-0100"},
            {"program": "north-house", "site": "hall", "number": "860-555-0101", "kind": "TTY"},
            {"organization": "made-up-mission", "number": "860-555-0102"},
        ],
    )

    draft = reading.programs[0].draft
    assert [phone.number for phone in draft.phones] == ["+18605550100"]
    assert [(phone.number, phone.kind) for phone in draft.sites[0].phones] == [
        ("+18605550101", PhoneKind.TTY)
    ]
    assert [phone.number for phone in reading.organizations[0].phones] == ["+18605550102"]


def test_parents_come_before_their_children(tmp_path):
    organizations = [
        {"slug": "child", "name": "Child", "level": "local", "parent": "made-up-mission"},
        {"slug": "made-up-mission", "name": "Made-up Mission", "level": "local", "parent": ""},
    ]

    found = read(tmp_path, organizations=organizations).organizations

    assert [draft.slug for draft in found] == ["made-up-mission", "child"]
    assert found[1].parent == found[0].id


def test_a_program_that_waits_says_why(tmp_path):
    held = PROGRAM | {"publish": "no", "hold_reason": "Nobody answered."}
    reading = read(tmp_path, programs=[held])
    assert (reading.programs[0].publish, reading.programs[0].hold_reason) == (False, "Nobody answered.")

    reading = read(tmp_path, programs=[held | {"hold_reason": ""}])
    assert reading.programs == []
    assert told(reading) == [("programs.csv", 2, "hold_reason", "Say why this waits for review.")]


def test_an_address_of_a_confidential_place_is_dropped_and_told_without_repeating_it(tmp_path):
    site = {
        "program": "north-house",
        "site": "house",
        "visibility": "Area only",
        "street": STREET,
        "postal_code": "99999",
        "latitude": "41.00 lantern",
        "longitude": "-72",
        "town": "town/northtown",
    }

    reading = read(tmp_path, sites=[site])

    (draft,) = reading.programs[0].draft.sites
    assert draft.visibility is Visibility.AREA_ONLY
    assert draft == draft.without_address()
    assert draft.town == "town/northtown"
    (warning,) = reading.errors
    assert warning.is_warning
    assert (warning.file, warning.line) == ("sites.csv", 2)
    assert "lantern" not in repr(reading).casefold()


@pytest.mark.parametrize(
    ("column", "value", "sentence"),
    [
        ("slug", "", "This cell may not be empty."),
        ("name_en", "", "This cell may not be empty."),
        ("name_en", "x" * 201, "This cannot be read: Expected `str` of length <= 200"),
        ("slug", "North House", "This cannot be read"),
        ("level", "village", "“village” is not one of these: federal, national, state, regional, local."),
        ("organization", "nobody", "There is no organization “nobody” here."),
        ("categories", "housing | hosing", "“hosing” is not in our list."),
        ("populations", "martians", "“martians” is not in our list."),
        ("service_areas", "town/nowhere", "We do not know the place “town/nowhere”."),
        ("publish", "perhaps", "“perhaps” is neither yes nor no."),
        ("min_age", "old", "“old” is not a number from 0 to 120."),
        ("min_age", "nan", "“nan” is not a number from 0 to 120."),
        ("min_age", "17.5", "“17.5” is not a whole number."),
        ("as_of", "Feb 2026", "“Feb 2026” is not a date such as 2026, 2026-02 or 2026-02-13."),
        ("paused_until", "soon", "“soon” is not a date such as 2026-02-13."),
        ("weekly_hours", "Mon 9-5", "“Mon 9-5” is not written like this: MO TU FR 09:00-17:00"),
        ("weekly_hours", "MO 09:00-25:00", "is not written like this"),
        ("dated_hours", "2026-02-30 closed", "is not written like this"),
        ("time_zone", "", "Say the time zone of the hours, such as America/New_York."),
        ("time_zone", "Mars/Base", "“Mars/Base” is not a time zone."),
        ("url", "not a page", "“not a page” is not a web address."),
        ("email", "nobody@", "“nobody@” is not an e-mail address."),
        ("id", "7", "This cannot be read"),
    ],
)
def test_a_wrong_cell_leaves_the_program_out_and_is_told(tmp_path, column, value, sentence):
    reading = read(tmp_path, programs=[PROGRAM | {column: value}], phones=None)

    errors = [error for error in reading.errors if not error.is_warning]
    assert [(error.file, error.line, error.column) for error in errors] == [("programs.csv", 2, column)]
    assert sentence in errors[0].sentence
    assert reading.programs == []


@pytest.mark.parametrize(
    ("row", "column", "sentence"),
    [
        ({"number": "12"}, "number", "“12” is not a phone number we can dial."),
        ({"number": ""}, "number", "This cell may not be empty."),
        ({"kind": "pigeon"}, "kind", "“pigeon” is not one of these: voice, hotline,"),
        ({"language": "Spanish"}, "language", "This cannot be read"),
        ({"site": "cellar"}, "site", "“cellar” is not in sites.csv."),
    ],
)
def test_a_wrong_phone_leaves_its_program_out(tmp_path, row, column, sentence):
    phone = {"program": "north-house", "site": "", "kind": "voice", "number": "860-555-0100", "language": ""}

    reading = read(tmp_path, phones=[phone | {"number": "860-555-0101"}, phone | row])

    (error,) = reading.errors
    assert (error.file, error.line, error.column) == ("phones.csv", 3, column)
    assert sentence in error.sentence
    assert reading.programs == []


def test_a_part_that_belongs_to_nothing_is_told_and_the_rest_is_read(tmp_path):
    reading = read(
        tmp_path,
        phones=[
            {"program": "south-house", "organization": "", "number": "860-555-0100"},
            {"program": "", "organization": "", "number": "860-555-0100"},
            {"program": "north-house", "organization": "", "number": "860-555-0100"},
        ],
    )

    assert told(reading) == [
        ("phones.csv", 2, "program", "“south-house” is not in programs.csv."),
        ("phones.csv", 3, "program", "Name one program, or one organization, that this belongs to."),
    ]
    assert len(reading.programs) == 1


def test_the_same_phone_twice_is_told(tmp_path):
    phone = {"program": "north-house", "kind": "voice", "number": "860-555-0100"}

    reading = read(tmp_path, phones=[phone, phone])

    assert told(reading) == [("phones.csv", 3, "", "Two parts of this listing have the same identity.")]


def test_a_slug_that_is_there_twice_is_told_and_the_first_counts(tmp_path):
    reading = read(tmp_path, programs=[PROGRAM, PROGRAM | {"name_en": "Other"}])

    assert told(reading) == [("programs.csv", 3, "slug", "“north-house” is there twice.")]
    assert [program.draft.name for program in reading.programs] == ["North House"]


def test_a_circle_of_parents_is_told(tmp_path):
    circle = [
        {"slug": "made-up-mission", "name": "Mission", "level": "local", "parent": "other"},
        {"slug": "other", "name": "Other", "level": "local", "parent": "made-up-mission"},
    ]

    reading = read(tmp_path, organizations=circle, programs=None, phones=None)

    assert reading.organizations == []
    assert [(error.line, error.column) for error in reading.errors] == [(2, "parent"), (3, "parent")]


def test_nothing_that_hangs_on_a_wrong_organization_is_taken(tmp_path):
    organizations = [
        {"slug": "made-up-mission", "name": "Mission", "level": "galactic", "parent": ""},
        {"slug": "child", "name": "Child", "level": "local", "parent": "made-up-mission"},
    ]

    reading = read(tmp_path, organizations=organizations)

    assert reading.organizations == []
    assert reading.programs == []
    assert [(error.file, error.line) for error in reading.errors] == [
        ("organizations.csv", 2),
        ("organizations.csv", 3),
        ("programs.csv", 2),
    ]


def test_a_program_nobody_can_reach_is_a_warning(tmp_path):
    reading = read(tmp_path, phones=None)

    (warning,) = reading.errors
    assert warning.is_warning
    assert warning.sentence == "There is no way to reach this program."
    assert len(reading.programs) == 1


def test_unknown_columns_and_files_are_told_and_not_read(tmp_path):
    reading = read(tmp_path, programs=[PROGRAM | {"colour": "blue"}], wishes=[{"wish": "rain"}])

    assert told(reading) == [
        ("programs.csv", 1, "colour", "We do not know the column “colour”; it was not read."),
        ("wishes.csv", 0, "", "We do not know this file; it was not read."),
    ]
    assert len(reading.programs) == 1


@pytest.mark.parametrize(
    ("content", "line", "sentence"),
    [
        (b"", 1, "This file is empty: its first line names the columns."),
        (b"program,kind\nnorth-house,voice\n", 1, "The column “number” is missing."),
        (b"number,number\n1,2\n", 1, "The column “number” is there twice."),
        (b"program,number\nnorth-house,\xff\xfe\n", 2, "This file is not written in UTF-8."),
        (b'program,number\nnorth-house,"860-555-0100\n', 2, "From this line on the file cannot be read:"),
        (b'program,number\n"a\nb",1\nx,"1"2\n', 4, "From this line on the file cannot be read:"),
    ],
)
def test_of_a_folder_with_a_broken_file_nothing_is_taken(tmp_path, content, line, sentence):
    folder = write_folder(tmp_path / "folder", tables())
    (folder / "phones.csv").write_bytes(content)

    reading = read_folder(folder)

    (error,) = reading.errors
    assert (error.file, error.line) == ("phones.csv", line)
    assert error.sentence.startswith(sentence)
    assert not (reading.programs)
    assert not (reading.organizations)
    assert not (reading.places)
    assert not (reading.terms)


def test_a_line_with_too_many_cells_is_told_by_the_line_it_starts_on(tmp_path):
    folder = write_folder(tmp_path / "folder", tables())
    content = 'program,number,label\n\nnorth-house,860-555-0100,"two\nlines"\nnorth-house,860-555-0101\n'
    (folder / "phones.csv").write_text(content, encoding="utf-8")

    reading = read_folder(folder)

    message = "This line has 2 cells, but there are 3 columns."
    assert told(reading) == [("phones.csv", 5, "", message)]


def test_a_missing_folder_is_told(tmp_path):
    assert told(read_folder(tmp_path / "nowhere")) == [("nowhere", 0, "", "There is no such folder.")]


def test_rows_may_name_what_the_register_knows_already(tmp_path):
    identity = "0b7c1d4e-5f60-4a7b-8c9d-0e1f2a3b4c5d"
    references = References(
        categories=frozenset({"housing"}),
        populations=frozenset(),
        places=frozenset({"town/northtown"}),
        organizations=frozenset({identity}),
    )
    alone = tables(places=None, place_parents=None, terms=None, term_words=None, organizations=None)
    folder = write_folder(tmp_path / "folder", alone)

    reading = read_folder(folder, Existing(references, {"made-up-mission": identity}))

    assert told(reading) == []
    assert reading.programs[0].draft.organization == identity


CLOCKS = st.integers(0, 1439).map(lambda minute: f"{minute // 60:02}:{minute % 60:02}")
LINES = st.builds(
    WeeklyHours,
    days=st.lists(st.sampled_from(list(Day)), min_size=1, unique=True).map(tuple),
    opens=CLOCKS,
    closes=CLOCKS | st.just("24:00"),
)


@given(st.lists(LINES, min_size=1, max_size=6).map(tuple))
def test_weekly_hours_come_back_from_their_cell(weekly):
    cell = SEPARATOR.join(f"{' '.join(line.days)} {line.opens}-{line.closes}" for line in weekly)
    row = Row("x.csv", 2, {"weekly_hours": cell, "time_zone": "America/New_York"}, [])

    document = read_hours(row, "owner")

    assert not row.is_bad
    assert msgspec.convert(document, Hours).weekly == weekly


@given(st.text(max_size=60))
def test_any_text_as_hours_is_read_or_told_but_never_fails(text):
    errors = []
    row = Row(
        "x.csv", 2, {"weekly_hours": text, "dated_hours": text, "time_zone": "America/New_York"}, errors
    )

    read_hours(row, "owner")

    assert row.is_bad == bool(errors)


CONTENT = st.binary(max_size=200) | st.text(alphabet='ab,"\n\r|\x00é', max_size=200).map(str.encode)


@given(CONTENT, CONTENT)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_content_of_files_is_read_or_told_but_never_fails(tmp_path, header, content):
    folder = write_folder(tmp_path / "folder", tables())
    (folder / "programs.csv").write_bytes(header)
    (folder / "phones.csv").write_bytes(b"program,number,label\n" + content)

    reading = read_folder(folder)

    assert reading.programs == [] or reading.programs == ()
    assert reading.errors
