"""Which words of a text match what was typed, whatever their endings, accents and case."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from services_dir.search import analyzer
from services_dir.search.stemming import stem

# A letter or digit in any script with the accents that may follow it; letters with dots are one word.
_SIGN = r"[^\W_][\u0300-\u036f]*"
_WORD = re.compile(rf"(?<!\w)(?:{_SIGN}\.){{2,}}(?:{_SIGN}\b)?|(?:{_SIGN})+(?:['\u2019](?:{_SIGN})+)*")


@dataclass(frozen=True)
class Piece:
    """A stretch of a text, and whether it matches."""

    text: str
    is_match: bool


def marked(text: str, understood_stems: Collection[str]) -> tuple[Piece, ...]:
    """Cut a text into pieces that match and pieces that do not; together they are the text.

    Matching words with nothing but spaces between them are one piece.
    """
    pieces: list[Piece] = []
    for part, is_match in _cut(text, understood_stems) if understood_stems else ((text, False),):
        last = pieces[-1] if pieces else None
        if last is not None and last.is_match == is_match:
            pieces[-1] = Piece(last.text + part, is_match)
        elif is_match and last is not None and last.text.isspace() and len(pieces) > 1:
            pieces[-2:] = [Piece(pieces[-2].text + last.text + part, is_match=True)]
        elif part:
            pieces.append(Piece(part, is_match))
    return tuple(pieces)


def _cut(text: str, stems: Collection[str]) -> Iterator[tuple[str, bool]]:
    end = 0
    for match in _WORD.finditer(text):
        yield text[end : match.start()], False
        yield match[0], any(stem(term) in stems for term in analyzer.terms(match[0]))
        end = match.end()
    yield text[end:], False
