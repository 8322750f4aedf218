"""What each kind of tree finds, and how it scores."""

from __future__ import annotations

import numpy as np
import pytest

from services_dir.search.tree import And, DisjunctionMax, Not, Or, Phrase, Term
from tests.support.programs import make_public, make_snapshot


@pytest.fixture
def look(tmp_path):
    """Index programs by name; give the names and scores that a tree finds."""

    def look(tree, *names):
        snapshot = make_snapshot(tmp_path, *(make_public(name) for name in names))
        found, scores = snapshot.evaluate(tree)
        numbers = np.array(found, dtype=np.int64)
        shown = [snapshot.name(number, "en") for number in found]
        return dict(zip(shown, scores[numbers].tolist(), strict=True))

    return look


def name(text, weight=1.0):
    return Term("name", text, weight)


NAMES = ("Safe Harbor", "Harbor of Light", "Light", "Harbor Harbor Safe", "Safe and Light Harbor")


def test_scores_of_or_add_up_and_the_best_counts_in_a_disjunction(look):
    harbor, light = look(name("harbor"), *NAMES), look(name("light"), *NAMES)
    either = Or((name("harbor"), name("light")))
    best = DisjunctionMax((name("harbor"), name("light", 0.5)))

    assert look(either, *NAMES) == pytest.approx(
        {key: harbor.get(key, 0) + light.get(key, 0) for key in NAMES}
    )
    assert look(best, *NAMES) == pytest.approx(
        {key: max(harbor.get(key, 0), light.get(key, 0) / 2) for key in NAMES}
    )


def test_and_asks_for_all_and_leaves_out_what_is_not_wanted(look):
    assert set(look(And((name("harbor"), name("light"))), *NAMES)) == {
        "Harbor of Light",
        "Safe and Light Harbor",
    }
    assert set(look(And((name("harbor"), Not(name("light")))), *NAMES)) == {
        "Safe Harbor",
        "Harbor Harbor Safe",
    }
    assert look(And((Not(name("light")),)), *NAMES) == {"Safe Harbor": 0.0, "Harbor Harbor Safe": 0.0}


def test_an_and_inside_an_or_counts_only_where_all_of_it_is_found(look):
    tree = Or((And((name("safe"), name("light"))), name("harbor", 2.0)))
    alone = look(name("harbor", 2.0), *NAMES)
    found = look(tree, *NAMES)

    assert set(found) == set(alone)
    assert [key for key in NAMES if key in found and found[key] > alone[key]] == ["Safe and Light Harbor"]


def test_a_phrase_is_found_in_its_order_and_without_gaps(look):
    assert set(look(Phrase("name", ("safe", "harbor")), *NAMES)) == {"Safe Harbor"}
    assert set(look(Phrase("name", ("harbor", "harbor")), *NAMES)) == {"Harbor Harbor Safe"}
    assert look(Phrase("name", ("harbor", "nothing")), *NAMES) == {}
    both = look(And((name("safe"), name("harbor"))), *NAMES)
    assert look(Phrase("name", ("safe", "harbor"), 2.0), *NAMES)["Safe Harbor"] == pytest.approx(
        2 * both["Safe Harbor"]
    )


def test_what_nobody_has_finds_nothing(look):
    assert look(name("nothing"), *NAMES) == {}
    assert look(Or(()), *NAMES) == {}
    assert look(And((name("harbor"), Or(()))), *NAMES) == {}
