"""What the page and the file of freshness show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date
from flask import url_for
from flask_babel import gettext as _

from services_dir.catalog.kinds import ProgramKind
from services_dir.reports.freshness.queries import Freshness, Standings, Work
from services_dir.search.query import Facet, SearchQuery
from services_dir.search.vocabulary import Vocabulary
from services_dir.verification.rules import Standing
from services_dir.web.languages import translated


@dataclass(frozen=True)
class Line:
    """A line of a table: what it counts, its numbers, their sum, and the search that finds as many."""

    key: str
    label: str
    numbers: tuple[int, ...]
    total: int
    address: str = ""


@dataclass(frozen=True)
class Table:
    """A table of the report: what it is about, its heads, its lines, and whether they have a sum."""

    name: str
    caption: str
    heads: tuple[str, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class FreshnessPage:
    """How fresh the catalog is."""

    title: str
    total: Line
    tables: tuple[Table, ...]
    usual: int
    grave: int
    overdue: int
    overdue_grave: int
    csv: str

    @classmethod
    def build(
        cls,
        freshness: Freshness,
        deeds: Mapping[date, Counter[Work]],
        vocabulary: Vocabulary,
        language: str,
    ) -> FreshnessPage:
        """Put the figures into tables."""
        deadlines = freshness.deadlines
        return cls(
            title=_("How fresh the details are"),
            total=_line("all", _("All programs"), freshness.total, SearchQuery()),
            tables=tuple(_tables(freshness, deeds, vocabulary, language)),
            usual=deadlines.usual,
            grave=deadlines.grave,
            overdue=deadlines.freshness.usual,
            overdue_grave=deadlines.freshness.grave,
            csv=url_for("freshness.csv"),
        )

    @property
    def sums(self) -> list[tuple[str, int]]:
        """Give how many of all programs stand how, in words."""
        return [(translated(one.label), n) for one, n in zip(Standing, self.total.numbers, strict=True)]

    def rows(self) -> Iterator[list[str | int]]:
        """Give all figures as rows of one table: which table, which line, which column, the number."""
        yield ["table", "key", "label", "column", "number"]
        for standing, number in zip(Standing, self.total.numbers, strict=True):
            yield ["all", self.total.key, self.total.label, standing.value, number]
        for table in self.tables:
            columns: Iterable[Standing | Work] = Work if table.name == "work" else Standing
            for line in table.lines:
                for column, number in zip(columns, line.numbers, strict=True):
                    yield [table.name, line.key, line.label, column.value, number]


def _tables(
    freshness: Freshness, deeds: Mapping[date, Counter[Work]], vocabulary: Vocabulary, language: str
) -> Iterator[Table]:
    standings = (*(translated(standing.label) for standing in Standing), _("All"))
    for facet, name, caption, counted in (
        (Facet.CATEGORY, "category", _("By kind of help"), freshness.categories),
        (Facet.LEVEL, "level", _("By who runs it"), freshness.levels),
    ):
        lines = (
            _line(key, vocabulary.label(facet, key, language), held, SearchQuery().choosing(facet, (key,)))
            for key, held in counted.items()
        )
        yield Table(name, caption, (translated(facet.label), *standings), tuple(lines))
    ends = (_line(day.isoformat(), _day(day, language), held) for day, held in freshness.months.items())
    yield Table("month", _("Over time"), (_("At the end of"), *standings), tuple(ends))
    work = tuple(
        Line(
            f"{first:%Y-%m}",
            format_date(first, "MMMM y", locale=language),
            tuple(done[deed] for deed in Work),
            done.total(),
        )
        for first, done in deeds.items()
    )
    heads = (_("Month"), *(translated(deed.label) for deed in Work))
    yield Table("work", _("What coordinators did"), heads, work)


def _day(day: date, language: str) -> str:
    return format_date(day, "long", locale=language)


def _line(key: str, label: str, held: Standings, query: SearchQuery | None = None) -> Line:
    numbers = tuple(held.get(standing, 0) for standing in Standing)
    address = ""
    if query is not None:
        address = url_for("search.results", **query.to_args(), kind=ProgramKind.PROGRAM.value)
    return Line(key, label, numbers, sum(numbers), address)
