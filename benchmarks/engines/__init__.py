"""The engines that are compared; each is filled with the same documents and asked the same questions."""

from __future__ import annotations

from typing import Any, Protocol

from benchmarks.questions import Answer, Question


class Engine(Protocol):
    """An engine that is filled and open."""

    name: str

    def prepare(self, question: Question) -> Any:
        """Give a question as a query of this engine: terms with weights and filters, nothing left to read."""

    def ask(self, query: Any) -> Answer:
        """Find the best 20, give their stored cards, and count five facets, each without its own choice."""

    def close(self) -> None:
        """Give back what it holds."""


class NotHereError(Exception):
    """What this engine needs is not on this machine; the sentence says what."""
