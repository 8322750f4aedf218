"""Tables of verification: who was asked about which programs, what they said, and calls made."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services_dir.catalog.kinds import CatalogStatus
from services_dir.catalog.models import Organization, PrivateContact, Program
from services_dir.db import Base, choice
from services_dir.errors import N_
from services_dir.submissions.models import Submission, SubmissionState
from services_dir.values import Labelled


class Answer(Labelled):
    """What a provider says of a program."""

    CONFIRMED = "confirmed", N_("It is right")
    MENDED = "mended", N_("Something must change")
    GONE = "gone", N_("It no longer exists")


class Round(Base):
    """One question to an organization about all its programs, by a link that one contact got."""

    __tablename__ = "verification_round"

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("private_contact.id", ondelete="SET NULL"))
    is_trusted: Mapped[bool]  # a coordinator recorded the contact: "it is right" counts at once
    started_at: Mapped[datetime]
    started_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))  # None: because it was due
    reminders: Mapped[int] = mapped_column(default=0)
    closed_at: Mapped[datetime | None]

    organization: Mapped[Organization] = relationship()
    contact: Mapped[PrivateContact | None] = relationship()
    programs: Mapped[list[AskedProgram]] = relationship(
        back_populates="round", cascade="all, delete-orphan", order_by="AskedProgram.id"
    )
    links: Mapped[list[RoundLink]] = relationship(cascade="all, delete-orphan")


class RoundLink(Base):
    """A link that opens a round: each mail has its own; only a hash of its token is kept."""

    __tablename__ = "verification_link"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("verification_round.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[datetime]


class AskedProgram(Base):
    """One program of a round, and what was said of it."""

    __tablename__ = "verification_program"
    __table_args__ = (UniqueConstraint("round_id", "program_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("verification_round.id", ondelete="CASCADE"))
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id"), index=True)
    answer: Mapped[Answer | None] = mapped_column(choice(Answer))
    answered_at: Mapped[datetime | None]
    submission_id: Mapped[int | None] = mapped_column(ForeignKey("submission.id", ondelete="SET NULL"))

    round: Mapped[Round] = relationship(back_populates="programs")
    program: Mapped[Program] = relationship()
    submission: Mapped[Submission | None] = relationship()

    @property
    def said(self) -> Answer | None:
        """Give what was said. A change that was begun and not sent yet is no answer."""
        if self.answer is Answer.MENDED and self.is_begun:
            return None
        return self.answer

    @property
    def is_listed(self) -> bool:
        """Tell whether the program is still published."""
        return self.program.status is CatalogStatus.PUBLISHED

    @property
    def is_begun(self) -> bool:
        """Tell whether a change was begun and not sent yet, or dropped."""
        return self.answer is Answer.MENDED and (
            self.submission is None or self.submission.state is SubmissionState.DRAFT
        )


class PhoneCall(Base):
    """A coordinator called an organization; who answered is a role, never a name."""

    __tablename__ = "phone_call"

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    called_at: Mapped[datetime]
    by_account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    role: Mapped[str | None] = mapped_column(String(120))  # None: nobody answered
