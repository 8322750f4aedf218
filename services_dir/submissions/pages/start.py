"""The pages with which something begins: a draft, a report, a request for a link."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services_dir.submissions.forms.steps import Step
from services_dir.submissions.pages.steps import Kept, StepLine
from services_dir.web.forms import PublicForm


@dataclass(frozen=True)
class StartPage:
    """What somebody reads before she begins."""

    title: str
    heading: str
    lead: str
    form: PublicForm
    action: str
    steps: Sequence[Step]
    days: int
    kind: str  # program, organization or change


@dataclass(frozen=True)
class DraftPage:
    """The sender's page of something that was not sent yet."""

    title: str
    heading: str
    name: str
    kept: Kept
    lines: Sequence[StepLine]
    check_address: str
    go_on: str
    path: str
    form: PublicForm
    is_change: bool


@dataclass(frozen=True)
class ProblemPage:
    """The form with which a problem is reported."""

    title: str
    name: str
    form: PublicForm
    action: str
    listing: str
    days: int
    doubts: Sequence[str] = ()


@dataclass(frozen=True)
class LinkPage:
    """The form with which a private link is mailed again, and the answer to it."""

    title: str
    form: PublicForm
    is_done: bool = False
