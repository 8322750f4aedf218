"""What the templates of moderation are given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flask_babel import format_timedelta
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from services_dir.catalog.diff import LABELS, FieldChange, compare
from services_dir.catalog.draft import Draft, ProgramDraft, SourceDraft
from services_dir.catalog.models import Program
from services_dir.catalog.rules import Problem
from services_dir.errors import N_
from services_dir.moderation import queries, rules
from services_dir.moderation.forms import DecisionForm
from services_dir.moderation.operations import find_published, list_problems
from services_dir.moderation.queries import ProgramLine, QueueLine, Reviewed, VersionLine
from services_dir.submissions.models import AuthorKind, Submission, SubmissionKind, SubmissionState
from services_dir.submissions.pages import day_words, wording_of
from services_dir.submissions.queries import find_base, get_program_version, read_draft
from services_dir.values import Paged
from services_dir.web.forms import WorkspaceForm
from services_dir.web.languages import translated

_AUTHORS = {
    AuthorKind.SUBMITTER: N_("the sender"),
    AuthorKind.REVIEWER: N_("a coordinator"),
    AuthorKind.SEED: N_("the first data of this directory"),
    AuthorKind.IMPORT: N_("an import"),
}


def ago(moment: datetime, at: datetime) -> str:
    """Give how long ago something was: "3 days"."""
    return str(format_timedelta(at - moment, granularity="minute"))


@dataclass(frozen=True)
class QueuePage:
    """The queue."""

    title: str
    lines: Paged[QueueLine]
    state: SubmissionState | None
    counts: dict[SubmissionState, int]
    at: datetime
    address: Callable[[int], str]

    def waited(self, line: QueueLine) -> str:
        """Give how long a submission has waited."""
        return ago(line.since, self.at)

    @property
    def states(self) -> list[tuple[str, str, int, bool]]:
        """Give the states to choose from: value, label, number, whether it is the one shown."""
        listed = [
            (s.value, translated(s.label), self.counts.get(s, 0), s is self.state)
            for s in SubmissionState
            if self.counts.get(s) or s is self.state or s in queries.WAITING
        ]
        return [*listed, ("all", _("All"), sum(self.counts.values()), self.state is None)]


@dataclass(frozen=True)
class RevisionLine:
    """A revision in the history of a submission."""

    number: int
    by: str
    when: str
    review: Reviewed | None


@dataclass(frozen=True)
class ReviewPage:
    """A submission to read and decide."""

    title: str
    submission: Submission
    name: str
    kind: str
    state: str
    waited: str
    changes: list[FieldChange]
    warnings: list[str]
    errors: list[str]
    conflicts: tuple[str, ...]
    is_outdated: bool
    is_withdrawn: bool
    claimed_by: str | None
    claimed_by_me: bool
    history: list[RevisionLine]
    sources: tuple[SourceDraft, ...]
    editor_note: str | None
    program_slug: str | None
    form: DecisionForm
    button: WorkspaceForm
    can_undo: bool
    news: list[FieldChange] = field(default_factory=list)

    @property
    def can_decide(self) -> bool:
        """Tell whether a decision is awaited."""
        return self.submission.state is SubmissionState.PENDING

    @property
    def is_withdrawal(self) -> bool:
        """Tell whether it takes a program out of the catalog."""
        return self.submission.kind is SubmissionKind.WITHDRAWAL

    @classmethod
    def build(
        cls,
        session: Session,
        submission: Submission,
        form: DecisionForm,
        *,
        reader: int,
        at: datetime,
    ) -> ReviewPage:
        """Give the page of a submission as it is now, for the account that reads it."""
        draft = read_draft(submission)
        published = find_published(session, submission)
        shown = find_base(session, submission) if submission.is_closed else published and published[0]
        is_outdated = (
            not submission.is_closed and published is not None and submission.base_version != published[1]
        )
        problems = list_problems(session, draft)
        reviews = queries.list_reviews(session, submission)
        base = find_base(session, submission) if is_outdated else None
        wording = wording_of(session, draft, shown or None, base, published[0] if published else None)
        is_claimed = submission.claimed_until is not None and submission.claimed_until > at
        names = queries.account_names(
            session, [submission.claimed_by_id, *(revision.author_id for revision in submission.revisions)]
        )
        program = session.get(Program, submission.program_id) if submission.program_id is not None else None
        return cls(
            title=_("Review"),
            submission=submission,
            name=draft.name,
            kind=translated(submission.kind.label),
            state=translated(submission.state.label),
            waited=ago(submission.sent_at or submission.created_at, at),
            changes=compare(shown or None, draft, wording),
            warnings=_warnings(problems, published[0] if published else None, draft),
            errors=[_sentence(p) for p in problems if not p.is_warning],
            conflicts=_conflicts(base, published[0], draft) if base and published else (),
            is_outdated=is_outdated,
            is_withdrawn=published is None and submission.base_version is not None,
            claimed_by=names.get(submission.claimed_by_id) if is_claimed else None,
            claimed_by_me=is_claimed and submission.claimed_by_id == reader,
            history=_history(submission, reviews, names),
            sources=draft.sources if isinstance(draft, ProgramDraft) else (),
            editor_note=draft.editor_note if isinstance(draft, ProgramDraft) else None,
            program_slug=program.slug if program else None,
            form=form,
            button=WorkspaceForm(None),
            can_undo=submission.state is SubmissionState.APPROVED
            and any(review.undone_at is None for review in reviews[:1]),
            news=compare(base, published[0], wording) if base and published else [],
        )


def _conflicts(base: Draft, published: Draft, draft: Draft) -> tuple[str, ...]:
    names = rules.rebase(base, published, draft).conflicts
    return tuple(translated(LABELS.get(name, N_("The words about it"))) for name in names)


def _warnings(problems: Sequence[Problem], published: Draft | None, draft: Draft) -> list[str]:
    warnings = [_sentence(problem) for problem in problems if problem.is_warning]
    if rules.hides_by_replacing(published, draft):
        warnings.append(
            _(
                "A public place was taken out and a confidential one was added. When you approve this, the "
                "old address is removed from all former versions. No undo brings it back."
            )
        )
    return warnings


def _sentence(problem: Problem) -> str:
    return translated(problem.message).format(**problem.values)


def _history(
    submission: Submission, reviews: Sequence[Reviewed], names: dict[int | None, str]
) -> list[RevisionLine]:
    by_revision = {review.revision: review for review in reviews}
    return [
        RevisionLine(
            number=revision.number,
            by=names.get(revision.author_id) or translated(_AUTHORS[revision.author]),
            when=day_words(revision.created_at),
            review=by_revision.get(revision.number),
        )
        for revision in reversed(submission.revisions)
    ]


@dataclass(frozen=True)
class ProgramsPage:
    """All programs, to find one by name."""

    title: str
    q: str
    lines: Paged[ProgramLine]
    address: Callable[[int], str]


@dataclass(frozen=True)
class ProgramPage:
    """One program: what can be done with it, and its versions."""

    title: str
    name: str
    slug: str
    is_published: bool
    versions: list[VersionLine]
    waiting: list[Submission]
    older: int | None
    newer: int | None
    changes: list[FieldChange]
    undo_address: str | None
    button: WorkspaceForm

    @classmethod
    def build(
        cls,
        session: Session,
        program: Program,
        *,
        older: int | None,
        newer: int | None,
        undo_address: str | None,
    ) -> ProgramPage:
        """Give the page, comparing two versions if both are named. Raises NotFoundError for unknown ones."""
        versions = queries.list_versions(session, program)
        changes = []
        if older is not None and newer is not None:
            before = get_program_version(session, program.id, older)
            after = get_program_version(session, program.id, newer)
            changes = compare(before, after, wording_of(session, before, after))
        return cls(
            title=_("Program"),
            name=get_program_version(session, program.id, versions[0].number).name,
            slug=program.slug,
            is_published=program.status.value == "published",
            versions=versions,
            waiting=queries.list_submissions_about(session, program),
            older=older,
            newer=newer,
            changes=changes,
            undo_address=undo_address,
            button=WorkspaceForm(None),
        )
