"""Where names stand in a picture of places, so that none covers another: boxes of letters, moved aside."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import cos, pi, sin

from services_dir.search.outlines import WIDTH, Spot

# Left, top, right and bottom, in units of the picture.
Box = tuple[float, float, float, float]

LETTER_WIDE = 0.56  # how wide a letter is beside its height
_BOLD_WIDE = 0.63  # the same of a label, which is bold
SHADES = 4
# On a small screen names of regions are larger: they are kept apart at that size.
_LETTER = 21.0
_LEADING = 1.05
_BETWEEN = 0.15  # letters go a little beyond their lines
_LONGEST_LINE = 12


def label_box(
    lines: Sequence[str], middle: Spot, taken: Sequence[Box], marks: Sequence[Box], height: float
) -> Box:
    """Find room for a label near a point: it gives way to what is taken, and to marks if it can."""
    wide = max(map(len, lines)) * _LETTER * _BOLD_WIDE
    tall = (len(lines) * _LEADING + _BETWEEN) * _LETTER
    boxes = [box for box in _around(middle, wide, tall) if is_inside(box, height)]
    apart = [box for box in boxes if not any(overlap(box, other) for other in taken)]
    free = (box for box in apart if not any(overlap(box, other) for other in marks))
    return next(free, None) or next(iter((*apart, *boxes)), None) or next(_around(middle, wide, tall))


def label_lines(lines: Sequence[str]) -> tuple[tuple[float, str], ...]:
    """Give each line with how far below the last it is, the first below the middle, in letters."""
    first = 0.35 - (len(lines) - 1) * _LEADING / 2  # so that all lines together stand round the middle
    return tuple((round(first, 2) if at == 0 else _LEADING, line) for at, line in enumerate(lines))


def middle_of(box: Box) -> tuple[int, int]:
    """Give the middle of a box."""
    return round((box[0] + box[2]) / 2), round((box[1] + box[3]) / 2)


def wrapped(name: str) -> list[str]:
    """Give a name in lines of a few letters."""
    lines: list[str] = []
    for word in name.split():
        if lines and len(lines[-1]) + len(word) < _LONGEST_LINE:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def shade(number: int, most: int) -> int:
    """Give how dark a number is drawn beside the largest, from 0 to 4; only nothing is 0."""
    return -(-number * SHADES // most) if most else 0


def is_inside(box: Box, height: float) -> bool:
    """Tell whether a box lies within a picture of this height."""
    return box[0] >= 0 and box[1] >= 0 and box[2] <= WIDTH and box[3] <= height


def overlap(one: Box, other: Box) -> bool:
    """Tell whether two boxes cover the same spot."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _around(middle: Spot, wide: float, tall: float) -> Iterator[Box]:
    """Give boxes of a size, the first in the middle and then farther and farther away."""
    for way in range(0, 120, 6):
        for turn in range(1 if way == 0 else 16):
            x = middle[0] + way * cos(turn * pi / 8)
            y = middle[1] + way * sin(turn * pi / 8)
            yield x - wide / 2, y - tall / 2, x + wide / 2, y + tall / 2
