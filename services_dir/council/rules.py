"""Decisions of the library: names of documents and files, and the words under which they are found."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from babel.dates import format_date

from services_dir.council.kinds import GUIDES, DocumentKind
from services_dir.council.models import LONGEST_WORD
from services_dir.search.analyzer import stems, terms
from services_dir.search.small_words import STOP_WORDS, WEAK_WORDS
from services_dir.search.stemming import stem
from services_dir.values import slugify

_LANGUAGES: Final = ("en", "es")
_FULL_LINE: Final = 0.7  # of the longest line of a page
_MOST_WORDS: Final = 12  # of a question

# What people call a document, beside its title.
_CALLED: Final[dict[DocumentKind, str]] = {
    DocumentKind.AGENDA: "agenda orden del dia",
    DocumentKind.MINUTES: "minutes acta actas",
    DocumentKind.NOTES: "committee notes notas comite",
    DocumentKind.ANNUAL_REPORT: "annual report informe anual",
    DocumentKind.RECOMMENDATIONS: "recommendations recomendaciones",
    DocumentKind.OUTSIDE_REPORT: "report informe",
    DocumentKind.PRESENTATION: "presentation slides presentacion",
    DocumentKind.GUIDE: "guide background guia",
    DocumentKind.OTHER: "",
    DocumentKind.MEMBERS: "council members miembros consejo",
    DocumentKind.SCHEDULE: "council meeting schedule calendario reuniones consejo",
    DocumentKind.COMMITTEES: "council committees comites consejo",
}


def usual_title(kind: DocumentKind, day: date) -> str:
    """Give the title of a paper of a meeting that was handed in without one: "Minutes of March 4, 2026"."""
    return f"{kind.label} of {format_date(day, 'long', locale='en')}"


def full_title(title: str, period: str | None) -> str:
    """Give a title with the years it is about: reports of all years have the same."""
    return f"{title}: {period}" if period and period not in title else title


def slug_of(kind: DocumentKind, title: str, *, day: date | None, period: str | None) -> str:
    """Give the name of a document in addresses: its kind and date where these tell it from others."""
    when = day.isoformat() if day else period
    tells_itself = kind not in (*GUIDES, DocumentKind.OUTSIDE_REPORT)
    if when and tells_itself:
        return slugify(f"{kind} {when}")
    return slugify(f"{title} {period or ''}") or kind.value


def free_slug(wanted: str, taken: Iterable[str]) -> str:
    """Give the wanted name, or with a number behind it if others have it."""
    held, number, name = set(taken), 1, wanted
    while name in held:
        number += 1
        name = f"{wanted[:70]}-{number}"
    return name


def file_name(kind: DocumentKind, day: date | None, period: str | None, number: int) -> str:
    """Give the name under which a file is saved. It says the kind of paper, not what it is about."""
    when = day.isoformat() if day else slugify(period or "") or str(number)
    return f"{kind}-{when}.pdf"


def title_words(kind: DocumentKind, title: str, *, day: date | None, period: str | None) -> frozenset[str]:
    """Give the words under which a document is found by its title, kind, years and date."""
    said = [title, _CALLED[kind], period or ""]
    if day is not None:
        said.append(day.isoformat())
        said += [format_date(day, "long", locale=language) for language in _LANGUAGES]
    return words_of(" ".join(said))


def paragraphs(text: str) -> list[str]:
    """Put the lines of a page together again: a line goes on unless it ends well before the margin."""
    lines = [line for line in text.split("\n") if line]
    margin = max(map(len, lines), default=0) * _FULL_LINE
    found: list[str] = []
    goes_on = False
    for line in lines:
        if goes_on:
            found[-1] = f"{found[-1]} {line}"
        else:
            found.append(line)
        goes_on = len(line) >= margin
    return found


def words_of(text: str) -> frozenset[str]:
    """Give the words of a text as they are looked for."""
    return frozenset(word[:LONGEST_WORD] for word in stems(text))


def asked_words(question: str) -> tuple[str, ...]:
    """Give the words of a question that a document must hold, each once; none if they say too little."""
    asked = [word for word in terms(question) if word not in STOP_WORDS]
    if all(word in WEAK_WORDS or len(word) == 1 for word in asked):
        return ()
    return tuple(dict.fromkeys(stem(word)[:LONGEST_WORD] for word in asked[:_MOST_WORDS]))
