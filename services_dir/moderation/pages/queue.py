"""What the template of the queue is given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask_babel import format_timedelta, ngettext
from flask_babel import gettext as _

from services_dir.moderation.filters import Age, QueueFilter, Reader
from services_dir.moderation.forms import KeepForm
from services_dir.moderation.models import SavedFilter
from services_dir.moderation.queries import WAITING, Counts, QueueLine
from services_dir.moderation.queries.queue import Targets
from services_dir.submissions.models import Subject, SubmissionKind, SubmissionState
from services_dir.submissions.rules import Flag
from services_dir.values import Labelled, Paged
from services_dir.web.languages import translated

_TONES = {Age.LATE: "grave", Age.SOON: "waiting", Age.IN_TIME: "good"}


def ago(moment: datetime, at: datetime) -> str:
    """Give how long ago something was: "3 days"."""
    return str(format_timedelta(at - moment, granularity="minute"))


@dataclass(frozen=True)
class WaitingLine:
    """A submission in a list: where it leads, what it is, how long it waits in words and tone."""

    id: int
    label: str
    kind: str
    state: str
    is_pending: bool
    waited: str
    due: str | None
    tone: str
    flags: tuple[str, ...]
    claimed_by: str | None
    needs_second: bool


def waiting_line(line: QueueLine, at: datetime) -> WaitingLine:
    """Put a line of the queue into words."""
    kind = translated(line.kind.label)
    if line.subject is not Subject.PROGRAM:
        subject = _("organization") if line.subject is Subject.ORGANIZATION else _("phone number")
        kind = f"{kind}: {subject}"
    return WaitingLine(
        id=line.id,
        label=line.label,
        kind=kind,
        state=translated(line.state.label),
        is_pending=line.state is SubmissionState.PENDING,
        waited=ago(line.since, at),
        due=_due(line),
        tone=_TONES[line.age] if line.age else "plain",
        flags=tuple(translated(flag.label) for flag in line.flags),
        claimed_by=line.claimed_by,
        needs_second=line.needs_second,
    )


def _due(line: QueueLine) -> str | None:
    if line.age is None:
        return None
    if line.age is Age.LATE:
        late = max(-line.left, 1)
        return ngettext("Late by %(num)s working day", "Late by %(num)s working days", late)
    if line.age is Age.SOON:
        return _("Due within a working day")
    return ngettext("%(num)s working day left", "%(num)s working days left", max(line.left, 1))


@dataclass(frozen=True)
class Option:
    """A choice of a filter: value, label, how much there is of it, whether it is chosen."""

    value: str
    label: str
    count: int | None
    is_chosen: bool


@dataclass(frozen=True)
class Filter:
    """One thing to choose by."""

    name: str
    label: str
    options: Sequence[Option]

    @property
    def chosen(self) -> str | None:
        """Give the label of what is chosen."""
        return next((option.label for option in self.options if option.is_chosen), None)


@dataclass(frozen=True)
class QueuePage:
    """The queue: one list of everything that waits, and what it can be narrowed by."""

    title: str
    view: QueueFilter
    lines: Sequence[WaitingLine]
    paged: Paged[QueueLine]
    counts: Counts
    filters: Sequence[Filter]
    saved: Sequence[SavedFilter]
    targets: Targets
    form: KeepForm
    address: Callable[[int], str]
    view_address: Callable[[QueueFilter], str]

    @property
    def states(self) -> list[tuple[str, str, int | None, bool]]:
        """Give the states to choose from: address, label, number if known, whether it is the one shown."""
        listed = [
            (
                self.view_address(self.view.in_state(state)),
                translated(state.label),
                self.counts.states.get(state) if state in WAITING else None,
                state is self.view.state,
            )
            for state in SubmissionState
            if state is not SubmissionState.DRAFT
        ]
        every = (self.view_address(self.view.in_state(None)), _("All"), None, self.view.state is None)
        return [*listed, every]

    @property
    def is_waiting(self) -> bool:
        """Tell whether what is shown waits for a review."""
        return self.view.state is SubmissionState.PENDING

    @property
    def without_filters(self) -> str:
        """Give the address of everything in this state."""
        return self.view_address(QueueFilter(state=self.view.state))

    @property
    def chosen(self) -> list[tuple[str, str]]:
        """Give what is chosen, each with the address without it."""
        fields = {"kind": None, "age": None, "category": None, "region": None, "flag": None, "reader": None}
        listed = [
            (f.chosen, self.view_address(_without(self.view, f.name)))
            for f in self.filters
            if f.name in fields and f.chosen is not None
        ]
        if self.view.q:
            listed.append((f"“{self.view.q}”", self.view_address(_without(self.view, "q"))))
        return listed


def _without(view: QueueFilter, name: str) -> QueueFilter:
    empty: dict[str, Any] = {name: "" if name == "q" else None}
    return replace(view, **empty)


def filters_of(
    view: QueueFilter,
    counts: Counts,
    categories: Mapping[str, tuple[str, Sequence[str]]],
    regions: Mapping[str, str],
) -> list[Filter]:
    """Give what the queue can be narrowed by.

    `categories` gives label and slugs (its own and those below) of each kind of help at the top,
    `regions` the name of each region.
    """
    is_counted = bool(counts.kinds) or view.state is not None
    grouped = {
        slug: sum(counts.categories.get(s, 0) for s in below) for slug, (_label, below) in categories.items()
    }
    return [
        Filter("kind", _("Kind"), _closed(SubmissionKind, view.kind, counts.kinds, is_counted)),
        Filter("age", _("Age"), _closed(Age, view.age, counts.ages, is_counted)),
        Filter(
            "category",
            _("Kind of help"),
            _open(((s, label) for s, (label, _b) in categories.items()), view.category, grouped, is_counted),
        ),
        Filter("region", _("Region"), _open(regions.items(), view.region, counts.regions, is_counted)),
        Filter("flag", _("Mark"), _closed(Flag, view.flag, counts.flags, is_counted)),
        Filter("reader", _("Who is on it"), _closed(Reader, view.reader, counts.readers, is_counted)),
    ]


def _closed(
    kind: type[Labelled], chosen: Labelled | None, counts: Mapping[Any, int], is_counted: bool
) -> list[Option]:
    pairs = ((item.value, translated(item.label)) for item in kind)
    by_value = {str(item.value): number for item, number in counts.items()}
    return _open(pairs, chosen.value if chosen else None, by_value, is_counted)


def _open(
    pairs: Iterable[tuple[str, str]], chosen: str | None, counts: Mapping[str, int], is_counted: bool
) -> list[Option]:
    """Give the options there is something of, and the chosen one."""
    return [
        Option(value, label, counts.get(value, 0) if is_counted else None, value == chosen)
        for value, label in pairs
        if not is_counted or counts.get(value) or value == chosen
    ]
