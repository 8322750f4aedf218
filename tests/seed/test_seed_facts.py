"""The seed holds its facts: counts, phones, sources, places, and nothing for editors in public text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from services_dir.catalog.kinds import (
    Access,
    Known,
    Level,
    PhoneKind,
    PlaceKind,
    ProgramKind,
    RunBy,
    Visibility,
    Vocabulary,
)
from services_dir.catalog.rules import looks_like_street
from services_dir.exchange.reading import ProgramRow
from services_dir.values import seed_uuid, sha256

# Published programs, those of them with a phone, and those held back; the first ten are the Act's.
CATEGORIES = {
    "health-care": (58, 47, 0),
    "human-services": (34, 22, 1),
    "housing": (41, 34, 7),
    "education": (32, 16, 3),
    "legal-assistance": (51, 30, 1),
    "job-training": (24, 5, 3),
    "interpreting": (14, 8, 0),
    "esl": (25, 13, 4),
    "repatriation": (6, 2, 3),
    "victim-compensation": (5, 2, 1),
    "basic-needs": (23, 14, 5),
    "case-management": (49, 35, 4),
    "child-youth": (40, 26, 4),
    "crisis-hotline": (46, 46, 2),
    "immigration": (27, 10, 2),
    "law-enforcement": (19, 14, 2),
    "mental-health": (55, 48, 4),
    "transportation": (13, 7, 1),
}
STATUTORY = set(list(CATEGORIES)[:10])
LEVELS = {
    "federal": (66, 64),
    "national": (34, 34),
    "state": (25, 24),
    "regional": (19, 14),
    "local": (108, 94),
}
LEGAL_RIGHTS = {"federal-mandatory-restitution", "federal-record-relief-law", "irs-restitution-tax-rule"}
HIDDEN = {
    "chrysalis-dv": None,
    "dvcc-stamford-norwalk": None,
    "interval-house": None,
    "life-haven": "town/new-haven",
    "love146-ct": None,
    "marthas-place": "town/new-haven",
    "network-against-domestic-abuse": "town/enfield",
    "new-horizons-middletown": None,
    "peht": None,
    "prudence-crandall-center": None,
    "safe-haven-waterbury": None,
    "susan-b-anthony-project": "town/torrington",
    "umbrella-center-bhcare": None,
    "united-services-dv": None,
    "ywca-greenwich-harmony-project": None,
}
# Numbers that sources print and better ones contradict, or that rest on nothing we can cite.
REFUSED = ("8887942900", "2037369944", "8887713126", "8007713126", "8605413403")
# Every phone and every source, as one number each: a change of a single one is noticed here.
ALL_PHONES = "0bc2617de51bcc5d81367cda24ba09567381abb96b16aecd3ce9c6fcf9dd09e0"
ALL_SOURCES = "1d92c6a38d156253136a541ddb4351cd1bfcac00e60bf1a969e419580bb51a83"
ALL_STREETS = "aea537db7db9d44a2f72bf8a9880df4c7341746e9e211bc89555add8c34755cd"

TEN_DIGITS = re.compile(r"\d{3}[-.) ]+\d{3}[-. ]\d{4}")
REMARK = re.compile(
    r"page not read|not read directly|stored (?:copy|page|description|text)|string search|unreviewed|"
    r"repository|research note|not seen|was stored|confirm:|"
    r"before (?:publishing|printing)|check that|check whether",
    re.IGNORECASE,
)


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from strings(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from strings(item)


def prose(row: ProgramRow) -> Iterator[str]:
    draft = row.draft
    for text in draft.texts.values():
        yield from (text.name, text.description, text.eligibility, text.how_to_apply, text.cost, text.alert)
    yield from (said for said in (draft.partners_note, draft.population_note, draft.area_words) if said)


def digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def test_everything_is_there_and_nothing_is_wrong(seed):
    assert [str(error) for error in seed.errors if not error.is_warning] == []
    assert len(seed.programs) == 252
    assert sum(row.publish for row in seed.programs) == 230
    assert len(seed.organizations) == 204
    assert {
        row.draft.slug for row in seed.programs if row.draft.kind is ProgramKind.LEGAL_RIGHT
    } == LEGAL_RIGHTS


def test_only_programs_without_any_way_to_reach_them_are_warned_about(seed):
    warned = {error.line for error in seed.errors}
    assert {error.sentence for error in seed.errors} == {"There is no way to reach this program."}
    for row in seed.programs:
        draft = row.draft
        can_be_reached = draft.phones or draft.email or draft.url or draft.links
        can_be_reached = can_be_reached or any(site.street for site in draft.sites)
        assert (row.line in warned) is not bool(can_be_reached), draft.slug


def test_identities_are_the_same_in_every_installation(seed):
    assert all(row.draft.id == seed_uuid("program", row.draft.slug) for row in seed.programs)
    assert all(draft.id == seed_uuid("organization", draft.slug) for draft in seed.organizations)
    phone = next(row.draft for row in seed.programs if row.draft.slug == "988-lifeline").phones[0]
    assert phone.id == "423e2280-0ec9-57ee-892e-6b36dc3dedc2"


def test_levels_hold_their_counts(seed):
    found = Counter(row.draft.level.value for row in seed.programs)
    shown = Counter(row.draft.level.value for row in seed.programs if row.publish)
    assert {level: (found[level], shown[level]) for level in found} == LEVELS


def test_categories_hold_their_counts_and_each_of_the_act_is_filled(seed):
    counts = {}
    for slug in CATEGORIES:
        mine = [
            row
            for row in seed.programs
            if slug in row.draft.categories and row.draft.kind is ProgramKind.PROGRAM
        ]
        shown = [row for row in mine if row.publish]
        counts[slug] = (len(shown), sum(bool(row.draft.phones) for row in shown), len(mine) - len(shown))
    assert counts == CATEGORIES
    assert all(CATEGORIES[slug][0] > 0 for slug in STATUTORY)
    assert all(row.draft.populations for row in seed.programs)


def test_every_phone_is_there(seed):
    phones = [(row.draft.slug, phone) for row in seed.programs for phone in row.draft.phones]
    said = sorted(
        f"{slug} {phone.kind} {phone.number} {phone.label} {phone.language} {phone.instruction}"
        for slug, phone in phones
    )
    assert len(said) == 225
    assert sha256("\n".join(said)) == ALL_PHONES
    assert all(phone.kind is PhoneKind.RELAY for _, phone in phones if phone.number == "711")
    assert sum(phone.hours is not None for _, phone in phones) == 47


def test_every_source_is_there_and_what_is_shown_has_one_to_show(seed):
    sources = [(row, source) for row in seed.programs for source in row.draft.sources]
    said = sorted(
        f"{row.draft.slug} {source.url} {source.title} {source.as_of and source.as_of.text} "
        f"{source.is_public} {source.supports}"
        for row, source in sources
    )
    assert len(said) == 673
    assert sha256("\n".join(said)) == ALL_SOURCES
    assert all(source.supports for _, source in sources)
    for row in seed.programs:
        assert row.draft.sources, row.draft.slug
        assert not row.publish or any(source.is_public for source in row.draft.sources), row.draft.slug


def test_every_street_is_there_and_none_of_a_confidential_place(seed):
    sites = [(row.draft.slug, site) for row in seed.programs for site in row.draft.sites]
    hidden = {slug: site for slug, site in sites if site.visibility is Visibility.AREA_ONLY}
    assert {slug: site.town for slug, site in hidden.items()} == HIDDEN
    assert all(site == site.without_address() for site in hidden.values())
    shown = [(slug, site) for slug, site in sites if site.visibility is Visibility.PUBLIC]
    assert all(site.town for _, site in shown)
    streets = sorted(
        f"{slug} {site.street}, {site.city}, {site.state} {site.postal_code}"
        for slug, site in shown
        if site.street
    )
    assert len(streets) == 82
    assert sha256("\n".join(streets)) == ALL_STREETS


def test_nothing_in_a_record_with_a_confidential_place_tells_a_street(seed):
    for row in seed.programs:
        if any(site.visibility is Visibility.AREA_ONLY for site in row.draft.sites):
            texts = [*strings(msgspec.to_builtins(row.draft)), row.hold_reason or ""]
            assert not [text for text in texts if not text.startswith("http") and looks_like_street(text)]


def test_public_texts_hold_no_phone_number_no_street_and_no_remark_of_an_editor(seed):
    for row in seed.programs:
        for text in prose(row):
            assert not TEN_DIGITS.search(text), row.draft.slug
            assert not looks_like_street(text), row.draft.slug
            assert not REMARK.search(text), row.draft.slug


def test_refused_numbers_are_nowhere(seed):
    for row in seed.programs:
        for text in strings(msgspec.to_builtins(row.draft)):
            if not re.fullmatch(r"[0-9a-f-]{36}", text):
                assert not [number for number in REFUSED if number in digits(text)], row.draft.slug


def test_a_caution_stands_where_a_foreign_government_answers(seed):
    for row in seed.programs:
        if row.draft.run_by is RunBy.FOREIGN_GOVERNMENT:
            assert row.draft.texts["en"].alert, row.draft.slug


def test_a_named_area_comes_with_the_words_of_the_source(seed):
    for row in seed.programs:
        if any(area.place.startswith("named-area/") for area in row.draft.service_areas):
            assert row.draft.area_words, row.draft.slug


def test_what_no_source_says_is_unknown(seed):
    asked = Counter(row.draft.asks_immigration_status for row in seed.programs)
    assert set(asked) == {Known.NO, Known.UNKNOWN}
    assert all(row.draft.mandated_reporters is Known.UNKNOWN for row in seed.programs)


def test_names_are_not_shared(seed):
    for drafts in ([row.draft for row in seed.programs], seed.organizations):
        assert [name for name, count in Counter(draft.name for draft in drafts).items() if count > 1] == []


def test_what_is_held_back_is_what_we_trust_least(seed):
    for row in seed.programs:
        assert row.publish is (row.draft.confidence != "low"), row.draft.slug
        assert row.publish is (row.hold_reason is None), row.draft.slug


def test_places_are_whole(seed):
    places = {place.key: place for place in seed.places}
    kinds = Counter(place.kind for place in seed.places)
    assert kinds == {
        PlaceKind.NATION: 1,
        PlaceKind.STATE: 1,
        PlaceKind.COUNTY: 8,
        PlaceKind.PLANNING_REGION: 9,
        PlaceKind.NAMED_AREA: 20,
        PlaceKind.TOWN: 169,
        PlaceKind.VILLAGE: 160,
        PlaceKind.ZIP: 292,
    }
    for place in seed.places:
        above = [(places[key].kind, share) for key, share in place.parents]
        found = Counter(kind for kind, _ in above)
        if place.kind is PlaceKind.TOWN:
            assert (found[PlaceKind.COUNTY], found[PlaceKind.PLANNING_REGION]) == (1, 1), place.key
            assert 40.9 < place.latitude < 42.1, place.key
            assert -73.8 < place.longitude < -71.7, place.key
            county = next(key for key, _ in place.parents if places[key].kind is PlaceKind.COUNTY)
            assert place.code.startswith(places[county].code), place.key
        elif place.kind is PlaceKind.VILLAGE:
            assert above == [(PlaceKind.TOWN, 1.0)], place.key
        elif place.kind is PlaceKind.ZIP:
            assert set(found) == {PlaceKind.TOWN}, place.key
            assert 0.85 <= sum(share for _, share in above) <= 1.01, place.key
        elif place.kind is PlaceKind.NAMED_AREA:
            assert place.basis, place.key
    assert sum(key.startswith("named-area/") for place in seed.places for key, _ in place.parents) == 395


def test_the_vocabulary_is_whole_in_both_languages(seed):
    terms = {(term.vocabulary, term.slug): term for term in seed.terms}
    assert Counter(vocabulary for vocabulary, _ in terms) == {
        Vocabulary.CATEGORY: 18,
        Vocabulary.POPULATION: 17,
        Vocabulary.LEVEL: 5,
        Vocabulary.ACCESS: 6,
    }
    assert {slug for (_, slug), term in terms.items() if term.statutory} == STATUTORY
    for (vocabulary, _), term in terms.items():
        assert set(term.labels) == {"en", "es"}
        assert all(label for label, _ in term.labels.values())
        if vocabulary in (Vocabulary.CATEGORY, Vocabulary.POPULATION):
            assert all(definition for _, definition in term.labels.values())
            assert {language for language, _ in term.words} == {"en", "es"}


@pytest.mark.parametrize(("vocabulary", "kind"), [(Vocabulary.LEVEL, Level), (Vocabulary.ACCESS, Access)])
def test_labels_of_closed_lists_are_those_of_the_code(seed, vocabulary, kind):
    labels = {term.slug: term.labels["en"][0] for term in seed.terms if term.vocabulary is vocabulary}
    assert labels == {item.value: item.label for item in kind}
