"""Answers while the index cannot be used: names, organizations, phones and categories from the database."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from services_dir.catalog import gazetteer, queries
from services_dir.catalog.gazetteer import Gazetteer, PlaceEntry, Tiers, normal_name
from services_dir.catalog.hours import openness
from services_dir.catalog.kinds import CatalogStatus
from services_dir.catalog.kinds import Vocabulary as Kind
from services_dir.catalog.models import (
    Organization,
    OrganizationName,
    Phone,
    Place,
    Program,
    ProgramLanguage,
    ProgramName,
    ProgramTerm,
    ProgramText,
    ServiceArea,
    Site,
    Term,
)
from services_dir.errors import N_
from services_dir.search import analyzer, vocabulary
from services_dir.search.document import make_card
from services_dir.search.facets import FacetCounts, FacetOption
from services_dir.search.plan import known_options, understand_place
from services_dir.search.query import MAXIMUM_WORDS, PER_PAGE, Facet, Notice, SearchQuery, notice
from services_dir.search.results import Hit, SearchResult
from services_dir.search.vocabulary import ALL_SURVIVORS, INTERPRETER, Vocabulary

Condition = ColumnElement[bool]

_NAME = select(ProgramText.name).where(ProgramText.program_id == Program.id, ProgramText.language == "en")
_BY_NAME = (func.lower(_NAME.scalar_subquery()), Program.id)

_SENTENCE = N_(
    "Search is being repaired. For now we look only at names, organizations, phone numbers and kinds of "
    "help, and some filters do nothing."
)


@dataclass(frozen=True)
class _Question:
    """A search, with its place and options understood."""

    query: SearchQuery
    words: Vocabulary
    places: Gazetteer
    place: PlaceEntry | None
    is_far: bool
    notices: tuple[Notice, ...]

    @classmethod
    def of(cls, session: Session, query: SearchQuery) -> _Question:
        """Understand it; what is not known is left out, and a notice says so."""
        words, places = vocabulary.load(session), gazetteer.current(session)
        notices = [notice(_SENTENCE)]
        place, is_far = understand_place(query, partial(_find_place, places, words), notices)
        for facet, values in known_options(query, words.knows, notices).items():
            query = replace(query.choosing(facet, values), page=query.page)
        return cls(query, words, places, place, is_far, tuple(notices))

    def conditions(self) -> list[Condition]:
        """Give what a program must answer to."""
        query, words = self.query, self.words
        conditions = [Program.status == CatalogStatus.PUBLISHED]
        conditions += [_has_term(term, words) for term in analyzer.query_terms(query.q)[:MAXIMUM_WORDS]]
        conditions += _choices(query, words)
        if query.kind is not None:
            conditions.append(Program.kind == query.kind)
        if self.place is not None:
            conditions.append(_serves(self.places.tiers(self.place.key)))
        elif self.is_far:
            conditions.append(_serves(self.places.far_tiers()))
        return conditions


def search(session: Session, query: SearchQuery, *, at: datetime, language: str) -> SearchResult:
    """Answer from the database: by name, without counts, distances and hours."""
    question = _Question.of(session, query)
    conditions = question.conditions()
    total = session.scalar(select(func.count()).select_from(Program).where(*conditions)) or 0
    page = min(query.page, max(1, -(-total // PER_PAGE)))
    ids = session.scalars(
        select(Program.id)
        .where(*conditions)
        .order_by(*_BY_NAME)
        .offset((page - 1) * PER_PAGE)
        .limit(PER_PAGE)
    ).all()
    programs = queries.list_public_programs(session, ids)
    programs.sort(key=lambda program: program.text().name.lower())
    return SearchResult(
        query=replace(query, page=page),
        total=total,
        hits=tuple(Hit(make_card(program), openness(program, at)) for program in programs),
        facets=tuple(_facet(session, facet, query, question.words, language) for facet in Facet),
        notices=question.notices,
        today=at.date(),
        place=question.place,
        is_complete=False,
    )


def find_ids(session: Session, query: SearchQuery) -> list[str]:
    """Give the ids of all programs that the database finds, by name."""
    conditions = _Question.of(session, query).conditions()
    return list(session.scalars(select(Program.uuid).where(*conditions).order_by(*_BY_NAME)))


def _find_place(places: Gazetteer, words: Vocabulary, text: str) -> PlaceEntry | None:
    """Find a place by its name, or by a word of the tables that means one."""
    typed = normal_name(text)
    meant = (means for _kind, word, means in words.words if normal_name(word) == typed)
    return places.find_near(text) or next(filter(None, map(places.find, meant)), None)


def _has_term(term: str, words: Vocabulary) -> Condition:
    """Ask for a word in a name, in the organization's name, in a number, or among a category's words."""
    categories = [
        slug
        for slug in words.terms[Facet.CATEGORY]
        if term in {t for text in words.search_words(Facet.CATEGORY, slug) for t in analyzer.terms(text)}
    ]
    found: list[Condition] = [
        Program.texts.any(ProgramText.name.icontains(term, autoescape=True)),
        Program.names.any(ProgramName.name.icontains(term, autoescape=True)),
        Program.organization.has(
            or_(
                Organization.name.icontains(term, autoescape=True),
                Organization.names.any(OrganizationName.name.icontains(term, autoescape=True)),
            )
        ),
        Program.terms.any(_is_term(Kind.CATEGORY, [c for slug in categories for c in _below(slug, words)])),
    ]
    if term.isdecimal() and len(term) >= 3:
        is_number = or_(Phone.number == term, Phone.number == f"+1{term}")
        if len(term) == 7:
            is_number = Phone.number.endswith(term)
        found += [Program.phones.any(is_number), Program.sites.any(Site.phones.any(is_number))]
    return or_(*found)


def _choices(query: SearchQuery, words: Vocabulary) -> list[Condition]:
    conditions: list[Condition] = []
    if query.category:
        slugs = [slug for chosen in query.category for slug in _below(chosen, words)]
        conditions.append(Program.terms.any(_is_term(Kind.CATEGORY, slugs)))
    if query.population:
        conditions.append(or_(*(_serves_group(slug) for slug in query.population)))
    if query.level:
        conditions.append(Program.level.in_([v for v in query.level if words.knows(Facet.LEVEL, v)]))
    if query.language:
        is_spoken = Program.languages.any(ProgramLanguage.code.in_(query.language))
        conditions.append(or_(is_spoken, Program.has_interpreter.is_(True)))
    return conditions


def _serves_group(slug: str) -> Condition:
    served = Program.terms.any(_is_term(Kind.POPULATION, [slug]))
    for_all = Program.terms.any(_is_term(Kind.POPULATION, [ALL_SURVIVORS]))
    excluded = Program.terms.any(_is_term(Kind.POPULATION, [slug], is_excluded=True))
    return or_(served, and_(for_all, ~excluded))


def _is_term(kind: Kind, slugs: list[str], *, is_excluded: bool = False) -> Condition:
    is_one = and_(Term.vocabulary == kind, Term.slug.in_(slugs))
    return and_(ProgramTerm.is_excluded.is_(is_excluded), ProgramTerm.term.has(is_one))


def _below(slug: str, words: Vocabulary) -> list[str]:
    return [one for one in words.terms[Facet.CATEGORY] if slug in words.with_ancestors(one)]


def _serves(tiers: Tiers) -> Condition:
    is_near = ServiceArea.place.has(Place.key.in_([key for keys in tiers for key in keys]))
    return or_(
        Program.service_areas.any(is_near),
        Program.sites.any(Site.service_areas.any(is_near)),
    )


def _facet(
    session: Session, facet: Facet, query: SearchQuery, words: Vocabulary, language: str
) -> FacetCounts:
    chosen = query.chosen(facet)
    if facet is Facet.LANGUAGE:
        spoken = session.scalars(select(ProgramLanguage.code).distinct().order_by(ProgramLanguage.code))
        values = [*spoken, INTERPRETER]
    else:
        values = [slug for slug, term in words.terms[facet].items() if not term.is_retired]
    known = [value for value in chosen if words.knows(facet, value)]
    return FacetCounts(
        facet,
        tuple(
            FacetOption(value, words.label(facet, value, language), None, value in chosen)
            for value in dict.fromkeys([*values, *known])
        ),
    )
