"""Forms of a verb have one root."""

from __future__ import annotations

import pytest

from services_dir.search.forms import root


@pytest.mark.parametrize(
    "forms",
    [
        "take took taken takes taking",
        "sell sold selling",
        "pay paid payed",
        "no not never cant wont doesnt without sin nunca",
        "quitar quita quitaron quito quitado quitarme",
        "pegar pega pego pegaba pegando",
        "dormir duermo durmio dormido",
        "obligar obliga obligan obligaron obligue",
        "forzar fuerza forzaron forzada",
        "pagar paga pagan pagado pague",
    ],
)
def test_forms_of_a_verb_meet(forms):
    assert len({root(word) for word in forms.split()}) == 1


@pytest.mark.parametrize("words", ["come comer", "car care", "sin son", "pagar pegar"])
def test_other_words_do_not(words):
    assert len({root(word) for word in words.split()}) == 2
