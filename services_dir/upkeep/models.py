"""The table of what is done again and again, so that of several machines one does it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Mapped, mapped_column

from services_dir.db import Base, choice


class Job(StrEnum):
    """Work that is done every so often."""

    URGENT = "urgent"  # tells coordinators of a report that cannot wait
    ROUNDS = "rounds"  # asks organizations whose programs are due, and reminds them
    DIGEST = "digest"  # tells coordinators once a day what waits
    SILENCE = "silence"  # closes what waits for a sender who does not answer
    ERASURE = "erasure"  # forgets what need not be kept


class DueWork(Base):
    """When a job is due next. Whoever moves the moment on does the job, in the same transaction."""

    __tablename__ = "due_work"

    job: Mapped[Job] = mapped_column(choice(Job), primary_key=True)
    next_at: Mapped[datetime]
