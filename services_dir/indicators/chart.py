"""Bars of a series, drawn on the server: where there is no figure there is no bar, and the word says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

HEIGHT: Final = 150  # of the tallest bar; the numbers stand above, the years below
STEP: Final = 96
WIDTH: Final = 56
GAP: Final = "?"  # the mark of a year without a figure


@dataclass(frozen=True)
class Bar:
    """A year: its number, None where it is not shown, what the table says, and the mark of a missing bar."""

    period: str
    number: int | None
    words: str
    mark: str = ""


@dataclass(frozen=True)
class DrawnBar:
    """A bar with its place and size; without a number it has no height."""

    bar: Bar
    x: int
    middle: int
    y: float
    height: float


@dataclass(frozen=True)
class Chart:
    """Bars and the size of the picture. `words` are its text alternative: what it shows, year by year."""

    bars: tuple[DrawnBar, ...]
    width: int
    height: int
    bar_width: int
    base: int
    words: str

    @property
    def has_gaps(self) -> bool:
        """Tell whether a year between others has no figure."""
        return any(one.bar.mark == GAP for one in self.bars)


def draw(bars: Sequence[Bar], title: str) -> Chart | None:
    """Place the bars; None where there are fewer than two years with a number to compare."""
    numbers = [bar.number for bar in bars if bar.number is not None]
    if len(numbers) < 2:
        return None
    top, tallest = 28, max(*numbers, 1)
    drawn = (
        DrawnBar(
            bar,
            x=place * STEP + (STEP - WIDTH) // 2,
            middle=place * STEP + STEP // 2,
            y=round(top + HEIGHT - HEIGHT * (bar.number or 0) / tallest, 1),
            height=round(HEIGHT * (bar.number or 0) / tallest, 1),
        )
        for place, bar in enumerate(bars)
    )
    said = "; ".join(f"{bar.period}: {bar.words}" for bar in bars)
    return Chart(
        bars=tuple(drawn),
        width=len(bars) * STEP,
        height=top + HEIGHT + 26,
        bar_width=WIDTH,
        base=top + HEIGHT,
        words=f"{title}. {said}.",
    )
