"""What coordinators answered, for the sender's page. Reviews are of a higher part, which registers here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from services_dir.submissions.models import Submission


@dataclass(frozen=True)
class Answer:
    """A coordinator's word on one revision: decision and reason (marked), the note, questions by field."""

    revision: int
    at: datetime
    label: str
    note: str
    questions: dict[str, str]
    reason: str = ""


class ListAnswers(Protocol):
    """Reads the answers to a submission, newest first."""

    def __call__(self, session: Session, submission: Submission) -> Sequence[Answer]:
        """Give the answers."""


_listers: list[ListAnswers] = []


def register(lister: ListAnswers) -> None:
    """Have a higher part tell what was answered."""
    if lister not in _listers:
        _listers.append(lister)


def list_answers(session: Session, submission: Submission) -> list[Answer]:
    """Give all answers to a submission, newest first."""
    return [answer for lister in _listers for answer in lister(session, submission)]
