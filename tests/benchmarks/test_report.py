"""Tables of the benchmark: a difference makes a row void, a missing figure is no success."""

from __future__ import annotations

import pytest

from benchmarks import report
from benchmarks.comparing import Comparison
from benchmarks.questions import COMPARED, Answer, Question


class Fixed:
    """An engine that always answers the same."""

    def __init__(self, name: str, total: int, cards: int = 20, housing: int = 5) -> None:
        self.name = name
        self._answer = Answer(total, {facet: {"housing": housing, "unused": 0} for facet in COMPARED}, cards)

    def prepare(self, question):
        return question

    def ask(self, query):
        return self._answer

    def close(self):
        pass


def compared(*engines):
    comparison = Comparison([engine.name for engine in engines])
    comparison.ask(engines, [Question("one word"), Question("one word")])
    return comparison


def test_engines_that_answer_the_same_are_compared():
    made = compared(Fixed("this engine", 40), Fixed("other", 40))

    assert [row.kind for row in made.valid()] == ["one word"]
    assert made.ratio("this engine", "other") > 0


@pytest.mark.parametrize(
    "other", [Fixed("other", 41), Fixed("other", 40, cards=19), Fixed("other", 40, housing=6)]
)
def test_another_total_or_count_or_fewer_cards_make_a_row_void(other):
    made = compared(Fixed("this engine", 40), other)

    assert list(made.valid()) == []
    assert "other" in made.rows["one word"].void


def test_what_was_not_measured_is_neither_reached_nor_missed():
    verdicts = report.verdicts({100_000: {"ratios": {"warm / Tantivy": 0.2}}}, 100_000)

    assert verdicts[0].cells == ["engine, warm, against Tantivy", "at most 0.3", "0.2", "yes"]
    assert verdicts[1].cells[2:] == ["not measured", "–"]


def test_what_is_not_reached_says_no():
    results = {100_000: {"ratios": {"warm / Tantivy": 0.31}}}

    assert report.verdicts(results, 100_000)[0].says == "no"


def test_growth_is_told_from_a_tenth_of_the_listings_in_the_same_run():
    results = {100_000: {"means": {"this engine": 4.0}}, 10_000: {"means": {"this engine": 1.0}}}

    growth = {verdict.what: verdict for verdict in report.verdicts(results, 100_000)}

    assert growth["growth from 10,000: engine time"].cells[2:] == ["4", "no"]


def test_tables_are_written_between_their_marks_and_nowhere_else(tmp_path):
    file = tmp_path / "performance.md"
    file.write_text("Before.\n<!-- ten: written by make bench -->\nold\n<!-- end of ten -->\nAfter.\n")

    report.write_between(file, "ten", ["| new |"])

    assert file.read_text() == (
        "Before.\n<!-- ten: written by make bench -->\n\n| new |\n<!-- end of ten -->\nAfter.\n"
    )
    with pytest.raises(ValueError, match="no place for twenty"):
        report.write_between(file, "twenty", [])
