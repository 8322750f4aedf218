"""The judged set: what somebody types, where, and the programs that must then be among the first.

The rows were written from the facts of the seed and from how people talk, before any ranking was tuned.
Rows may be added, never bent to what a search happens to find.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from services_dir.search.query import Notice, SearchQuery
from services_dir.values import fold

# Each file was written before what came before it was measured.
FILES = tuple(
    Path(__file__).with_name(name)
    for name in (
        "queries.csv",
        "queries-second.csv",
        "queries-third.csv",
        "queries-fourth.csv",
        "queries-blind.csv",
        "queries-fifth.csv",
        "queries-sixth.csv",
        "queries-seventh.csv",
    )
)
COLUMNS = ("query", "place", "language", "kinds", "first_3", "first_10", "reason")
LANGUAGES = ("en", "es")
# As many good answers as a tenth of the seed would let nearly anything pass.
MOST_ANSWERS = 23


class Kind(StrEnum):
    """What is special about a query; one query may be of several kinds."""

    LAY = "lay"
    NAME = "name"
    FORMER_NAME = "former-name"
    ABBREVIATION = "abbreviation"
    PHONE = "phone"
    PLACE = "place"
    SPANISH = "spanish"
    MISSPELT = "misspelt"
    SEVERAL = "several"


@dataclass(frozen=True)
class JudgedQuery:
    """One row: at least one of `first_3` must be in the first three, all of `first_10` in the first ten."""

    line: int
    query: str
    place: str
    language: str
    kinds: tuple[Kind, ...]
    first_3: tuple[str, ...]
    first_10: tuple[str, ...]
    reason: str

    @property
    def label(self) -> str:
        """Give the query as a reader of the report sees it."""
        return f"{self.query} [{self.place}]" if self.place else self.query

    def search_query(self) -> tuple[SearchQuery, tuple[Notice, ...]]:
        """Read it as the page of results would, with what was not understood."""
        return SearchQuery.read({"q": [self.query], "place": [self.place]})


def read_all() -> tuple[JudgedQuery, ...]:
    """Read all judged queries."""
    return tuple(judged for file in FILES for judged in read_queries(file))


def read_queries(file: Path) -> tuple[JudgedQuery, ...]:
    """Read judged queries of one file. Raises ValueError, which names the line, for what is no such row."""
    with file.open(encoding="utf-8", newline="") as handle:
        reader = csv.DictReader(handle)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            raise ValueError(f"{file.name}: the columns must be {', '.join(COLUMNS)}")
        return tuple(_read_row(row, reader.line_num) for row in reader)


def find_problems(queries: Sequence[JudgedQuery], published: Collection[str]) -> Iterator[str]:
    """Say what is wrong with the set, given the slugs of what is published."""
    seen: dict[tuple[str, str, str], int] = {}
    for judged in queries:
        for problem in _problems_of(judged, published):
            yield f"line {judged.line} ({judged.label}): {problem}"
        key = (fold(judged.query), fold(judged.place), judged.language)
        if key in seen:
            yield f"line {judged.line} ({judged.label}): line {seen[key]} asks the same"
        seen.setdefault(key, judged.line)


def _problems_of(judged: JudgedQuery, published: Collection[str]) -> Iterator[str]:
    for slug in (*judged.first_3, *judged.first_10):
        if slug not in published:
            yield f"{slug} is not published"
    if not judged.first_3:
        yield "it names no answer"
    if len(judged.first_3) > MOST_ANSWERS:
        yield f"more than {MOST_ANSWERS} answers would do"
    for slugs in (judged.first_3, judged.first_10):
        if len(set(slugs)) < len(slugs):
            yield "it names a program twice"
    if not judged.kinds or len(set(judged.kinds)) < len(judged.kinds):
        yield "it must be of one kind or of several different ones"
    if judged.place and Kind.PLACE not in judged.kinds:
        yield "it has a place but is not of that kind"
    if judged.language not in LANGUAGES:
        yield f"we have no pages in “{judged.language}”"
    if not judged.query or not judged.reason:
        yield "query or reason is missing"
    for notice in judged.search_query()[1]:
        yield notice.sentence


def _read_row(row: dict[str, str], line: int) -> JudgedQuery:
    if None in row or None in row.values():
        raise ValueError(f"line {line}: there are more or fewer cells than columns")
    try:
        kinds = tuple(Kind(kind) for kind in _several(row["kinds"]))
    except ValueError as error:
        raise ValueError(f"line {line}: {error}") from None
    return JudgedQuery(
        line=line,
        query=row["query"],
        place=row["place"],
        language=row["language"],
        kinds=kinds,
        first_3=_several(row["first_3"]),
        first_10=_several(row["first_10"]),
        reason=row["reason"],
    )


def _several(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split("|") if part.strip())
