"""A yearly report in words and tables, in the language of the request: the same for page and PDF."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from babel.dates import format_date
from flask_babel import gettext as _
from flask_babel import ngettext

from services_dir.demand.models import Breakdown, Measure
from services_dir.demand.rules import NOT_SAID, Sums
from services_dir.reports import rules
from services_dir.reports.annual.demand import sums_of
from services_dir.reports.annual.figures import Changes, Figures
from services_dir.reports.wording import gap_sentence
from services_dir.search.matrix import Reached
from services_dir.verification.rules import Standing
from services_dir.web.languages import translated

Cells = tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A table: its caption, heads and rows, the first cell of each its head; wide ones need a broad page."""

    caption: str
    heads: Cells
    rows: tuple[Cells, ...]
    is_wide: bool = False


@dataclass(frozen=True)
class Section:
    """A part of the report: paragraphs, then tables, then a list of sentences."""

    heading: str
    texts: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    items: tuple[str, ...] = ()


@dataclass(frozen=True)
class Writer:
    """Puts the figures of a report into sections."""

    figures: Figures
    language: str

    def sections(self) -> Iterator[Section]:
        """Give all sections in their order."""
        yield self._inventory()
        yield self._changes()
        yield self._coverage()
        yield self._gaps()
        yield self._freshness()
        yield self._demand()
        yield self._method()

    def category(self, slug: str) -> str:
        """Give what a kind of help was called."""
        return self.figures.label(f"category/{slug}", self.language)

    def level(self, value: str) -> str:
        """Give what a level was called."""
        return self.figures.label(f"level/{value}", self.language)

    def day(self, day: date) -> str:
        """Give a day in words."""
        return format_date(day, "long", locale=self.language)

    def ordered(self) -> Iterator[str]:
        """Give the kinds of help: those that the law names, then the others."""
        yield from self.figures.statutory
        yield from (slug for slug in self.figures.categories if slug not in self.figures.statutory)

    def _inventory(self) -> Section:
        figures = self.figures
        heads = (_("Kind of help"), _("In the law"), *map(self.level, figures.levels), _("All"))
        rows = [
            (
                self.category(slug),
                _("yes") if slug in figures.statutory else "",
                *(str(figures.cells[slug].get(level, 0)) for level in figures.levels),
                str(figures.by_category[slug]),
            )
            for slug in self.ordered()
        ]
        all_levels = (str(figures.by_level.get(level, 0)) for level in figures.levels)
        rows.append((_("All programs, each once"), "", *all_levels, str(figures.programs)))
        return Section(
            _("Programs by kind of help and who runs them"),
            (
                _(
                    "On %(day)s the register listed %(programs)s of %(organizations)s.",
                    day=self.day(figures.as_of),
                    programs=ngettext("%(num)s program", "%(num)s programs", figures.programs),
                    organizations=ngettext(
                        "%(num)s organization", "%(num)s organizations", figures.organizations
                    ),
                ),
                _("A program of several kinds is counted in each of them, and once in the last line."),
            ),
            (Table(_("Programs by kind of help and who runs them"), heads, tuple(rows)),),
        )

    def _changes(self) -> Section:
        heads = (_("Kind of help"), *(label for _name, label in _change_heads()))
        rows = [
            self._change_row(self.category(slug), self.figures.changes_by_category[slug])
            for slug in self.ordered()
        ]
        rows.append(self._change_row(_("All programs, each once"), self.figures.changes))
        texts = (
            _(
                "At the start, plus new, plus listed again, less withdrawn, is at the end. A "
                "program counts by its kinds of help at the end, or when it was last listed."
            ),
        )
        return Section(
            _("Changes in the year"), texts, (Table(_("Changes in the year"), heads, tuple(rows)),)
        )

    def _change_row(self, label: str, changes: Changes) -> Cells:
        return label, *(str(getattr(changes, name)) for name, _label in _change_heads())

    def _coverage(self) -> Section:
        figures = self.figures
        heads = (_("Kind of help"), *(figures.label(key, self.language) for key in figures.regions))
        rows = tuple(
            (self.category(slug), *(self._cell(key, slug) for key in figures.regions))
            for slug in self.ordered()
        )
        texts = (
            _(
                "The first number is of programs for the region or a part of it. The second is of"
                " all that serve it, also those for the whole state or nation. The table has the "
                "same for each town."
            ),
        )
        table = Table(_("Programs that serve each region"), heads, rows, is_wide=True)
        return Section(_("What exists where"), texts, (table,))

    def _reached(self, slug: str, place: str) -> Reached:
        return self.figures.reached(place, slug)

    def _cell(self, place: str, slug: str) -> str:
        reached = self.figures.reached(place, slug)
        return f"{reached.near} / {reached.total}"

    def _gaps(self) -> Section:
        return Section(
            _("What is missing"),
            (_("Kinds of help without a program for a region in particular:"),),
            (),
            tuple(self._gap_items()),
        )

    def _gap_items(self) -> Iterator[str]:
        for slug in self.ordered():
            for places, state, nation in rules.lacking(self.figures.regions, partial(self._reached, slug)):
                is_everywhere = len(places) == len(self.figures.regions)
                named = ", ".join(self.figures.label(key, self.language) for key in places)
                yield gap_sentence(
                    self.category(slug), _("any of these places") if is_everywhere else named, state, nation
                )

    def _freshness(self) -> Section:
        figures, months = self.figures, self.figures.months
        heads = (*(translated(standing.label) for standing in Standing), _("All"))
        by_category = [self._standing_row(self.category(slug), f"category/{slug}") for slug in self.ordered()]
        by_level = [self._standing_row(self.level(level), f"level/{level}") for level in figures.levels]
        total = self._standing_row(_("All programs, each once"), "all")
        start = figures.freshness_at_start
        before = (_("At the start of the year"), *_numbers([start.get(one, 0) for one in Standing]))
        return Section(
            _("How fresh the details are"),
            (
                _(
                    "A program is due %(usual)s months after it was last confirmed and overdue "
                    "after %(overdue)s. A place to stay or a hotline is due after %(grave)s months "
                    "and overdue after %(overdue_grave)s.",
                    usual=months.due,
                    overdue=months.overdue,
                    grave=months.due_grave,
                    overdue_grave=months.overdue_grave,
                ),
            ),
            (
                Table(_("By kind of help"), (_("Kind of help"), *heads), (*by_category, total)),
                Table(_("By who runs it"), (_("Who runs it"), *heads), (*by_level, total, before)),
            ),
        )

    def _standing_row(self, label: str, key: str) -> Cells:
        held = self.figures.freshness[key]
        return label, *_numbers([held.get(standing, 0) for standing in Standing])

    def _demand(self) -> Section:
        heading = _("What people looked for")
        months = [line for line in self.figures.demand if line.breakdown == Breakdown.ALL]
        if not months:
            return Section(heading, (_("Nothing is kept for this year."),))
        measures = tuple(translated(measure.label) for measure in Measure)
        by_month = tuple((line.month, *map(str, (line.searches, line.empty, line.sheets))) for line in months)
        by_category = self._demand_rows(Breakdown.CATEGORY, self.ordered(), self._sought_kind)
        by_region = self._demand_rows(Breakdown.REGION, self.figures.regions, self._sought_place)
        texts = (
            _("Each number is cut down to 5, 10, 15 and so on. So it points to nobody."),
            _("Numbers of a year are sums of its months. The last column is what there is at the end."),
        )
        kind, programs = _("Kind of help"), _("Programs")
        tables = (
            Table(_("By month"), (_("Month"), *measures), by_month),
            Table(_("By kind of help"), (kind, *measures, programs), by_category),
            Table(_("By planning region"), (_("Planning region"), *measures), by_region),
        )
        return Section(heading, texts, tables)

    def _demand_rows(
        self, breakdown: Breakdown, known: Iterable[str], row: Callable[[str, Cells], Cells]
    ) -> tuple[Cells, ...]:
        """Give a row for each known value, then for those that nobody knows any more, then for none."""
        sought = sums_of(self.figures.demand, breakdown)
        values = dict.fromkeys((*known, *sorted(set(sought) - {NOT_SAID}), NOT_SAID))
        held = ((value, sought.get(value, Sums())) for value in values)
        return tuple(row(value, tuple(str(sums.of(one)) for one in Measure)) for value, sums in held)

    def _sought_kind(self, value: str, sums: Cells) -> Cells:
        if value == NOT_SAID:
            return _("No kind of help named"), *sums, ""
        return self.category(value), *sums, str(self.figures.by_category.get(value, 0))

    def _sought_place(self, value: str, sums: Cells) -> Cells:
        name = self.figures.label(value, self.language)
        return _("No place, or none in one region") if value == NOT_SAID else name, *sums

    def _method(self) -> Section:
        figures = self.figures
        return Section(
            _("Method and limits"),
            (
                _(
                    "The programs that were listed on %(day)s are counted, from the versions that "
                    "the register keeps. It begins on %(begins)s. What there was before is not "
                    "known.",
                    day=self.day(figures.as_of),
                    begins=self.day(figures.begins),
                ),
                _(
                    "Rights that a law gives are listed too (%(rights)s of them). They are not "
                    "counted as programs.",
                    rights=figures.rights,
                ),
                _(
                    "A program serves a place if its area holds the place or a part of it. If it "
                    "has room for one more person is not known."
                ),
                _(
                    "What is not listed is not counted. What seems to be missing may be there and"
                    " not known to the register."
                ),
                _(
                    "A program counts as confirmed if that was written down by that day. Names of"
                    " kinds of help and places are those of the day on which the report was made."
                ),
                _(
                    "A published report stays as it is. Its figures can be counted again from the"
                    " register at any time."
                ),
            ),
        )


def _change_heads() -> tuple[tuple[str, str], ...]:
    return (
        ("start", _("At the start")),
        ("new", _("New")),
        ("again", _("Listed again")),
        ("withdrawn", _("Withdrawn")),
        ("end", _("At the end")),
        ("changed", _("Changed")),
    )


def _numbers(counts: Sequence[int]) -> Cells:
    return (*map(str, counts), str(sum(counts)))
