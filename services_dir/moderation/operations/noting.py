"""What coordinators write for each other, views of the queue they keep, and what must be forgotten of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services_dir.catalog import past
from services_dir.catalog.models import Program
from services_dir.errors import N_, ConflictError, InvalidError, NotFoundError
from services_dir.moderation.models import FirstApproval, Note, Review, SavedFilter
from services_dir.submissions.models import Revision, Submission

_MOST_FILTERS = 20


def add_note(session: Session, submission: Submission, text: str, *, by: int, at: datetime) -> Note:
    """Write something down for other coordinators. Raises InvalidError if there is nothing to write."""
    if not text.strip():
        raise InvalidError(N_("Write something first."))
    note = Note(submission_id=submission.id, account_id=by, text=text.strip(), written_at=at)
    session.add(note)
    session.flush()
    return note


def save_filter(session: Session, account_id: int, name: str, query: str, *, at: datetime) -> SavedFilter:
    """Keep a view of the queue under a name; one of the same name is replaced.

    Raises InvalidError without a name, ConflictError if there are too many.
    """
    name = " ".join(name.split())[:60]
    if not name:
        raise InvalidError(N_("Give the view a name."))
    own = SavedFilter.account_id == account_id
    row = session.scalars(select(SavedFilter).where(own, SavedFilter.name == name)).first()
    if row is None:
        if (session.scalar(select(func.count()).select_from(SavedFilter).where(own)) or 0) >= _MOST_FILTERS:
            raise ConflictError(N_("You keep {most} views already. Remove one first."), most=_MOST_FILTERS)
        row = SavedFilter(account_id=account_id, name=name)
        session.add(row)
    row.query, row.made_at = query[:1000], at
    session.flush()
    return row


def drop_filter(session: Session, account_id: int, filter_id: int) -> None:
    """Remove a kept view. Raises NotFoundError if this account has no such view."""
    row = session.get(SavedFilter, filter_id)
    if row is None or row.account_id != account_id:
        raise NotFoundError(N_("There is no such view."))
    session.delete(row)


class _Words:
    """What reviewers wrote about a program, for removing an address from the past."""

    def documents(self, session: Session, program: Program) -> Iterable[str]:
        """Reviews and notes hold no documents."""
        return ()

    def rewrite(self, session: Session, program: Program, removal: past.Removal) -> None:
        """Take the addresses out of notes, questions and checks."""
        is_about = Submission.subject_uuid == program.uuid
        for review in session.scalars(
            select(Review).join(Review.revision).join(Revision.submission).where(is_about)
        ):
            review.note = removal.from_text(review.note)
            review.questions = removal.from_text(review.questions)
            _rewrite_check(review, removal)
        first = select(FirstApproval).join(Revision, Revision.id == FirstApproval.revision_id)
        for approval in session.scalars(first.join(Revision.submission).where(is_about)):
            _rewrite_check(approval, removal)
        notes = select(Note).join(Submission, Submission.id == Note.submission_id).where(is_about)
        for note in session.scalars(notes):
            note.text = removal.from_text(note.text)


def _rewrite_check(held: Review | FirstApproval, removal: past.Removal) -> None:
    held.contact_check = held.contact_check and removal.from_text(held.contact_check)
    held.answered_by = held.answered_by and removal.from_text(held.answered_by)[:120]


# Here and not in `app.py`: whatever can publish must also forget an address.
past.register(_Words())
