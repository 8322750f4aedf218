"""Where the facts that the seed was written from are at hand, every field is compared with them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from services_dir.catalog.draft import Hours, PhoneDraft, ProgramDraft, SiteDraft
from services_dir.catalog.kinds import PlaceKind, Visibility, Vocabulary, WordKind
from services_dir.settings import ROOT

FACTS = ROOT.parent / "shared" / "seed_facts"
# Words of terms that led searches astray: who types them seldom means the term.
LEFT_OUT = {
    ("interpreting", "hablo español"),
    ("men", "man shelter"),
    ("foreign-nationals", "T visa holder"),
    ("us-citizens", "green card holder"),
}

pytestmark = pytest.mark.skipif(
    not (FACTS / "programs.json").is_file(), reason="the facts the seed was written from are not here"
)


def load(name: str) -> Any:
    return json.loads((FACTS / f"{name}.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def names(seed) -> dict[str, tuple[str, str]]:
    """Kind and name of each place as the facts write them, by key."""
    return {
        place.key: (
            place.kind.value,
            place.name.removesuffix(" County") if place.kind is PlaceKind.COUNTY else place.name,
        )
        for place in seed.places
    }


def hours(said: Hours | None) -> dict[str, Any] | None:
    if said is None:
        return None
    return {
        "text": said.words,
        "round_the_clock": said.round_the_clock or None,
        "weekly": [
            {"days": list(line.days), "opens": line.opens, "closes": line.closes} for line in said.weekly
        ],
        "zone": said.zone,
    }


def phone(said: PhoneDraft) -> dict[str, Any]:
    plain = {name: getattr(said, name) for name in ("number", "label", "language", "instruction")}
    return plain | {"kind": said.kind.value, "hours": hours(said.hours)}


def site(said: SiteDraft, names: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    address = {"street": said.street, "city": said.city, "state": said.state, "zip": said.postal_code}
    return {
        "name": said.name,
        "visibility": said.visibility.value,
        "address": address if any(address.values()) else None,
        "town": names[said.town][1] if said.town else None,
        "point_from": "town" if said.visibility is Visibility.PUBLIC else None,
    }


def as_of(said: Any) -> dict[str, str] | None:
    return {"text": said.text, "precision": said.precision.value} if said else None


def known(said: str) -> str | None:
    return None if said == "unknown" else str(said)


def record(draft: ProgramDraft, names: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    """Write a draft as the facts write a record."""
    text = draft.texts["en"]
    same = (
        "slug",
        "population_note",
        "email",
        "url",
        "area_words",
        "partners_note",
        "confidence",
        "editor_note",
    )
    return {
        **{name: getattr(draft, name) for name in same},
        "kind": draft.kind.value,
        "level": draft.level.value,
        "name": text.name,
        "description": text.description,
        **{name: getattr(text, name) or None for name in ("eligibility", "how_to_apply", "cost", "alert")},
        "alternate_names": list(draft.alternate_names),
        "former_names": list(draft.former_names),
        "categories": list(draft.categories),
        "populations": list(draft.populations),
        "languages": {
            "staff": [{"code": spoken.code, "note": spoken.note} for spoken in draft.languages],
            "interpreter": {"available": draft.interpreter.available, "note": draft.interpreter.note},
        },
        "phones": [phone(said) for said in draft.phones],
        "links": [{"label": link.label, "url": link.url} for link in draft.links],
        "sites": [site(said, names) for said in draft.sites],
        "hours": hours(draft.hours),
        "asks_immigration_status": known(draft.asks_immigration_status),
        "needs_police_report": known(draft.needs_police_report),
        "run_by": draft.run_by.value if draft.run_by else None,
        "service_areas": [
            {"kind": kind, "name": name} for kind, name in (names[area.place] for area in draft.service_areas)
        ],
        "as_of": as_of(draft.as_of),
        "sources": [
            {
                "url": source.url,
                "title": source.title,
                "as_of": as_of(source.as_of),
                "public": source.is_public,
                "supports": source.supports,
            }
            for source in draft.sources
        ],
    }


def test_every_field_of_every_record_is_as_in_the_facts(seed, names):
    slugs = {draft.id: draft.slug for draft in seed.organizations}
    rows = {row.draft.slug: row for row in seed.programs}
    facts = load("programs")
    assert {fact["slug"] for fact in facts} == set(rows)
    for fact in facts:
        row = rows[fact["slug"]]
        if fact["hours"]["text"] is None:  # nothing is known: no schedule, and no zone either
            fact["hours"] = None
        found = record(row.draft, names) | {
            "organization": slugs[row.draft.organization],
            "publish": row.publish,
            "hold_reason": row.hold_reason,
        }
        assert set(found) == set(fact)
        for name, value in fact.items():
            assert found[name] == value, (fact["slug"], name)


def test_every_field_of_every_organization_is_as_in_the_facts(seed):
    slugs = {draft.id: draft.slug for draft in seed.organizations}
    found = {
        draft.slug: {
            "slug": draft.slug,
            "name": draft.name,
            "aliases": list(draft.aliases),
            "former_names": list(draft.former_names),
            "level": draft.level.value,
            "parent": slugs.get(draft.parent),
            "url": draft.url,
            "partners_note": draft.partners_note,
        }
        for draft in seed.organizations
    }
    assert found == {fact["slug"]: fact for fact in load("organizations")}


def test_every_place_is_as_in_the_facts(seed, names):
    facts, places = load("places"), {place.key: place for place in seed.places}

    def inside(place) -> dict[str, str]:
        return {names[key][0]: names[key][1] for key, _ in place.parents}

    towns = [place for place in seed.places if place.kind is PlaceKind.TOWN]
    assert sorted(fact["name"] for fact in facts["towns"]) == [town.name for town in towns]
    by_name = {town.name: town for town in towns}
    for fact in facts["towns"]:
        town = by_name[fact["name"]]
        assert (town.code, town.latitude, town.longitude) == (fact["fips"], fact["lat"], fact["lon"])
        above = inside(town)
        assert (above["county"], above["planning_region"]) == (fact["county"], fact["planning_region"])
    zips = {
        place.name: [[places[key].name, share] for key, share in place.parents]
        for place in seed.places
        if place.kind is PlaceKind.ZIP
    }
    assert zips == facts["zips"]
    villages = {place.name: inside(place)["town"] for place in seed.places if place.kind is PlaceKind.VILLAGE}
    assert villages == facts["villages"]
    for fact in load("areas"):
        (area,) = [
            place
            for place in seed.places
            if place.kind is PlaceKind.NAMED_AREA and place.name == fact["name"]
        ]
        assert area.basis == fact["basis"]
        members = [town.name for town in towns if area.key in [key for key, _ in town.parents]]
        assert members == sorted(fact["towns"])


@pytest.mark.parametrize(
    ("vocabulary", "table"), [(Vocabulary.CATEGORY, "categories"), (Vocabulary.POPULATION, "populations")]
)
def test_every_term_is_as_in_the_facts(seed, vocabulary, table):
    facts = load("vocabulary")[table]
    terms = sorted((t for t in seed.terms if t.vocabulary is vocabulary), key=lambda term: term.position)
    assert [term.slug for term in terms] == list(facts)
    for term in terms:
        fact = facts[term.slug]
        assert term.labels["en"] == (fact["label"], fact["definition"])
        assert term.labels["es"][0] == fact["es"]["label"]
        words = [word for language, word in term.words if language == "en"]
        assert words == kept([*fact.get("includes", ()), *fact["synonyms"]], term.slug)
        spanish = [word for language, word in term.words if language == "es"]
        assert spanish == kept(fact["es"]["words"], term.slug)


def kept(words, slug):
    """Give words once each, without those that are left out on purpose."""
    return [word for word in dict.fromkeys(words) if (slug, word) not in LEFT_OUT]


@pytest.mark.parametrize(
    ("kind", "table"), [(WordKind.MISSPELLING, "misspellings"), (WordKind.ABBREVIATION, "abbreviations")]
)
def test_every_word_of_the_facts_is_there_among_others(seed, kind, table):
    held = {word.word: word.means for word in seed.words if word.kind is kind}
    assert load("vocabulary")[table].items() <= held.items()
