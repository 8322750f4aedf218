"""Loading what was read: the seed of an empty catalog. The caller opens the transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select
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
from services_dir.db import Base
from services_dir.errors import N_, ConflictError
from services_dir.exchange.reading import PlaceRow, Reading, TermRow, WordRow
from services_dir.exchange.rows import RowError
from services_dir.moderation.operations import publish_directly
from services_dir.submissions.models import AuthorKind, SubmissionKind
from services_dir.submissions.operations import Sender, open_submission

_PLACE_FACTS = ("kind", "name", "code", "latitude", "longitude", "basis")


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
    """Add places, or bring those up to date that are there by their key."""
    rows = list(rows)
    held = {place.key: place for place in session.scalars(select(Place))}
    new = []
    for row in rows:
        facts = {name: getattr(row, name) for name in _PLACE_FACTS}
        if row.key in held:
            for name, value in facts.items():
                setattr(held[row.key], name, value)
        else:
            new.append({"uuid": row.id, "key": row.key, **facts})
    _insert(session, Place, new)
    ids = dict(session.execute(select(Place.key, Place.id)).all())
    session.execute(delete(PlaceParent).where(PlaceParent.place_id.in_([ids[row.key] for row in rows])))
    parents = [
        {"place_id": ids[row.key], "parent_id": ids[parent], "share": share}
        for row in rows
        for parent, share in row.parents
    ]
    _insert(session, PlaceParent, parents)


def write_terms(session: Session, rows: Iterable[TermRow]) -> None:
    """Add terms, or bring those up to date that are there by vocabulary and slug; parents come first."""
    terms = {(term.vocabulary, term.slug): term for term in session.scalars(select(Term))}
    labels, words = [], []
    for row in rows:
        term = terms.get((row.vocabulary, row.slug))
        if term is None:
            term = Term(uuid=row.id, vocabulary=row.vocabulary, slug=row.slug)
            terms[row.vocabulary, row.slug] = term
            session.add(term)
        term.parent_id = terms[row.vocabulary, row.parent].id if row.parent else None
        term.position = row.position
        term.statutory = row.statutory
        session.flush()
        session.execute(delete(TermLabel).where(TermLabel.term_id == term.id))
        session.execute(delete(TermWord).where(TermWord.term_id == term.id))
        labels += [
            {"term_id": term.id, "language": language, "label": label, "definition": definition}
            for language, (label, definition) in row.labels.items()
        ]
        words += [
            {"term_id": term.id, "language": language, "word": word, "position": position}
            for position, (language, word) in enumerate(row.words)
        ]
    _insert(session, TermLabel, labels)
    _insert(session, TermWord, words)
    session.expire_all()


def write_words(session: Session, rows: Iterable[WordRow]) -> None:
    """Add misspellings, abbreviations and synonyms, or bring those up to date that are there."""
    held = {(word.kind, word.word): word for word in session.scalars(select(Word))}
    new = []
    for row in rows:
        if (row.kind, row.word) in held:
            held[row.kind, row.word].means = row.means
        else:
            new.append({"kind": row.kind, "word": row.word, "means": row.means})
    _insert(session, Word, new)


def _insert(session: Session, table: type[Base], rows: list[dict[str, Any]]) -> None:
    if rows:
        session.execute(insert(table), rows)
