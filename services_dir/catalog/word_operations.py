"""Changes of the words that searches understand. They act when a search is read: nothing is indexed again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services_dir import audit
from services_dir.catalog.kinds import ChangeKind, Vocabulary, WordKind
from services_dir.catalog.models import Term, TermWord, Word
from services_dir.catalog.operations import record_change
from services_dir.errors import N_, ConflictError, InvalidError, NotFoundError
from services_dir.values import fold, without_controls

LONGEST_WORD, LONGEST_MEANING, LONGEST_TERM_WORD = 80, 160, 120


def add_word(
    session: Session, kind: WordKind, word: str, means: str, *, by: int | None, at: datetime
) -> Word:
    """Say what a misspelling, an abbreviation or another word stands for; "|" is between several meanings.

    Raises InvalidError if a text is empty or too long, ConflictError if the word is there already.
    """
    word, means = _text(word, LONGEST_WORD), _text(means, LONGEST_MEANING)
    _check_new(session, kind, word, None)
    row = Word(kind=kind, word=word, means=means)
    session.add(row)
    session.flush()
    _record(session, "word.added", "word", row.id, ("kind", "word", "means"), by=by, at=at)
    return row


def change_word(
    session: Session, word_id: int, kind: WordKind, word: str, means: str, *, by: int | None, at: datetime
) -> Word:
    """Change a word or what it stands for.

    Raises NotFoundError, InvalidError if a text is empty or too long, ConflictError if another one is so.
    """
    row = _get(session, word_id)
    new = {"kind": kind, "word": _text(word, LONGEST_WORD), "means": _text(means, LONGEST_MEANING)}
    _check_new(session, kind, str(new["word"]), row)
    changed = [name for name, value in new.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, new[name])
    session.flush()
    if changed:
        _record(session, "word.changed", "word", row.id, changed, by=by, at=at)
    return row


def remove_word(session: Session, word_id: int, *, by: int | None, at: datetime) -> None:
    """Take a word out. Raises NotFoundError."""
    row = _get(session, word_id)
    session.delete(row)
    session.flush()
    _record(session, "word.removed", "word", word_id, (), by=by, at=at)


def add_term_word(
    session: Session,
    vocabulary: Vocabulary,
    slug: str,
    language: str,
    word: str,
    *,
    by: int | None,
    at: datetime,
) -> TermWord:
    """Add a word that people type when they mean a term, such as a kind of help.

    Raises NotFoundError for an unknown term, InvalidError for an empty or too long word, ConflictError if
    the term has it already.
    """
    word = _text(word, LONGEST_TERM_WORD)
    term = session.scalars(select(Term).where(Term.vocabulary == vocabulary, Term.slug == slug)).one_or_none()
    if term is None:
        raise NotFoundError(N_("There is no such term."))
    if any(held.language == language and fold(held.word) == fold(word) for held in term.words):
        raise ConflictError(N_("“{word}” is in the list already."), word=word)
    last = session.scalar(select(func.max(TermWord.position)).where(TermWord.term_id == term.id))
    row = TermWord(term_id=term.id, language=language, word=word, position=0 if last is None else last + 1)
    session.add(row)
    session.flush()
    session.expire(term, ["words"])
    _record(session, "term.word-added", "term", term.id, ("words",), by=by, at=at)
    return row


def remove_term_word(session: Session, term_word_id: int, *, by: int | None, at: datetime) -> None:
    """Take out a word that people typed for a term. Raises NotFoundError."""
    row = session.get(TermWord, term_word_id)
    if row is None:
        raise NotFoundError(N_("There is no such word."))
    term = session.get_one(Term, row.term_id)
    session.delete(row)
    session.flush()
    session.expire(term, ["words"])
    _record(session, "term.word-removed", "term", term.id, ("words",), by=by, at=at)


def _get(session: Session, word_id: int) -> Word:
    row = session.get(Word, word_id, with_for_update=True)
    if row is None:
        raise NotFoundError(N_("There is no such word."))
    return row


def _check_new(session: Session, kind: WordKind, word: str, own: Word | None) -> None:
    """Refuse a word that is there already, accents and case aside."""
    for held in session.scalars(select(Word).where(Word.kind == kind)):
        if held is not own and fold(held.word) == fold(word):
            raise ConflictError(N_("“{word}” is in the list already."), word=word)


def _text(text: str, longest: int) -> str:
    tidy = " ".join(without_controls(text).split())
    if not tidy:
        raise InvalidError(N_("Please enter a word."))
    if len(tidy) > longest:
        raise InvalidError(N_("Please use at most {count} characters."), count=longest)
    return tidy


def _record(
    session: Session,
    deed: str,
    kind: str,
    subject: int,
    fields: tuple[str, ...] | list[str],
    *,
    by: int | None,
    at: datetime,
) -> None:
    audit.record(session, deed, kind=kind, subject=subject, by=by, at=at, fields=fields)
    record_change(session, ChangeKind.WORDS, None, at)
