"""A small library for tests: a meeting with minutes that are held, a law, a seat, a committee, a duty."""

from __future__ import annotations

from datetime import date, datetime, time

from sqlalchemy.orm import Session

from services_dir.council import operations
from services_dir.council.kinds import ActKind, Approval, DocumentKind
from services_dir.council.models import Act, Committee, Document, Duty, Meeting, Member
from services_dir.council.operations import DocumentFacts, MeetingFacts
from services_dir.council.pdf.uploads import Upload
from services_dir.db import transaction
from tests.council.papers import upload
from tests.support.factories import NOON

WORDS = ("Agenda of a made-up day", "The hotline reported on interpreters in Windham.")


def make_meeting(session: Session, day: date = date(2026, 3, 4), *, at: datetime = NOON, **facts) -> Meeting:
    """Publish a meeting."""
    with transaction(session):
        return operations.save_meeting(session, None, MeetingFacts(day, **facts), by=None, at=at)


def make_document(
    session: Session,
    kind: DocumentKind = DocumentKind.GUIDE,
    upload: Upload | None = None,
    *,
    at: datetime = NOON,
    **facts,
) -> Document:
    """Publish a document."""
    with transaction(session):
        return operations.save_document(session, None, DocumentFacts(kind, **facts), upload, by=None, at=at)


def make_library(session: Session) -> Document:
    """Fill a library with one of everything; gives the minutes, whose file has two pages."""
    meeting = make_meeting(
        session, starts=time(10), ends=time(12), zone="America/New_York", place="Room 1, Made-up Street 1"
    )
    minutes = make_document(
        session,
        DocumentKind.MINUTES,
        upload(*WORDS),
        meeting_id=meeting.id,
        approval=Approval.APPROVED,
    )
    with transaction(session):
        seat = Member(seat="A made-up seat", name="Robin Made-up", since=date(2026, 1, 1))
        session.add_all(
            [
                Act(kind=ActKind.ACT, year=2026, name="Made-up Act 26-1", effects={"en": "Makes up."}),
                Committee(name="Made-up committee", members=[seat]),
                Duty(number=1, answer="programs", names={"en": "Lists"}, texts={"en": "List the programs"}),
            ]
        )
    return minutes
