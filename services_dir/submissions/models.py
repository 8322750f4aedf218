"""Tables of submissions: a request to add or change a record, and its content as sent each time."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services_dir.db import Base, choice
from services_dir.errors import N_
from services_dir.values import Labelled


class Subject(StrEnum):
    """What a submission is about."""

    PROGRAM = "program"
    ORGANIZATION = "organization"
    PHONE = "phone"


class SubmissionKind(Labelled):
    """Why somebody wrote to us."""

    NEW = "new", N_("New")
    CHANGE = "change", N_("Change")
    WITHDRAWAL = "withdrawal", N_("Withdrawal")
    PROBLEM = "problem", N_("Problem report")
    VERIFICATION = "verification", N_("Confirmation")
    IMPORT = "import", N_("Import")


class SubmissionState(Labelled):
    """Where a submission stands (DESIGN: life of a submission)."""

    DRAFT = "draft", N_("Draft")
    PENDING = "pending", N_("Waiting for review")
    CHANGES_REQUESTED = "changes_requested", N_("Changes requested")
    APPROVED = "approved", N_("Approved")
    REJECTED = "rejected", N_("Not accepted")
    WITHDRAWN = "withdrawn", N_("Withdrawn by the sender")
    LAPSED = "lapsed", N_("Closed without an answer")


class AuthorKind(StrEnum):
    """Who wrote a revision."""

    SUBMITTER = "submitter"
    REVIEWER = "reviewer"
    SEED = "seed"
    IMPORT = "import"


class Submission(Base):
    """A request to add or change a record; its content is in its revisions."""

    __tablename__ = "submission"
    # The queue lists, counts and filters what waits by these alone, without reading a document.
    __table_args__ = (
        Index("ix_submission_state_sent_at", "state", "sent_at"),
        Index("ix_submission_state_kind_sent_at", "state", "kind", "sent_at"),
        Index("ix_submission_queue", "state", "kind", "categories", "regions", "flags", "sent_at"),
        Index("ix_submission_state_claimed_until", "state", "claimed_until", "claimed_by_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[str] = mapped_column(String(36), unique=True)
    subject: Mapped[Subject] = mapped_column(choice(Subject))
    kind: Mapped[SubmissionKind] = mapped_column(choice(SubmissionKind))
    state: Mapped[SubmissionState] = mapped_column(choice(SubmissionState))
    subject_uuid: Mapped[str | None] = mapped_column(String(36), index=True)  # of the record, also a new one
    program_id: Mapped[int | None] = mapped_column(ForeignKey("program.id"), index=True)
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"), index=True)
    phone_number: Mapped[str | None] = mapped_column(String(16))
    base_version: Mapped[int | None]  # the published version the change started from
    label: Mapped[str] = mapped_column(String(200))  # its name in the queue
    language: Mapped[str] = mapped_column(String(3), default="en")
    message: Mapped[str] = mapped_column(Text, default="")  # to coordinators
    hold_reason: Mapped[str | None] = mapped_column(Text)  # why a seed record waits, for editors
    submitter_name: Mapped[str | None] = mapped_column(String(200))
    submitter_email: Mapped[str | None] = mapped_column(String(254))
    submitter_role: Mapped[str | None] = mapped_column(String(120))
    contact_consent_at: Mapped[datetime | None]  # when the sender let coordinators keep name and mail
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    token_expires_at: Mapped[datetime | None]
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    claimed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    claimed_until: Mapped[datetime | None]
    claimed_from_id: Mapped[int | None]  # the account it was taken over from
    flags: Mapped[str] = mapped_column(Text, default="")  # words of rules.flags, comma-separated
    categories: Mapped[str | None] = mapped_column(String(400))  # ",housing,medical,", of the newest revision
    regions: Mapped[str | None] = mapped_column(String(400))  # ",planning-region/capitol,", as `summary` says
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    revisions: Mapped[list[Revision]] = relationship(
        back_populates="submission", cascade="all, delete-orphan", order_by="Revision.number"
    )
    form: Mapped[FormDraft | None] = relationship(
        back_populates="submission", cascade="all, delete-orphan", single_parent=True
    )
    links: Mapped[list[PrivateLink]] = relationship(cascade="all, delete-orphan")

    @property
    def latest(self) -> Revision:
        """Give the newest revision."""
        return self.revisions[-1]

    @property
    def is_closed(self) -> bool:
        """Tell whether nothing more can happen to it."""
        return self.state in (
            SubmissionState.APPROVED,
            SubmissionState.REJECTED,
            SubmissionState.WITHDRAWN,
            SubmissionState.LAPSED,
        )


class Revision(Base):
    """The content of a submission as sent once: a draft document in its format."""

    __tablename__ = "revision"
    __table_args__ = (UniqueConstraint("submission_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id", ondelete="CASCADE"))
    number: Mapped[int]
    format: Mapped[int]
    document: Mapped[str] = mapped_column(Text)
    author: Mapped[AuthorKind] = mapped_column(choice(AuthorKind))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime]

    submission: Mapped[Submission] = relationship(back_populates="revisions")


class FormDraft(Base):
    """What was typed and not sent yet, without addresses that must not be known."""

    __tablename__ = "form_draft"

    submission_id: Mapped[int] = mapped_column(
        ForeignKey("submission.id", ondelete="CASCADE"), primary_key=True
    )
    typed: Mapped[str] = mapped_column(Text)  # JSON: the name of each input to a list of values
    steps: Mapped[str] = mapped_column(String(200), default="")  # those that were looked at, comma-separated
    seen_revision: Mapped[int] = mapped_column(default=0)  # the newest when the sender began; 0 for none
    saved_at: Mapped[datetime] = mapped_column(index=True)

    submission: Mapped[Submission] = relationship(back_populates="form")


class PrivateLink(Base):
    """A further link to the sender's page, mailed on request; the first one stays good beside it."""

    __tablename__ = "private_link"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[datetime]
