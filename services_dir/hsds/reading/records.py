"""What reading one record of a feed gives."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from services_dir.hsds.reading.context import ForeignTerm
from services_dir.hsds.reading.notes import Notes


@dataclass
class ReadRecord:
    """The document of a draft with what the feed says besides.

    `is_whole`: a directory of our kind wrote it, so what it leaves out is not so. `is_gone`: the feed says
    that the service no longer exists.
    """

    foreign_id: str
    id: str
    name: str
    document: dict[str, Any]
    notes: Notes
    organization_key: str | None = None
    is_whole: bool = False
    is_gone: bool = False
    is_secret: bool = False
    assured_on: date | None = None
    modified_at: datetime | None = None
    unmapped: tuple[ForeignTerm, ...] = ()
    fields: tuple[str, ...] = field(default=())
