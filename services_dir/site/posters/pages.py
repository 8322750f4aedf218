"""What a poster or a card says: lines from the catalog that were confirmed in time, and no others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from flask import url_for
from flask_babel import gettext as _

from services_dir.catalog.freshness import Freshness
from services_dir.catalog.kinds import Availability, Level
from services_dir.catalog.pages.program import local_date
from services_dir.catalog.public import PublicProgram
from services_dir.catalog.words import confirmed_words, day_words
from services_dir.errors import N_
from services_dir.sheets.rules import initials, is_telling
from services_dir.site.queries import hotline, names_trafficking
from services_dir.values import Labelled, spoken_number
from services_dir.web.hotlines import Hotline, HotlineNumber
from services_dir.web.languages import LANGUAGES, SOURCE_LANGUAGE, language_name, translated
from services_dir.web.phones import phone_deed

MOST_LINES = 4  # more would have to be set so small that nobody reads them from afar
MOST_NUMBERS = 2

Data: TypeAlias = dict[str, Any]


class Print(Labelled):
    """What can be printed; the value names the file, and tells nothing."""

    POSTER = "poster", N_("Poster")
    CARDS = "cards", N_("Wallet cards")


@dataclass(frozen=True)
class Line:
    """A line that answers at any hour, and when it was confirmed."""

    hotline: Hotline
    confirmed: str


@dataclass(frozen=True)
class Lines:
    """The lines that may be printed, and those that may not because nobody confirmed them in time."""

    printed: tuple[Line, ...]
    left_out: tuple[Line, ...]

    @classmethod
    def of(
        cls, programs: Iterable[PublicProgram], freshness: Freshness, language: str, *, at: datetime
    ) -> Lines:
        """Sort the lines by whether they were confirmed within their term; those of the state come early."""
        printed: list[Line] = []
        left_out: list[Line] = []
        for program in sorted(programs, key=_rank):
            found, today = hotline(program, language), local_date(program, at)
            if not found.numbers or program.availability_on(today) is not Availability.OPEN:
                continue
            words = confirmed_words(program.assured, today, freshness, is_grave=program.is_grave)
            assured_on = program.assured.on if program.assured else None
            is_overdue = freshness.is_overdue(assured_on, today, is_grave=program.is_grave)
            (left_out if is_overdue else printed).append(Line(found, words))
        return cls(tuple(printed[:MOST_LINES]), tuple(left_out))


@dataclass(frozen=True)
class Download:
    """A file to print: its address, what it is, and in which language."""

    address: str
    label: str
    language: str
    language_name: str


@dataclass(frozen=True)
class PostersPage:
    """The page that offers posters and cards, and says what is on them today."""

    title: str
    lines: Lines
    downloads: tuple[Download, ...]

    @classmethod
    def build(cls, lines: Lines) -> PostersPage:
        """Offer each kind in each language."""
        downloads = (
            Download(
                url_for("posters.pdf", printed=kind.value, in_language=code),
                translated(kind.label),
                code,
                name,
            )
            for kind in Print
            for code, name in LANGUAGES.items()
        )
        return cls(_("Posters and cards"), lines, tuple(downloads))


def _rank(program: PublicProgram) -> tuple[int, bool]:
    return -names_trafficking(program), program.level is not Level.STATE


def print_data(kind: Print, lines: Lines, address: str, language: str, *, at: datetime) -> Data:
    """Give all that is printed. A card goes into a pocket: names that tell are cut to their first letters."""
    is_card = kind is Print.CARDS
    return {
        "title": _("Help at any hour"),
        "language": language,
        "emergency": _("In danger now? Call 911."),
        "questions": [] if is_card else _questions(),
        "answer": _("There is help. You decide what happens next."),
        "lines": [_line(line.hotline, language, is_card=is_card) for line in lines.printed],
        "more": _("More help near you"),
        "address": address.partition("://")[2].rstrip("/"),
        "code": address,
        "code_words": _("Code for the directory: %(address)s", address=address),
        "as_of": _("Numbers as of %(date)s", date=day_words(at.date())),
    }


def _questions() -> list[str]:
    return [
        _("Does somebody keep your papers or your pay?"),
        _("Are you made to work, or to have sex, against your will?"),
        _("Are you afraid of what happens if you leave?"),
    ]


def _line(line: Hotline, language: str, *, is_card: bool) -> Data:
    cut = is_card and is_telling(line.name)
    return {
        "name": initials(line.name) if cut else line.name,
        "numbers": [_number(number, language, is_card=is_card) for number in line.numbers[:MOST_NUMBERS]],
    }


def _number(number: HotlineNumber, language: str, *, is_card: bool) -> Data:
    beside = [
        _original(_("extension %(number)s", number=number.extension), None) if number.extension else None,
        _original(number.instruction, language),
        _original(number.label, language),
        _original(language_name(number.language), None) if number.language else None,
    ]
    return {
        "deed": translated(phone_deed(number.kind)),
        "number": spoken_number(number.number),
        "beside": [one for one in beside if one and not (is_card and is_telling(one["text"] or ""))],
    }


def _original(text: str | None, language: str | None) -> dict[str, str | None] | None:
    """Give a text of the catalog with its language where that is not the one of the page."""
    if not text:
        return None
    return {"text": text, "lang": SOURCE_LANGUAGE if language not in (None, SOURCE_LANGUAGE) else None}
