"""What the templates of the workspace are given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from services_dir.moderation.pages import ago
from services_dir.moderation.queries import QueueLine
from services_dir.values import Paged
from services_dir.workspace.queries import Deed


@dataclass(frozen=True)
class HomePage:
    """What waits, and for how long."""

    title: str
    waiting: Paged[QueueLine]
    late: int
    for_senders: int
    published: int
    withdrawn: int
    is_administrator: bool
    at: datetime

    def waited(self, line: QueueLine) -> str:
        """Give how long a submission has waited."""
        return ago(line.since, self.at)


@dataclass(frozen=True)
class AuditPage:
    """Who did what."""

    title: str
    deeds: Paged[Deed]
    address: Callable[[int], str]
