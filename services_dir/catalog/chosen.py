"""The programs somebody chose for a sheet, as they travel from page to page in fields of forms."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from services_dir.values import slugify

MOST_PROGRAMS = 12


@dataclass(frozen=True)
class Chosen:
    """The slugs that were sent, each once; how many cannot be one, and how many were too many."""

    slugs: tuple[str, ...]
    unreadable: int = 0
    too_many: int = 0

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing was sent, not even nonsense."""
        return not (self.slugs or self.unreadable)


def read_chosen(values: Iterable[str], without: Iterable[str] = ()) -> Chosen:
    """Read what was sent as programs, in the order of choosing, but for those taken off.

    Whatever was sent, nothing is raised.
    """
    taken_off = set(without)
    tidy = (value.strip() for value in values)
    sent = tuple(dict.fromkeys(value for value in tidy if value and value not in taken_off))
    slugs = tuple(value for value in sent if value == slugify(value))
    kept = slugs[:MOST_PROGRAMS]
    return Chosen(kept, unreadable=len(sent) - len(slugs), too_many=len(slugs) - len(kept))
