"""The page of results, the same as JSON, and completions."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from services_dir.catalog.draft import AreaDraft, SpokenLanguage
from services_dir.catalog.kinds import Level, PhoneKind
from services_dir.catalog.operations import withdraw_program
from services_dir.db import transaction
from services_dir.search import sync
from tests.support.factories import NOON, ZONE, draft_phone, draft_site, make_program
from tests.support.markup import text_of

pytestmark = pytest.mark.sqlite  # the database is read by queries that other tests run on both


HOSTILE = [
    "q=" + "a" * 10_000,
    "q=" + "*a*+" * 2_000,
    "q=" + "(" * 2_000,
    "q=%00%ff%fe%0a%1b",
    "q=%F0%9F%98%80+%E2%80%AE",
    "page=1000000000",
    "page=-5&within=z&sort=%00&open=%3Cscript%3E",
    "&".join(f"category={n}" for n in range(500)),
    "q=a&q=b&q=c&place=x&place=y",
    "unknown=1&__proto__=2&q[]=3",
    "category=%3Cscript%3E&language=%27%22&level=" + "z" * 9_000,
    "place=" + "%C3%A9" * 3_000,
    "place=hartford&within=999999999999999999999",
    "q=' OR 1=1 --",
    "=&&&==",
]


@pytest.fixture
def indexed(app, session):
    """Publish programs and index them."""

    def publish(*programs):
        made = [make_program(session, **changes) for changes in programs]
        session.rollback()
        sync.catch_up(app)
        return made

    return publish


def hours(**changes):
    from services_dir.catalog.draft import Hours

    return Hours(**{"zone": ZONE} | changes)


def test_a_search_shows_cards_with_a_number_to_call(client, indexed):
    phones = (draft_phone("+18605550143"),)
    [program] = indexed(
        {
            "name": "North House",
            "description": "Rooms for a night.",
            "eligibility": "Anyone.",
            "phones": phones,
        }
    )
    page = client.get("/programs?q=house")

    assert f'data-program="{program.slug}"' in page.text
    assert "1 result" in page.text
    assert "Rooms for a night." in page.text
    assert 'href="tel:+18605550143"' in page.text
    assert "Not yet confirmed by a coordinator. Call before you go." in page.text
    assert f'href="/programs/{program.slug}"' in page.text


def test_a_program_without_a_way_to_reach_it_says_whom_to_call(client, indexed):
    indexed({"name": "Silent House", "phones": ()})

    assert "We know no number. Call 2-1-1." in client.get("/programs").text


def test_facets_carry_their_counts(client, indexed):
    indexed({"categories": ("housing",)}, {"categories": ("emergency-shelter", "legal-assistance")})
    text = client.get("/programs?category=housing").text

    assert 'name="category" value="housing" data-count="2"' in text
    assert 'name="category" value="legal-assistance" data-count="1"' in text
    assert 'name="level" value="local" data-count="2"' in text


def test_the_headings_of_what_answers_less_well(client, indexed):
    indexed(
        {"name": "A", "sites": (draft_site(),)},
        {"name": "B", "hours": hours(words="Call first")},
    )

    text = client.get("/programs?place=hartford&within=10").text
    assert "By phone or online" in text
    assert text.index(">A<") < text.index("By phone or online") < text.index(">B<")
    assert "Hours not known" in client.get("/programs?open=now").text


def test_interpreter_lines_are_labelled(client, indexed):
    from services_dir.catalog.draft import Interpreter

    indexed(
        {"name": "Staff", "languages": (SpokenLanguage(code="vi"),)},
        {"name": "Line", "interpreter": Interpreter(available=True)},
    )
    text = client.get("/programs?language=vi").text

    assert text.count("By interpreter line") == 1
    assert text.index("Staff") < text.index("By interpreter line")


def test_nothing_found_says_what_to_do_and_whom_to_call(client, indexed):
    line = draft_phone("211", kind=PhoneKind.HOTLINE, hours=hours(words="Always", round_the_clock=True))
    indexed(
        {
            "name": "Made-up Line",
            "level": Level.STATE,
            "categories": ("crisis-hotline",),
            "phones": (line,),
            "service_areas": (AreaDraft(place="state/connecticut"),),
        }
    )
    text = client.get("/programs?q=nosuchword&place=hartford").text

    assert "0 results" in text
    assert "Try fewer words" in text
    assert "Made-up Line" in text
    assert 'href="tel:211"' in text


def test_a_slip_and_a_place_among_the_words_lead_on(client, indexed):
    indexed({"name": "North House", "description": "A hotline"})

    text = client.get("/programs?q=hotlnne+%3Cs%3E").text
    assert 'Did you mean: <a href="/programs?q=hotline' in text
    assert "<s>" not in text
    assert client.get("/programs.json?q=hotlnne+now").json["suggestion"] == "hotline now"
    assert "Did you mean" not in client.get("/programs?q=hotline").text

    text = client.get("/programs?q=hotline+in+hartford").text
    assert '<a href="/programs?q=hotline&amp;place=Hartford">Show what serves Hartford' in text


def test_json_has_the_shape_that_was_promised(client, indexed):
    [program] = indexed({"name": "North House", "sites": (draft_site(),), "description": "Rooms"})
    answer = client.get("/programs.json?q=north&place=new+haven&place=x&sort=price").json
    assert list(answer) == ["query", "total", "page", "pages", "hits", "facets", "suggestion", "notices"]
    assert answer["total"] == 0
    assert any("price" in notice for notice in answer["notices"])

    [hit] = client.get("/programs.json?q=north&place=west+hartford&sort=distance").json["hits"] or [None]
    assert hit is None or hit["slug"] == program.slug
    [hit] = client.get("/programs.json?q=north&place=hartford").json["hits"]
    assert hit == {
        "slug": program.slug,
        "name": "North House",
        "organization": hit["organization"],
        "level": "local",
        "categories": ["housing"],
        "populations": ["all-survivors"],
        "languages": [],
        "access": ["phone", "in-person"],
        "town": "Hartford",
        "distance_miles": 0.0,
        "open": None,
        "phones": hit["phones"],
        "assured_on": None,
        "alert": None,
    }
    assert hit["phones"][0].keys() == {"kind", "number", "label"}


def test_the_same_by_post(client, indexed):
    [program] = indexed({"name": "North House"})
    page = client.post("/programs", {"q": "north", "program": program.slug}, status=200)

    assert f'data-program="{program.slug}"' in page.text


def test_in_spanish(client, indexed):
    indexed({"name": "North House"})
    text = client.get("/es/programs?q=north").text

    assert 'href="/es/programs/' in text
    assert '<span lang="en"><mark>North</mark> House</span>' in text
    assert "Vivienda" in text


def test_near_to_far_is_said_only_of_that_order(client, indexed):
    indexed({"name": "North House"})
    near = client.get("/programs?place=hartford").text
    by_name = client.get("/programs?place=hartford&sort=name").text

    assert "These serve Hartford, from near to far." in near
    assert "These serve Hartford." in by_name


def test_pages_lead_on_and_stop_at_the_last(client, indexed):
    indexed(*({"name": f"House {n}"} for n in range(25)))
    first = client.get("/programs?q=house&sort=name")
    last = client.get("/programs?q=house&sort=name&page=99999999999")

    assert first.text.count("data-program=") == 20
    assert "/programs?q=house&amp;sort=name&amp;page=2" in first.text
    assert last.text.count("data-program=") == 5
    assert "This is the last one." in last.text


def test_completions_as_a_list_and_as_data(client, indexed):
    indexed({"name": "Harbor House"})

    assert "<li" in client.get("/suggestions?q=harb").text
    answer = client.get("/suggestions?q=harb", headers={"Accept": "application/json"}).json
    assert answer == [{"text": "Harbor House", "kind": "program", "value": None}]


def test_completions_of_one_kind(client, indexed):
    indexed({"name": "Hartford House"})
    headers = {"Accept": "application/json"}

    places = client.get("/suggestions?q=hartf&kind=place", headers=headers).json
    anything = client.get("/suggestions?q=hartf&kind=nonsense", headers=headers).json

    assert {one["kind"] for one in places} == {"place"}
    assert {"place", "program"} <= {one["kind"] for one in anything}


def test_a_chip_says_what_it_takes_away_and_leaves_the_rest(client, indexed):
    indexed({"categories": ("housing",)})
    page = client.get("/programs?q=house&category=housing&open=now&within=5&place=hartford").page
    chips = {text_of(chip): chip.get("href") for chip in page.all("a", class_="tag")}

    assert list(chips) == [
        "Take away: Kind of help: Housing ×",
        "Take away: How far: 5 miles ×",
        "Take away: Open now ×",
    ]
    assert chips["Take away: Open now ×"] == "/programs?q=house&category=housing&place=hartford&within=5"


def test_lines_that_answer_at_any_hour_are_on_each_page_of_results_until_they_are_withdrawn(
    app, client, indexed, session
):
    always = hours(words="Always", round_the_clock=True)

    def line(name: str, number: str, **changes):
        return {
            "name": name,
            "level": Level.STATE,
            "categories": ("crisis-hotline",),
            "service_areas": (AreaDraft(place="state/connecticut"),),
            "phones": (draft_phone(number, kind=PhoneKind.HOTLINE, **changes),),
        }

    one, _other, _house = indexed(
        line("Made-up Line", "211", hours=always), line("Day Line", "988"), {"name": "North House"}
    )

    def at_hand() -> str:
        return text_of(client.get("/programs?q=north").page.one("details", class_="at-hand"))

    assert "911" in at_hand()
    assert "Made-up Line Call 211" in at_hand()
    assert "Day Line" not in at_hand()
    with transaction(session):
        withdraw_program(session, session.merge(one), at=NOON)
    assert "Made-up Line" not in at_hand()


@pytest.mark.parametrize("path", ["/programs", "/programs.json", "/suggestions", "/es/programs"])
def test_hostile_addresses_get_an_answer(client, indexed, path):
    indexed({"name": "North House"})

    for query in HOSTILE:
        client.get(f"{path}?{query}")


def test_without_an_index_the_database_answers(app, client, session):
    program = make_program(session, name="North House", phones=(draft_phone("+18605550143"),))
    phones = (draft_phone("+18605550144"),)
    other = make_program(session, name="South", categories=("legal-assistance",), phones=phones)
    session.rollback()

    def found(**query):
        answer = client.get("/programs.json?" + urlencode(query, doseq=True)).json
        assert "Search is being repaired" in " ".join(answer["notices"])
        assert all(option["count"] is None for facet in answer["facets"] for option in facet["options"])
        return {hit["slug"] for hit in answer["hits"]}

    def said(**query):
        return client.get("/programs.json?" + urlencode(query)).json["notices"][1:]

    assert found() == {program.slug, other.slug}
    assert found(q="north") == {program.slug}
    assert found(q="860-555-0143") == {program.slug}
    assert found(q="legal") == {other.slug}
    assert found(q="%_") == {program.slug, other.slug}
    assert found(category="legal-assistance") == {other.slug}
    assert found(population="men", level="local", language="es") == set()
    assert found(place="hartford", population="men") == {program.slug, other.slug}
    assert found(place="new haven") == set()
    assert found(category="no-such-help") == {program.slug, other.slug}
    assert said(category="no-such-help") == ["We left out “no-such-help”: it is not in our list."]
    assert found(place="Nowhere") == set()
    assert "We do not know the place “Nowhere”" in said(place="Nowhere")[0]
    assert "data-count" not in client.get("/programs").text
    assert "These serve Hartford." in client.get("/programs?place=hartford").text
    assert app.extensions["search"].wanted.is_set()


def test_a_page_takes_few_statements_however_many_hits(app, client, indexed):
    from sqlalchemy import event

    from services_dir.db import db

    indexed(*({"name": f"House {n}"} for n in range(20)))
    client.get("/programs")
    statements = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    client.get("/programs?q=house&place=hartford")

    assert len(statements) <= 2, statements
