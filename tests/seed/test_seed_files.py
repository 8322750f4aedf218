"""The files of `seed_data` are whole, well written and described."""

from __future__ import annotations

import csv
import re
from collections import Counter

import pytest

from services_dir.exchange import tables
from services_dir.exchange.reader import ALONGSIDE
from services_dir.settings import SEED_DATA

LINES = {
    "languages.csv": 74,
    "links.csv": 7,
    "organizations.csv": 204,
    "open_eligibility.csv": 214,
    "phones.csv": 225,
    "place_parents.csv": 1222,
    "places.csv": 660,
    "programs.csv": 252,
    "sites.csv": 144,
    "sources.csv": 673,
    "term_words.csv": 1202,
    "terms.csv": 46,
    "words.csv": 5040,
}
FORMULA = re.compile(r"[=+@]|-(?![\d.]+$)")


def rows(file: str) -> list[dict[str, str]]:
    with (SEED_DATA / file).open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened, strict=True))


def test_every_file_is_there_with_all_its_lines():
    assert {path.name: len(rows(path.name)) for path in SEED_DATA.glob("*.csv")} == LINES
    assert {table.file for table in tables.ALL} | ALONGSIDE == set(LINES)


@pytest.mark.parametrize("file", sorted(LINES))
def test_a_cell_says_something_and_no_spreadsheet_takes_it_for_a_formula(file):
    for row in rows(file):
        for column, value in row.items():
            assert value == value.strip(), (file, column, value)
            assert "\n" not in value, (file, column, value)
            assert not FORMULA.match(value), (file, column, value)
            assert value not in ("None", "null", "nan"), (file, column)


@pytest.mark.parametrize("file", ["organizations.csv", "programs.csv"])
def test_records_stand_in_the_order_of_their_slugs(file):
    slugs = [row["slug"] for row in rows(file)]
    assert slugs == sorted(set(slugs))


def test_the_parts_of_a_program_stand_together():
    for file in ("phones.csv", "sites.csv", "languages.csv", "links.csv", "sources.csv"):
        owners = [row["program"] for row in rows(file)]
        assert owners == sorted(owners), file


def test_every_column_is_described():
    text = (SEED_DATA / "README.md").read_text(encoding="utf-8")
    described = Counter(re.findall(r"`([a-z_]+(?:_[a-z]+)*)`", text))
    for table in tables.ALL:
        columns = {*table.required, *table.optional, *(f"{name}_en" for name in table.per_language)}
        columns -= {"translated_on_en", "translated_version_en"}
        assert not [column for column in columns if column not in described], table.file
        assert table.file in text
