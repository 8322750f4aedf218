"""The sender's own page: where it stands, what was asked, and what she can do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from babel.dates import format_date
from flask_babel import get_locale
from flask_babel import gettext as _

from services_dir.catalog.diff import FieldChange, compare
from services_dir.catalog.draft import Draft
from services_dir.catalog.wording import Wording
from services_dir.errors import N_
from services_dir.submissions.answers import Answer
from services_dir.submissions.models import Submission, SubmissionKind, SubmissionState
from services_dir.web.forms import PublicForm
from services_dir.web.languages import translated

_MEANINGS = {
    SubmissionState.DRAFT: N_("You have not sent it yet."),
    SubmissionState.PENDING: N_("A coordinator will read it. Nothing of it is public yet."),
    SubmissionState.CHANGES_REQUESTED: N_("A coordinator asks you to change something, then send it again."),
    SubmissionState.APPROVED: N_("A coordinator approved it. It was published."),
    SubmissionState.REJECTED: N_("A coordinator decided not to publish it."),
    SubmissionState.WITHDRAWN: N_("You took it back. Nobody will read it any more."),
    SubmissionState.LAPSED: N_("We asked you something and did not hear from you, so we closed it."),
}
_OF_A_REPORT = {
    SubmissionState.PENDING: N_("Thank you. A coordinator will look into it."),
    SubmissionState.APPROVED: N_("A coordinator looked into it. Thank you."),
    SubmissionState.REJECTED: N_("A coordinator looked at it and left it as it was."),
}
# What can be written anew by its sender; the rest is a report or was entered by somebody else.
REVISED = (SubmissionKind.NEW, SubmissionKind.CHANGE, SubmissionKind.VERIFICATION)


@dataclass(frozen=True)
class AnswerLine:
    """What a coordinator said once: each question with the name of the field it is about."""

    label: str
    note: str
    questions: Sequence[tuple[str, str]]
    at: datetime
    reason: str = ""  # marked for translation

    @property
    def on(self) -> str:
        """Give the date in words."""
        return day_words(self.at)


@dataclass(frozen=True)
class SubmissionPage:
    """The page of something that was sent."""

    title: str
    name: str
    link: str
    state: str
    meaning: str
    sent: str
    is_closed: bool
    is_report: bool
    waits_for_sender: bool
    is_lapsed: bool
    answer_by: str | None  # until when an answer is waited for
    can_change: bool
    has_draft: bool
    answers: Sequence[AnswerLine]
    message: str
    content: Sequence[FieldChange]
    is_change: bool
    form: PublicForm
    path: str
    days: int
    public_address: str | None
    again_address: str  # where the same can be sent anew

    @classmethod
    def build(
        cls,
        submission: Submission,
        draft: Draft,
        base: Draft | None,
        answers: Sequence[AnswerLine],
        *,
        wording: Wording,
        form: PublicForm,
        link: str,
        path: str,
        days: int,
        silence_days: int,
        public_address: str | None,
        again_address: str,
    ) -> SubmissionPage:
        """Give the page of a submission; `draft` and `base` are as the sender may see them.

        `answers` come newest first; `silence_days` is how long an answer of hers is waited for.
        """
        is_report = submission.kind is SubmissionKind.PROBLEM
        meaning = (_OF_A_REPORT if is_report else {}).get(submission.state) or _MEANINGS[submission.state]
        waits = submission.state is SubmissionState.CHANGES_REQUESTED
        return cls(
            title=_("What you sent"),
            name=draft.name,
            link=link,
            state=translated(submission.state.label),
            meaning=translated(meaning),
            sent=day_words(submission.sent_at or submission.created_at),
            is_closed=submission.is_closed,
            is_report=is_report,
            waits_for_sender=waits,
            is_lapsed=submission.state is SubmissionState.LAPSED,
            answer_by=day_words(answers[0].at + timedelta(days=silence_days)) if waits and answers else None,
            can_change=not submission.is_closed and submission.kind in REVISED,
            has_draft=submission.form is not None,
            answers=answers,
            message=submission.message,
            content=() if is_report else compare(base, draft, wording),
            is_change=base is not None,
            form=form,
            path=path,
            days=days,
            public_address=public_address,
            again_address=again_address,
        )


def answer_lines(answers: Sequence[Answer], names: dict[str, str]) -> list[AnswerLine]:
    """Give what coordinators said; `names` holds the name of each field they ask about."""
    return [
        AnswerLine(
            answer.label,
            answer.note,
            [(names.get(path, ""), question) for path, question in answer.questions.items()],
            answer.at,
            reason=answer.reason,
        )
        for answer in answers
    ]


def day_words(at: datetime) -> str:
    """Give the date of a moment in words."""
    return str(format_date(at.date(), "long", locale=get_locale()))
