"""Workbooks (XLSX): each sheet as the CSV file of its name, read row by row."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable
from datetime import date, datetime, time
from tempfile import TemporaryFile
from typing import IO, Any

import openpyxl

from services_dir.errors import N_, InvalidError
from services_dir.exchange.files.limits import LIMITS, Limits
from services_dir.exchange.files.packages import File, Keep


def read_workbook(file: File, *, limits: Limits = LIMITS) -> tuple[File, ...]:
    """Give the sheets of a workbook as CSV files. Raises InvalidError if it cannot be read."""
    _refuse_bomb(file, limits)
    file.content.seek(0)
    try:
        book = openpyxl.load_workbook(file.content, read_only=True, data_only=True, keep_links=False)
        try:
            return tuple(
                _as_csv(sheet.title, sheet.iter_rows(values_only=True), file.keep, limits)
                for sheet in book.worksheets
                if sheet.sheet_state == "visible"
            )
        finally:
            book.close()
    except InvalidError:
        raise
    except Exception as error:
        raise InvalidError(N_("This workbook cannot be read: {reason}"), reason=str(error)) from error


def _refuse_bomb(file: File, limits: Limits) -> None:
    file.content.seek(0)
    try:
        with zipfile.ZipFile(file.content) as archive:
            sizes = [(entry.file_size, entry.compress_size) for entry in archive.infolist()]
    except zipfile.BadZipFile as error:
        raise InvalidError(N_("This workbook cannot be read: {reason}"), reason=str(error)) from error
    grown = sum(size for size, _packed in sizes)
    packed = max(1, sum(packed for _size, packed in sizes))
    is_bomb = grown > packed * limits.ratio and grown > limits.ratio_counts_from
    if is_bomb or grown > limits.bytes or len(sizes) > limits.files * 10:
        raise InvalidError(
            N_("“{name}” grows more than {ratio} times when it is unpacked."),
            name=file.name,
            ratio=limits.ratio,
        )


def _as_csv(title: str, rows: Iterable[Iterable[Any]], keep: Keep, limits: Limits) -> File:
    held: IO[bytes] = keep(TemporaryFile())  # noqa: SIM115 - closed with its package
    writer_text = io.TextIOWrapper(held, encoding="utf-8", newline="", write_through=True)
    writer = csv.writer(writer_text, lineterminator="\n")
    try:
        for number, row in enumerate(rows, 1):
            if number > limits.workbook_rows:
                message = N_("The sheet “{name}” has more than {count} rows.")
                raise InvalidError(message, name=title, count=limits.workbook_rows)
            cells = [_said(cell) for cell in row]
            writer.writerow(cells if any(cells) else [])
    finally:
        writer_text.detach()
    size = held.tell()
    held.seek(0)
    return File(f"{title.strip().casefold().replace(' ', '_').removesuffix('.csv')}.csv", held, size, keep)


def _said(value: Any) -> str:
    """Write a cell as the CSV files do: a whole number without a point, a date as 2026-02-13."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return str(value)
