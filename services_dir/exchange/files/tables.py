"""A CSV file as a table that is never held in memory: only where its rows begin, by their keys."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import IO

import numpy as np

from services_dir.errors import N_, InvalidError
from services_dir.exchange.files.encodings import as_utf8
from services_dir.exchange.files.limits import LIMITS, Limits
from services_dir.exchange.files.packages import File
from services_dir.values import without_controls

Cells = dict[str, str]

_DELIMITERS = (",", ";", "\t", "|")
_SEPARATOR_LINE = re.compile(rb"\s*sep=(.)\s*$")
_QUOTED = re.compile(r'"[^"]*"')


class EmptyTableError(InvalidError):
    """A table has no line that names its columns."""


@dataclass(frozen=True)
class RowRef:
    """A row: its line in the file (1 is the header) and its cells by column; empty cells are left out."""

    line: int
    cells: Cells


@dataclass
class _Index:
    """Hashes of the values of a column in order, with the position and line of each row that has them."""

    hashes: np.ndarray
    offsets: np.ndarray
    lines: np.ndarray


@dataclass
class CsvTable:
    """A CSV file: its name, its columns in small letters, and rows found by position or by key."""

    name: str
    columns: tuple[str, ...]
    content: IO[bytes]
    delimiter: str
    start: int  # where the first row begins
    start_line: int
    encoding: str
    limits: Limits = LIMITS
    rows: int = 0
    blank: int = 0  # rows of nothing but delimiters, as spreadsheets leave them
    torn: list[int] = field(default_factory=list)  # lines with more cells than there are columns
    _indexes: dict[str, _Index] = field(default_factory=dict)

    def scan(self) -> Iterator[RowRef]:
        """Give all rows in their order. Raises InvalidError where the file breaks off."""
        for _offset, row in self._scan():
            yield row

    def index(self, columns: Iterable[str]) -> None:
        """Read the file once, count its rows, and remember where the values of some columns are found."""
        names = [name for name in columns if name in self.columns]
        found: dict[str, tuple[list[int], list[int], list[int]]] = {name: ([], [], []) for name in names}
        self.rows, self.blank, self.torn = 0, 0, []
        for offset, row in self._scan():
            self.rows += 1
            for name in names:
                if name in row.cells:
                    hashes, offsets, lines = found[name]
                    hashes.append(hash(row.cells[name]))
                    offsets.append(offset)
                    lines.append(row.line)
        for name, (hashes, offsets, lines) in found.items():
            order = np.argsort(np.array(hashes, dtype=np.int64), kind="stable")
            self._indexes[name] = _Index(
                np.array(hashes, dtype=np.int64)[order],
                np.array(offsets, dtype=np.int64)[order],
                np.array(lines, dtype=np.int64)[order],
            )

    def find(self, column: str, value: str) -> list[RowRef]:
        """Give the rows that have a value in a column, in their order."""
        index = self._indexes.get(column)
        if index is None:
            return []
        first, last = np.searchsorted(index.hashes, [hash(value), hash(value) + 1])
        rows = [
            self._read(int(index.offsets[at]), int(index.lines[at])) for at in range(int(first), int(last))
        ]
        return [row for row in rows if row.cells.get(column) == value]

    def _read(self, offset: int, line: int) -> RowRef:
        self.content.seek(offset)
        row = next(csv.reader(map(_text, iter(self.content.readline, b"")), delimiter=self.delimiter), [])
        return RowRef(line, self._cells(row))

    def _scan(self) -> Iterator[tuple[int, RowRef]]:
        lines = _Lines(self.content, self.start, self.start_line, self.limits, self.name)
        csv.field_size_limit(self.limits.cell)
        reader = csv.reader(lines, delimiter=self.delimiter)
        while True:
            lines.begin()
            try:
                row = next(reader, None)
            except csv.Error as error:
                message = N_("{name}, line {line}: from here on the file cannot be read: {reason}")
                raise InvalidError(
                    message, name=self.name, line=lines.record_line, reason=str(error)
                ) from error
            if row is None:
                return
            if lines.at_end and lines.quotes % 2:
                message = N_("{name}, line {line}: a quotation mark is opened here and never closed.")
                raise InvalidError(message, name=self.name, line=lines.record_line)
            if len(row) > len(self.columns) and any(cell.strip() for cell in row[len(self.columns) :]):
                self.torn.append(lines.record_line)
                continue
            cells = self._cells(row)
            if cells:
                yield lines.record_start, RowRef(lines.record_line, cells)
            elif len(row) > 1:
                self.blank += 1

    def _cells(self, row: Sequence[str]) -> Cells:
        return {
            name: said
            for name, cell in zip(self.columns, row, strict=False)
            if (said := without_controls(cell).strip())
        }


class _Lines:
    """Lines of a file for the reader of CSV, which remembers where the record it reads began."""

    def __init__(self, content: IO[bytes], start: int, line: int, limits: Limits, name: str) -> None:
        self._content, self._at, self._line, self._limits, self._name = content, start, line, limits, name
        self.record_start, self.record_line, self.quotes, self.at_end = start, line, 0, False

    def begin(self) -> None:
        """Note that a record begins at the next line."""
        self.record_start, self.record_line, self.quotes, self._length = self._at, self._line, 0, 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        self._content.seek(self._at)
        raw = self._content.readline(self._limits.line)
        if not raw:
            self.at_end = True
            raise StopIteration
        self._at += len(raw)
        self._line += 1
        self.quotes += raw.count(b'"')
        self._length += len(raw)
        if self._length > self._limits.line:
            message = N_("{name}, line {line}: one row is longer than {size} MB.")
            size = self._limits.line // 1_000_000
            raise InvalidError(message, name=self._name, line=self.record_line, size=size)
        return _text(raw)


def open_table(file: File, *, limits: Limits = LIMITS) -> CsvTable:
    """Open a CSV file: find its encoding, its delimiter and its columns.

    Raises InvalidError if it is empty, is no text, or names a column twice.
    """
    content, encoding = as_utf8(file)
    content.seek(0)
    start, line = 0, 1
    header = content.readline(limits.line)
    said = _SEPARATOR_LINE.match(header)
    if said is not None:
        start, line = len(header), 2
    content.seek(start)
    sample = _text(content.readline(limits.line))
    while sample and not sample.strip():  # blank lines before the header
        start, line = content.tell(), line + 1
        sample = _text(content.readline(limits.line))
    if not sample.strip():
        raise EmptyTableError(N_("{name} is empty: its first line names the columns."), name=file.name)
    delimiter = said[1].decode() if said else _find_delimiter(sample)
    lines = _Lines(content, start, line, limits, file.name)
    lines.begin()
    csv.field_size_limit(limits.cell)
    try:
        cells = next(csv.reader(lines, delimiter=delimiter))
    except csv.Error as error:
        message = N_("{name}, line {line}: from here on the file cannot be read: {reason}")
        raise InvalidError(message, name=file.name, line=line, reason=str(error)) from error
    columns = [without_controls(name).strip().casefold().replace(" ", "_") for name in cells]
    _refuse_columns(file.name, columns, limits)
    return CsvTable(file.name, tuple(columns), content, delimiter, lines._at, lines._line, encoding, limits)


def _refuse_columns(name: str, columns: list[str], limits: Limits) -> None:
    if len(columns) > limits.columns:
        raise InvalidError(N_("{name} has more than {count} columns."), name=name, count=limits.columns)
    twice = sorted({column for column in columns if column and columns.count(column) > 1})
    if twice:
        raise InvalidError(N_("{name}: the column “{value}” is there twice."), name=name, value=twice[0])


def _find_delimiter(header: str) -> str:
    bare = _QUOTED.sub("", header)
    return max(_DELIMITERS, key=lambda sign: (bare.count(sign), -_DELIMITERS.index(sign)))


def _text(raw: bytes) -> str:
    return raw.decode(errors="replace").replace("\0", "")
