"""What is noted while a record is read: where it stands, a sentence, and how much it matters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from services_dir.errors import N_
from services_dir.hsds.reading.tabular import ORIGIN
from services_dir.values import Labelled

Origin = tuple[str, int]


class Weight(Labelled):
    """How much a note matters."""

    HINT = "hint", N_("Note")
    DOUBT = "doubt", N_("Doubtful")
    ERROR = "error", N_("Refused")


@dataclass(frozen=True)
class Note:
    """A sentence about a part of a record; its values hold nothing of a confidential address."""

    file: str
    line: int
    column: str
    message: str
    values: Mapping[str, Any] = field(default_factory=dict)
    weight: Weight = Weight.HINT
    is_drop: bool = False  # the whole row it speaks of was left out


class Notes:
    """Collects what is noted of one record."""

    def __init__(self, origin: Origin) -> None:
        self.origin = origin
        self.found: list[Note] = []

    def hint(self, part: Any, column: str, message: str, **values: Any) -> None:
        """Note something that was left out."""
        self._add(part, column, message, values, Weight.HINT)

    def drop(self, part: Any, column: str, message: str, **values: Any) -> None:
        """Note a part that was left out whole: its row is in no listing."""
        self._add(part, column, message, values, Weight.HINT, is_drop=True)

    def doubt(self, part: Any, column: str, message: str, **values: Any) -> None:
        """Note something that a person has to look at."""
        self._add(part, column, message, values, Weight.DOUBT)

    def error(self, part: Any, column: str, message: str, **values: Any) -> None:
        """Note that this record cannot be taken."""
        self._add(part, column, message, values, Weight.ERROR)

    @property
    def is_refused(self) -> bool:
        """Tell whether something keeps the record from being taken at all."""
        return any(note.weight is Weight.ERROR for note in self.found)

    @property
    def is_doubtful(self) -> bool:
        """Tell whether a person has to look at it."""
        return any(note.weight is Weight.DOUBT for note in self.found)

    def _add(
        self,
        part: Any,
        column: str,
        message: str,
        values: Mapping[str, Any],
        weight: Weight,
        *,
        is_drop: bool = False,
    ) -> None:
        file, line = part.get(ORIGIN, self.origin) if isinstance(part, dict) else self.origin
        short = {name: str(value)[:200] for name, value in values.items()}
        self.found.append(Note(file, line, column, message, short, weight, is_drop))
