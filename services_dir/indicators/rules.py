"""What may be shown of small numbers: none from 1 to 4, nor any other from which one could be worked out.

Each breakdown splits the whole, so a reader knows what the parts that are not shown add up to. They are
hidden until, by that sum, every small part could still be any number from 1 to 4.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf
from typing import Final, TypeAlias

SMALL: Final = 5  # numbers of people or cases below this are not shown, but for 0

Part: TypeAlias = tuple[str, str]  # breakdown and part; ("", "") is the whole
WHOLE: Final[Part] = ("", "")


@dataclass(frozen=True)
class Shown:
    """A figure as it may be shown: a number, or why there is none."""

    number: int | None = None
    is_small: bool = False  # from 1 to 4; if neither, it is left out to protect another figure

    @property
    def is_hidden(self) -> bool:
        """Tell whether it is left out although it is not small."""
        return self.number is None and not self.is_small


HIDDEN: Final = Shown()


def shown(figures: Mapping[Part, int | None], *, protects: bool) -> dict[Part, Shown]:
    """Give what may be shown of a series in a period; None is a number from 1 to 4."""
    kept = {
        part: Shown(number) if number is not None else Shown(is_small=True)
        for part, number in figures.items()
    }
    if not protects:
        return kept
    whole = _whole(figures)
    for breakdown in {breakdown for breakdown, _part in figures if breakdown}:
        parts = {part: number for part, number in figures.items() if part[0] == breakdown}
        kept |= _shown_parts(parts, whole, is_whole_small=WHOLE in figures and figures[WHOLE] is None)
    return kept


def _whole(figures: Mapping[Part, int | None]) -> int | None:
    """Give the whole as readers know it: as it stands, or as the sum of a breakdown that is shown in full."""
    if figures.get(WHOLE) is not None:
        return figures[WHOLE]
    for breakdown in {breakdown for breakdown, _part in figures if breakdown}:
        numbers = [number for part, number in figures.items() if part[0] == breakdown]
        known = [number for number in numbers if number is not None]
        if len(known) == len(numbers):
            return sum(known)
    return None


def _shown_parts(
    parts: Mapping[Part, int | None], whole: int | None, *, is_whole_small: bool
) -> dict[Part, Shown]:
    if is_whole_small:  # parts of 1 to 4 people: nothing is told of them
        return dict.fromkeys(parts, HIDDEN)
    numbers = {part: number for part, number in parts.items() if number is not None}
    small = [part for part, number in parts.items() if number is None]
    hidden: list[Part] = []
    while small and not _is_safe(len(small), numbers, hidden, whole):
        left = [part for part in numbers if part not in hidden and numbers[part]]
        if not left:  # nothing more to hide behind: then not even which of them is small
            return dict.fromkeys(parts, HIDDEN)
        hidden.append(min(left, key=lambda part: (numbers[part], part)))
    return {
        part: HIDDEN if part in hidden else Shown(number) if number is not None else Shown(is_small=True)
        for part, number in parts.items()
    }


def _is_safe(small: int, numbers: Mapping[Part, int], hidden: list[Part], whole: int | None) -> bool:
    """Tell whether each of the small parts can be 1, 2, 3 or 4, for all that readers know.

    They know the rule too: what is hidden is at least 5, and the smallest of all, so none is larger than
    the smallest that is shown.
    """
    if whole is None:
        return True
    seen = [number for part, number in numbers.items() if part not in hidden]
    left = whole - sum(seen)
    most = min((number for number in seen if number), default=inf)
    least_others = (small - 1) + SMALL * len(hidden)
    most_others = (SMALL - 1) * (small - 1) + (most * len(hidden) if hidden else 0)
    return all(least_others <= left - value <= most_others for value in (1, SMALL - 1))
