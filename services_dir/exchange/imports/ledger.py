"""What became of each row of each file, so that nothing is dropped without a word."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from services_dir.errors import N_
from services_dir.hsds.reading.tabular import ORIGIN

_USED, _REFUSED, _DROPPED = 1, 2, 3
_VALUE = re.compile(r"\{\w+\}")

NOT_REFERRED = N_("Nothing in the files refers to it.")
OF_REFUSED = N_("It belongs to a record that was refused.")
TORN = N_("It has more cells than there are columns.")


@dataclass
class Account:
    """The rows of one file: how many there are, how many became part of a listing, and why others did not."""

    rows: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    _states: bytearray = field(default_factory=bytearray)

    def mark(self, line: int, state: int) -> None:
        """Note what became of a line; that a record was refused does not replace what was said before."""
        if line >= len(self._states):
            self._states.extend(bytes(line + 1 - len(self._states)))
        held = self._states[line]
        if held in (0, _REFUSED) or state == _DROPPED:
            self._states[line] = state

    def state(self, line: int) -> int:
        """Tell what became of a line."""
        return self._states[line] if line < len(self._states) else 0

    @property
    def taken(self) -> int:
        """Count the rows that became part of a listing."""
        return self._states.count(_USED)

    @property
    def refused(self) -> int:
        """Count the rows of records that were refused."""
        return self._states.count(_REFUSED)


class Ledger:
    """An account of each file."""

    def __init__(self) -> None:
        self.accounts: dict[str, Account] = {}
        self.torn: list[tuple[str, int]] = []  # rows that cannot be told from their neighbours: file, line

    def account(self, file: str) -> Account:
        """Give the account of a file."""
        return self.accounts.setdefault(file, Account())

    def use(self, record: Any) -> None:
        """Note that all parts of a record became part of a listing."""
        self._mark(record, _USED)

    def refuse(self, record: Any) -> None:
        """Note that all parts of a record belong to what was refused."""
        self._mark(record, _REFUSED)

    def drop(self, file: str, line: int, reason: str) -> None:
        """Note that a part of a listing was left out, and why; a row is counted once."""
        account = self.account(file)
        if account.state(line) == _USED:
            account.mark(line, _DROPPED)
            account.reasons[without_values(reason)] += 1

    def _mark(self, record: Any, state: int) -> None:
        for file, line in _origins(record):
            self.account(file).mark(line, state)

    def totals(self) -> list[dict[str, Any]]:
        """Give the account of each file as it is shown: rows, taken, and the others by reason."""
        totals = []
        for file, account in sorted(self.accounts.items()):
            reasons = Counter(account.reasons)
            if account.refused:
                reasons[OF_REFUSED] += account.refused
            rest = account.rows - account.taken - sum(reasons.values())
            if rest > 0:
                reasons[NOT_REFERRED] += rest
            totals.append({"file": file, "rows": account.rows, "taken": account.taken, "left": dict(reasons)})
        return totals


def without_values(sentence: str) -> str:
    """Give a sentence with dots where its values would stand: `“…” is not a web address`."""
    return _VALUE.sub("…", sentence)


def _origins(record: Any) -> Iterable[tuple[str, int]]:
    if isinstance(record, dict):
        origin = record.get(ORIGIN)
        if origin is not None:
            yield tuple(origin)
        for value in record.values():
            if isinstance(value, dict | list):
                yield from _origins(value)
    elif isinstance(record, list):
        for item in record:
            yield from _origins(item)
