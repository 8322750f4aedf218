"""Engines side by side: filled with the same documents, asked the same questions, round by round."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import nan
from statistics import geometric_mean, median
from types import MappingProxyType

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
    _turns: int = 0

    def ask(
        self,
        engines: Sequence[Engine],
        questions: Sequence[Question],
        first: Mapping[str, Sequence[Question]] = MappingProxyType({}),
    ) -> None:
        """Ask one engine after the other all questions, beginning with another one each time.

        What stands in `first` for an engine it is asked before, untimed. In a row, because a server that
        searches does so too: the caches of the processor hold its code, not that of another engine.
        """
        turn = self._turns % len(engines)
        self._turns += 1
        given = {
            engine.name: self._ask_one(engine, questions, first.get(engine.name, ()))
            for engine in (*engines[turn:], *engines[:turn])
        }
        ours = given[engines[0].name]
        for at, question in enumerate(questions):
            row = self.rows[question.kind]
            row.totals.append(ours[at].total)
            for name, answers in given.items():
                if not answers[at].same_as(ours[at]):
                    words = " ".join(word.typed for word in question.words)
                    row.void[name] = f"{answers[at].total} instead of {ours[at].total} for “{words}”"

    def _ask_one(
        self, engine: Engine, questions: Sequence[Question], before: Iterable[Question]
    ) -> list[Answer]:
        for question in before:
            engine.ask(engine.prepare(question))
        answers = []
        for question in questions:
            query = engine.prepare(question)
            begin = time.perf_counter()
            answers.append(engine.ask(query))
            spent = time.perf_counter() - begin
            row = self.rows.setdefault(question.kind, Row(question.kind))
            row.seconds.setdefault(engine.name, []).append(spent)
        return answers

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
