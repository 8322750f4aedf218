"""Our vocabularies as taxonomies of HSDS, and a taxonomy of facts for which HSDS has no field.

UUIDs of terms are those of the vocabulary; the others are made from fixed names, so that every
installation has the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from threading import Lock
from uuid import UUID, uuid5

from msgspec import UNSET
from sqlalchemy.orm import Session

from services_dir.catalog import queries
from services_dir.catalog.kinds import Vocabulary
from services_dir.catalog.queries import TermView
from services_dir.hsds.objects import Attribute, Taxonomy, TaxonomyTerm
from services_dir.values import seed_uuid

_DESCRIPTIONS = {
    Vocabulary.CATEGORY: ("Kinds of help", "What a service offers. Ten of them are named in the statute."),
    Vocabulary.POPULATION: ("Groups of people", "Whom a service is for, or whom it does not take."),
    Vocabulary.LEVEL: ("Levels", "Who runs a service: the federal government, or how far a body reaches."),
}

KINDS = tuple(_DESCRIPTIONS)  # ways to reach a service are derived from its facts, and not among them

# What HSDS has no field for: the code of the term, and what the value of the attribute holds.
FACTS: Mapping[str, str] = {
    "slug": "The last part of the address of the service's page on this site.",
    "kind": "Whether the record is a program or a right that a law gives: program, legal-right.",
    "alternate-name": "One of the names by which the service is known.",
    "former-name": "A name that the service had before.",
    "organization-former-name": "A name that the organization had before.",
    "name": "The name in another language; the label is its ISO 639 code.",
    "description": "The description in another language; the label is its ISO 639 code.",
    "eligibility": "Who can use it, in another language; the label is its ISO 639 code.",
    "how-to-apply": "How to begin, in another language; the label is its ISO 639 code.",
    "what-happens": "What happens when you call; the label is the ISO 639 code of the language.",
    "cost": "What it costs, in another language; the label is its ISO 639 code.",
    "alert": "A caution in another language; the label is its ISO 639 code.",
    "alert-until": "The last day of the alert, YYYY-MM-DD.",
    "translated-on": "The day of a translation; the label is the ISO 639 code of the language.",
    "population-note": "Whom it is for, in words.",
    "interpreter": "Whether there is an interpreter line for any language: yes, no.",
    "asks-immigration-status": "Whether it asks about immigration status: yes, no. Unknown is left out.",
    "needs-police-report": "Whether a police report is needed: yes, no. Unknown is left out.",
    "mandated-reporters": "Whether staff must report abuse of children: yes, no. Unknown is left out.",
    "run-by": "Whether the police, an immigration agency or a foreign government runs it.",
    "availability": "Whether it takes people: open, waiting-list, paused, closed.",
    "paused-until": "The last day of a pause, YYYY-MM-DD.",
    "area-words": "The area served, in words.",
    "partners": "With whom it works, in words.",
    "as-of": "The date the facts speak for, as exactly as it is known: YYYY, YYYY-MM or YYYY-MM-DD.",
    "source": "The address of a public page the facts come from; the label is its title.",
    "source-as-of": "The date a source speaks for; the label is the address of the source.",
    "assured-by": "How the details were last confirmed: phone, mail-link, web, visit, feed; "
    "the label is the role of who answered, or the name of the feed.",
    "assured-on": "When a partner's feed says the details were last confirmed, YYYY-MM-DD.",
    "phone-kind": "What a number is for: voice, hotline, text, tty, relay, fax, whatsapp.",
    "phone-label": "What a number is called.",
    "phone-instruction": "What to say or press.",
    "phone-extension": "An extension that is not a plain number.",
    "phone-hours": "When a number is answered; JSON of the hours as this site keeps them.",
    "hours": "Hours as this site keeps them, JSON: words, IANA zone, round the clock, intervals, exceptions.",
    "street": "The street of an address that is not whole, such as one without a ZIP code.",
    "city": "The city of an address that is not whole.",
    "state-province": "The state of an address that is not whole.",
    "postal-code": "The ZIP code of an address that is not whole.",
    "town": "The town, as a key of our list of places.",
    "region": "The region, as a key of our list of places.",
    "confidential-address": "Whether the address is confidential and is not stored: yes, no.",
    "precision": "What the coordinates stand for: exact, town.",
    "place": "The place that is served, as a key of our list of places.",
}
FACTS_TAXONOMY = Taxonomy(
    id=seed_uuid("taxonomy", "facts"),
    name="Further facts",
    description="What this directory knows and HSDS has no field for; the value of the attribute holds it.",
)
_SENSES = {
    Vocabulary.CATEGORY: "service_category",
    Vocabulary.POPULATION: "audience",
    Vocabulary.LEVEL: "level",
}
EXCLUDED = "exclusion"
FACT = "fact"


@dataclass(frozen=True)
class Taxonomies:
    """All taxonomies and their terms, by id; and the terms of vocabularies by slug."""

    taxonomies: Mapping[str, Taxonomy]
    terms: Mapping[str, TaxonomyTerm]
    vocabularies: Mapping[str, Vocabulary]  # by the id of the taxonomy
    _by_slug: Mapping[tuple[Vocabulary, str], TaxonomyTerm]
    _facts: Mapping[str, TaxonomyTerm]

    @classmethod
    def of(cls, terms: Mapping[Vocabulary, Iterable[TermView]]) -> Taxonomies:
        """Build them from the terms of the vocabularies; retired terms too, because ids stay."""
        taxonomies = {kind: _taxonomy(kind) for kind in KINDS}
        by_slug: dict[tuple[Vocabulary, str], TaxonomyTerm] = {}
        for kind, views in terms.items():
            held = list(views)
            ids = {view.slug: view.uuid for view in held}
            for view in held:
                by_slug[kind, view.slug] = _term(view, taxonomies[kind], ids)
        facts = {code: _fact(code, text) for code, text in FACTS.items()}
        return cls(
            taxonomies={one.id: one for one in (*taxonomies.values(), FACTS_TAXONOMY)},
            terms={term.id: term for term in (*by_slug.values(), *facts.values())},
            vocabularies={taxonomies[kind].id: kind for kind in KINDS},
            _by_slug=by_slug,
            _facts=facts,
        )

    def with_descendants(self, term_id: str) -> frozenset[str]:
        """Give the ids of a term and of all that are a kind of it."""
        found = {term_id}
        while True:
            more = {term.id for term in self.terms.values() if term.parent_id in found} - found
            if not more:
                return frozenset(found)
            found |= more

    def classified(
        self, entity: str, owner: str, vocabulary: Vocabulary, slugs: Iterable[str], sense: str = ""
    ) -> list[Attribute]:
        """Give an attribute for each term of a vocabulary that an object has."""
        link_type = sense or _SENSES[vocabulary]
        return [_attribute(entity, owner, link_type, self._by_slug[vocabulary, slug]) for slug in slugs]

    def fact(
        self, entity: str, owner: str, code: str, value: str | None, label: str | None = None
    ) -> list[Attribute]:
        """Give the attribute of a further fact, none if it is not known."""
        if not value:
            return []
        return [_attribute(entity, owner, FACT, self._facts[code], value=value, label=label)]


def load(session: Session) -> Taxonomies:
    """Read the vocabularies."""
    return Taxonomies.of({kind: queries.list_terms(session, kind) for kind in KINDS})


_kept: dict[tuple[str, tuple[str, int]], Taxonomies] = {}
_lock = Lock()


def current(session: Session) -> Taxonomies:
    """Give the taxonomies of this process; they are read again when the vocabulary changes."""
    mark = (str(session.get_bind().engine.url), queries.vocabulary_mark(session))
    with _lock:
        known = _kept.get(mark)
    if known is None:
        known = load(session)
        with _lock:
            _kept.clear()
            _kept[mark] = known
    return known


def derived_id(owner: str, *parts: object) -> str:
    """Give the UUIDv5 of a row that has none of its own, from the UUID of what it belongs to."""
    return str(uuid5(UUID(owner), "/".join(map(str, parts))))


def _attribute(
    entity: str,
    owner: str,
    link_type: str,
    term: TaxonomyTerm,
    *,
    value: str | None = None,
    label: str | None = None,
) -> Attribute:
    return Attribute(
        id=derived_id(owner, "attribute", entity, link_type, term.id, label or "", value or ""),
        link_id=owner,
        link_entity=entity,
        link_type=link_type,
        taxonomy_term_id=term.id,
        taxonomy_term=term,
        value=value or UNSET,
        label=label or UNSET,
    )


def _taxonomy(kind: Vocabulary) -> Taxonomy:
    name, description = _DESCRIPTIONS[kind]
    return Taxonomy(id=seed_uuid("taxonomy", kind.value), name=name, description=description)


def _term(view: TermView, taxonomy: Taxonomy, ids: Mapping[str, str]) -> TaxonomyTerm:
    name = view.label("en")
    return TaxonomyTerm(
        id=view.uuid,
        code=view.slug,
        name=name,
        description=view.definitions.get("en") or name,
        parent_id=ids[view.parent] if view.parent else UNSET,
        taxonomy=taxonomy.name,
        taxonomy_id=taxonomy.id,
        taxonomy_detail=taxonomy,
    )


def _fact(code: str, text: str) -> TaxonomyTerm:
    return TaxonomyTerm(
        id=seed_uuid("taxonomy-term", "facts", code),
        code=code,
        name=code.replace("-", " ").capitalize(),
        description=text,
        taxonomy=FACTS_TAXONOMY.name,
        taxonomy_id=FACTS_TAXONOMY.id,
        taxonomy_detail=FACTS_TAXONOMY,
    )
