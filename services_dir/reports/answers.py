"""Answers of reports that are files."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from flask import Response

from services_dir.exchange.exports.spreadsheet import harmless


def csv_text(rows: Iterable[Sequence[str | int]]) -> str:
    """Write rows as a table that no spreadsheet runs anything of."""
    text = io.StringIO()
    csv.writer(text).writerows([harmless(str(cell)) for cell in row] for row in rows)
    return text.getvalue()


def csv_answer(name: str, rows: Iterable[Sequence[str | int]]) -> Response:
    """Give rows as a file for a spreadsheet: CSV in UTF-8, which it is told by a mark at the beginning."""
    return file_answer(name, csv_text(rows).encode("utf-8-sig"), "text/csv; charset=utf-8")


def file_answer(name: str, content: bytes, kind: str) -> Response:
    """Give a file to keep."""
    response = Response(content, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
