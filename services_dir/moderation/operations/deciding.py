"""Deciding: one review for one revision; an approval publishes what the reviewer was looking at."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime

import msgspec
from sqlalchemy import false, or_, select
from sqlalchemy.orm import Session

from services_dir import audit
from services_dir.accounts.models import Account
from services_dir.catalog.draft import Draft, ProgramDraft
from services_dir.catalog.kinds import CatalogStatus
from services_dir.catalog.models import Organization, PrivateContact, Program
from services_dir.errors import N_, ConflictError, InvalidError
from services_dir.moderation import rules, safeguards
from services_dir.moderation.choosing import choose
from services_dir.moderation.models import Decision, FirstApproval, Review
from services_dir.moderation.operations.publishing import lock_record, publish
from services_dir.moderation.queries import (
    find_first_approval,
    find_heir,
    find_published,
    is_only_account,
    leads_of,
    may_decide_alone,
)
from services_dir.moderation.rules import Verdict
from services_dir.submissions.models import AuthorKind, Submission, SubmissionKind
from services_dir.submissions.operations import Sender, keep_contact, open_submission, revise
from services_dir.submissions.queries import read_draft

# Higher parts take their share in an approval, in its transaction: what a verification assures.
Follower = Callable[[Session, Submission, Review, datetime], None]
followers: list[Follower] = []

ONLY_ACCOUNT = N_(
    "Somebody else has to approve this, and yours is the only account. An administrator can invite a"
    " colleague under Accounts, or switch on “The only account may approve what needs somebody else”"
    " under Policy."
)


def decide(
    session: Session, submission: Submission, verdict: Verdict, *, by: int | None, at: datetime
) -> Review | FirstApproval:
    """Record a verdict on the revision the reviewer was looking at; an approval publishes it.

    Of some changes the first approval is only kept, and the second one publishes. The submission is
    locked. `by` is None for the program itself, which is asked nothing. Raises ConflictError if it is
    closed or waits for its sender, if there is a newer revision or published version than those seen, if
    it was written on an older version, if somebody else is reading it, or if the account may not approve
    it; InvalidError if an approved
    draft is not complete, or if it is not said why or how it was checked.
    """
    _refuse_stale(session, submission, verdict)
    _refuse_claimed(submission, by, at)
    _refuse_silent(verdict)
    _refuse_unanswerable(submission, verdict)
    is_alone = False
    if verdict.decision is Decision.APPROVE and by is not None:
        _keep_chosen(session, submission, verdict, by, at)
        is_alone = may_decide_alone(session)
        is_own = _refuse_own(session, submission, by, is_alone)
        first = find_first_approval(session, submission)
        verdict = _with_check(session, submission, verdict, first)
        needs_two = bool(leads_of(session, submission, for_two=True))
        if needs_two and first is not None and first.account_id == by and not is_alone:
            raise _needs_other(
                session, N_("You approved this already. Another coordinator has to approve it too.")
            )
        if needs_two and first is None and not is_alone:
            return approve_first(session, submission, verdict, by=by, at=at)
        is_alone = is_alone and (is_own or needs_two)
    return record_review(session, submission, verdict, by=by, at=at, is_alone=is_alone)


def approve_first(
    session: Session, submission: Submission, verdict: Verdict, *, by: int, at: datetime
) -> FirstApproval:
    """Keep the first of two approvals; the submission waits for a second coordinator."""
    first = FirstApproval(
        revision_id=submission.latest.id,
        account_id=by,
        approved_at=at,
        contact_check=verdict.check.source or None,
        answered_by=verdict.check.answered_by or None,
        checked_on=verdict.check.on,
        criteria=_criteria(verdict),
    )
    session.add(first)
    submission.claimed_by_id = submission.claimed_until = None
    session.flush()
    audit.record(session, "submission.approved-first", kind="submission", subject=submission.id, by=by, at=at)
    return first


def record_review(
    session: Session,
    submission: Submission,
    verdict: Verdict,
    *,
    by: int | None,
    at: datetime,
    is_alone: bool = False,
) -> Review:
    """Write down the review and do what it says. Whether it may be done was asked before."""
    accepted = verdict.accepted or ()
    review = Review(
        revision_id=submission.latest.id,
        decision=verdict.decision,
        note=verdict.note,
        questions=msgspec.json.encode(verdict.questions).decode(),
        choices=msgspec.json.encode(dict.fromkeys(sorted(accepted), True)).decode(),
        reason=verdict.reason,
        contact_check=verdict.check.source or None,
        answered_by=verdict.check.answered_by or None,
        checked_on=verdict.check.on,
        criteria=_criteria(verdict),
        reviewer_id=by,
        reviewed_at=at,
    )
    session.add(review)
    submission.state = rules.state_after(verdict.decision)
    submission.closed_at = at if submission.is_closed else None
    submission.claimed_by_id = submission.claimed_until = None
    session.flush()
    changed: list[str] = []
    if verdict.decision is Decision.APPROVE:
        changed = publish(session, submission, review, at)
        keep_contact(session, submission, at=at)
        for follow in followers:
            follow(session, submission, review, at)
    deed = f"submission.{submission.state.value.replace('_', '-')}{'-alone' if is_alone else ''}"
    audit.record(session, deed, kind="submission", subject=submission.id, by=by, at=at, fields=changed)
    return review


def answer_report(session: Session, submission: Submission, *, by: int, at: datetime) -> Review:
    """Close a problem report because a change answers it, which is reviewed on its own.

    The submission is locked. Raises ConflictError if it is no open report.
    """
    if submission.kind is not SubmissionKind.PROBLEM or submission.is_closed:
        raise ConflictError(N_("This submission was decided meanwhile."))
    _refuse_claimed(submission, by, at)
    verdict = Verdict(Decision.APPROVE, note="", seen_revision=submission.latest.number)
    return record_review(session, submission, verdict, by=by, at=at)


def publish_directly(
    session: Session,
    draft: Draft,
    *,
    author: AuthorKind,
    by: int | None,
    at: datetime,
    kind: SubmissionKind | None = None,
) -> Review:
    """Publish a draft as one deed: a submission opened and approved at once (seed, undo, import).

    Only for what was decided before or comes from a source that is trusted as it is: nobody is asked.
    """
    table = Program if isinstance(draft, ProgramDraft) else Organization
    published = session.scalar(
        select(table.version).where(table.uuid == draft.id, table.status == CatalogStatus.PUBLISHED)
    )
    submission = open_submission(
        session,
        draft,
        Sender(author, account_id=by),
        kind=kind or (SubmissionKind.NEW if published is None else SubmissionKind.CHANGE),
        at=at,
        base_version=published,
    )
    verdict = Verdict(Decision.APPROVE, note="", seen_revision=1, seen_version=published)
    return approve_at_once(session, submission, verdict, by=by, at=at)


def approve_at_once(
    session: Session, submission: Submission, verdict: Verdict, *, by: int | None, at: datetime
) -> Review:
    """Approve what was just opened by the same deed. Raises ConflictError if something newer is published."""
    _refuse_stale(session, submission, verdict)
    return record_review(session, submission, verdict, by=by, at=at)


def _refuse_stale(session: Session, submission: Submission, verdict: Verdict) -> None:
    if submission.is_closed:
        raise ConflictError(N_("This submission was decided meanwhile."))
    if submission.state is not rules.AWAITS_REVIEW:
        raise ConflictError(N_("This submission waits for its sender."))
    if submission.latest.number != verdict.seen_revision:
        raise ConflictError(N_("The submitter sent a newer version. Please read it first."))
    lock_record(session, submission)
    published = find_published(session, submission)
    version = published[1] if published else None
    is_approval = verdict.decision is Decision.APPROVE and submission.kind is not SubmissionKind.PROBLEM
    if is_approval and version is None and submission.base_version is not None:
        raise _gone(session, submission)
    if version != verdict.seen_version:
        raise ConflictError(N_("The listing was changed meanwhile. Please read the newer version first."))
    if is_approval and submission.base_version != version:
        raise ConflictError(
            N_("This was written on an older version of the listing. Bring it up to date first.")
        )


def _gone(session: Session, submission: Submission) -> ConflictError:
    """Give the refusal of what is about a listing that is out; of a merged one it names the other."""
    heir = find_heir(session, submission)
    if heir is None:
        return ConflictError(N_("This listing was withdrawn meanwhile."))
    return ConflictError(
        N_("This was merged into “{name}”. Edit that one, and reject this as listed already."), name=heir.name
    )


def _refuse_claimed(submission: Submission, by: int | None, at: datetime) -> None:
    """Two do not decide side by side: who wants to decide what another reads says so first."""
    if by is not None and rules.is_claimed_by_other(
        submission.claimed_by_id, submission.claimed_until, by, at
    ):
        raise ConflictError(N_("Somebody else is reading this. Take it over first, if you are to decide it."))


def _refuse_silent(verdict: Verdict) -> None:
    """A sender must learn what to do, or why it ends here."""
    is_said = verdict.note.strip() or verdict.questions
    if verdict.decision is Decision.REQUEST_CHANGES and not is_said:
        raise InvalidError(N_("Say in a sentence why, so that the sender knows what to do."))
    if verdict.decision is Decision.REJECT and not verdict.note.strip():
        raise InvalidError(N_("Say in a sentence why, so that the sender knows what to do."))


def _refuse_unanswerable(submission: Submission, verdict: Verdict) -> None:
    """Nobody is asked back who can neither open a private page nor get a mail: it would wait for ever."""
    if verdict.decision is Decision.REQUEST_CHANGES and not rules.can_be_asked(
        submission.token_hash, submission.submitter_email
    ):
        raise InvalidError(N_("Nobody can answer this. Edit it yourself, or reject it."))


def _keep_chosen(session: Session, submission: Submission, verdict: Verdict, by: int, at: datetime) -> None:
    """Store what is published of a change, if not all of it is accepted, as a revision of the reviewer."""
    published = find_published(session, submission)
    if verdict.accepted is None or published is None:
        return
    chosen = choose(published[0], read_draft(submission), verdict.accepted)
    if chosen == published[0]:
        raise InvalidError(N_("Nothing is left to publish. Accept a change, or reject all of it."))
    if chosen != read_draft(submission):
        sender = Sender(AuthorKind.REVIEWER, account_id=by)
        revise(session, submission, chosen, sender, seen_revision=submission.latest.number, at=at)


def _refuse_own(session: Session, submission: Submission, by: int, is_alone: bool) -> bool:
    """Raise ConflictError if the account entered it or is its contact; if that is allowed, tell so."""
    account = session.get_one(Account, by)
    emails = {submission.submitter_email, *_contacts_of(session, submission)}
    is_own = rules.is_own(submission.entered_by_id, emails, by, account.email)
    if is_own and not is_alone:
        raise _needs_other(
            session, N_("You entered this yourself, or you are its contact. Somebody else has to approve it.")
        )
    return is_own


def refuse_contact_of(session: Session, organizations: Collection[int], by: int) -> None:
    """Raise ConflictError if the account is a contact of one of some organizations, unless it is alone."""
    mails = session.scalars(
        select(PrivateContact.email).where(PrivateContact.organization_id.in_(organizations))
    )
    is_own = rules.is_own(None, mails.all(), by, session.get_one(Account, by).email)
    if is_own and not may_decide_alone(session):
        raise _needs_other(session, N_("You are a contact of one of them. Somebody else has to do this."))


def _contacts_of(session: Session, submission: Submission) -> Sequence[str | None]:
    owners = (
        (PrivateContact.program_id, submission.program_id),
        (PrivateContact.organization_id, submission.organization_id),
    )
    about = or_(*(column == key for column, key in owners if key is not None), false())
    return session.scalars(select(PrivateContact.email).where(about)).all()


def _needs_other(session: Session, words: str) -> ConflictError:
    """Give the refusal; where there is nobody else, it says what an administrator can do."""
    return ConflictError(ONLY_ACCOUNT if is_only_account(session) else words)


def _with_check(
    session: Session, submission: Submission, verdict: Verdict, first: FirstApproval | None
) -> Verdict:
    """Give the verdict with the check of the first approval, if it holds none itself.

    Raises InvalidError if how it was checked has to be said and is not.
    """
    if not verdict.check.is_complete and first is not None:
        verdict = rules.with_check(verdict, first.contact_check, first.answered_by, first.checked_on)
    leads = leads_of(session, submission)
    if leads and not verdict.check.is_complete:
        raise InvalidError(
            N_("Say how you checked it: where you found the contact yourself, who answered there, and when.")
        )
    return verdict


def _criteria(verdict: Verdict) -> str | None:
    if not verdict.criteria:
        return None
    ticked = [criterion.value for criterion in safeguards.Criterion if criterion in verdict.criteria]
    return msgspec.json.encode(ticked).decode()
