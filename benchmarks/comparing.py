"""Engines side by side: filled with the same documents, asked the same questions in turn."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from math import nan
from statistics import geometric_mean, median

from benchmarks.engines import Engine
from benchmarks.questions import Answer, Question


@dataclass
class Row:
    """One kind of question: how many listings were found, and the seconds of each engine."""

    kind: str
    totals: list[int] = field(default_factory=list)
    seconds: dict[str, list[float]] = field(default_factory=dict)
    void: dict[str, str] = field(default_factory=dict)  # engine: how its answer differed

    def median(self, engine: str) -> float:
        """Give the median of an engine in milliseconds."""
        return 1e3 * median(self.seconds[engine])

    def p95(self, engine: str) -> float:
        """Give what 95 of 100 answers took at most, in milliseconds."""
        return 1e3 * percentile(self.seconds[engine], 0.95)


@dataclass
class Comparison:
    """All kinds of questions, for the engines in their order."""

    engines: list[str]
    rows: dict[str, Row] = field(default_factory=dict)

    def ask(self, engines: Sequence[Engine], questions: Iterable[Question]) -> None:
        """Ask each question once of every engine, beginning with another one each time."""
        for at, question in enumerate(questions):
            turn = at % len(engines)
            self._ask_one((*engines[turn:], *engines[:turn]), engines[0].name, question)

    def _ask_one(self, engines: Sequence[Engine], first: str, question: Question) -> None:
        row = self.rows.setdefault(question.kind, Row(question.kind))
        answers: dict[str, Answer] = {}
        queries = [engine.prepare(question) for engine in engines]
        for engine, query in zip(engines, queries, strict=True):
            begin = time.perf_counter()
            answers[engine.name] = engine.ask(query)
            row.seconds.setdefault(engine.name, []).append(time.perf_counter() - begin)
        ours = answers[first]
        row.totals.append(ours.total)
        for name, answer in answers.items():
            if not answer.same_as(ours):
                words = " ".join(word.typed for word in question.words)
                row.void[name] = f"{answer.total} instead of {ours.total} for “{words}”"

    @property
    def is_void(self) -> bool:
        """Tell whether any engine answered otherwise."""
        return any(row.void for row in self.rows.values())

    def mean(self, engine: str) -> float:
        """Give the geometric mean of the medians of all kinds that are not void, in milliseconds."""
        held = [row.median(engine) for row in self.valid()]
        return geometric_mean(held) if held else nan

    def ratio(self, engine: str, other: str) -> float:
        """Give the mean of one engine divided by that of another."""
        return self.mean(engine) / self.mean(other)

    def valid(self) -> Iterator[Row]:
        """Give the rows in which every engine answered the same."""
        return (row for row in self.rows.values() if not row.void)


def percentile(values: Sequence[float], share: float) -> float:
    """Give the value that a share of all do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
