"""The terms of the facets as a frozen value: labels, what lies below what, and the words people type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from babel import Locale
from sqlalchemy.orm import Session

from services_dir.catalog import queries
from services_dir.catalog.freshness import DEFAULT, Freshness, get_freshness
from services_dir.catalog.kinds import Vocabulary as Kind
from services_dir.catalog.kinds import WordKind
from services_dir.catalog.queries import TermView
from services_dir.errors import N_
from services_dir.language_names import language_name_in
from services_dir.search.query import Facet

ALL_SURVIVORS = "all-survivors"
INTERPRETER = "interpreter"
INTERPRETER_LABEL = N_("Interpreter line, any language")

_KINDS = {
    Facet.CATEGORY: Kind.CATEGORY,
    Facet.POPULATION: Kind.POPULATION,
    Facet.LEVEL: Kind.LEVEL,
    Facet.ACCESS: Kind.ACCESS,
}


@dataclass(frozen=True)
class Vocabulary:
    """The terms of each facet by slug, in their order; languages are named by their ISO code.

    `words` are misspellings, abbreviations and synonyms: which of them, the word, and what it means.
    `freshness` says how old a confirmation may be; like the words it is read for each snapshot.
    """

    terms: Mapping[Facet, Mapping[str, TermView]]
    words: tuple[tuple[WordKind, str, str], ...] = ()
    freshness: Freshness = DEFAULT

    def label(self, facet: Facet, value: str, language: str) -> str:
        """Give what an option is called; that of an interpreter line is marked for translation."""
        if facet is Facet.LANGUAGE:
            return INTERPRETER_LABEL if value == INTERPRETER else language_name(value, language)
        term = self.terms[facet].get(value)
        return term.label(language) if term else value

    def knows(self, facet: Facet, value: str) -> bool:
        """Tell whether there is such an option."""
        if facet is Facet.LANGUAGE:
            return value == INTERPRETER or value in Locale("en").languages
        return value in self.terms[facet]

    def with_ancestors(self, slug: str) -> tuple[str, ...]:
        """Give a category and all that it is a kind of."""
        terms = self.terms[Facet.CATEGORY]
        found: list[str] = []
        here: str | None = slug
        while here is not None and here not in found:
            found.append(here)
            term = terms.get(here)
            here = term.parent if term else None
        return tuple(found)

    def search_words(self, facet: Facet, slug: str) -> list[str]:
        """Give the labels of a term and the words people type for it, in every language."""
        term = self.terms[facet].get(slug)
        if term is None:
            return []
        return [*term.labels.values(), *(word for held in term.words.values() for word in held)]


def load(session: Session) -> Vocabulary:
    """Read the terms of the facets."""
    return Vocabulary(
        {
            facet: {term.slug: term for term in queries.list_terms(session, kind)}
            for facet, kind in _KINDS.items()
        },
        queries.list_words(session),
        get_freshness(session),
    )


@lru_cache(maxsize=2048)
def language_name(code: str, language: str) -> str:
    """Give the name of a language in another one, or its code if it has no name there."""
    name = language_name_in(language, code)
    return name[:1].upper() + name[1:]
