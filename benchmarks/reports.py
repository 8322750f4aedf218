"""What reports cost at a size: the matrix of coverage, freshness, the figures of a year and its PDF."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import copies
from benchmarks.engines import ours
from benchmarks.homes import Home, make_home
from services_dir.catalog.kinds import PlaceKind
from services_dir.db import db
from services_dir.reports.annual import making
from services_dir.reports.freshness import queries as freshness
from services_dir.search import matrix
from services_dir.search.matrix import Columns
from services_dir.search.query import Facet, SearchQuery

MOST_SECONDS = {"coverage, 18 kinds by 169 towns": 1.0, "yearly PDF with all programs": 30.0}


def measure(folder: Path, size: int, rounds: int = 5) -> dict[str, Any]:
    """Fill a home and an index, then count and set what reports show, in this process."""
    home = make_home(folder / "home")
    result: dict[str, Any] = {"seconds": {}}
    result["indexed"] = _index(home, folder, size)
    result["seconds"] |= _coverage(home, rounds)
    with home.app.app_context():
        with db.engine.begin() as connection:
            result["programs"] = copies.fill(connection, size, with_versions=True)
        result["seconds"] |= _from_tables(home)
        db.engine.dispose()
    result["megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return result


def _index(home: Home, folder: Path, size: int) -> int:
    building = ours.Building(home.app)
    spool = home.spool(folder / "spool", size)
    for batch in spool.batches():
        building.add(batch)
    building.finish()
    return spool.count


def _coverage(home: Home, rounds: int) -> dict[str, float]:
    """Count the matrix on a snapshot that answered before, and ask for the whole page."""
    snapshot = ours.Ours(home.app).snapshot
    columns = Columns(PlaceKind.TOWN)

    def count() -> object:
        return matrix.count(snapshot, SearchQuery(), Facet.CATEGORY, columns, ours.BitMap(), at=ours.AT)

    visitor = home.app.test_client()

    def ask() -> object:
        answer = visitor.get("/reports/coverage?places=town")
        assert answer.status_code == 200
        return answer

    return {
        "coverage, first": _seconds(count),
        "coverage, 18 kinds by 169 towns": median(_seconds(count) for _round in range(rounds)),
        "coverage as a page": median(_seconds(ask) for _round in range(rounds)),
    }


def _from_tables(home: Home) -> dict[str, float]:
    now = datetime.now(UTC)
    times: dict[str, float] = {}
    times["freshness"] = _seconds(lambda: freshness.get_freshness(db.session, now.date()))
    with home.app.test_request_context("/"):
        begin = time.process_time()
        made = making.draft(db.session, now.year, now=now)
        times["figures of a year"] = time.process_time() - begin
        times["yearly PDF with all programs"] = _seconds(lambda: making.draft_pdf(db.session, made))
    return times


def lines(result: dict[str, Any]) -> Iterator[str]:
    """Give what was measured as a table of Markdown."""
    yield f"{result['indexed']:,} listings in the index, {result['programs']:,} programs in the database"
    yield ""
    yield "| report | seconds of CPU | at most |"
    yield "| --- | --- | --- |"
    for name, spent in result["seconds"].items():
        yield f"| {name} | {spent:.2f} | {MOST_SECONDS.get(name, '')} |"
    yield f"| peak memory MB | {result['megabytes']:.0f} |  |"


def _seconds(deed: Callable[[], object]) -> float:
    """Give the seconds of CPU that something takes."""
    begin = time.process_time()
    deed()
    return time.process_time() - begin
