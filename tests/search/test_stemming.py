"""Forms of one word have one stem, and other words another."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services_dir.search.stemming import stem


@pytest.mark.parametrize(
    "forms",
    [
        "lawyer lawyers",
        "immigration immigrant immigrants",
        "counseling counselling counselled",
        "counselor counsellors",
        "labor labour labors labours",
        "organization organisation organizations organisations",
        "center centre centers centres",
        "behavioral behavioural",
        "program programme programs programmes",
        "enroll enrol enrolled enrolment enrollment",
        "defense defence",
        "pediatric paediatric",
        "child children",
        "woman women",
        "abogado abogada abogados abogadas",
        "inmigracion inmigraciones",
        "mujer mujeres",
        "joven jovenes",
        "refugio refugios",
        "trabajador trabajadora trabajadores",
        "clinica clinicas clinic clinics",
        "familia familias",
    ],
)
def test_forms_of_a_word_meet(forms):
    assert len({stem(word) for word in forms.split()}) == 1


@pytest.mark.parametrize(
    "words",
    ["care car career", "show shower", "seven several", "new newer", "queer que", "comida com", "hijo him"],
)
def test_other_words_do_not(words):
    assert len({stem(word) for word in words.split()}) == len(words.split())


def test_codes_stay_as_they_are():
    assert stem("i914s") == "i914s"


@given(st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=64))
def test_every_word_has_a_stem(word):
    assert stem(word)
