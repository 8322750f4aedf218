"""How much of a file is read: what is larger is refused before it can fill the memory or the disk."""

from __future__ import annotations

from dataclasses import dataclass

_MB = 1_000_000


@dataclass(frozen=True)
class Limits:
    """Numbers of files, bytes and signs; `ratio` is how many times larger a file may become unpacked."""

    files: int = 200
    bytes: int = 4_000 * _MB
    ratio: int = 200
    ratio_counts_from: int = 10 * _MB
    cell: int = 200_000
    columns: int = 500
    line: int = 20 * _MB
    workbook_rows: int = 200_000


LIMITS = Limits()
