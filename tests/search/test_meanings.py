"""What words stand for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services_dir.catalog.kinds import WordKind
from services_dir.search.document import option_term
from services_dir.search.meanings import Meanings
from services_dir.search.query import Facet
from tests.support.programs import WORDS

HOUSING = option_term(Facet.CATEGORY, "housing")


@pytest.fixture
def meanings():
    """Give the meanings of a vocabulary in which the name of a category joins two words."""
    categories = dict(WORDS.terms[Facet.CATEGORY])
    labels = {"en": "Rooms, beds and roofs", "es": "Cuartos y techos"}
    categories["housing"] = replace(categories["housing"], labels=labels)
    return Meanings.of(replace(WORDS, terms={**WORDS.terms, Facet.CATEGORY: categories}))


@pytest.mark.parametrize("word", ["rooms", "beds", "roof", "cuartos", "techos", "shelter"])
def test_each_part_of_a_kind_of_helps_name_means_it(meanings, word):
    assert meanings.options_of((word,)) == (HOUSING,)


def test_a_word_that_names_nothing_means_nothing(meanings):
    assert not meanings.knows(("lantern",))


@pytest.fixture
def tables():
    """Give the meanings of some words of each kind."""
    return Meanings.of(
        replace(
            WORDS,
            words=(
                (WordKind.SYNONYM, "take/keep lamp/light", "dark house | night"),
                (WordKind.SYNONYM, "lamp", "light"),
                (WordKind.MISSPELLING, "lite", "light"),
            ),
        )
    )


def test_a_word_may_mean_several_things(tables):
    assert tables.others_of(("take", "lamp")) == (("dark", "house"), ("night",))


def test_a_choice_of_words_stands_for_each_of_them_in_any_form_and_order(tables):
    for typed in (("keep", "light"), ("took", "lamps"), ("lights", "taken"), ("keeping", "lamp")):
        assert tables.others_of(typed) == (("dark", "house"), ("night",)), typed
    assert not tables.knows(("take", "candle"))


@pytest.mark.parametrize(
    ("typed", "positions"),
    [
        ("he took my only lamp", [(1, 4)]),
        ("lamp he kept", [(0, 2)]),
        ("took a b c d e lamp", []),  # too far apart
        ("took it", []),
    ],
)
def test_words_of_a_phrase_may_stand_apart(tables, typed, positions):
    assert list(tables.phrases_in(typed.split())) == positions


def test_a_misspelling_is_no_word_to_correct_others_by(tables):
    assert tables.slips == {"lite": ("light",)}
    assert "lite" not in set(tables.words())


def test_a_language_that_nobody_speaks_means_interpreters():
    meanings = Meanings.of(WORDS, ["vi"])

    assert meanings.options_of(("vietnamese",)) == (option_term(Facet.LANGUAGE, "vi"),)
    assert meanings.options_of(("portugues",)) == (option_term(Facet.LANGUAGE, "interpreter"),)
