"""Tables of decisions: a reviewer's word on one revision."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Text
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


class Review(Base):
    """A reviewer's word on one revision; UNIQUE, so two cannot be given."""

    __tablename__ = "review"

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"), unique=True)
    decision: Mapped[Decision] = mapped_column(choice(Decision))
    note: Mapped[str] = mapped_column(Text, default="")  # to the submitter
    questions: Mapped[str] = mapped_column(Text, default="{}")  # JSON: field to question
    choices: Mapped[str] = mapped_column(Text, default="{}")  # JSON: field to accepted or not
    contact_check: Mapped[str | None] = mapped_column(Text)  # how the contact was checked
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))  # None: the seed load
    reviewed_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]

    revision: Mapped[Revision] = relationship()
