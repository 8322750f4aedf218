"""Words that match are marked in a text, and nothing of the text is lost."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services_dir.search import analyzer, stemming
from services_dir.search.highlight import Highlighter, Piece, marked, pieces
from services_dir.search.stemming import stem

SPELLINGS = (
    "Ágora",
    "agoras",
    "A\u0301gora",
    "Ñandú",
    "nandu",
    "ÉTICA",
    "etica",
    "U.S.",
    "us",
    "Us",
    "U.S.C",
    "paediatric",
    "pediatrics",
    "haemophilia",
    "hemophilia",
    "children",
    "child",
    "mum",
    "mom",
    "wives",
    "wife",
    "victim's",
    "O'Neill",
    "oneill",
    "24",
    "2024",
    "x",
    "legal-aid",
    "über",
    "uber",
    "organisation",
    "organization",
    "l’eau",
    "fine",
    "straße",
    "strasse",
    *stemming._IRREGULAR,
)


def matches(text, *words):
    return [piece.text for piece in marked(text, frozenset(map(stem, words))) if piece.is_match]


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("Free lawyers in town", ["lawyer"], ["lawyers"]),
        ("Clínicas GRATIS", ["clinica", "gratis"], ["Clínicas GRATIS"]),
        ("Cli\u0301nicas", ["clinica"], ["Cli\u0301nicas"]),
        ("A shelter. Shelters", ["shelter"], ["shelter", "Shelters"]),
        ("shelter-based", ["shelter"], ["shelter"]),
        ("For U.S. citizens", ["us", "citizen"], ["U.S. citizens"]),
        ("The victim's rights", ["victims"], ["victim's"]),
        ("Careers and cars", ["care"], []),
        ("Counselling", ["counseling"], ["Counselling"]),
        ("call 860-555-0101", ["860"], ["860"]),
        ("nothing here", [], []),
        ("", ["shelter"], []),
    ],
)
def test_words_are_marked_by_their_stem(text, words, expected):
    assert matches(text, *words) == expected


def test_pieces_say_what_stands_between():
    assert marked("A safe home, then", {stem("safe"), stem("home")}) == (
        Piece("A ", is_match=False),
        Piece("safe home", is_match=True),
        Piece(", then", is_match=False),
    )


@given(st.text(max_size=60), st.sets(st.sampled_from(["a", "law", "shelter", "1"])))
def test_the_pieces_together_are_the_text_and_take_turns(text, words):
    pieces = marked(text, words)

    assert "".join(piece.text for piece in pieces) == text
    assert all(one.is_match != other.is_match for one, other in itertools.pairwise(pieces))
    assert all(piece.text for piece in pieces)


@given(st.lists(st.sampled_from(SPELLINGS), max_size=8), st.sets(st.sampled_from(SPELLINGS)))
def test_a_word_is_marked_if_and_only_if_it_has_one_of_the_stems(words, typed):
    stems = {stem(term) for word in typed for term in analyzer.terms(word)}
    expected = [word for word in words if any(stem(term) in stems for term in analyzer.terms(word))]

    found = [piece.text for piece in marked(" / ".join(words), stems) if piece.is_match]
    assert found == expected


def test_words_of_a_phrase_are_marked_only_where_they_stand_together():
    find = Highlighter({"line"}, [frozenset(map(stem, ("statewide", "hotline")))]).matches
    together = "A statewide hotline, and a hotline. Statewide: a line."

    assert [p.text for p in pieces(together, find(together)) if p.is_match] == ["statewide hotline", "line"]
