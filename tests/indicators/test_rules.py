"""Small numbers: nobody can work one out, not even who knows the whole and the rule itself."""

from __future__ import annotations

from collections import defaultdict
from itertools import product

import pytest

from services_dir.indicators.rules import HIDDEN, SMALL, WHOLE, Shown, shown

MINORS, ADULTS, UNKNOWN = ("age", "minors"), ("age", "adults"), ("age", "unknown")
_MOST = 24
FEW = Shown(is_small=True)


def stored(numbers):
    """What is kept of true numbers: of those from 1 to 4 only that they are small."""
    return {part: None if 0 < number < SMALL else number for part, number in numbers.items()}


@pytest.mark.parametrize("parts", [(MINORS, ADULTS), (MINORS, ADULTS, UNKNOWN)])
def test_who_knows_the_whole_and_the_rule_cannot_tell_a_small_number(parts):
    """All that may be true is tried: what looks the same must leave three small numbers or more."""
    worlds = defaultdict(list)
    for numbers in product(range(_MOST + 1), repeat=len(parts)):
        if sum(numbers) <= _MOST:
            true = dict(zip(parts, numbers, strict=True)) | {WHOLE: sum(numbers)}
            looks = tuple(sorted(shown(stored(true), protects=True).items(), key=lambda one: one[0]))
            worlds[looks].append(true)

    for looks, same in worlds.items():
        for part, figure in looks:
            numbers = {true[part] for true in same}
            if figure.is_small:
                assert len(numbers) > 2, (looks, numbers)
            elif figure.is_hidden:
                assert len(numbers) > 1, (looks, numbers)


def test_a_small_part_takes_another_with_it():
    figures = {WHOLE: 40, MINORS: None, ADULTS: 25, UNKNOWN: 12}

    assert shown(figures, protects=True) == {
        WHOLE: Shown(40),
        MINORS: FEW,
        ADULTS: Shown(25),
        UNKNOWN: HIDDEN,
    }


def test_the_parts_of_a_small_whole_are_not_told():
    assert shown({WHOLE: None, MINORS: None, ADULTS: 0}, protects=True) == {
        WHOLE: FEW,
        MINORS: HIDDEN,
        ADULTS: HIDDEN,
    }


def test_a_whole_that_is_not_given_may_follow_from_another_breakdown():
    figures = {MINORS: 10, ADULTS: 20, ("form", "labor"): 27, ("form", "sex"): None}

    found = shown(figures, protects=True)

    assert found["form", "sex"].number is None
    assert found["form", "labor"].number is None


def test_none_at_all_may_be_shown():
    assert shown({WHOLE: 30, MINORS: 0, ADULTS: 30}, protects=True)[MINORS] == Shown(0)


def test_what_points_at_nobody_is_shown_as_it_is():
    assert shown({WHOLE: 3}, protects=False) == {WHOLE: Shown(3)}
