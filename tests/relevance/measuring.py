"""How good answers are: success at 3 and 10, reciprocal rank, and what came instead."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from flask import Flask

from services_dir import clock
from services_dir.app import create_app
from services_dir.db import db
from services_dir.search import engine
from services_dir.settings import Settings
from services_dir.upkeep import start
from tests.relevance.judged import JudgedQuery, Kind

Find = Callable[[JudgedQuery], Sequence[str]]
ALL = "all"


@dataclass(frozen=True)
class Outcome:
    """A judged query and the slugs of the first page of its answer, in their order."""

    judged: JudgedQuery
    found: tuple[str, ...]

    @property
    def rank(self) -> int | None:
        """Give where the first good answer stands, counted from 1; None if it is not on the page."""
        ranks = (rank for rank, slug in enumerate(self.found, 1) if slug in self.judged.first_3)
        return next(ranks, None)

    @property
    def is_at_3(self) -> bool:
        """Tell whether a good answer is among the first three."""
        return self.rank is not None and self.rank <= 3

    @property
    def is_at_10(self) -> bool:
        """Tell whether a good answer, and all that must be there too, is among the first ten."""
        return self.rank is not None and self.rank <= 10 and not self.lacking

    @property
    def lacking(self) -> tuple[str, ...]:
        """Give what should be among the first ten and is not."""
        return tuple(slug for slug in self.judged.first_10 if slug not in self.found[:10])

    @property
    def is_miss(self) -> bool:
        """Tell whether anything that was asked of the answer is not so."""
        return not (self.is_at_3 and self.is_at_10)


@dataclass(frozen=True)
class Figures:
    """Shares and the mean reciprocal rank over some outcomes."""

    name: str
    count: int
    at_3: float
    at_10: float
    reciprocal_rank: float
    without_results: int

    @classmethod
    def of(cls, name: str, outcomes: Sequence[Outcome]) -> Figures:
        """Compute the figures of at least one outcome."""
        return cls(
            name=name,
            count=len(outcomes),
            at_3=fmean(outcome.is_at_3 for outcome in outcomes),
            at_10=fmean(outcome.is_at_10 for outcome in outcomes),
            reciprocal_rank=fmean(1 / outcome.rank if outcome.rank else 0.0 for outcome in outcomes),
            without_results=sum(not outcome.found for outcome in outcomes),
        )


def measure(queries: Sequence[JudgedQuery], find: Find) -> tuple[Outcome, ...]:
    """Ask each query."""
    return tuple(Outcome(judged, tuple(find(judged))) for judged in queries)


def summarize(outcomes: Sequence[Outcome]) -> tuple[Figures, ...]:
    """Give the figures of all outcomes, then those of each kind there is."""
    of_kind = {kind: [one for one in outcomes if kind in one.judged.kinds] for kind in Kind}
    return (
        Figures.of(ALL, outcomes),
        *(Figures.of(kind.value, held) for kind, held in of_kind.items() if held),
    )


def report(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Give the lines of a report: the figures by kind, then every miss with what came instead."""
    yield f"{'kind':<14}{'queries':>8}{'first 3':>9}{'first 10':>10}{'mean 1/rank':>13}{'nothing':>9}"
    for one in summarize(outcomes):
        yield (
            f"{one.name:<14}{one.count:>8}{one.at_3:>9.3f}{one.at_10:>10.3f}"
            f"{one.reciprocal_rank:>13.3f}{one.without_results:>9}"
        )
    misses = [outcome for outcome in outcomes if outcome.is_miss]
    yield f"\n{len(misses)} of {len(outcomes)} queries miss something:"
    for outcome in misses:
        yield from _describe(outcome)


def _describe(outcome: Outcome) -> Iterator[str]:
    judged = outcome.judged
    yield f"\n{judged.label} ({', '.join(judged.kinds)}; line {judged.line}): {judged.reason}"
    if not outcome.is_at_3:
        rank = "not on the first page" if outcome.rank is None else f"first at {outcome.rank}"
        yield f"  wanted in 3:  {_list(judged.first_3)} ({rank})"
    if outcome.lacking:
        yield f"  lacks in 10:  {_list(outcome.lacking)}"
    yield f"  came instead: {_list(outcome.found[:3]) or 'nothing'}"


def _list(slugs: Sequence[str]) -> str:
    shown = ", ".join(slugs[:5])
    return f"{shown} or {len(slugs) - 5} more" if len(slugs) > 5 else shown


@contextmanager
def seeded_search() -> Iterator[Find]:
    """Seed a catalog in a folder of its own, index it, and give what finds in it as the page does."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings.from_environment({"SERVICES_DIR_HOME": str(Path(folder) / "home")}))
        start.prepare(app, "http://127.0.0.1")
        with app.test_request_context():
            try:
                yield _find
            finally:
                _close(app)


def _find(judged: JudgedQuery) -> tuple[str, ...]:
    query, _ = judged.search_query()
    result = engine.search(query, at=clock.now(), language=judged.language)
    return tuple(hit.card.slug for hit in result.hits)


def _close(app: Flask) -> None:
    db.session.close()
    for database in db.engines.values():
        database.dispose()
