"""What a discreet sheet does not say."""

from __future__ import annotations

import pytest

from services_dir.sheets.rules import initials, is_telling


@pytest.mark.parametrize(
    "text",
    [
        "Made-up Shelter",
        "Anti-Trafficking Project",
        "Center for Survivors",
        "Refugio de Ejemplo",
        "Línea contra la Trata",
        "Víctimas",
        "Safe House",
    ],
)
def test_a_name_that_says_what_it_is_about_is_telling(text):
    assert is_telling(text)


@pytest.mark.parametrize(
    "text", ["Harmony Project", "North House", "Centro de Tratamiento", "24 hours a day"]
)
def test_other_names_are_not(text):
    assert not is_telling(text)


@pytest.mark.parametrize(
    ("name", "short"),
    [("House of Made-up Light", "HMUL"), ("Refugio de la Luna", "RL"), ("Shelter 24", "S24")],
)
def test_initials_leave_small_words_out(name, short):
    assert initials(name) == short
