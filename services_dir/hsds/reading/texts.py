"""Texts, addresses of web and mail, numbers and dates as other systems write them."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from email_validator import EmailNotValidError, validate_email

from services_dir.errors import N_
from services_dir.hsds.reading.notes import Notes
from services_dir.values import without_controls

LONGEST = 8000
_LONGEST_LINE = 200
_TAG = re.compile(r"</?(?:[a-z][a-z0-9]*)(?:\s[^<>]*)?/?>", re.IGNORECASE)
_BREAK = re.compile(r"<(?:br|/p|/div|/li)\s*/?>", re.IGNORECASE)
_BLANK_LINES = re.compile(r"\n\s*\n\s*\n+")
_WEB = re.compile(r"^(?:https?:)?/*(?=[\w.-]+\.[a-z]{2,}(?:[/:?#]|$))", re.IGNORECASE)
_UNSEEN = re.compile(r"[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")  # they turn the order of signs
_SHAPES = ("%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y", "%B %d, %Y", "%d %B %Y", "%Y/%m/%d")
NOTHING = frozenset(("", "n/a", "na", "none", "null", "-", "--", "unknown", "nil"))


def said(record: Mapping[str, Any], *names: str) -> str:
    """Give the first of some properties that says something, as a plain text; "" if none does."""
    for name in names:
        value = record.get(name)
        if isinstance(value, bool) or value is None or isinstance(value, dict | list):
            continue
        text = str(value).strip()
        if text:
            return text if text.isprintable() else _UNSEEN.sub("", without_controls(text)).strip()
    return ""


def plain(text: str) -> str:
    """Give a text without HTML."""
    if "<" in text and _TAG.search(text):
        text = _TAG.sub("", _BREAK.sub("\n", text))
    if "&" in text:
        text = html.unescape(text)
    return _BLANK_LINES.sub("\n\n", text).strip()


def long_text(record: Mapping[str, Any], notes: Notes, *names: str) -> str:
    """Give a text; one that is too long is cut, which is noted."""
    text = plain(said(record, *names))
    if len(text) > LONGEST:
        notes.doubt(
            record, names[0], N_("This text is longer than {count} signs and was cut."), count=LONGEST
        )
        text = text[: LONGEST - 2].rstrip() + " …"
    return text


def line(record: Mapping[str, Any], notes: Notes, *names: str) -> str | None:
    """Give a short text on one line; one that is too long is cut, which is noted."""
    text = " ".join(plain(said(record, *names)).split())
    if len(text) > _LONGEST_LINE:
        message = N_("This text is longer than {count} signs and was cut.")
        notes.doubt(record, names[0], message, count=_LONGEST_LINE)
        text = text[: _LONGEST_LINE - 2].rstrip() + " …"
    return text or None


def web_address(record: Mapping[str, Any], notes: Notes, *names: str) -> str | None:
    """Give a web address with its scheme; what is none is noted and left out."""
    text = said(record, *names)
    if text.casefold() in NOTHING:
        return None
    whole = text if text.lower().startswith(("http://", "https://")) else _WEB.sub("https://", text)
    if _is_web(whole):
        return whole
    notes.hint(record, names[0], N_("“{value}” is not a web address; it was not kept."), value=text)
    return None


def mail_address(record: Mapping[str, Any], notes: Notes, *names: str) -> str | None:
    """Give a mail address; what is none is noted and left out."""
    text = said(record, *names)
    if text.casefold() in NOTHING:
        return None
    text = text.removeprefix("mailto:")
    if _is_mail(text):
        return text
    notes.hint(record, names[0], N_("“{value}” is not an e-mail address; it was not kept."), value=text)
    return None


def whole_number(record: Mapping[str, Any], notes: Notes, name: str) -> int | None:
    """Give an age; what is none is noted and left out."""
    text = said(record, name)
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = -1
    if not 0 <= value <= 120 or value != int(value):
        notes.hint(record, name, N_("“{value}” is not an age; it was not kept."), value=text)
        return None
    return int(value)


@lru_cache(maxsize=1 << 12)
def day(text: str) -> date | None:
    """Read a date, also of a moment and in the usual American form; None if it is none."""
    text = text.strip()
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        pass
    for shape in _SHAPES:
        try:
            found = datetime.strptime(text, shape).date()  # noqa: DTZ007 - only the day is used
        except ValueError:
            continue
        return found if found.year > 1900 else None
    return None


def moment(text: str) -> datetime | None:
    """Read a moment; one without zone is taken as UTC."""
    try:
        found = datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


@lru_cache(maxsize=20_000)
def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    has_space = any(sign.isspace() for sign in url)
    return parts.scheme in ("http", "https") and "." in host and not has_space and len(url) <= 500


@lru_cache(maxsize=20_000)
def _is_mail(text: str) -> bool:
    try:
        validate_email(text, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return False
    return len(text) <= 254
