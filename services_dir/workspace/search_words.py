"""Reads of the words that searches understand: those that stand for others, and those of terms."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from services_dir.catalog.kinds import Vocabulary, WordKind
from services_dir.catalog.models import Term, TermLabel, TermWord, Word
from services_dir.errors import N_, NotFoundError
from services_dir.values import Paged, fold

PAGE_SIZE = 50


@dataclass(frozen=True)
class WordLine:
    """A word and what it stands for; `term` says where a word of a term is, `id` is the number of another."""

    word: str
    means: str
    kind: WordKind | None = None
    id: int | None = None
    term: tuple[Vocabulary, str] | None = None


def list_word_lines(
    session: Session, *, q: str = "", kind: str = "", page: int = 1, size: int = PAGE_SIZE
) -> Paged[WordLine]:
    """Give a page of the words in their order, accents and capitals aside.

    `q` is a part of the word or of its meaning; `kind` is one of WordKind, "term", or nothing for all.
    """
    sought = fold(q)
    lines = [
        line
        for line in (*_list_words(session), *_list_term_words(session))
        if kind in ("", "term" if line.kind is None else line.kind.value)
        and (sought in fold(line.word) or sought in fold(line.means))
    ]
    lines.sort(key=lambda line: (not fold(line.word).startswith(sought), fold(line.word)))
    start = (page - 1) * size
    return Paged(lines[start : start + size], page, size, len(lines))


def get_word(session: Session, word_id: int) -> Word:
    """Give a word. Raises NotFoundError."""
    word = session.get(Word, word_id)
    if word is None:
        raise NotFoundError(N_("There is no such word."))
    return word


def _list_words(session: Session) -> list[WordLine]:
    rows = session.execute(select(Word.id, Word.kind, Word.word, Word.means))
    return [WordLine(word, means, kind, id) for id, kind, word, means in rows]


def _list_term_words(session: Session) -> list[WordLine]:
    rows = session.execute(
        select(TermWord.word, TermLabel.label, Term.vocabulary, Term.slug)
        .join(Term, Term.id == TermWord.term_id)
        .join(TermLabel, (TermLabel.term_id == Term.id) & (TermLabel.language == "en"))
    )
    return [WordLine(word, label, term=(vocabulary, slug)) for word, label, vocabulary, slug in rows]
