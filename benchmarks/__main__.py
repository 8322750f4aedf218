"""`make bench`: this search beside its peers, in one run; see docs/performance.md for how and what."""

from __future__ import annotations

import json
import logging
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import structlog

from benchmarks import chart, exports, report, reports
from benchmarks.run import LARGE, QUICK, Plan, measure

ROOT = Path(__file__).parent.parent
BUILD = ROOT / "build" / "bench"
DOCUMENT = ROOT / "docs" / "performance.md"
CHART = ROOT / "docs" / "images" / "performance.svg"
_LARGE = 1_000_000


@click.command()
@click.option("--listings", type=click.IntRange(100), default=10_000, show_default=True, help="How many.")
@click.option(
    "--quick", is_flag=True, help="1,000 listings and few questions: only to see that all of it works."
)
@click.option(
    "--alone", is_flag=True, help="Leave out the run at a tenth of the size, from which growth is told."
)
@click.option("--write", is_flag=True, help="Also write tables and chart into docs/performance.md.")
@click.option(
    "--questions", type=click.IntRange(1), help="How many of each kind, where the plan has another number."
)
@click.option("--exports", "only_exports", is_flag=True, help="Only exports and the API.")
@click.option("--reports", "only_reports", is_flag=True, help="Only reports.")
@click.option("--build", type=click.Path(path_type=Path), default=BUILD, help="Where results go.")
def main(
    *,
    listings: int,
    quick: bool,
    alone: bool,
    write: bool,
    questions: int | None,
    only_exports: bool,
    only_reports: bool,
    build: Path,
) -> None:
    """Measure, print tables, and keep the results as JSON."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    build.mkdir(parents=True, exist_ok=True)
    if only_exports:
        with tempfile.TemporaryDirectory(dir=build) as folder:
            click.echo("\n".join(exports.lines(exports.measure(Path(folder), listings))))
        return
    if only_reports:
        with tempfile.TemporaryDirectory(dir=build) as folder:
            click.echo("\n".join(reports.lines(reports.measure(Path(folder), listings))))
        return
    plans = {size: _plan(size, quick, questions) for size in _sizes(listings, quick, alone)}
    results = {size: _measured(build, size, plan) for size, plan in plans.items()}
    for size in results:
        click.echo("\n".join(report.as_text(list(report.tables(results, size)))))
    drawn = chart.of_results(results, report.ENGINES)
    (build / "engines.svg").write_text(drawn)
    if write:
        for size in results:
            lines = list(report.tables(results, size))
            report.write_between(DOCUMENT, f"{size:,} listings", lines)
        _write_chart(build, results)


def _sizes(listings: int, quick: bool, alone: bool) -> list[int]:
    if quick:
        return [1_000]
    return [listings] if alone or listings >= _LARGE else [listings // 10, listings]


def _plan(size: int, quick: bool, questions: int | None) -> Plan:
    plan = QUICK if quick else LARGE if size >= _LARGE else Plan()
    return replace(plan, questions=questions) if questions else plan


def _measured(build: Path, size: int, plan: Plan) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(dir=build) as folder:
        Path(folder).chmod(0o755)
        result = measure(Path(folder), size, plan)
    (build / f"{size}.json").write_text(json.dumps(result, indent=1))
    return result


def _write_chart(build: Path, results: dict[int, dict[str, Any]]) -> None:
    """Draw what was measured now, and at other sizes before."""
    for file in build.glob("*.json"):
        results.setdefault(int(file.stem), json.loads(file.read_text()))
    shown = {size: result for size, result in results.items() if size >= 10_000}
    CHART.write_text(chart.of_results(shown or results, report.ENGINES))


if __name__ == "__main__":
    sys.exit(main())
