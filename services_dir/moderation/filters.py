"""A view of the queue as a value: it reads itself from an address and writes itself back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from services_dir.errors import N_
from services_dir.submissions.models import SubmissionKind, SubmissionState
from services_dir.submissions.rules import Flag
from services_dir.values import Labelled, slugify, without_controls

_LONGEST = 120
_Choice = TypeVar("_Choice", bound=Labelled)


class Age(Labelled):
    """How long something waits, measured by the time in which it should be read."""

    LATE = "late", N_("Late")
    SOON = "soon", N_("Due within a working day")
    IN_TIME = "in_time", N_("In time")


class Reader(Labelled):
    """Who is on a submission."""

    ME = "me", N_("I am reading it")
    OTHERS = "others", N_("Somebody else is reading it")
    NOBODY = "nobody", N_("Nobody is reading it")
    SECOND = "second", N_("Waits for a second approval")


@dataclass(frozen=True)
class QueueFilter:
    """What is shown of the queue; None is everything. `state` is None for every state."""

    state: SubmissionState | None = SubmissionState.PENDING
    kind: SubmissionKind | None = None
    age: Age | None = None
    category: str | None = None
    region: str | None = None
    flag: Flag | None = None
    reader: Reader | None = None
    q: str = ""

    @classmethod
    def from_args(cls, args: Mapping[str, str]) -> QueueFilter:
        """Read a view from an address; what cannot be understood is left out."""
        wanted = args.get("state", SubmissionState.PENDING.value)
        return cls(
            state=SubmissionState(wanted) if wanted in list(SubmissionState) else _state_but(wanted),
            kind=_one(SubmissionKind, args.get("kind")),
            age=_one(Age, args.get("age")),
            category=_name(args.get("category")),
            region=_name(args.get("region")),
            flag=_one(Flag, args.get("flag")),
            reader=_one(Reader, args.get("reader")),
            q=without_controls(args.get("q", "")).strip()[:_LONGEST],
        )

    def to_args(self) -> dict[str, str]:
        """Write the view into an address; what is as usual is left out."""
        values = {
            "state": "all" if self.state is None else self.state.value,
            "kind": self.kind,
            "age": self.age,
            "category": self.category,
            "region": self.region,
            "flag": self.flag,
            "reader": self.reader,
            "q": self.q,
        }
        return {
            name: str(value)
            for name, value in values.items()
            if value and (name, value) != ("state", SubmissionState.PENDING.value)
        }

    def in_state(self, state: SubmissionState | None) -> QueueFilter:
        """Give the same view of another state."""
        return replace(self, state=state)

    @property
    def is_narrowed(self) -> bool:
        """Tell whether anything but the state is chosen."""
        return self != QueueFilter(state=self.state)


def _state_but(wanted: str) -> SubmissionState | None:
    return None if wanted == "all" else SubmissionState.PENDING


def _one(kind: type[_Choice], value: str | None) -> _Choice | None:
    return kind(value) if value in list(kind) else None


def _name(value: str | None) -> str | None:
    """Give a slug, or the key of a place; None for what can be neither."""
    if value and len(value) <= _LONGEST and all(part and part == slugify(part) for part in value.split("/")):
        return value
    return None
