"""What a search finds, by example."""

from __future__ import annotations

from datetime import date

import pytest
from pyroaring import BitMap

from services_dir.catalog.kinds import PhoneKind, Precision, Visibility
from services_dir.search import engine, picking
from services_dir.search.query import Facet, Reach, SearchQuery, Sort
from services_dir.search.results import Group
from services_dir.search.suggestions import complete
from tests.support.factories import NOON
from tests.support.programs import (
    make_hours,
    make_phone,
    make_public,
    make_site,
    make_snapshot,
    make_text,
)


@pytest.fixture
def find(tmp_path):
    """Index programs and search them."""

    def search(programs, masked=(), **query):
        snapshot = make_snapshot(tmp_path, *programs)
        hidden = BitMap(snapshot.ids[program.id] for program in masked)
        return engine.answer(snapshot, SearchQuery(**query), hidden, at=NOON)

    return search


def names(result):
    return [hit.card.text("en").name for hit in result.hits]


def test_all_words_must_be_found_in_whatever_field(find):
    house = make_public("North House", categories=("housing",), organization="Harbor Alliance")
    law = make_public("Harbor Law")

    assert names(find([house, law], q="harbor shelter")) == ["North House"]
    assert names(find([house, law], q="harbor")) == ["Harbor Law", "North House"]


def test_accents_and_case_do_not_matter(find):
    program = make_public("Casa Peñón")

    assert find([program], q="PENON casa").total == 1


@pytest.mark.parametrize(
    "typed", ["860-555-0177", "(860) 555 0177", "+1 860.555.0177", "18605550177", "8605550177", "555-0177"]
)
def test_a_number_is_found_in_any_notation_and_comes_first(find, typed):
    program = make_public("Zebra", phones=(make_phone("+18605550177"),))
    other = make_public("Aardvark", description="Do not call 860-555-0177 or 8605550177 or 5550177")

    assert names(find([other, program], q=typed))[0] == "Zebra"


def test_a_short_code_is_found_with_and_without_hyphens(find):
    program = make_public("Line", phones=(make_phone("211"),))

    assert find([program], q="2-1-1").total == 1
    assert find([program], q="211").total == 1


def test_the_exact_name_comes_before_better_scores(find):
    exact = make_public("Law", description="other words " * 50)
    other = make_public("Law law law clinic")

    assert names(find([other, exact], q="law")) == ["Law", "Law law law clinic"]


def test_spanish_texts_and_words_are_found(find):
    program = make_public("North House", categories=("legal-assistance",))
    spanish = make_public(texts={"en": make_text("House"), "es": make_text("Casa del Norte")})

    assert names(find([program, spanish], q="es legal assistance")) == ["North House"]
    assert names(find([program, spanish], q="casa norte")) == ["House"]


def test_a_program_for_a_group_comes_before_those_for_all(find):
    for_all = make_public("A", populations=("all-survivors",))
    not_men = make_public("B", populations=("all-survivors",), populations_excluded=("men",))
    for_men = make_public("C", populations=("men",))

    assert names(find([for_all, not_men, for_men], population=("men",))) == ["C", "A"]


def test_interpreter_lines_come_after_staff_and_say_so(find):
    line = make_public("A", has_interpreter=True)
    staff = make_public("B", languages=("vi",))
    result = find([line, staff], language=("vi",))

    assert names(result) == ["B", "A"]
    assert [hit.by_interpreter for hit in result.hits] == [False, True]
    assert find([line, staff], language=("interpreter",)).total == 1
    # Nobody speaks it, but an interpreter line does.
    assert names(find([line, staff], language=("ko",))) == ["A"]


def test_near_comes_before_far(find):
    programs = [
        make_public("Nation", areas=("nation/land",)),
        make_public("State", areas=("state/north",)),
        make_public("Region", areas=("county/east",)),
        make_public("Town", areas=("town/mill",)),
        make_public("Elsewhere", areas=("town/wood",)),
    ]

    result = find(programs, place="Mill")
    assert names(result) == ["Town", "Region", "State", "Nation"]
    assert [hit.reach for hit in result.hits] == list(Reach)
    assert names(find(programs, place="Mill", reach=Reach.STATE)) == ["State"]


def test_a_county_is_served_by_whoever_serves_any_town_of_it(find):
    programs = [make_public("Mill"), make_public("Wood", areas=("town/wood",))]

    assert names(find(programs, place="East County")) == ["Mill"]


def test_an_unknown_place_gives_what_serves_everywhere_and_a_notice(find):
    programs = [make_public("Town"), make_public("State", areas=("state/north",))]
    result = find(programs, place="Atlantis")

    assert names(result) == ["State"]
    assert "Atlantis" in result.notices[0].sentence


def test_within_keeps_those_without_a_site_after_the_others(find):
    near = make_public("Near", sites=(make_site("town/mill"),))
    far = make_public("Far", areas=("town/mill",), sites=(make_site("town/far-end"),))
    phone = make_public("A Phone")
    hidden = make_public("Hidden", sites=(make_site("town/far-end", visibility=Visibility.AREA_ONLY),))
    result = find([near, far, phone, hidden], place="mill", within=10)

    assert names(result) == ["Near", "A Phone", "Hidden"]
    assert [hit.group for hit in result.hits] == [Group.FIRST, Group.BY_PHONE, Group.BY_PHONE]
    assert result.hits[0].distance_miles == 0.0
    assert result.hits[0].is_about
    assert result.hits[2].distance_miles is None


def test_a_site_with_coordinates_is_measured_exactly(find):
    exact = make_site("town/mill", latitude=41.2, longitude=-72.1, precision=Precision.EXACT)
    hit = find([make_public(sites=(exact,))], place="mill").hits[0]

    assert (hit.distance_miles, hit.is_about) == (6.9, False)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"place": "east county", "within": 5}, "We left the distance out"),
        ({"place": "east county", "sort": Sort.DISTANCE}, "We left the distance out"),
        ({"sort": Sort.DISTANCE}, "Name a town"),
        ({"reach": Reach.TOWN}, "Name a place"),
        ({"category": ("nonsense",)}, "“nonsense”"),
        ({"language": ("tlh-x",)}, "“tlh-x”"),
        ({"page": 10**6}, "the last one"),
    ],
)
def test_what_makes_no_sense_is_left_out_with_a_notice(find, query, sentence):
    result = find([make_public("Here", areas=("county/east",))], **query)

    assert result.total == 1
    assert sentence in " ".join(notice.sentence for notice in result.notices)


def test_open_now_leaves_out_what_is_closed_and_puts_the_unknown_after(find):
    is_open = make_public("Z", hours=make_hours(round_the_clock=True))
    unknown = make_public("A", hours=make_hours(words="Call first"))
    closed = make_public("B", hours=make_hours((4, 0, 60)))
    result = find([is_open, unknown, closed], open_now=True)

    assert names(result) == ["Z", "A"]
    assert result.total == 2
    assert [hit.group for hit in result.hits] == [Group.FIRST, Group.HOURS_UNKNOWN]
    assert [hit.open for hit in result.hits] == [True, None]


def test_a_chosen_option_is_listed_even_if_it_finds_nothing(find):
    result = find([make_public()], category=("crisis-hotline",))
    category = next(facet for facet in result.facets if facet.name is Facet.CATEGORY)

    assert [(option.value, option.count, option.chosen) for option in category.options] == [
        ("crisis-hotline", 0, True)
    ]


def test_masked_programs_are_gone(find):
    program = make_public()

    assert find([program], masked=[program]).total == 0


def test_an_alert_ends_with_its_last_day(find):
    program = make_public(alert="Moved", alert_until=date(2026, 3, 2))
    card = find([program]).hits[0].card

    assert card.alert_on(date(2026, 3, 2), "en") == "Moved"
    assert card.alert_on(date(2026, 3, 3), "en") is None


def test_a_card_puts_the_number_to_call_first_and_no_fax(find):
    phones = (
        make_phone("+18605550101", kind=PhoneKind.FAX),
        make_phone("+18605550102", kind=PhoneKind.TEXT),
        make_phone("+18605550103", kind=PhoneKind.HOTLINE),
    )
    card = find([make_public(phones=phones)]).hits[0].card

    assert [phone.number for phone in card.phones] == ["+18605550103", "+18605550102"]


def test_completions_come_from_the_catalog(tmp_path):
    snapshot = make_snapshot(
        tmp_path, make_public("Harbor House", organization="Safe Harbor"), make_public("Law")
    )
    found = complete(snapshot, "Hou", "en")

    assert [(one.kind.value, one.text) for one in found] == [
        ("category", "Housing"),
        ("program", "Harbor House"),
    ]
    assert [one.text for one in complete(snapshot, "harb", "en")] == ["Harbor House", "Safe Harbor"]
    assert complete(snapshot, "harb", "en", hidden={snapshot.live[0]}) == ()
    assert complete(snapshot, "\x00 ?", "en") == ()


@pytest.mark.parametrize(
    ("today", "months", "expected"),
    [
        (date(2026, 5, 31), 15, date(2025, 2, 28)),
        (date(2026, 1, 15), 15, date(2024, 10, 15)),
        (date(2025, 5, 31), 15, date(2024, 2, 29)),
    ],
)
def test_months_before_a_day(today, months, expected):
    assert picking.months_before(today, months) == expected
