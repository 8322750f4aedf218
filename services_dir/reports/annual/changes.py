"""What happened to programs in a year: new, back again, changed, withdrawn."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from services_dir.reports.annual.figures import Changes


@dataclass(frozen=True, slots=True)
class Life:
    """Of a program: whether it was listed before the year, at its start and end, and published in it."""

    before: bool
    at_start: bool
    at_end: bool
    in_year: bool

    @property
    def is_of_year(self) -> bool:
        """Tell whether it was listed at any time of the year."""
        return self.at_start or self.in_year


def count_changes(
    lives: Mapping[int, Life], kinds: Mapping[int, tuple[str, ...]], roots: Iterable[str]
) -> tuple[Changes, dict[str, Changes]]:
    """Count what happened to the programs of which kinds are known: in all, and by main kind of help."""
    total: Counter[str] = Counter()
    by_kind: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for key, held in kinds.items():
        told = _told(lives[key])
        total.update(told)
        for slug in held:
            by_kind[slug].update(told)
    return Changes(**total), {slug: Changes(**by_kind[slug]) for slug in roots}


def _told(life: Life) -> list[str]:
    """Give the names of the counts of `Changes` that a program adds to."""
    came = "start" if life.at_start else "again" if life.before else "new"
    went = "end" if life.at_end else "withdrawn"
    is_changed = life.at_start and life.at_end and life.in_year
    return [came, went, *(["changed"] if is_changed else [])]
