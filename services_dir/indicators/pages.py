"""What the templates of indicators are given, and the figures as a table: only what may be shown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from flask_babel import format_decimal
from flask_babel import gettext as _

from services_dir.indicators import rules
from services_dir.indicators.chart import GAP, Bar, Chart, draw
from services_dir.indicators.models import IndicatorFigure, IndicatorImport
from services_dir.indicators.operations import PlanLine, Verdict
from services_dir.indicators.reading import COLUMNS, FEWER
from services_dir.indicators.rules import WHOLE, Part, Shown
from services_dir.indicators.series import BREAKDOWN_NAMES, BREAKDOWNS, SERIES, Area, Series
from services_dir.web.forms import WorkspaceForm
from services_dir.web.languages import translated

Held = Mapping[str, Mapping[Part, IndicatorFigure]]  # the figures of a series, by period


@dataclass(frozen=True)
class Source:
    """Where figures of a row are from."""

    title: str
    url: str
    as_of: str
    note: str


@dataclass(frozen=True)
class Row:
    """A year of a series: what is shown of the whole and of each part, and the sources."""

    period: str
    cells: tuple[str, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class SeriesView:
    """A series: what it means, and its figures as a table and a chart; without any there are no rows."""

    slug: str
    name: str
    unit: str
    definition: str
    protects: bool
    heads: tuple[str, ...]
    rows: tuple[Row, ...]
    chart: Chart | None


@dataclass(frozen=True)
class IndicatorsPage:
    """All series under prevention, protection and prosecution."""

    title: str
    areas: tuple[tuple[str, tuple[SeriesView, ...]], ...]

    @classmethod
    def build(cls, figures: Iterable[IndicatorFigure]) -> IndicatorsPage:
        """Show what may be shown."""
        held = by_series(figures)
        areas = (
            (
                translated(area.label),
                tuple(_view(one, held.get(one.slug, {})) for one in SERIES.values() if one.area is area),
            )
            for area in Area
        )
        return cls(_("Figures on progress"), tuple(areas))


@dataclass(frozen=True)
class DeskPage:
    """The workspace's page of figures: handing in a table, and those handed in before."""

    title: str
    form: WorkspaceForm
    imports: Sequence[IndicatorImport]


@dataclass(frozen=True)
class PlanPage:
    """What an import would do, row by row, or did."""

    title: str
    held: IndicatorImport
    counts: Mapping[Verdict, int]
    lines: Sequence[PlanLine]
    button: WorkspaceForm

    @property
    def changes(self) -> int:
        """Give the number of rows that change something."""
        return sum(self.counts[one] for one in (Verdict.NEW, Verdict.CHANGED, Verdict.REMOVED))


def by_series(figures: Iterable[IndicatorFigure]) -> dict[str, dict[str, dict[Part, IndicatorFigure]]]:
    """Give the figures of each series, by period and part."""
    held: dict[str, dict[str, dict[Part, IndicatorFigure]]] = defaultdict(lambda: defaultdict(dict))
    for one in figures:
        held[one.series][one.period][one.breakdown, one.part] = one
    return held


def table(figures: Iterable[IndicatorFigure]) -> Iterator[list[str | int]]:
    """Give all that may be shown as rows of a table that can be handed in again."""
    yield [*COLUMNS, "name", "unit"]
    for slug, periods in by_series(figures).items():
        series = SERIES[slug]
        for period, parts in periods.items():
            for (breakdown, part), shown in _shown(series, parts).items():
                one = parts[breakdown, part]
                value = FEWER if shown.is_small else "" if shown.number is None else shown.number
                source = (one.source_title, one.source_url, one.source_as_of, one.note)
                names = (translated(series.name), translated(series.unit.label))
                yield [slug, period, breakdown, part, value, *source, *names]


def template() -> Iterator[list[str]]:
    """Give the table to fill in: every series, whole and in parts, without a figure."""
    yield list(COLUMNS)
    for slug in SERIES:
        parts = [("", ""), *((name, part) for name, held in BREAKDOWNS.items() for part in held)]
        for breakdown, part in parts:
            yield [slug, "", breakdown, part, *[""] * (len(COLUMNS) - 4)]


def _shown(series: Series, parts: Mapping[Part, IndicatorFigure]) -> dict[Part, Shown]:
    return rules.shown({part: one.value for part, one in parts.items()}, protects=series.protects)


def _view(series: Series, held: Held) -> SeriesView:
    parts = [WHOLE, *_parts_of(held)]
    shown = {period: _shown(series, figures) for period, figures in held.items()}
    rows = tuple(
        Row(
            period,
            tuple(words(shown.get(period, {}).get(part)) for part in parts),
            tuple(_sources(held.get(period, {}).values())),
        )
        for period in periods_of(held)
    )
    name, unit = translated(series.name), translated(series.unit.label)
    bars = [_bar(period, shown.get(period, {}).get(WHOLE)) for period in periods_of(held)]
    return SeriesView(
        slug=series.slug,
        name=name,
        unit=unit,
        definition=translated(series.definition),
        protects=series.protects,
        heads=(_("All"), *(_part_words(part) for part in parts[1:])),
        rows=rows,
        chart=draw(bars, _("%(name)s, in %(unit)s, year by year", name=name, unit=unit)),
    )


def _bar(period: str, one: Shown | None) -> Bar:
    if one is None:
        return Bar(period, None, words(one), GAP)
    return Bar(period, one.number, words(one), FEWER if one.is_small else "")


def _parts_of(held: Held) -> list[Part]:
    """Give the parts that any year has, in their order."""
    found = {part for figures in held.values() for part in figures}
    return [(name, part) for name, parts in BREAKDOWNS.items() for part in parts if (name, part) in found]


def _part_words(part: Part) -> str:
    breakdown = translated(BREAKDOWN_NAMES[part[0]])
    return f"{breakdown}: {translated(BREAKDOWNS[part[0]][part[1]])}"


def periods_of(held: Held) -> list[str]:
    """Give the years from the first to the last, also those without a figure; each kind of year by itself."""
    found: list[str] = []
    for is_split, periods in groupby(
        sorted(held, key=lambda one: (len(one), one)), key=lambda one: len(one) > 4
    ):
        years = [int(one[:4]) for one in periods]
        for year in range(min(years), max(years) + 1):
            found.append(f"{year}-{year + 1}" if is_split else str(year))
    return found


def words(shown: Shown | None) -> str:
    """Say a figure, or why there is none."""
    if shown is None:
        return _("no figure")
    if shown.is_small:
        return _("fewer than 5")
    return _("not shown") if shown.number is None else format_decimal(shown.number)


def _sources(figures: Iterable[IndicatorFigure]) -> list[Source]:
    named = (Source(one.source_title, one.source_url, one.source_as_of, one.note) for one in figures)
    return list(dict.fromkeys(named))
