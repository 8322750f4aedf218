"""Lines of a CSV file: reading them with their numbers, and reading their cells."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from io import StringIO
from typing import Any, TypeVar

from services_dir.catalog.draft import clean
from services_dir.errors import N_

EnumT = TypeVar("EnumT", bound=StrEnum)

# Stands between the values of one cell; texts may hold semicolons and commas.
SEPARATOR = " | "
_LANGUAGE = re.compile("[a-z]{2,3}")
_YES_NO = {"yes": True, "no": False}


@dataclass(frozen=True)
class RowError:
    """What is wrong in a file: line (0: the whole file), column (may be empty), sentence and values."""

    file: str
    line: int
    column: str
    message: str
    values: Mapping[str, Any] = field(default_factory=dict)
    is_warning: bool = False

    @property
    def sentence(self) -> str:
        """Give the English sentence."""
        return self.message.format(**self.values)

    def __str__(self) -> str:
        where = f"{self.file}, line {self.line}" if self.line else self.file
        return f"{where}{', ' + self.column if self.column else ''}: {self.sentence}"


@dataclass(frozen=True)
class Table:
    """A file and its columns; `per_language` ones carry a language: `name_en`, `name_es`."""

    file: str
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    per_language: tuple[str, ...] = ()

    def knows(self, column: str) -> bool:
        """Tell whether the file may have this column."""
        if column in self.required or column in self.optional:
            return True
        return _split_language(column)[0] in self.per_language


class Row:
    """One line: its cells by column, and where what is wrong with it is noted."""

    def __init__(self, file: str, line: int, cells: dict[str, str], errors: list[RowError]) -> None:
        self.file = file
        self.line = line
        self.cells = cells
        self.is_bad = False
        self._errors = errors

    def error(self, column: str, message: str, **values: Any) -> None:
        """Note that this line cannot be taken."""
        self.is_bad = True
        self._errors.append(RowError(self.file, self.line, column, message, values))

    def warn(self, column: str, message: str, **values: Any) -> None:
        """Note something that does not keep this line from being taken."""
        self._errors.append(RowError(self.file, self.line, column, message, values, is_warning=True))

    def text(self, column: str) -> str | None:
        """Give what a cell says, cleaned; None for an empty one."""
        return self.cells.get(column) or None

    def needed(self, column: str) -> str | None:
        """Give what a cell says; an empty one is an error."""
        said = self.text(column)
        if said is None:
            self.error(column, N_("This cell may not be empty."))
        return said

    def texts(self, column: str) -> list[str]:
        """Give the values of a cell that holds several, separated by ` | `."""
        return [value.strip() for value in self.cells.get(column, "").split("|") if value.strip()]

    def languages(self, column: str) -> dict[str, str]:
        """Give what the cells of a column say, by language: `name_en` and `name_es` for `name`."""
        found = {}
        for name, said in self.cells.items():
            stem, language = _split_language(name)
            if stem == column and said:
                found[language] = said
        return found

    def one_of(self, column: str, kind: type[EnumT], default: EnumT | None = None) -> EnumT | None:
        """Give the value of a closed list that a cell names, whatever its case and hyphens."""
        said = self.text(column)
        if said is None:
            return default
        for value in kind:
            if _plain(value) == _plain(said):
                return value
        message = N_("“{value}” is not one of these: {choices}.")
        self.error(column, message, value=said, choices=", ".join(kind))
        return default

    def yes_or_no(self, column: str) -> bool | None:
        """Give what a cell answers; None for an empty one."""
        said = self.text(column)
        if said is not None and said.casefold() not in _YES_NO:
            self.error(column, N_("“{value}” is neither yes nor no."), value=said)
        return _YES_NO.get(said.casefold()) if said else None

    def number(self, column: str, low: float, high: float) -> float | None:
        """Give the number in a cell, which must lie between two others; None for an empty one."""
        said = self.text(column)
        if said is None:
            return None
        try:
            value = float(said)
        except ValueError:
            value = float("nan")
        if not low <= value <= high:
            message = N_("“{value}” is not a number from {low} to {high}.")
            self.error(column, message, value=said, low=low, high=high)
            return None
        return value

    def whole(self, column: str, low: int, high: int) -> int | None:
        """Give the whole number in a cell, which must lie between two others; None for an empty one."""
        value = self.number(column, low, high)
        if value is not None and value != int(value):
            self.error(column, N_("“{value}” is not a whole number."), value=self.text(column))
            return None
        return None if value is None else int(value)

    def day(self, column: str) -> date | None:
        """Give the date in a cell, written as 2026-02-13; None for an empty one."""
        said = self.text(column)
        if said is None:
            return None
        try:
            return date.fromisoformat(said)
        except ValueError:
            self.error(column, N_("“{value}” is not a date such as 2026-02-13."), value=said)
            return None


@dataclass(frozen=True)
class Text:
    """The bytes of a file, and what stands between its cells."""

    content: bytes
    delimiter: str = ","


def read_table(text: Text | None, table: Table, errors: list[RowError]) -> list[Row] | None:
    """Read one file; without it there are no rows. None if the file is broken, which is noted.

    RFC 4180 with a header, in UTF-8 with or without byte order mark.
    """
    if text is None:
        return []
    try:
        content = text.content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        errors.append(RowError(table.file, line, "", N_("This file is not written in UTF-8.")))
        return None
    lines = _lines(content, text.delimiter, table.file, errors)
    header = next(lines, None)
    if header is None:
        errors.append(
            RowError(table.file, 1, "", N_("This file is empty: its first line names the columns."))
        )
        return None
    columns = [str(clean(name)).casefold() for name in header[1]]
    if not _check_header(table, columns, errors):
        return None
    rows = []
    for number, cells in lines:
        if number is None:
            return None
        said = dict(zip(columns, map(clean, cells), strict=False))
        row = Row(table.file, number, said, errors)
        if len(cells) != len(columns):
            message = N_("This line has {count} cells, but there are {columns} columns.")
            row.error("", message, count=len(cells), columns=len(columns))
        elif said.get(""):
            row.error("", N_("“{value}” stands in a column without a name."), value=said[""])
        rows.append(row)
    return rows


def _lines(
    content: str, delimiter: str, file: str, errors: list[RowError]
) -> Iterator[tuple[int | None, list[str]]]:
    """Give each line that is not blank with its number; a last one without number if they break off."""
    reader = csv.reader(StringIO(content, newline=""), strict=True, delimiter=delimiter)
    number = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield number, cells
            number = reader.line_num + 1
    except csv.Error as error:
        message = N_("From this line on the file cannot be read: {reason}")
        errors.append(RowError(file, number, "", message, {"reason": str(error)}))
        yield None, []


def _check_header(table: Table, columns: list[str], errors: list[RowError]) -> bool:
    named = [column for column in columns if column]  # spreadsheets write empty columns at the end
    for column in sorted(set(named)):
        if columns.count(column) > 1:
            message = N_("The column “{value}” is there twice.")
            errors.append(RowError(table.file, 1, column, message, {"value": column}))
        elif not table.knows(column):
            message = N_("We do not know the column “{value}”; it was not read.")
            errors.append(RowError(table.file, 1, column, message, {"value": column}))
    missing = [column for column in table.required if column not in columns]
    for column in missing:
        message = N_("The column “{value}” is missing.")
        errors.append(RowError(table.file, 1, column, message, {"value": column}))
    return not missing and len(named) == len(set(named))


def _split_language(column: str) -> tuple[str | None, str]:
    """Give a column's name without its language, and the language; None if it carries none."""
    stem, _, language = column.rpartition("_")
    return (stem if _LANGUAGE.fullmatch(language) else None), language


def _plain(value: str) -> str:
    return value.casefold().replace("_", "-").replace(" ", "-")
