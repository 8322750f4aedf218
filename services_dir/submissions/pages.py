"""What the templates of submissions are given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from babel.dates import format_date
from flask_babel import get_locale
from flask_babel import gettext as _
from msgspec.structs import replace
from sqlalchemy.orm import Session

from services_dir.catalog.diff import FieldChange, compare
from services_dir.catalog.draft import Draft, ProgramDraft
from services_dir.catalog.queries import get_names
from services_dir.catalog.wording import Wording
from services_dir.errors import N_
from services_dir.submissions.answers import Answer
from services_dir.submissions.forms import Choices, DraftForm, sections
from services_dir.submissions.forms.filling import is_shown_outside
from services_dir.submissions.forms.sections import EXAMPLES, Section
from services_dir.submissions.models import Submission, SubmissionState
from services_dir.web.forms import PublicForm
from services_dir.web.languages import current_language, translated

_MEANINGS = {
    SubmissionState.DRAFT: N_("You have not sent it yet."),
    SubmissionState.PENDING: N_("A coordinator will read it. Nothing of it is public yet."),
    SubmissionState.CHANGES_REQUESTED: N_("A coordinator asks you to change something, then send it again."),
    SubmissionState.APPROVED: N_("A coordinator approved it. It was published."),
    SubmissionState.REJECTED: N_("A coordinator decided not to publish it."),
    SubmissionState.WITHDRAWN: N_("You took it back. Nobody will read it any more."),
}


@dataclass(frozen=True)
class Words:
    """What a form's page says: its heading, a sentence under it, its button."""

    heading: str
    lead: str
    send: str
    title: str = N_("Suggest a program")


@dataclass(frozen=True)
class FormPage:
    """A form of a program or an organization."""

    title: str
    words: Words
    form: DraftForm
    choices: Choices
    action: str
    warning: str | None = None
    opened: str | None = None  # the section a button was pressed in
    changes: list[FieldChange] = field(default_factory=list)

    @property
    def sections(self) -> list[Section]:
        """Give the sections to show."""
        return sections.of(self.form)

    @property
    def examples(self) -> Mapping[str, str]:
        """Give an example for each field that has one; places are those of this register."""
        places = " / ".join(self.choices.example_places)
        return EXAMPLES | {"place": places} if places else EXAMPLES

    @property
    def is_new(self) -> bool:
        """Tell whether something new is proposed, not a change."""
        return not (self.form.seen_version.data or self.form.seen_revision.data)

    @property
    def is_program(self) -> bool:
        """Tell whether it is the form of a program."""
        return "categories" in self.form

    def is_open(self, section: Section) -> bool:
        """Tell whether a section that may be left out is shown opened."""
        return sections.has_errors(self.form, section) or section.name == self.opened

    def is_filled(self, section: Section) -> bool:
        """Tell whether something is said in a section."""
        return sections.is_filled(self.form, section)


@dataclass(frozen=True)
class SubmissionPage:
    """The sender's own page."""

    title: str
    name: str
    link: str
    state: str
    meaning: str
    sent: str
    is_closed: bool
    waits_for_sender: bool
    answers: list[Answer]
    content: list[FieldChange]
    is_change: bool
    form: PublicForm
    edit_address: str
    withdraw_address: str
    public_address: str | None

    @classmethod
    def build(
        cls,
        submission: Submission,
        draft: Draft,
        base: Draft | None,
        answers: list[Answer],
        *,
        wording: Wording,
        form: PublicForm,
        link: str,
        edit_address: str,
        withdraw_address: str,
        public_address: str | None,
    ) -> SubmissionPage:
        """Give the page of a submission; `draft` and `base` are as the sender may see them."""
        return cls(
            title=_("What you sent"),
            name=draft.name,
            link=link,
            state=translated(submission.state.label),
            meaning=translated(_MEANINGS[submission.state]),
            sent=day_words(submission.sent_at or submission.created_at),
            is_closed=submission.is_closed,
            waits_for_sender=submission.state is SubmissionState.CHANGES_REQUESTED,
            answers=answers,
            content=compare(base, draft, wording),
            is_change=base is not None,
            form=form,
            edit_address=edit_address,
            withdraw_address=withdraw_address,
            public_address=public_address,
        )


def wording_of(session: Session, *drafts: Draft | None) -> Wording:
    """Give the words, in the language of this page, for what drafts hold and refer to."""
    return Wording(get_names(session, current_language(), *drafts), translated)


def for_outside(draft: Draft, own: frozenset[str] = frozenset()) -> Draft:
    """Give a draft without what is for editors: their note, their sources but the sender's `own`."""
    if not isinstance(draft, ProgramDraft):
        return draft
    shown = tuple(
        replace(source, supports=None, is_public=False)
        for source in draft.sources
        if is_shown_outside(source, own)
    )
    return replace(draft, sources=shown, confidence=None, editor_note=None)


def day_words(at: datetime) -> str:
    """Give the date of a moment in words."""
    return str(format_date(at.date(), "long", locale=get_locale()))
