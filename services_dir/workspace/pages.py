"""What the templates of the workspace are given."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services_dir.catalog.kinds import Vocabulary
from services_dir.exchange.checks import Finding, Outcome
from services_dir.moderation.filters import Age, Reader
from services_dir.moderation.pages import WaitingLine
from services_dir.moderation.queries import Counts
from services_dir.policy import Setting
from services_dir.submissions.models import SubmissionState
from services_dir.values import Paged
from services_dir.verification.rules import Standing
from services_dir.web.forms import WorkspaceForm
from services_dir.workspace.forms import ApiForm, TermForm, TermWordForm, WordForm
from services_dir.workspace.queries import AuditFilter, Change, Deed, TermLine
from services_dir.workspace.search_words import WordLine


@dataclass(frozen=True)
class HomePage:
    """What waits and for how long, what changed, who is on what, how fresh the catalog is."""

    title: str
    waiting: list[WaitingLine]
    mine: list[WaitingLine]
    counts: Counts
    readers: list[tuple[str, int]]
    changes: list[Change]
    standings: Mapping[Standing, int]
    published: int
    withdrawn: int
    is_administrator: bool
    is_alone: bool  # nobody else is there to approve what needs two, and no policy helps
    at: datetime

    @property
    def total(self) -> int:
        """Give how much waits for a review."""
        return self.counts.total

    @property
    def late(self) -> int:
        """Give how much waits longer than it should."""
        return self.counts.ages.get(Age.LATE, 0)

    @property
    def soon(self) -> int:
        """Give how much is due within a working day."""
        return self.counts.ages.get(Age.SOON, 0)

    @property
    def seconds(self) -> int:
        """Give how much waits for a second approval."""
        return self.counts.readers.get(Reader.SECOND, 0)

    @property
    def for_senders(self) -> int:
        """Give how much waits for its sender."""
        return self.counts.states.get(SubmissionState.CHANGES_REQUESTED, 0)

    @property
    def fresh(self) -> int:
        """Give how many programs are confirmed and not due."""
        return self.standings.get(Standing.FRESH, 0)

    @property
    def due(self) -> int:
        """Give how many programs somebody should ask about."""
        return sum(number for standing, number in self.standings.items() if standing.is_due)

    @property
    def never(self) -> int:
        """Give how many programs were never confirmed."""
        return self.standings.get(Standing.NEVER, 0)


@dataclass(frozen=True)
class AuditPage:
    """Who did what, and what one can look for."""

    title: str
    view: AuditFilter
    deeds: Paged[Deed]
    names: list[str]
    actors: list[tuple[int, str]]
    address: Callable[[int], str]
    table_address: str


@dataclass(frozen=True)
class PolicyPage:
    """Deadlines and limits, in groups by their headings."""

    title: str
    form: WorkspaceForm
    groups: Mapping[str, Sequence[Setting]]


@dataclass(frozen=True)
class WordsPage:
    """The terms of each vocabulary."""

    title: str
    lists: list[tuple[Vocabulary, list[TermLine]]]


@dataclass(frozen=True)
class TermPage:
    """One term: the words people type for it, and what administrators change (`form`)."""

    title: str
    label: str
    vocabulary: str
    slug: str
    statutory: bool
    form: TermForm | None
    words: list[tuple[int, str, str]]
    word_form: TermWordForm
    button: WorkspaceForm


@dataclass(frozen=True)
class SearchWordsPage:
    """The words that searches understand, what one can look for, and the form that adds one."""

    title: str
    q: str
    kind: str
    lines: Paged[WordLine]
    address: Callable[[int], str]
    form: WordForm


@dataclass(frozen=True)
class SearchWordPage:
    """One word to be changed or taken out."""

    title: str
    id: int
    word: str
    form: WordForm
    button: WorkspaceForm


@dataclass(frozen=True)
class ApiPage:
    """What checks of an interface found; `address` is the one that was checked, if one was."""

    title: str
    form: ApiForm
    address: str | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def failed(self) -> int:
        """Give how many checks fail."""
        return sum(finding.outcome is Outcome.FAILS for finding in self.findings)
