"""Reading a table of figures: row by row, each with its line, and in sentences what is wrong with it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.structs import replace

from services_dir.errors import N_, InvalidError
from services_dir.indicators.rules import SMALL
from services_dir.indicators.series import BREAKDOWNS, SERIES
from services_dir.values import without_controls

COLUMNS: Final = (
    "series",
    "period",
    "breakdown",
    "part",
    "value",
    "source_title",
    "source_url",
    "source_as_of",
    "note",
)
FEWER: Final = f"<{SMALL}"
REMOVE: Final = "remove"

_MOST_ROWS = 5_000
_LARGEST = 1_000_000_000
_NEEDED = ("series", "period", "value", "source_title", "source_as_of")
_PERIOD = re.compile(r"(19|20)\d\d(-(19|20)\d\d)?")
_DAY = re.compile(r"(19|20)\d\d(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
_LENGTHS = {"source_title": 200, "source_url": 500, "note": 300}


class FigureRow(Struct, frozen=True):
    """A row as it was read: its line, what it says, and what is wrong with it if anything is.

    `value` is None for a number from 1 to 4 of people or cases: that number goes no further than here.
    """

    line: int
    series: str
    period: str
    breakdown: str
    part: str
    value: int | None
    source_title: str
    source_url: str
    source_as_of: str
    note: str
    removes: bool = False
    problem: str = ""

    @property
    def key(self) -> tuple[str, str, str, str]:
        """Give what the figure is of."""
        return self.series, self.period, self.breakdown, self.part


def read_table(content: bytes) -> list[FigureRow]:
    """Read a CSV file. Raises InvalidError if it is none, or lacks a column."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidError(N_("This file cannot be read. Save the table as CSV in UTF-8.")) from None
    first_line = text.partition("\n")[0]
    delimiter = max(",;\t", key=first_line.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        columns = [name.strip().lower() for name in reader.fieldnames or ()]
        missing = [name for name in _NEEDED if name not in columns]
        if missing:
            raise InvalidError(N_("The table lacks these columns: {columns}."), columns=", ".join(missing))
        reader.fieldnames = columns
        rows = list(_rows(reader))
    except csv.Error:
        raise InvalidError(N_("This file is no CSV table, or it is damaged.")) from None
    if not rows:
        raise InvalidError(N_("The table has no rows."))
    return _without_twins(rows)


def _rows(reader: csv.DictReader[str]) -> Iterator[FigureRow]:
    for number, cells in enumerate(reader):
        if number >= _MOST_ROWS:
            raise InvalidError(N_("The table has more than {most} rows. Split it."), most=_MOST_ROWS)
        values = {
            name: " ".join(without_controls(cell).split())
            for name, cell in cells.items()
            if isinstance(name, str) and isinstance(cell, str)
        }
        if values.get("value") or values.get("source_title"):  # else a row of the template as it came
            yield _row(reader.line_num, {name: values.get(name, "") for name in COLUMNS})


def _row(line: int, values: dict[str, str]) -> FigureRow:
    values |= {name: values[name].lower() for name in ("series", "breakdown", "part", "value")}
    values["period"] = values["period"].replace("/", "-").replace("\u2013", "-")
    said = values.pop("value")
    short = {name: text[: _LENGTHS.get(name, 40)] for name, text in values.items()}
    problem = next(_problems(values, said), "")
    value = None if problem or said in (FEWER, REMOVE) else int(said.replace(",", ""))
    if value is not None and 0 < value < SMALL and SERIES[values["series"]].protects:
        value = None
    return FigureRow(line, **short, value=value, removes=said == REMOVE, problem=problem)


def _problems(values: dict[str, str], said: str) -> Iterator[str]:
    """Give what is wrong with a row, the gravest first."""
    series = SERIES.get(values["series"])
    if series is None:
        yield N_("There is no such series. The template lists them.")
        return
    if not _is_period(values["period"]):
        yield N_("The period must be a year, such as 2025 or 2024-2025.")
    parts = BREAKDOWNS.get(values["breakdown"], {"": ""} if not values["breakdown"] else {})
    if not parts:
        yield N_("There is no such breakdown. The template lists them.")
    elif values["part"] not in parts:
        yield N_("There is no such part in this breakdown. The template lists them.")
    number = said.replace(",", "")
    is_number = number.isascii() and number.isdecimal() and int(number[:12]) <= _LARGEST
    if said == FEWER and not series.protects:
        yield N_("Give the number: small numbers of this series are shown.")
    elif not is_number and said not in (FEWER, REMOVE):
        yield N_("The value must be a whole number, or <5. Leave the row out if nobody knows it.")
    if said == REMOVE:
        return
    if not values["source_title"]:
        yield N_("A figure needs a source: say which report or office it is from.")
    if not _DAY.fullmatch(values["source_as_of"]):
        yield N_("Say of when the source is, as 2025, 2025-03 or 2025-03-31.")
    if values["source_url"] and not _is_web(values["source_url"]):
        yield N_("The address of the source must begin with http:// or https://.")
    if any(len(values[name]) > most for name, most in _LENGTHS.items()):
        yield N_("A text of this row is too long.")


def _is_period(text: str) -> bool:
    if not _PERIOD.fullmatch(text):
        return False
    first, _dash, last = text.partition("-")
    return not last or int(last) == int(first) + 1


def _is_web(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _without_twins(rows: list[FigureRow]) -> list[FigureRow]:
    """Refuse a figure that stands in the table twice: nobody knows which holds."""
    seen: set[tuple[str, str, str, str]] = set()
    kept = []
    for row in rows:
        is_twin = row.key in seen and not row.problem
        kept.append(replace(row, problem=N_("This figure stands in the table twice.")) if is_twin else row)
        if not row.problem:
            seen.add(row.key)
    return kept
