"""What is looked for: a tree of terms, each with the weight at which its score counts.

Prefixes, spelling and synonyms are terms by then. Trees are values, and can be keys.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True)
class Term:
    """A term in a field, scored by BM25 times a weight."""

    field: str
    text: str
    weight: float = 1.0


@dataclass(frozen=True)
class Phrase:
    """Terms directly after one another in a field; their scores are added up, times a weight."""

    field: str
    terms: tuple[str, ...]
    weight: float = 1.0


@dataclass(frozen=True)
class Or:
    """At least one of its parts; the scores of those that are found are added up."""

    parts: tuple[Tree, ...]


@dataclass(frozen=True)
class DisjunctionMax:
    """At least one of its parts; the best score counts."""

    parts: tuple[Tree, ...]


@dataclass(frozen=True)
class And:
    """All of its parts, and none of those in `Not`; scores are added up.

    With nothing but `Not` it is everything else, at score 0.
    """

    parts: tuple[Tree | Not, ...]


@dataclass(frozen=True)
class Not:
    """Leaves out what a part finds; it stands only directly in an `And`."""

    part: Tree


Tree: TypeAlias = Term | Phrase | Or | DisjunctionMax | And
