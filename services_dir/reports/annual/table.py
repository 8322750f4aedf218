"""The figures of a yearly report as one table: what is counted, of what, where or how, and the number."""

from __future__ import annotations

from collections.abc import Iterator

from services_dir.reports.annual.figures import Figures
from services_dir.search.query import Reach
from services_dir.verification.rules import Standing

Row = list[str | int]


def rows(figures: Figures, language: str) -> Iterator[Row]:
    """Give all figures, a line each; `of` and `by` are slugs and keys, with their names beside them."""
    yield ["section", "of", "of_name", "by", "by_name", "number"]
    yield from _inventory(figures, language)
    yield from _changes(figures, language)
    yield from _coverage(figures, language)
    yield from _freshness(figures)
    for line in figures.demand:
        for name in ("searches", "empty", "sheets"):
            yield [f"demand {line.breakdown}", line.value, "", line.month, name, getattr(line, name)]
    months = figures.months
    for name in ("due", "due_grave", "overdue", "overdue_grave"):
        yield ["months", name, "", "", "", getattr(months, name)]


def _inventory(figures: Figures, language: str) -> Iterator[Row]:
    yield ["programs", "all", "", "all", "", figures.programs]
    yield ["organizations", "all", "", "all", "", figures.organizations]
    yield ["legal rights", "all", "", "all", "", figures.rights]
    for level in figures.levels:
        name = figures.label(f"level/{level}", language)
        yield ["programs", "all", "", level, name, figures.by_level.get(level, 0)]
    for slug in figures.categories:
        kind = figures.label(f"category/{slug}", language)
        yield ["programs", slug, kind, "all", "", figures.by_category[slug]]
        for level in figures.levels:
            name = figures.label(f"level/{level}", language)
            yield ["programs", slug, kind, level, name, figures.cells[slug].get(level, 0)]


def _changes(figures: Figures, language: str) -> Iterator[Row]:
    told = {"all": figures.changes, **figures.changes_by_category}
    for slug, changes in told.items():
        kind = figures.label(f"category/{slug}", language) if slug != "all" else ""
        for name in changes.__struct_fields__:
            yield ["changes", slug, kind, name, "", getattr(changes, name)]


def _coverage(figures: Figures, language: str) -> Iterator[Row]:
    for slug in figures.categories:
        kind = figures.label(f"category/{slug}", language)
        for place in (*figures.regions, *figures.towns):
            name = figures.label(place, language)
            reached = figures.reached(place, slug)
            for reach in Reach:
                yield [f"coverage {reach.value}", slug, kind, place, name, reached.of(reach)]


def _freshness(figures: Figures) -> Iterator[Row]:
    for key, held in figures.freshness.items():
        for standing in Standing:
            yield ["freshness", key, "", standing.value, "", held.get(standing, 0)]
    for standing in Standing:
        yield [
            "freshness at start",
            "all",
            "",
            standing.value,
            "",
            figures.freshness_at_start.get(standing, 0),
        ]
