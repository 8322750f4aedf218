"""What the templates of imports are given."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from services_dir.exchange.imports.forms import MappingForm, UploadForm
from services_dir.exchange.imports.models import (
    ImportNote,
    ImportRow,
    ImportRun,
    RecordKind,
    RowState,
    RunState,
    TermMapping,
    Verdict,
)
from services_dir.exchange.imports.showing import FileLine, Filter, RunLine
from services_dir.hsds.reading.notes import Weight
from services_dir.values import Paged
from services_dir.web.forms import WorkspaceForm

_TONES = {
    Verdict.ADD: "good",
    Verdict.CHANGE: "good",
    Verdict.DOUBT: "waiting",
    Verdict.WITHDRAW: "grave",
    Verdict.REFUSE: "grave",
}
_WEIGHTS = {Weight.HINT: "plain", Weight.DOUBT: "waiting", Weight.ERROR: "grave"}


@dataclass(frozen=True)
class ImportsPage:
    """All imports, and the form for another one."""

    title: str
    form: UploadForm
    runs: Paged[RunLine]
    address: Callable[[int], str]


@dataclass(frozen=True)
class RowView:
    """A row of a plan with its reasons in the language of the page."""

    row: ImportRow
    reasons: Sequence[str]
    submission_address: str | None

    @property
    def tone(self) -> str:
        """Give how its verdict is coloured."""
        return _TONES.get(self.row.verdict, "plain")


@dataclass(frozen=True)
class ReasonLine:
    """A sentence that was noted, without its values, how often, and where all of its notes are listed."""

    sentence: str
    weight: Weight
    count: int
    address: str
    is_chosen: bool = False

    @property
    def tone(self) -> str:
        """Give how its weight is coloured."""
        return _WEIGHTS[self.weight]


@dataclass(frozen=True)
class RunPage:
    """One import: sums, what became of each file, rows, and what can be done."""

    title: str
    run: ImportRun
    counts: Mapping[RecordKind, Mapping[Verdict, int]]
    states: Mapping[RowState, int]
    files: Sequence[tuple[FileLine, Sequence[str]]]
    rows: Paged[RowView]
    chosen: Filter
    reasons: Sequence[ReasonLine]
    button: WorkspaceForm
    may_publish: bool
    address: Callable[[int], str]

    @property
    def may_apply(self) -> bool:
        """Tell whether it can be applied, or gone on with."""
        return self.run.state in (RunState.PLANNED, RunState.APPLYING)

    @property
    def may_undo(self) -> bool:
        """Tell whether it can be taken back: its rows are there, as they are for a year."""
        return self.run.state in (RunState.APPLYING, RunState.APPLIED) and bool(self.states)

    @property
    def refused(self) -> int:
        """Count the records that cannot be taken."""
        return self._count(Verdict.REFUSE)

    @property
    def doubted(self) -> int:
        """Count the records that need a person."""
        return self._count(Verdict.DOUBT)

    @property
    def clear(self) -> int:
        """Count the records that bring something and need nobody."""
        return self._count(Verdict.ADD, Verdict.CHANGE, Verdict.WITHDRAW)

    @property
    def notes(self) -> int:
        """Count what was noted of parts of records."""
        return sum(reason.count for reason in self.reasons)

    @property
    def graver(self) -> Sequence[ReasonLine]:
        """Give the sentences that say why records need a person or cannot be taken."""
        return [reason for reason in self.reasons if reason.weight is not Weight.HINT]

    def _count(self, *verdicts: Verdict) -> int:
        return sum(counts[verdict] for counts in self.counts.values() for verdict in verdicts)


@dataclass(frozen=True)
class NotesPage:
    """What was noted of parts of records."""

    title: str
    run: ImportRun
    reasons: Sequence[ReasonLine]
    notes: Paged[ImportNote]
    sentences: Sequence[str]
    address: Callable[[int], str]

    def tone(self, note: ImportNote) -> str:
        """Give how the weight of a note is coloured."""
        return _WEIGHTS[note.weight]

    @property
    def is_narrowed(self) -> bool:
        """Tell whether the notes of one sentence alone are shown."""
        return any(reason.is_chosen for reason in self.reasons)


@dataclass(frozen=True)
class TermsPage:
    """The terms of a feed and what they stand for."""

    title: str
    run: ImportRun
    terms: Paged[TermMapping]
    labels: Mapping[str, str]
    address: Callable[[int], str]


@dataclass(frozen=True)
class TermPage:
    """One term, to be decided about."""

    title: str
    run: ImportRun
    mapping: TermMapping
    form: MappingForm
