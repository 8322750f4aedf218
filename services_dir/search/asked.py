"""What each word or phrase of a search may match in a program: words of its texts, or what it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from services_dir.search.document import OPTIONS, TEXTS
from services_dir.search.tree import Not, Phrase, Term, Tree
from services_dir.search.words import Understood


@dataclass(frozen=True)
class Asked:
    """One thing that is asked for: stems that may stand in a text, and options that mean it."""

    stems: frozenset[str]
    options: tuple[str, ...]


def asked_for(words: Understood) -> tuple[Asked, ...]:
    """Give all that a search asks for by words."""
    return tuple(_asked(tree) for tree in words.wanted)


def _asked(tree: Tree) -> Asked:
    terms = list(_terms(tree))
    return Asked(
        stems=frozenset(term.text for term in terms if term.field in TEXTS),
        options=tuple(dict.fromkeys(term.text for term in terms if term.field == OPTIONS)),
    )


def _terms(tree: Tree | Not) -> Iterator[Term]:
    if isinstance(tree, Term):
        yield tree
    elif isinstance(tree, Phrase):
        yield from (Term(tree.field, text) for text in tree.terms)
    elif not isinstance(tree, Not):
        for part in tree.parts:
            yield from _terms(part)
