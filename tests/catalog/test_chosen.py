"""The programs chosen for a sheet, as they are read from what was sent."""

from __future__ import annotations

from services_dir.catalog.chosen import MOST_PROGRAMS, Chosen, read_chosen


def test_each_program_stands_once_in_the_order_of_choosing():
    assert read_chosen(["b", "a", " b ", "", "a"]) == Chosen(("b", "a"))


def test_what_cannot_be_a_slug_is_counted_and_nothing_is_raised():
    assert read_chosen(["North House", "%00", "\x00", "../etc", "house"]) == Chosen(("house",), unreadable=4)


def test_more_programs_than_a_sheet_holds_are_counted():
    chosen = read_chosen([f"program-{number}" for number in range(MOST_PROGRAMS + 3)])

    assert (len(chosen.slugs), chosen.too_many) == (MOST_PROGRAMS, 3)


def test_what_is_taken_off_is_not_chosen():
    assert read_chosen(["a", "b"], without=["a"]) == Chosen(("b",))


def test_nothing_sent_is_empty_and_nonsense_is_not():
    assert read_chosen([""]).is_empty
    assert not read_chosen(["North House"]).is_empty
