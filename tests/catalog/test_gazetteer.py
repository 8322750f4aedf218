"""Places: what people type, what lies in what, where distances begin."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services_dir.catalog import gazetteer, operations
from services_dir.catalog.gazetteer import Gazetteer, Lie, PlaceEntry
from services_dir.catalog.kinds import ChangeKind, PlaceKind
from services_dir.catalog.models import Place
from services_dir.db import transaction
from tests.support.factories import NOON
from tests.support.programs import PLACES

REGIONS = (PlaceKind.COUNTY, PlaceKind.PLANNING_REGION, PlaceKind.NAMED_AREA)


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("East", "town/east"),
        ("  eAST. ", "town/east"),
        ("East County", "county/east"),
        ("county of East", "county/east"),
        ("west county", "county/west"),
        ("West", "county/west"),
        ("Dell", "village/dell"),
        ("the dell", "village/dell"),
        ("00100", "zip/00100"),
        ("00100-1234", "zip/00100"),
        ("Mill, NO", "town/mill"),
        ("mill north", "town/mill"),
        ("East County, North", "county/east"),
        ("greater middle", "named_area/middle"),
        ("Greater Middle area", "named_area/middle"),
        ("far-end", "town/far-end"),
        ("North", "state/north"),
        ("no", "state/north"),
        ("Land", "nation/land"),
    ],
)
def test_a_place_is_found_as_people_type_it(typed, key):
    assert PLACES.find(typed).key == key


@pytest.mark.parametrize("typed", ["", "   ", "Nowhere", "Mill, XY", "99999", "County", "?", "a" * 300])
def test_what_names_no_place_finds_none(typed):
    assert PLACES.find(typed) is None


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("west conty", "county/west"),
        ("Far Ent", "town/far-end"),
        ("FARR END, NO", "town/far-end"),
        ("mill", "town/mill"),
        ("mil", None),  # too short
        ("00101", None),  # a ZIP code is right or not
        ("vest county", "county/west"),
        ("wast county", None),  # east or west
    ],
)
def test_one_letter_may_be_wrong_if_only_one_place_is_meant(typed, key):
    found = PLACES.find_near(typed)

    assert (found.key if found else None) == key


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("near Mill", "town/mill"),
        ("in the Dell, NO", "village/dell"),
        ("cerca de Mill", "town/mill"),
        ("Mill area", "town/mill"),
        ("condado de East", "county/east"),
        ("East Co.", "county/east"),
        ("W. County", "county/west"),
        ("zip code 00100", "zip/00100"),
        ("Mill 00100", "zip/00100"),
        ("farend", "town/far-end"),
        ("near far ent", "town/far-end"),
        ("near nowhere", None),
        ("near", None),
    ],
)
def test_what_is_said_around_a_place_does_not_hide_it(typed, key):
    found = PLACES.find_near(typed)

    assert (found.key if found else None) == key


def test_what_lies_in_a_county_is_as_near_as_what_serves_all_of_it():
    state, county = PLACES.tiers("state/north"), PLACES.tiers("county/west")

    assert {"state/north", "county/west", "named_area/middle", "town/lake"} <= state.town
    assert state.nation == {"nation/land"}
    assert "county/west" in county.town
    assert county.region == {"named_area/middle"}  # half of it lies elsewhere


def test_a_village_stands_for_its_town():
    assert PLACES.towns("village/dell") == (Lie("town/mill", 1.0),)
    assert PLACES.point("village/dell") == PLACES.point("town/mill")
    assert PLACES.tiers("village/dell").region == PLACES.tiers("town/mill").region


def test_a_region_has_the_towns_in_it_and_no_point():
    assert {lie.key for lie in PLACES.towns("county/west")} == {"town/lake", "town/wood", "town/far-end"}
    assert {lie.key for lie in PLACES.towns("named_area/middle")} == {"town/mill", "town/lake"}
    assert len(PLACES.towns("nation/land")) == 5
    assert PLACES.point("county/west") is None
    assert PLACES.point("state/north") is None


def test_distances_from_a_zip_begin_where_its_people_live():
    latitude, longitude = PLACES.point("zip/00100")

    assert latitude == pytest.approx(41.1 * 0.75 + 41.2 * 0.25)
    assert longitude == pytest.approx(-72.1 * 0.75 - 72.5 * 0.25)


def test_everything_around_a_zip_serves_it():
    tiers = PLACES.tiers("zip/00100")

    assert {"town/mill", "town/lake", "zip/00100"} <= tiers.town
    assert tiers.region == {"county/east", "county/west", "named_area/middle"}
    assert tiers.state == {"state/north"}
    assert tiers.nation == {"nation/land"}


def test_an_unknown_place_is_served_by_states_and_nations_alone():
    tiers = PLACES.far_tiers()

    assert (tiers.town, tiers.region) == (frozenset(), frozenset())
    assert (tiers.state, tiers.nation) == ({"state/north"}, {"nation/land"})


def test_places_that_lie_in_each_other_do_no_harm():
    knot = Gazetteer.of(
        PlaceEntry(key, PlaceKind.COUNTY, key, None, None, (Lie(other, 1.0),))
        for key, other in (("county/a", "county/b"), ("county/b", "county/a"))
    )

    assert knot.ancestors("county/a") == {"county/a", "county/b"}
    assert knot.towns("county/a") == ()


@st.composite
def countries(draw):
    """A nation with a state, regions that overlap, towns in some of them, ZIP codes in some towns."""
    entries = [
        PlaceEntry("nation/n", PlaceKind.NATION, "N"),
        PlaceEntry("state/s", PlaceKind.STATE, "S", None, None, (Lie("nation/n", 1.0),)),
    ]
    regions = []
    for index, kind in enumerate(draw(st.lists(st.sampled_from(REGIONS), min_size=1, max_size=4))):
        key = f"{kind.value}/r{index}"
        lies = () if kind is PlaceKind.NAMED_AREA else (Lie("state/s", 1.0),)
        entries.append(PlaceEntry(key, kind, f"Region {index}", None, None, lies))
        regions.append(key)
    towns = []
    for index in range(draw(st.integers(1, 5))):
        held = draw(st.lists(st.sampled_from(regions), unique=True))
        lies = tuple(Lie(region, 1.0) for region in ["state/s", *held])
        entries.append(PlaceEntry(f"town/t{index}", PlaceKind.TOWN, f"Town {index}", None, None, lies))
        towns.append(f"town/t{index}")
    for index in range(draw(st.integers(0, 3))):
        held = draw(st.lists(st.sampled_from(towns), unique=True, min_size=1))
        lies = tuple(Lie(town, 1 / len(held)) for town in held)
        entries.append(PlaceEntry(f"zip/0000{index}", PlaceKind.ZIP, f"0000{index}", None, None, lies))
    return Gazetteer.of(entries)


@given(countries(), st.data())
def test_a_place_is_served_by_whatever_covers_any_town_of_it(country, data):
    asked = data.draw(st.sampled_from(sorted(country.places)))
    serving = data.draw(st.sampled_from(sorted(country.places)))
    tiers = country.tiers(asked)

    # Naively: two places have to do with each other if some town is in both.
    mine, theirs = ({lie.key for lie in country.towns(key)} for key in (asked, serving))
    lies_around = serving in country.ancestors(asked) or serving == asked
    expected = bool(mine & theirs) or lies_around
    kind = country.places[serving].kind
    found = serving in frozenset().union(*tiers)

    # What is as large as the place asked for, or mostly in it, is as near as a town of it.
    is_large = country.places[asked].kind in (*REGIONS, PlaceKind.STATE, PlaceKind.NATION)
    is_mostly_in = kind in REGIONS and 2 * len(mine & theirs) > len(theirs)
    is_near = is_large and (serving == asked or is_mostly_in)

    assert found == expected
    if found:
        assert (serving in tiers.nation) == (kind is PlaceKind.NATION and not is_near)
        assert (serving in tiers.state) == (kind is PlaceKind.STATE and not is_near)
        assert (serving in tiers.region) == (kind in REGIONS and not is_near)


def test_the_gazetteer_is_read_once_and_again_when_the_vocabulary_changes(session):
    first = gazetteer.current(session)
    assert gazetteer.current(session) is first
    assert first.find("west hartford").key == "town/west-hartford"

    with transaction(session):
        session.query(Place).filter_by(key="town/west-hartford").one().name = "Sunset Hartford"
        operations.record_change(session, ChangeKind.VOCABULARY, None, NOON)

    assert gazetteer.current(session).find("sunset hartford").key == "town/west-hartford"
    assert gazetteer.current(session).find("west hartford") is None
