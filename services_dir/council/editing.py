"""From the forms of the library to its operations: files are looked at before anything is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_wtf.file import FileField
from sqlalchemy.orm import Session

from services_dir.council import operations, queries
from services_dir.council.forms import DocumentForm, MeetingForm, approval_of
from services_dir.council.kinds import OF_A_MEETING, Approval, DocumentKind
from services_dir.council.models import Document, Meeting
from services_dir.council.operations import DocumentFacts
from services_dir.council.pdf import uploads
from services_dir.council.pdf.uploads import Upload
from services_dir.errors import InvalidError
from services_dir.web.errors import sentence


@dataclass(frozen=True)
class Files:
    """The files that came with a form, by the name of their field; `is_good`: none of them is refused."""

    taken: Mapping[str, Upload]
    is_good: bool


def take_files(form: MeetingForm | DocumentForm) -> Files:
    """Look at each file of a form; what is wrong with one is said at its field. Nothing is kept yet."""
    taken, is_good = {}, True
    for field in form:
        if not isinstance(field, FileField) or field.data is None or not field.data.filename:
            continue
        try:
            taken[field.name] = uploads.take(field.data.filename, field.data.stream)
        except InvalidError as error:
            field.errors = [*field.errors, sentence(error)]
            is_good = False
    return Files(taken, is_good)


def publish_meeting(
    session: Session, number: int | None, form: MeetingForm, files: Files, *, by: int, at: datetime
) -> Meeting:
    """Write a meeting with all its papers, in the transaction that is open."""
    before = queries.get_meeting_by_id(session, number) if number is not None else None
    zone = (before.zone if before else None) or queries.usual_zone(session)
    meeting = operations.save_meeting(session, before, form.to_facts(zone), by=by, at=at)
    for kind in OF_A_MEETING:
        held = paper_of(before, kind)
        facts = DocumentFacts(
            kind=kind,
            title=held.title if held else None,
            language=held.language if held else "en",
            meeting_id=meeting.id,
            approval=_approval(form, kind, held),
            url=form[f"{kind}_url"].data or None,
            notes=held.notes if held else None,
        )
        _save_paper(session, held, facts, files.taken.get(f"{kind}_file"), by=by, at=at)
    _save_paper(session, None, form.to_paper(meeting.id), files.taken.get("other_file"), by=by, at=at)
    return meeting


def _approval(form: MeetingForm, kind: DocumentKind, held: Document | None) -> Approval | None:
    if kind is DocumentKind.MINUTES:
        return approval_of(form.minutes_approval.data)
    return held.approval if held else None


def paper_of(meeting: Meeting | None, kind: DocumentKind) -> Document | None:
    """Give the first paper of a kind that a meeting has."""
    held = meeting.documents if meeting is not None else ()
    return next((document for document in held if document.kind is kind), None)


def meeting_values(meeting: Meeting) -> dict[str, Any]:
    """Give what a form of a meeting begins with."""
    agenda, minutes = (paper_of(meeting, kind) for kind in (DocumentKind.AGENDA, DocumentKind.MINUTES))
    return {
        name: getattr(meeting, name)
        for name in ("held_on", "starts", "ends", "place", "url", "note", "is_canceled")
    } | {
        "agenda_url": agenda.url if agenda else None,
        "minutes_url": minutes.url if minutes else None,
        "minutes_approval": minutes.approval or "" if minutes else "",
    }


def document_values(document: Document) -> dict[str, Any]:
    """Give what a form of a document begins with."""
    return {
        "title": document.title,
        "kind": document.kind,
        "meeting": str(document.meeting_id or ""),
        "period": document.period,
        "language": document.language,
        "approval": document.approval or "",
        "url": document.url,
        "note_en": document.notes.get("en"),
        "note_es": document.notes.get("es"),
    }


def _save_paper(
    session: Session,
    held: Document | None,
    facts: DocumentFacts,
    upload: Upload | None,
    *,
    by: int,
    at: datetime,
) -> None:
    """Write a paper of a meeting if there is anything to write."""
    if held is None and upload is None and facts.url is None:
        return
    is_same = held is not None and all(
        getattr(held, name) == getattr(facts, name) for name in ("approval", "url", "meeting_id")
    )
    if upload is not None or not is_same:
        operations.save_document(session, held, facts, upload, by=by, at=at)
