"""Loading what was read: the seed of an empty catalog. The caller opens the transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from services_dir.catalog.kinds import ChangeKind
from services_dir.catalog.models import (
    Place,
    PlaceParent,
    Program,
    Term,
    TermLabel,
    TermWord,
    Word,
)
from services_dir.catalog.operations import record_change
from services_dir.errors import N_, ConflictError
from services_dir.exchange.reading import PlaceRow, Reading, TermRow, WordRow
from services_dir.exchange.rows import RowError
from services_dir.moderation.operations import publish_directly
from services_dir.submissions.models import AuthorKind, SubmissionKind
from services_dir.submissions.operations import Sender, open_submission


@dataclass(frozen=True)
class SeedReport:
    """What a load did: programs published, programs waiting for review, and what was wrong with rows."""

    published: int
    waiting: int
    warnings: tuple[RowError, ...]
    errors: tuple[RowError, ...]


def load_seed(session: Session, reading: Reading, *, at: datetime) -> SeedReport:
    """Fill an empty catalog: places, terms, words, organizations, then programs.

    Programs not to be published wait as submissions with the reason. Raises ConflictError if there are
    programs already, InvalidError if a draft is refused.
    """
    if session.scalar(select(Program.id).limit(1)) is not None:
        raise ConflictError(N_("There are programs already. The seed is loaded into an empty catalog only."))
    write_places(session, reading.places)
    write_terms(session, reading.terms)
    write_words(session, reading.words)
    record_change(session, ChangeKind.VOCABULARY, None, at)
    for organization in reading.organizations:
        publish_directly(session, organization, author=AuthorKind.SEED, by=None, at=at)
    published = [program for program in reading.programs if program.publish]
    waiting = [program for program in reading.programs if not program.publish]
    for program in published:
        publish_directly(session, program.draft, author=AuthorKind.SEED, by=None, at=at)
    for program in waiting:
        open_submission(
            session,
            program.draft,
            Sender(AuthorKind.SEED),
            kind=SubmissionKind.NEW,
            at=at,
            hold_reason=program.hold_reason,
        )
    return SeedReport(
        published=len(published),
        waiting=len(waiting),
        warnings=tuple(error for error in reading.errors if error.is_warning),
        errors=tuple(error for error in reading.errors if not error.is_warning),
    )


def write_places(session: Session, rows: Iterable[PlaceRow]) -> None:
    """Add places, or bring those up to date that are there by their key; parents come first."""
    rows = list(rows)
    places = {place.key: place for place in session.scalars(select(Place))}
    for row in rows:
        place = places.get(row.key)
        if place is None:
            places[row.key] = place = Place(uuid=row.id, key=row.key)
            session.add(place)
        for name in ("kind", "name", "code", "latitude", "longitude", "basis"):
            setattr(place, name, getattr(row, name))
    session.flush()
    written = [places[row.key].id for row in rows]
    session.execute(delete(PlaceParent).where(PlaceParent.place_id.in_(written)))
    session.add_all(
        PlaceParent(place_id=places[row.key].id, parent_id=places[parent].id, share=share)
        for row in rows
        for parent, share in row.parents
    )
    session.flush()


def write_terms(session: Session, rows: Iterable[TermRow]) -> None:
    """Add terms, or bring those up to date that are there by vocabulary and slug; parents come first."""
    terms = {(term.vocabulary, term.slug): term for term in session.scalars(select(Term))}
    for row in rows:
        term = terms.get((row.vocabulary, row.slug))
        if term is None:
            terms[row.vocabulary, row.slug] = term = Term(
                uuid=row.id, vocabulary=row.vocabulary, slug=row.slug
            )
            session.add(term)
        else:
            term.labels, term.words = [], []
        term.parent_id = terms[row.vocabulary, row.parent].id if row.parent else None
        term.position = row.position
        term.statutory = row.statutory
        session.flush()
        term.labels = [
            TermLabel(language=language, label=label, definition=definition)
            for language, (label, definition) in row.labels.items()
        ]
        term.words = [
            TermWord(language=language, word=word, position=position)
            for position, (language, word) in enumerate(row.words)
        ]
    session.flush()


def write_words(session: Session, rows: Iterable[WordRow]) -> None:
    """Add misspellings and abbreviations, or bring those up to date that are there."""
    words = {(word.kind, word.word): word for word in session.scalars(select(Word))}
    for row in rows:
        word = words.get((row.kind, row.word))
        if word is None:
            session.add(Word(kind=row.kind, word=row.word, means=row.means))
        else:
            word.means = row.means
    session.flush()
