"""What was read from a folder of CSV files: drafts, places, terms, words, and what was wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from services_dir.catalog.draft import OrganizationDraft, ProgramDraft
from services_dir.catalog.kinds import PlaceKind, Vocabulary, WordKind
from services_dir.exchange.rows import RowError


@dataclass(frozen=True)
class PlaceRow:
    """A place and what it lies in: keys of its parents with the share of its people."""

    id: str
    key: str
    kind: PlaceKind
    name: str
    code: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    basis: str | None = None
    parents: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class TermRow:
    """A term: label and definition by language, and the words people type with their language."""

    id: str
    vocabulary: Vocabulary
    slug: str
    parent: str | None
    position: int
    statutory: bool
    labels: Mapping[str, tuple[str, str]]
    words: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class WordRow:
    """A misspelling, an abbreviation or another word for something, and what it stands for."""

    kind: WordKind
    word: str
    means: str


@dataclass(frozen=True)
class ProgramRow:
    """A program, whether it is to be published or waits for review and why, and its line."""

    draft: ProgramDraft
    publish: bool
    hold_reason: str | None
    line: int


@dataclass(frozen=True)
class Reading:
    """Everything read; parents come before their children. `errors` holds warnings too."""

    organizations: Sequence[OrganizationDraft] = ()
    programs: Sequence[ProgramRow] = ()
    places: Sequence[PlaceRow] = ()
    terms: Sequence[TermRow] = ()
    words: Sequence[WordRow] = ()
    errors: Sequence[RowError] = field(default=())
    organization_lines: Mapping[str, int] = field(default_factory=dict)  # by their slugs
