"""Over random catalogs and searches: the same programs in the same order as by hand, and honest counts."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from services_dir.catalog.kinds import AssuranceMethod, Level, PhoneKind, ProgramKind, Visibility
from services_dir.catalog.public import PublicAssurance
from services_dir.search import engine
from services_dir.search.query import PER_PAGE, Facet, Reach, SearchQuery, Sort
from tests.support.programs import make_hours, make_phone, make_public, make_site, make_snapshot, utc
from tests.support.slow_search import SlowSearch

AT = utc(2026, 3, 25, 17)
HOURS = (
    None,
    make_hours((2, 0, 1440)),
    make_hours((4, 0, 1440)),
    make_hours(words="Ask"),
    make_hours(round_the_clock=True),
)
AREAS = (
    "nation/land",
    "state/north",
    "county/east",
    "county/west",
    "named_area/middle",
    "town/east",
    "town/mill",
    "town/lake",
    "town/wood",
    "zip/00100",
)
TOWNS = ("town/east", "town/mill", "town/lake", "town/wood", "town/far-end")
NAMES = ("North House", "Safe Harbor", "Harbor Law", "House of Light", "Law", "Mill Clinic")
TEXTS = ("", "A shelter by the harbor.", "Lawyers for the house.", "Shelter, shelter and law.", "Health")

some = st.one_of


def few(values, most=2):
    """Give up to some of the values, each once."""
    return st.lists(st.sampled_from(values), unique=True, max_size=most).map(tuple)


assurances = some(
    st.none(),
    st.sampled_from([date(2024, 1, 1), date(2024, 12, 20), date(2025, 1, 10), date(2026, 3, 1)]).map(
        lambda on: PublicAssurance(on, AssuranceMethod.PHONE, None, None)
    ),
)
phones = st.builds(
    lambda number, kind, hours: make_phone(f"+1860555010{number}", kind=kind, hours=hours),
    st.integers(0, 4),
    st.sampled_from([PhoneKind.VOICE, PhoneKind.TEXT, PhoneKind.HOTLINE]),
    st.sampled_from(HOURS),
)
sites = st.builds(
    lambda town, is_public, point, hours: make_site(
        town,
        visibility=Visibility.PUBLIC if is_public else Visibility.AREA_ONLY,
        hours=hours,
        **({"latitude": point[0], "longitude": point[1]} if is_public and point else {}),
    ),
    st.sampled_from(TOWNS),
    st.booleans(),
    some(st.none(), st.sampled_from([(41.05, -72.0), (41.3, -72.9)])),
    st.sampled_from(HOURS),
)
populations = few(("all-survivors", "minors", "men", "women"))
programs = st.builds(
    make_public,
    name=st.sampled_from(NAMES),
    areas=few(AREAS),
    description=st.sampled_from(TEXTS),
    eligibility=st.sampled_from(TEXTS),
    organization=st.sampled_from(NAMES),
    kind=st.sampled_from(ProgramKind),
    level=st.sampled_from((Level.LOCAL, Level.STATE)),
    categories=few(("housing", "emergency-shelter", "legal-assistance", "crisis-hotline")),
    populations=populations,
    populations_excluded=few(("men", "women"), 1),
    languages=few(("en", "es", "vi")),
    has_interpreter=st.sampled_from((None, None, True)),
    phones=st.lists(phones, max_size=2).map(tuple),
    sites=st.lists(sites, max_size=2).map(tuple),
    hours=st.sampled_from(HOURS),
    assured=assurances,
    email=some(st.none(), st.just("help@example.org")),
    cost=st.sampled_from(["", "Free", "Low cost"]),
)
searches = st.builds(
    SearchQuery,
    q=st.sampled_from(["", "", "shelter", "law", "house", "harbor law", "860-555-0101", "north house", "x"]),
    category=few(("housing", "emergency-shelter", "legal-assistance"), 2),
    population=few(("all-survivors", "minors", "men"), 2),
    language=few(("es", "vi", "ko", "interpreter"), 2),
    level=few(("local", "federal"), 1),
    access=few(("phone", "in-person", "free", "round-the-clock"), 1),
    place=st.sampled_from(["", "mill", "east county", "00100", "middle of nowhere", "dell", "north"]),
    within=some(st.none(), st.sampled_from([5, 25, 60])),
    reach=some(st.none(), st.sampled_from(Reach)),
    kind=some(st.none(), st.sampled_from(ProgramKind)),
    open_now=st.booleans(),
    sort=st.sampled_from([Sort.RELEVANCE, *Sort]),
)


# Little is left out, so that the order has much to say.
broad = st.builds(
    SearchQuery,
    q=st.sampled_from(["", "law", "shelter", "house"]),
    population=few(("minors", "men"), 1),
    language=few(("es", "vi"), 1),
    place=st.sampled_from(["", "mill", "00100", "east county"]),
    within=some(st.none(), st.just(60)),
    open_now=st.booleans(),
    sort=st.sampled_from([Sort.RELEVANCE, Sort.RELEVANCE, *Sort]),
)


def everything(snapshot, query):
    """Give the first answer to a search, and the slugs on all its pages."""
    first = engine.answer(snapshot, query, BitMap(), at=AT)
    slugs = [hit.card.slug for hit in first.hits]
    for page in range(2, first.pages + 1):
        slugs += [h.card.slug for h in engine.answer(snapshot, query.on_page(page), BitMap(), at=AT).hits]
    return first, slugs


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(st.lists(programs, max_size=14), st.lists(searches, min_size=1, max_size=6))
def test_the_engine_finds_counts_and_orders_as_one_would_by_hand(held, queries):
    slow = SlowSearch(held)
    slugs = {program.id: program.slug for program in held}
    with tempfile.TemporaryDirectory() as folder:
        snapshot = make_snapshot(Path(folder), *held)
        for query in queries:
            answer, found = everything(snapshot, query)

            assert found == [slugs[key] for key in slow.find(query, AT)], query
            assert answer.total == len(found)
            for facet in answer.facets:
                listed = {option.value for option in facet.options}
                assert set(query.chosen(facet.name)) <= listed
                for option in facet.options:
                    alone = query.choosing(facet.name, [option.value])
                    assert option.count == len(slow.find(alone, AT)), (query, facet.name, option)
                    assert option.chosen == (option.value in query.chosen(facet.name))


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(st.lists(programs, min_size=8, max_size=16), st.lists(broad, min_size=3, max_size=10))
def test_the_order_is_the_one_that_was_decided(held, queries):
    slow = SlowSearch(held)
    slugs = {program.id: program.slug for program in held}
    with tempfile.TemporaryDirectory() as folder:
        snapshot = make_snapshot(Path(folder), *held)
        for query in queries:
            assert everything(snapshot, query)[1] == [slugs[key] for key in slow.find(query, AT)], query


@settings(max_examples=5, deadline=None)
@given(st.lists(programs, min_size=PER_PAGE + 1, max_size=3 * PER_PAGE), searches)
def test_each_count_is_the_total_when_the_option_is_the_only_one_chosen(held, query):
    with tempfile.TemporaryDirectory() as folder:
        snapshot = make_snapshot(Path(folder), *held)
        answer = engine.answer(snapshot, query, BitMap(), at=AT)
        for facet in answer.facets:
            for option in facet.options:
                alone = query.choosing(facet.name, [option.value])
                assert engine.answer(snapshot, alone, BitMap(), at=AT).total == option.count

        # What is masked is neither found nor counted.
        masked = BitMap(list(snapshot.live)[::2])
        left = engine.answer(snapshot, query, masked, at=AT)
        gone = {snapshot.card(number).slug for number in masked}
        assert not gone & {hit.card.slug for hit in left.hits}
        for facet in left.facets:
            for option in facet.options:
                alone = query.choosing(Facet(facet.name), [option.value])
                assert engine.answer(snapshot, alone, masked, at=AT).total == option.count
