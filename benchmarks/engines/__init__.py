"""The engines that are compared; each is filled with the same documents and asked the same questions."""

from __future__ import annotations

from typing import Protocol

from benchmarks.questions import Answer, Question


class Engine(Protocol):
    """An engine that is filled and open."""

    name: str

    def ask(self, question: Question) -> Answer:
        """Find the best 20 and count five facets, each without its own choice."""

    def close(self) -> None:
        """Give back what it holds."""


class NotHereError(Exception):
    """What this engine needs is not on this machine; the sentence says what."""
