"""What must be known of the register and of the feed to read a record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid5

from services_dir.catalog.gazetteer import Gazetteer
from services_dir.catalog.kinds import Level, Vocabulary

# Namespace of what other systems call by ids that are no UUIDs: the same feed and id give the same UUID.
_NAMESPACE = UUID("1d8c3f5a-7f0e-5a3b-9b5e-4c3d2e1f0a97")


@dataclass(frozen=True)
class ForeignTerm:
    """A term of another taxonomy: the name of that, its code, and what it is called."""

    taxonomy: str
    code: str
    name: str


@dataclass(frozen=True)
class MappedTerm:
    """What a foreign term stands for here; nothing if nobody decided, or if it stands for nothing."""

    categories: tuple[str, ...] = ()
    populations: tuple[str, ...] = ()
    is_decided: bool = False


class TermTable:
    """Foreign terms with what they stand for, and how often each was met."""

    def __init__(
        self,
        decided: Mapping[ForeignTerm, MappedTerm],
        shipped: Mapping[str, MappedTerm],
    ) -> None:
        self._decided = decided
        self._shipped = shipped
        self.met: dict[ForeignTerm, int] = {}

    def look_up(self, term: ForeignTerm, *, count: bool = True) -> MappedTerm:
        """Give what a term stands for: as a coordinator decided, else as the shipped facts say."""
        if count:
            self.met[term] = self.met.get(term, 0) + 1
        held = self._decided.get(term)
        if held is not None and held.is_decided:
            return held
        return self.propose(term)

    def propose(self, term: ForeignTerm) -> MappedTerm:
        """Give what the shipped facts say of a term, by its name, or by its code and name."""
        return self._shipped.get(term.name.casefold()) or MappedTerm()


@dataclass(frozen=True)
class Context:
    """The feed with what is usual in it, and the names of the register that records may refer to."""

    feed: str
    level: Level
    zone: str
    areas: Sequence[str]
    gazetteer: Gazetteer
    categories: frozenset[str]
    populations: frozenset[str]
    sheltering: frozenset[str]  # kinds of help whose places are confidential unless a record says otherwise
    terms: TermTable
    own_terms: Mapping[str, tuple[Vocabulary, str]] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)  # codes of our further facts by their UUIDs

    def uuid(self, kind: str, foreign_id: str) -> str:
        """Give the UUID of something that the feed names; its own, if it has one."""
        try:
            return str(UUID(foreign_id))
        except ValueError:
            return str(uuid5(_NAMESPACE, f"{self.feed}/{kind}/{foreign_id}"))


def derived_uuid(owner: str, *parts: object) -> str:
    """Give a UUID for a part that has none of its own, from the UUID of what it belongs to."""
    return str(uuid5(UUID(owner), "/".join(map(str, parts))))


def is_uuid(text: str) -> bool:
    """Tell whether a text is a UUID."""
    try:
        UUID(text)
    except ValueError:
        return False
    return True
