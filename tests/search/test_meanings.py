"""What words stand for."""

from __future__ import annotations

from dataclasses import replace

import pytest

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
