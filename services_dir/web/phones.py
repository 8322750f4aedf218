"""How a number to call is written and linked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from flask import Flask
from flask_babel import gettext as _
from markupsafe import Markup

from services_dir.errors import N_
from services_dir.values import spoken_number
from services_dir.web.languages import SOURCE_LANGUAGE, current_language, language_name, translated
from services_dir.web.phrases import in_this_language

_DEEDS = {
    "voice": N_("Call"),
    "hotline": N_("Call"),
    "text": N_("Text"),
    "tty": N_("TTY"),
    "relay": N_("Relay"),
    "fax": N_("Fax"),
    "whatsapp": N_("WhatsApp"),
}
_IN_ENGLISH = Markup('<span lang="en">{}</span>')


class ShownPhone(NamedTuple):
    """A number as shown: what one does with it, how it is written, what a tap opens, and the rest."""

    deed: str
    number: str
    href: str | None
    label: str | None
    more: tuple[str, ...]


def shown_phones(phones: Iterable[Any]) -> list[ShownPhone]:
    """Give numbers as they are shown on a page in the language of this request.

    Each has kind and number, and may have label, instruction, extension, language (a code) and hours (with
    words, or a text). A mere text is a number to call.
    """
    is_english = current_language() == SOURCE_LANGUAGE
    return [_shown(phone, is_english=is_english) for phone in phones]


def phone_href(kind: str, number: str, extension: str | None = None) -> str | None:
    """Give what a tap on the number opens, or None for kinds that a phone cannot dial."""
    if kind in ("fax", "whatsapp"):
        return None
    if kind == "text":
        return f"sms:{number}"
    digits = "".join(c for c in extension or "" if c.isdecimal())
    return f"tel:{number};ext={digits}" if digits else f"tel:{number}"


def phone_deed(kind: str) -> str:
    """Give the marked word for what one does with a number of this kind."""
    return _DEEDS.get(kind, _DEEDS["voice"])


def init_app(app: Flask) -> None:
    """Give templates what the component `phone` shows."""
    app.add_template_global(shown_phones)


def _shown(phone: Any, *, is_english: bool) -> ShownPhone:
    if isinstance(phone, str):
        return ShownPhone(translated(phone_deed("voice")), phone, phone_href("voice", phone), None, ())
    return ShownPhone(
        translated(phone_deed(phone.kind)),
        spoken_number(phone.number),
        phone_href(phone.kind, phone.number, phone.extension),
        _original(phone.label, is_english=is_english),
        tuple(_more(phone, is_english=is_english)),
    )


def _more(phone: Any, *, is_english: bool) -> Iterator[str]:
    if phone.extension:
        yield _("extension %(number)s", number=phone.extension)
    if phone.instruction:
        yield _original(phone.instruction, is_english=is_english) or ""
    if phone.language:
        yield language_name(phone.language)
    if hours := getattr(phone, "hours", None):
        yield getattr(hours, "words", hours)


def _original(text: str | None, *, is_english: bool) -> str | None:
    """Give a text of the catalog: in English, unless it says its language or is a phrase that many share."""
    if text is None or is_english or hasattr(text, "__html__"):
        return text
    return in_this_language(text) or _IN_ENGLISH.format(text)
