"""A chart of the engines as SVG: geometric means on a logarithmic scale, one group of bars for each size."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil, floor, log10
from typing import Any
from xml.sax.saxutils import escape

_WIDTH, _LEFT, _RIGHT, _BAR, _GAP, _HEAD = 760, 190, 90, 20, 26, 56
# Apart in lightness too, for those who do not tell colours apart; ours is the darkest.
_COLOURS = ("#0b4f6c", "#8a5a00", "#9db4c0", "#c9a227", "#7a7a7a", "#5fa8d3")


def draw(title: str, groups: Mapping[str, Sequence[tuple[str, float]]], unit: str) -> str:
    """Draw bars: for each group a label, and for each bar its label and value."""
    values = [value for bars in groups.values() for _label, value in bars]
    low, high = floor(log10(min(values))), ceil(log10(max(values)))
    scale = (_WIDTH - _LEFT - _RIGHT) / max(1, high - low)

    def x(value: float) -> float:
        return _LEFT + (log10(value) - low) * scale

    parts: list[str] = []
    y = _HEAD
    colours: dict[str, str] = {}
    for group, bars in groups.items():
        parts.append(_text(8, y + 14, group, weight="bold"))
        y += 22
        for label, value in bars:
            colour = colours.setdefault(label, _COLOURS[len(colours) % len(_COLOURS)])
            parts.append(_text(_LEFT - 8, y + 14, label, anchor="end"))
            width = max(1.0, x(value) - _LEFT)
            parts.append(
                f'<rect x="{_LEFT}" y="{y}" width="{width:.1f}" height="{_BAR - 4}" fill="{colour}"/>'
            )
            parts.append(_text(_LEFT + width + 6, y + 13, f"{value:.3g} {unit}"))
            y += _BAR
        y += _GAP - 10
    lines = [
        f'<line x1="{x(10.0**at):.1f}" y1="{_HEAD}" x2="{x(10.0**at):.1f}" y2="{y}" stroke="#d0d0d0"/>'
        + _text(x(10.0**at), y + 16, f"{10.0**at:g}", anchor="middle")
        for at in range(low, high + 1)
    ]
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {y + 40}" role="img" '
        f'font-family="system-ui, sans-serif" font-size="13"><title>{escape(title)}</title>'
        f'<rect width="100%" height="100%" fill="#ffffff"/>'
    )
    foot = _text(_WIDTH - 8, y + 34, f"{unit}, each line ten times the one before", anchor="end")
    return "\n".join([head, _text(8, 24, title, weight="bold"), *lines, *parts, foot, "</svg>\n"])


def of_results(results: Mapping[int, Mapping[str, Any]], order: Sequence[str]) -> str:
    """Draw the geometric means of all engines at each size."""
    groups = {}
    for size, result in sorted(results.items()):
        bars = [(name, result["means"][name]) for name in order if name in result["means"]]
        groups[f"{size:,} listings"] = bars
    return draw("Best 20 and five facets: geometric mean of all kinds of questions", groups, "ms")


def _text(x: float, y: float, text: str, anchor: str = "start", weight: str = "normal") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-weight="{weight}" fill="#1a1a1a">'
        f"{escape(text)}</text>"
    )
