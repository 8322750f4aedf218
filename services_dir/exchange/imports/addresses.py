"""What imports hold of a program, for removing an address from the past."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from services_dir.catalog import past
from services_dir.catalog.models import ForeignId, Program
from services_dir.exchange.imports.models import ImportNote, ImportRow, RecordKind, Verdict


class _Imports:
    """Rows of imports with the notes on them, and what feeds said of a program last."""

    def documents(self, session: Session, program: Program) -> Iterable[str]:
        """Give every draft that an import brought of the program, and the feed's own part of it."""
        for row in _rows(session, program):
            if row.verdict is not Verdict.REFUSE:  # of those only cells are kept
                yield from filter(None, (row.document, row.base))
        yield from filter(None, (link.document for link in _links(session, program)))

    def rewrite(self, session: Session, program: Program, removal: past.Removal) -> None:
        """Take the addresses out of all of these."""
        rows = list(_rows(session, program))
        for row in rows:
            row.document = row.document and removal.from_document(row.document)
            row.base = row.base and removal.from_document(row.base)
            row.reasons = removal.from_document(row.reasons)
        for link in _links(session, program):
            link.document = link.document and removal.from_document(link.document)
        for note in _notes(session, rows):
            note.values = removal.from_document(note.values)


def _rows(session: Session, program: Program) -> Iterator[ImportRow]:
    about = select(ImportRow).where(ImportRow.uuid == program.uuid, ImportRow.kind == RecordKind.PROGRAM)
    return iter(session.scalars(about).all())


def _links(session: Session, program: Program) -> Iterator[ForeignId]:
    return iter(session.scalars(select(ForeignId).where(ForeignId.uuid == program.uuid)).all())


def _notes(session: Session, rows: Iterable[ImportRow]) -> Iterator[ImportNote]:
    lines = [
        and_(ImportNote.run_id == row.run_id, ImportNote.file == row.file, ImportNote.line == row.line)
        for row in rows
    ]
    return iter(session.scalars(select(ImportNote).where(or_(*lines))).all() if lines else ())


# Here and not in `app.py`: whatever can write an import must also forget an address.
past.register(_Imports())
