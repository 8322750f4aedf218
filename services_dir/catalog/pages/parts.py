"""What pages of programs and of organizations have in common: numbers, ways out, names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from markupsafe import Markup

from services_dir.catalog.public import PublicPhone, PublicProgram
from services_dir.catalog.words import Words, hours_words, program_text, said


@dataclass(frozen=True)
class PhoneLine:
    """A number with all that stands beside it, as the component `phone` shows it."""

    kind: str
    number: str
    extension: str | None
    label: Words | None
    instruction: Words | None
    language: str | None
    hours: Markup | str | None


@dataclass(frozen=True)
class WebLink:
    """A way out to another website: its label and its address."""

    label: Words
    url: str


def program_name(program: PublicProgram, language: str) -> Words:
    """Give the name of a program in the page's language, else in English."""
    name = program_text(program, "name", language)
    return name if name is not None else Words("")


def phone_lines(
    phones: Iterable[PublicPhone], language: str, today: date, *, has_fallback: bool
) -> tuple[PhoneLine, ...]:
    """Put numbers into words. One without hours says so, unless those of its owner stand in for them."""
    held = tuple(phones)
    says_unknown = not has_fallback and any(phone.hours for phone in held)
    return tuple(
        PhoneLine(
            kind=phone.kind.value,
            number=phone.number,
            extension=phone.extension,
            label=said(phone.label, language),
            instruction=said(phone.instruction, language),
            language=phone.language,
            hours=_phone_hours(phone, language, today, says_unknown=says_unknown),
        )
        for phone in held
    )


def _phone_hours(
    phone: PublicPhone, language: str, today: date, *, says_unknown: bool
) -> Markup | str | None:
    if phone.hours is not None:
        return Markup("; ").join(hours_words(phone.hours, language, today))
    return _("Hours not known") if says_unknown else None


def website(url: str | None) -> WebLink | None:
    """Give a front page with a short form of its address to read."""
    if url is None:
        return None
    shown = url.partition("://")[2].removeprefix("www.").rstrip("/")
    return WebLink(Words(shown or url), url)
