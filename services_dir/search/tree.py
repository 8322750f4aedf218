"""What is looked for: a tree of terms, each with the weight at which its score counts.

Prefixes, spelling and synonyms are terms by then. Trees are values, and are keys: each knows its hash.
"""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct


class Term(Struct, frozen=True, cache_hash=True):
    """A term in a field, scored by BM25 times a weight."""

    field: str
    text: str
    weight: float = 1.0


class Phrase(Struct, frozen=True, cache_hash=True):
    """Terms directly after one another in a field; their scores are added up, times a weight."""

    field: str
    terms: tuple[str, ...]
    weight: float = 1.0


class Or(Struct, frozen=True, cache_hash=True):
    """At least one of its parts; the scores of those that are found are added up."""

    parts: tuple[Tree, ...]


class DisjunctionMax(Struct, frozen=True, cache_hash=True):
    """At least one of its parts; the best score counts."""

    parts: tuple[Tree, ...]


class And(Struct, frozen=True, cache_hash=True):
    """All of its parts, and none of those in `Not`; scores are added up.

    With nothing but `Not` it is everything else, at score 0.
    """

    parts: tuple[Tree | Not, ...]


class Not(Struct, frozen=True, cache_hash=True):
    """Leaves out what a part finds; it stands only directly in an `And`."""

    part: Tree


Tree: TypeAlias = Term | Phrase | Or | DisjunctionMax | And
