"""Tables of decisions: a reviewer's word on one revision, a first of two, notes, and saved filters."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services_dir.db import Base, choice
from services_dir.errors import N_
from services_dir.submissions.models import Revision
from services_dir.values import Labelled


class Decision(Labelled):
    """What a reviewer can say."""

    APPROVE = "approve", N_("Approve and publish")
    REQUEST_CHANGES = "request_changes", N_("Ask for changes")
    REJECT = "reject", N_("Reject")

    @property
    def said(self) -> str:
        """Give what was decided, as its sender reads it; marked for translation."""
        return _SAID[self]


_SAID = {
    Decision.APPROVE: N_("It was approved."),
    Decision.REQUEST_CHANGES: N_("Please change something."),
    Decision.REJECT: N_("It was not accepted."),
}


class RejectReason(Labelled):
    """Why something is not published, as its sender reads it."""

    OUT_OF_SCOPE = "out_of_scope", N_("It does not fit what this directory lists.")
    DUPLICATE = "duplicate", N_("It is listed already.")
    NOT_CONFIRMED = "not_confirmed", N_("We could not confirm it with a source of our own.")
    ENDED = "ended", N_("The program no longer exists.")
    UNSAFE = "unsafe", N_("Publishing it could put people in danger.")
    NOT_MEANT = "not_meant", N_("It is an advertisement or a test.")
    OTHER = "other", N_("Another reason.")


class Review(Base):
    """A reviewer's word on one revision; UNIQUE, so two cannot be given.

    `questions` and `choices` name fields by the path of a change: `area_words`, `texts.en.cost`,
    `phones.<uuid>`.
    """

    __tablename__ = "review"

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"), unique=True)
    decision: Mapped[Decision] = mapped_column(choice(Decision))
    note: Mapped[str] = mapped_column(Text, default="")  # to the submitter
    questions: Mapped[str] = mapped_column(Text, default="{}")  # JSON: field to question
    choices: Mapped[str] = mapped_column(Text, default="{}")  # JSON: field to accepted or not
    reason: Mapped[RejectReason | None] = mapped_column(choice(RejectReason))
    contact_check: Mapped[str | None] = mapped_column(Text)  # the source, found without the sender's help
    answered_by: Mapped[str | None] = mapped_column(String(120))  # the role of who answered, no name
    checked_on: Mapped[date | None]
    criteria: Mapped[str | None] = mapped_column(Text)  # JSON: criterion of the inclusion policy to answer
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))  # None: the seed load
    reviewed_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]

    revision: Mapped[Revision] = relationship()


class FirstApproval(Base):
    """The first of the two approvals that some changes need; the second one makes the review."""

    __tablename__ = "first_approval"

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id", ondelete="CASCADE"), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    approved_at: Mapped[datetime]
    contact_check: Mapped[str | None] = mapped_column(Text)
    answered_by: Mapped[str | None] = mapped_column(String(120))
    checked_on: Mapped[date | None]
    criteria: Mapped[str | None] = mapped_column(Text)


class Note(Base):
    """What coordinators write to each other about a submission; its sender never sees it."""

    __tablename__ = "submission_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime]


class SavedFilter(Base):
    """A view of the queue that one account keeps by a name of its own."""

    __tablename__ = "saved_filter"
    __table_args__ = (UniqueConstraint("account_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    name: Mapped[str] = mapped_column(String(60))
    query: Mapped[str] = mapped_column(String(1000))  # what follows the question mark of its address
    made_at: Mapped[datetime]
