"""Forms of one word have one stem, and other words another."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor

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


def test_several_threads_stem_at_once_as_one_does():
    words = [
        f"{start}{end}"
        for start in ("organiz", "consider", "habl", "alimen", "protec", "entend")
        for end in ("ations", "iveness", "amientos", "ándolos", "ing")
    ]
    alone = [stem.__wrapped__(word) for word in words]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as threads:
            several = list(
                threads.map(lambda turn: [stem.__wrapped__(word) for word in words[turn:]], range(4))
            )
    finally:
        sys.setswitchinterval(interval)

    assert several == [alone[turn:] for turn in range(4)]
