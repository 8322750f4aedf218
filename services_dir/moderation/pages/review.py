"""What the template of a submission is given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from services_dir.catalog.diff import LABELS, FieldChange, compare
from services_dir.catalog.draft import Draft, ProgramDraft, SourceDraft
from services_dir.catalog.models import Organization, Program
from services_dir.catalog.rules import Problem
from services_dir.catalog.similar import Similar, find_similar, hosts_of
from services_dir.errors import N_
from services_dir.moderation import numbers, queries, rules
from services_dir.moderation.forms import DecisionForm, NoteForm, ReportForm
from services_dir.moderation.models import FirstApproval
from services_dir.moderation.numbers import ListingWith, NumberChange
from services_dir.moderation.pages.queue import ago
from services_dir.moderation.queries import Reviewed, WrittenNote
from services_dir.moderation.queries.evidence import list_contradictions
from services_dir.moderation.wordings import doubts_of
from services_dir.submissions.models import (
    AuthorKind,
    Subject,
    Submission,
    SubmissionKind,
    SubmissionState,
)
from services_dir.submissions.pages import day_words, wording_of
from services_dir.submissions.queries import Listing, find_base, read_draft
from services_dir.submissions.rules import read_flags
from services_dir.values import spoken_number
from services_dir.web.forms import WorkspaceForm
from services_dir.web.languages import translated

_AUTHORS = {
    AuthorKind.SUBMITTER: N_("the sender"),
    AuthorKind.REVIEWER: N_("a coordinator"),
    AuthorKind.SEED: N_("the first data of this directory"),
    AuthorKind.IMPORT: N_("an import"),
}


@dataclass(frozen=True)
class RevisionLine:
    """A revision in the history of a submission."""

    number: int
    by: str
    when: str
    reviews: list[Reviewed]


@dataclass(frozen=True)
class Checks:
    """What was found out beside the fields: mistakes, doubts, what others say, what may be the same."""

    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    similar: list[Similar] = field(default_factory=list)
    leads: list[str] = field(default_factory=list)  # must be checked with a source of one's own
    leads_for_two: list[str] = field(default_factory=list)
    first: FirstApproval | None = None
    first_by: str | None = None
    first_is_mine: bool = False
    is_own: bool = False
    is_only_account: bool = False  # nobody else is there to approve it
    may_decide_alone: bool = False  # and the policy lets it

    @property
    def is_clear(self) -> bool:
        """Tell whether nothing was found."""
        return not (self.errors or self.warnings or self.similar)


@dataclass(frozen=True)
class _Drafts:
    proposed: Draft | None
    published: Draft | None


@dataclass(frozen=True)
class _Reader:
    id: int
    email: str
    first: FirstApproval | None  # of two, on the newest revision
    first_by: str | None


@dataclass(frozen=True)
class NumberParts:
    """The change of a number: the old one, the new one, and the listings it is about."""

    old: str
    new: str
    listings: list[ListingWith]


@dataclass(frozen=True)
class ReviewPage:
    """A submission to read and decide."""

    title: str
    submission: Submission
    name: str
    kind: str
    state: str
    waited: str
    flags: list[str]
    changes: list[FieldChange]
    can_choose: bool
    checks: Checks
    conflicts: tuple[str, ...]
    is_outdated: bool
    is_withdrawn: bool
    heir: Listing | None  # what the listing was merged into
    claimed_by: str | None
    claimed_from: str | None  # whom it was taken over from
    claimed_by_me: bool
    history: list[RevisionLine]
    notes: list[WrittenNote]
    sources: tuple[SourceDraft, ...]
    editor_note: str | None
    program_slug: str | None
    organization_slug: str | None
    form: DecisionForm
    report_form: ReportForm
    note_form: NoteForm
    button: WorkspaceForm
    can_undo: bool
    can_preview: bool
    number: NumberParts | None = None
    news: list[FieldChange] = field(default_factory=list)

    @property
    def can_decide(self) -> bool:
        """Tell whether a decision is awaited."""
        return self.submission.state is SubmissionState.PENDING

    @property
    def can_ask(self) -> bool:
        """Tell whether there is a sender who can answer."""
        return rules.can_be_asked(self.submission.token_hash, self.submission.submitter_email)

    @property
    def is_read_by_other(self) -> bool:
        """Tell whether somebody else is reading it, so that it must be taken over before it is decided."""
        return self.claimed_by is not None and not self.claimed_by_me

    @property
    def is_withdrawal(self) -> bool:
        """Tell whether it takes a program out of the catalog."""
        return self.submission.kind is SubmissionKind.WITHDRAWAL

    @property
    def is_report(self) -> bool:
        """Tell whether somebody reports a problem."""
        return self.submission.kind is SubmissionKind.PROBLEM

    @property
    def is_new(self) -> bool:
        """Tell whether nothing of it is published yet."""
        return self.submission.base_version is None and self.number is None

    @property
    def asks_for_check(self) -> bool:
        """Tell whether it must be said how the contact was checked."""
        return bool(self.checks.leads)

    @classmethod
    def build(
        cls,
        session: Session,
        submission: Submission,
        form: DecisionForm,
        *,
        reader: int,
        email: str,
        at: datetime,
        report_form: ReportForm | None = None,
        note_form: NoteForm | None = None,
    ) -> ReviewPage:
        """Give the page of a submission as it is now, for the account that reads it."""
        draft = None if submission.subject is Subject.PHONE else read_draft(submission)
        published = queries.find_published(session, submission)
        current = published[0] if published else None
        shown = find_base(session, submission) if submission.is_closed and draft else current
        is_outdated = (
            not submission.is_closed and published is not None and submission.base_version != published[1]
        )
        base = find_base(session, submission) if is_outdated else None
        wording = wording_of(session, draft, shown, base, current)
        is_claimed = submission.claimed_until is not None and submission.claimed_until > at
        first = queries.find_first_approval(session, submission) if not submission.is_closed else None
        names = queries.account_names(
            session,
            [
                submission.claimed_by_id,
                submission.claimed_from_id,
                first.account_id if first else None,
                *(revision.author_id for revision in submission.revisions),
            ],
        )
        reviews = [
            *queries.list_reviews(session, submission),
            *queries.list_first_approvals(session, submission),
        ]
        return cls(
            title=_("Review"),
            submission=submission,
            name=draft.name if draft else submission.label,
            kind=translated(submission.kind.label),
            state=translated(submission.state.label),
            waited=ago(submission.sent_at or submission.created_at, at),
            flags=[translated(flag.label) for flag in read_flags(submission.flags)],
            changes=compare(shown, draft, wording) if draft else [],
            can_choose=current is not None and submission.kind is not SubmissionKind.WITHDRAWAL,
            checks=_checks(
                session,
                submission,
                _Drafts(draft, current),
                _Reader(reader, email, first, names.get(first.account_id) if first else None),
            ),
            conflicts=_conflicts(base, published[0], draft) if base and published and draft else (),
            is_outdated=is_outdated and submission.kind is not SubmissionKind.PROBLEM,
            is_withdrawn=published is None and submission.base_version is not None,
            heir=queries.find_heir(session, submission) if not submission.is_closed else None,
            claimed_by=names.get(submission.claimed_by_id) if is_claimed else None,
            claimed_from=names.get(submission.claimed_from_id) if is_claimed else None,
            claimed_by_me=is_claimed and submission.claimed_by_id == reader,
            history=_history(submission, reviews, names),
            notes=queries.list_notes(session, submission),
            sources=draft.sources if isinstance(draft, ProgramDraft) else (),
            editor_note=draft.editor_note if isinstance(draft, ProgramDraft) else None,
            program_slug=_slug(session, Program, submission.program_id),
            organization_slug=_slug(session, Organization, submission.organization_id),
            form=form,
            report_form=report_form or _report_form(submission, published[1] if published else None),
            note_form=note_form or NoteForm(None),
            button=WorkspaceForm(None),
            can_undo=_can_undo(submission, reviews),
            can_preview=isinstance(draft, ProgramDraft)
            and submission.kind not in (SubmissionKind.WITHDRAWAL, SubmissionKind.PROBLEM),
            number=_number(session, submission) if draft is None else None,
            news=compare(base, published[0], wording) if base and published else [],
        )


def _checks(session: Session, submission: Submission, drafts: _Drafts, reader: _Reader) -> Checks:
    """Look for what a reviewer should know; nothing of it is looked up for what is closed."""
    draft, current, first = drafts.proposed, drafts.published, reader.first
    if submission.is_closed or submission.kind in (SubmissionKind.WITHDRAWAL, SubmissionKind.PROBLEM):
        return Checks()
    problems = queries.list_problems(session, draft) if draft else []
    doubts = _doubts_about(current, draft) if draft else []
    doubts += list_contradictions(session, submission, draft, current) if draft else []
    warnings = [sentence(problem) for problem in (*problems, *doubts) if problem.is_warning]
    if draft is not None:
        warnings += _surprises(current, draft)
    two = queries.leads_of(session, submission, for_two=True)
    return Checks(
        errors=[sentence(problem) for problem in problems if not problem.is_warning],
        warnings=list(dict.fromkeys(warnings)),
        similar=find_similar(session, draft) if draft and current is None else [],
        leads=[translated(lead.label) for lead in queries.leads_of(session, submission)],
        leads_for_two=[translated(lead.label) for lead in two],
        first=first,
        first_by=reader.first_by,
        first_is_mine=first is not None and first.account_id == reader.id,
        is_own=rules.is_own(submission.entered_by_id, {submission.submitter_email}, reader.id, reader.email)
        and not (two and first is None and submission.subject is Subject.PHONE),
        is_only_account=queries.is_only_account(session),
        may_decide_alone=queries.may_decide_alone(session),
    )


def _doubts_about(published: Draft | None, draft: Draft) -> list[Problem]:
    """Give the doubts about what is new: what is published already was looked at before."""
    changed = [change.path for change in compare(published, draft)]
    return [
        doubt
        for doubt in doubts_of(draft)
        if any(path.startswith(doubt.path) or doubt.path.startswith(path) for path in changed)
    ]


def _surprises(published: Draft | None, draft: Draft) -> list[str]:
    found = []
    hosts = hosts_of(draft) - (hosts_of(published) if published else frozenset())
    if published is not None and hosts:
        found.append(_("A website that was not named before: %(hosts)s", hosts=", ".join(sorted(hosts))))
    if rules.hides_by_replacing(published, draft):
        found.append(
            _(
                "A public place was taken out and a confidential one was added. When you approve this, the "
                "old address is removed from all former versions. No undo brings it back."
            )
        )
    return found


def _conflicts(base: Draft, published: Draft, draft: Draft) -> tuple[str, ...]:
    names = rules.rebase(base, published, draft).conflicts
    return tuple(translated(LABELS.get(name, N_("The words about it"))) for name in names)


def sentence(problem: Problem) -> str:
    """Give what is wrong as a sentence in the language of the page."""
    return translated(problem.message).format(**problem.values)


def _history(
    submission: Submission, reviews: Sequence[Reviewed], names: dict[int | None, str]
) -> list[RevisionLine]:
    return [
        RevisionLine(
            number=revision.number,
            by=names.get(revision.author_id) or translated(_AUTHORS[revision.author]),
            when=day_words(revision.created_at),
            reviews=[review for review in reviews if review.revision == revision.number],
        )
        for revision in reversed(submission.revisions)
    ]


def _can_undo(submission: Submission, reviews: Sequence[Reviewed]) -> bool:
    is_approved = submission.state is SubmissionState.APPROVED
    done = [review for review in reviews if not review.is_first]
    return (
        is_approved
        and submission.kind is not SubmissionKind.PROBLEM
        and any(review.undone_at is None for review in done[:1])
    )


def _slug(session: Session, table: type[Program] | type[Organization], key: int | None) -> str | None:
    return session.scalar(select(table.slug).where(table.id == key)) if key is not None else None


def _report_form(submission: Submission, version: int | None) -> ReportForm:
    form = ReportForm(None)
    form.seen_revision.data = str(submission.latest.number)
    form.seen_version.data = "" if version is None else str(version)
    return form


def _number(session: Session, submission: Submission) -> NumberParts:
    change: NumberChange = numbers.read(submission.latest.document)
    held = change.new_number if submission.state is SubmissionState.APPROVED else change.number
    listings = queries.list_listings_with(session, held)
    seen = {uuid for uuid, _version in change.listings}
    return NumberParts(
        spoken_number(change.number),
        spoken_number(change.new_number),
        [listing for listing in listings if listing.uuid in seen],
    )
