"""What may stand on a sheet, and what a discreet one does not say."""

from __future__ import annotations

import pytest

from services_dir.sheets.rules import MOST_PROGRAMS, Chosen, initials, is_telling, read_chosen


def test_each_program_stands_once_in_the_order_of_choosing():
    assert read_chosen(["b", "a", " b ", "", "a"]) == Chosen(("b", "a"))


def test_what_cannot_be_a_slug_is_counted_and_nothing_is_raised():
    assert read_chosen(["North House", "%00", "\x00", "../etc", "house"]) == Chosen(("house",), unreadable=4)


def test_more_programs_than_a_sheet_holds_are_counted():
    chosen = read_chosen([f"program-{number}" for number in range(MOST_PROGRAMS + 3)])

    assert (len(chosen.slugs), chosen.too_many) == (MOST_PROGRAMS, 3)


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
