"""The map of a search: shapes from points of towns, counts by town and region, a list that says the same."""

from __future__ import annotations

import csv
from itertools import combinations
from math import hypot

import pytest

from services_dir.catalog.draft import AreaDraft
from services_dir.catalog.gazetteer import Gazetteer, Lie, PlaceEntry
from services_dir.catalog.kinds import PlaceKind
from services_dir.catalog.operations import withdraw_program
from services_dir.db import transaction
from services_dir.search import sync
from services_dir.search.outlines import WIDTH, Outlines, path
from services_dir.settings import SEED_DATA
from tests.support.factories import NOON, draft_hidden_site, draft_site, make_program
from tests.support.markup import text_of

pytestmark = pytest.mark.sqlite


@pytest.fixture(scope="module")
def connecticut() -> Gazetteer:
    """The places of the seed, from their files."""
    parents: dict[str, list[Lie]] = {}
    with (SEED_DATA / "place_parents.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            parents.setdefault(row["key"], []).append(Lie(row["parent"], float(row["share"] or 1)))
    with (SEED_DATA / "places.csv").open(encoding="utf-8") as file:
        return Gazetteer.of(
            PlaceEntry(
                row["key"],
                PlaceKind(row["kind"]),
                row["name"],
                row["code"] or None,
                (float(row["latitude"]), float(row["longitude"])) if row["latitude"] else None,
                tuple(parents.get(row["key"], ())),
            )
            for row in csv.DictReader(file)
        )


@pytest.fixture
def indexed(app, session):
    """Publish programs and index them."""

    def publish(*programs):
        made = [make_program(session, **changes) for changes in programs]
        session.rollback()
        sync.catch_up(app)
        return made

    return publish


def test_what_lies_in_a_region_is_nearer_to_one_of_its_towns_than_to_any_other(connecticut):
    outlines = Outlines.of(connecticut)
    region_of = {
        key: above
        for key in outlines.towns
        for above in connecticut.ancestors(key)
        if above.startswith("planning-region/")
    }

    for region in outlines.regions:
        for cell in region.cells:
            x = sum(corner[0] for corner in cell) / len(cell)
            y = sum(corner[1] for corner in cell) / len(cell)
            ways = {town: hypot(x - at[0], y - at[1]) for town, at in outlines.towns.items()}
            nearest = min(ways, key=lambda town: ways[town])
            assert region_of[nearest] == region.key
    assert sum(len(region.cells) for region in outlines.regions) == len(outlines.towns) == 169


def test_a_town_lies_where_it_lies_and_all_of_it_in_the_picture(connecticut):
    outlines = Outlines.of(connecticut)
    towns = outlines.towns

    assert towns["town/hartford"][1] < towns["town/new-haven"][1]  # farther north
    assert towns["town/stamford"][0] < towns["town/new-haven"][0] < towns["town/new-london"][0]
    for spot in [corner for region in outlines.regions for cell in region.cells for corner in cell]:
        assert 0 <= spot[0] <= WIDTH
        assert 0 <= spot[1] <= outlines.height


def test_a_border_runs_between_two_regions_and_is_drawn_once(connecticut):
    outlines = Outlines.of(connecticut)
    drawn = [
        frozenset((path([[start]], is_closed=False), path([[end]], is_closed=False)))
        for start, end in outlines.borders
    ]

    assert 100 < len(drawn) < 1000
    assert len({line for line in drawn if len(line) == 2}) == len([line for line in drawn if len(line) == 2])


def test_without_points_nothing_is_drawn():
    towns = [
        PlaceEntry("county/a", PlaceKind.COUNTY, "A"),
        *(PlaceEntry(f"town/{n}", PlaceKind.TOWN, n, None, None, (Lie("county/a", 1.0),)) for n in "bc"),
    ]

    assert Outlines.of(Gazetteer.of(towns)) is None


def counts(page) -> dict[str, str]:
    """Give what the list under the map says."""
    lines = [item for part in page.all("ul", class_="map__list") for item in part.iter("li")]
    return {text_of(line.find("a")): text_of(line.find("span")) for line in lines}


def test_a_place_is_a_mark_and_a_confidential_one_only_coverage(client, indexed):
    indexed(
        {"name": "North House", "sites": (draft_site(),)},
        {
            "name": "Hidden House",
            "sites": (draft_hidden_site(town="town/new-haven"),),
            "service_areas": (AreaDraft(place="town/new-haven"),),
        },
        {"name": "Wide House", "service_areas": (AreaDraft(place="state/connecticut"),)},
    )
    visit = client.get("/map?q=house")
    listed = counts(visit.page)

    assert visit.page.heading == "3 results on a map"
    assert listed["Hartford"] == "1 program"
    assert "New Haven" not in listed
    assert listed["South Central"] == "1 program"
    assert "1 program serves the whole state or the whole country." in visit.page.text
    [mark] = visit.page.all("*", class_="map__town")
    assert text_of(mark) == "Hartford: 1 program"
    for label in visit.page.all("*", class_="map__label"):
        *name, number = [text_of(line) for line in label]
        [region] = [region for region in listed if region.startswith(name[0])]
        assert listed[region].split()[0] == number


def test_a_withdrawn_program_is_gone_from_the_map_at_once(client, indexed, session):
    [program] = indexed({"name": "North House", "sites": (draft_site(),)})
    assert counts(client.get("/map").page)["Hartford"] == "1 program"

    with transaction(session):
        withdraw_program(session, session.merge(program), at=NOON)

    assert "Hartford" not in counts(client.get("/map").page)


def test_the_map_narrows_like_the_list_and_leads_back_to_it(client, indexed):
    indexed(
        {"name": "North House", "sites": (draft_site(),), "categories": ("housing",)},
        {"name": "South", "sites": (draft_site(),), "categories": ("legal-assistance",)},
    )
    results = client.get("/programs?category=housing&page=2").page
    [way] = [link for link in results.links if link.startswith("/map")]
    page = client.get(way).page

    assert way == "/map?category=housing"
    assert counts(page)["Hartford"] == "1 program"
    assert "/programs?category=housing" in page.links
    assert "/programs?category=housing&place=Hartford" in page.links
    assert client.get(way).response.headers["X-Robots-Tag"] == "noindex"
    assert "<svg" not in client.get("/programs").text


def test_without_scripts_the_programs_chosen_come_along(client, indexed):
    indexed({"name": "North House", "slug": "north-house", "sites": (draft_site(),)})
    results = client.post("/programs", {"q": "house", "program": "north-house"}, status=200).page
    way = results.one("button", formaction="/map")
    sent = {"search": way.get("value"), "program": "north-house"}
    page = client.post(way.get("formaction"), sent, status=200).page

    assert page.form("/programs").values["program"] == ["north-house"]
    assert page.one("button", value="q=house&place=Hartford") is not None
    assert not [link for link in page.links if link.startswith("/programs?")]


def test_in_spanish_and_without_an_index_there_is_a_page(app, client, session):
    make_program(session, name="North House", sites=(draft_site(),))
    session.rollback()
    assert "The map cannot be drawn at the moment." in client.get("/map").page.text

    sync.catch_up(app)
    page = client.get("/es/map?place=hartford&q=%00%ff&within=x").page
    assert "en un mapa" in page.heading
    assert all(link.startswith("/es/") for link in page.links if "place=" in link and "map" not in link)


@pytest.mark.browser
def test_names_on_the_map_do_not_cover_each_other(browser, indexed, app):
    from tests.support.browsers import violations, watched_page
    from tests.support.serving import serving_app

    indexed(
        {"name": "North House", "sites": (draft_site(),)},
        {
            "name": "South House",
            "sites": (draft_site(city="New Haven", town="town/new-haven", latitude=41.31, longitude=-72.92),),
        },
    )
    for width in (360, 1280):
        with (
            serving_app(app) as address,
            watched_page(browser, address, viewport={"width": width, "height": 800}) as page,
        ):
            page.goto("/map")
            boxes = [one.bounding_box() for one in page.locator("svg text").all() if one.is_visible()]
            assert boxes
            for one, other in combinations(boxes, 2):
                assert (
                    one["x"] + one["width"] <= other["x"] + 1
                    or other["x"] + other["width"] <= one["x"] + 1
                    or one["y"] + one["height"] <= other["y"] + 4
                    or other["y"] + other["height"] <= one["y"] + 4
                ), (one, other)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            assert violations(page) == ""
