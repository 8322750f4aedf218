"""What was measured: as a value that becomes JSON, as lines to print, and as tables for a document."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

ENGINES = ("this engine", "first touch", "whole answer", "Tantivy", "SQLite FTS5", "PostgreSQL", "Whoosh")
Result = Mapping[str, Any]
_MUST_SIZE, _BASE_SIZE, _LARGE_SIZE = 100_000, 10_000, 1_000_000


class Verdict:
    """One row of what must be reached: what was, or why it is not known."""

    def __init__(
        self, what: str, must: str, reached: float | None, holds: bool | None, unit: str = ""
    ) -> None:
        self.what, self.must = what, must
        self.reached = "not measured" if reached is None else f"{reached:.3g}{unit}"
        self.says = {True: "yes", False: "no", None: "–"}[holds if reached is not None else None]

    @property
    def cells(self) -> list[str]:
        return [self.what, self.must, self.reached, self.says]


def verdicts(results: Mapping[int, Result], size: int) -> list[Verdict]:
    """Say for each requirement what was reached at a size; growth from a tenth of it."""
    now, base = results[size], results.get(size // 10)

    def at_most(what: str, limit: float, *path: str, unit: str = "") -> Verdict:
        value = _value(now, path)
        return Verdict(what, f"at most {limit:g}{unit}", value, value is not None and value <= limit, unit)

    def at_least(what: str, limit: float, *path: str) -> Verdict:
        value = _value(now, path)
        return Verdict(what, f"at least {limit:g}", value, value is not None and value >= limit)

    def growth(what: str, limit: float, *path: str) -> Verdict:
        large, small = _value(now, path), _value(base or {}, path)
        value = large / small if large is not None and small else None
        return Verdict(what, f"at most {limit:g}", value, value is not None and value <= limit)

    if size >= _LARGE_SIZE:
        return [
            at_most("engine, warm, against Tantivy", 0.3, "ratios", "warm / Tantivy"),
            at_most("engine, first touch, against Tantivy", 1.5, "ratios", "first touch / Tantivy"),
        ]
    return [
        at_most("engine, warm, against Tantivy", 0.3, "ratios", "warm / Tantivy"),
        at_most("engine, first touch, against Tantivy", 1.0, "ratios", "first touch / Tantivy"),
        at_least("Whoosh `groupedby` against engine, warm", 300, "ratios", "Whoosh / warm"),
        at_most("median after each approval, against own warm median", 3, "approvals", "ratio"),
        at_least(
            "pages at 8 clients: requests per second against Datasette", 40, "pages", "against Datasette"
        ),
        at_least(
            "pages at 8 clients: requests per second against the floor", 0.7, "pages", "against the floor"
        ),
        at_most("private memory of one worker", 250, "memory", "worker", unit=" MB"),
        at_most("an approval is found in every worker", 0.5, "found", "slowest", unit=" s"),
        at_least("index build against a stock Whoosh writer", 2.5, "build", "against Whoosh"),
        growth(f"growth from {size // 10:,}: engine time", 3, "means", "this engine"),
        growth(f"growth from {size // 10:,}: page time at 1 client", 1.3, "pages", "time of a page"),
    ]


def _value(result: Result, path: Sequence[str]) -> float | None:
    held: Any = result
    for name in path:
        held = held.get(name) if held else None
    return held


def tables(results: Mapping[int, Result], size: int) -> Iterator[str]:
    """Give the tables of one size as lines of Markdown, a heading before each."""
    now = results[size]
    yield from _section("What must be reached", ("", "must", "reached", ""), _cells(verdicts(results, size)))
    names = [name for name in ENGINES if name in now["engines"]]
    yield from _section(
        f"Best 20 and five facets: ms, median / p95 of {now['questions']} questions of a kind",
        ("question", "listings", *names),
        [*(_engine_row(row, names) for row in now["rows"]), ["geometric mean", "", *_means(now, names)]],
    )
    yield from _section("Beside that", ("", ""), list(_facts(now)))
    if now.get("pages"):
        head = ("", "clients", "requests per second", "p50 ms", "p95 ms", "KB a page")
        yield from _section("Whole pages over HTTP", head, now["pages"]["rows"])

    for what, shares in now["profiles"].items():
        rows = [[name, f"{100 * share:.0f} %", f"{calls:.1f}"] for name, share, calls in shares]
        head = ("function, with all that it calls", "share", f"calls for {what}")
        yield from _section(
            f"Where the time of {what} goes (by a profile, which slows small calls most)", head, rows
        )


def _cells(rows: Sequence[Verdict]) -> list[list[str]]:
    return [row.cells for row in rows]


def _engine_row(row: Result, names: Sequence[str]) -> list[str]:
    times = [f"{row['median'][name]:.2f} / {row['p95'][name]:.2f}" for name in names]
    void = "; ".join(f"{name}: {why}" for name, why in row["void"].items())
    return [row["kind"] + (f" (void: {void})" if void else ""), f"{row['listings']:,}", *times]


def _means(now: Result, names: Sequence[str]) -> list[str]:
    return [f"{now['means'][name]:.2f}" for name in names]


def _facts(now: Result) -> Iterator[list[str]]:
    build = now["build"]
    yield ["words of a listing, mean", f"{now['words']:.0f}"]
    for name, rate in build["rates"].items():
        yield [f"index built by {name}", f"{rate:,.0f} documents per second"]
    yield ["opening the index", f"{now['opening']:.2f} s"]
    yield ["our engine as people type (no quotation marks)", f"{now['as typed']:.2f} ms"]
    if now.get("approvals"):
        held = now["approvals"]
        yield ["first search after an approval, median / p95", f"{held['median']:.2f} / {held['p95']:.2f} ms"]
        yield ["the same kinds of search, warm, median", f"{held['warm median']:.2f} ms"]
        yield ["commit of one changed listing, median", f"{held['commit']:.0f} ms"]
        yield ["taking up that commit, median", f"{held['taking up']:.0f} ms"]
    if now.get("found"):
        held = now["found"]
        yield [f"an approval is found in both workers, median of {held['count']}", f"{held['median']:.2f} s"]
    for what, size in now.get("memory", {}).items():
        yield [f"private memory: {what}", f"{size:.0f} MB"]
    for what in now.get("left out", []):
        yield ["left out", what]


def _section(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield from (f"### {title}", "", _line(head), _line(["---"] * len(head)), *map(_line, rows), "")


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def as_text(lines: Sequence[str]) -> Iterator[str]:
    """Give lines of Markdown with their tables in columns, for a terminal."""
    block: list[list[str]] = []
    for line in [*lines, ""]:
        if line.startswith("|"):
            block.append([cell.strip() for cell in line.strip("|").split("|")])
            continue
        widths = [max(len(row[at]) for row in block) for at in range(len(block[0]))] if block else []
        for row in block:
            if row[0] != "---":
                yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        block = []
        yield line.removeprefix("### ")


def write_between(file: Path, name: str, lines: Sequence[str]) -> None:
    """Put lines between the two marks of a name in a document. Raises ValueError if they are not there."""
    begin, end = f"<!-- {name}: written by make bench -->", f"<!-- end of {name} -->"
    text = file.read_text()
    found = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
    if not found.search(text):
        raise ValueError(f"{file} has no place for {name}")
    content = "\n".join([begin, "", *lines, end])
    file.write_text(found.sub(lambda _match: content, text))
