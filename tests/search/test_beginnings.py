"""Names are found by the beginning of any of their words, as if each were looked at."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from services_dir.search import analyzer
from services_dir.search.beginnings import Beginnings, packed

WORDS = ("safe", "safety", "harbor", "house", "peñón", "of", "international-understanding-and-friendship")
names = st.lists(st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join), max_size=12)


@given(names, st.sampled_from(("s", "safe", "safe h", "harbor", "penon", "international unders", "zzz")))
def test_all_names_with_a_word_that_goes_on_so_are_found(held, start):
    beginnings = Beginnings(packed("names", enumerate(held)), "names", held.__getitem__)
    expected = [
        (number, name)
        for number, name in enumerate(held)
        for terms in [analyzer.terms(name)]
        for at in range(len(terms))
        if " ".join(terms[at:]).startswith(start)
    ]

    assert sorted(beginnings.starting(start)) == sorted(expected)
