"""A sheet as a PDF, set by Typst: tagged, in one language, its texts passed as data and never as markup.

Nothing is set before a server forks its workers: a process forked after its parent used Typst hangs.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

import msgspec
import segno
import typst
from flask_babel import gettext as _

from services_dir.catalog.words import Words
from services_dir.settings import TEMPLATES
from services_dir.sheets.pages import Entry, SheetPage, SheetPhone
from services_dir.sheets.rules import PER_PAGE
from services_dir.sheets.text import phone_words
from services_dir.values import spoken_number
from services_dir.web.languages import translated
from services_dir.web.phones import phone_deed, phone_href

_FOLDER = TEMPLATES / "sheets"
_SOURCE = "sheet.typ"
_NO_GLYPH = "could not be displayed"


def sheet_pdf(page: SheetPage, language: str, addresses: Mapping[str, str]) -> bytes:
    """Set a sheet. `addresses` are those of the programs' pages by slug; a discreet sheet shows none."""
    data = {
        "title": page.title,
        "language": language,
        "discreet": page.is_discreet,
        "per_page": PER_PAGE,
        "call_first": page.call_first,
        "made_on": page.made_on,
        "programs": [
            entry_data(entry, None if page.is_discreet else addresses[entry.slug]) for entry in page.entries
        ],
    }
    return set_pdf(_SOURCE, data)


def set_pdf(source: str, data: dict[str, Any], folder: Path = _FOLDER) -> bytes:
    """Set a template of a folder from data: tagged (PDF/UA-1), or plain where a script has no font."""
    options: dict[str, Any] = {
        "root": folder,
        "format": "pdf",
        "ignore_system_fonts": True,
        "sys_inputs": {"data": msgspec.json.encode(data).decode()},
    }
    try:
        made = typst.compile(folder / source, pdf_standards=["ua-1"], **options)
    except typst.TypstError as error:
        if _NO_GLYPH not in str(error):
            raise
        made = typst.compile(folder / source, **options)  # a script without a font: boxes, but a sheet
    return cast(bytes, made)


def entry_data(entry: Entry, address: str | None) -> dict[str, Any]:
    """Give what a template shows of a program; with an address, its code too."""
    return {
        "name": _words(entry.name),
        "organization": _words(entry.organization) if entry.organization else None,
        "cautions": [_words(words) for words in entry.cautions],
        "phones": [_phone(phone) for phone in entry.phones],
        "notes": [note for note in (entry.no_phone, entry.more_phones) if note],
        "rows": [{"term": row.term, "lines": [_words(line) for line in row.lines]} for row in entry.rows],
        "confirmed": entry.confirmed,
        "qr": qr(address) if address else None,
        "qr_words": _("Code for the page of this program: %(address)s", address=address) if address else "",
    }


def _phone(phone: SheetPhone) -> dict[str, Any]:
    line = phone.line
    extension = _("extension %(number)s", number=line.extension) if line.extension else None
    return {
        "deed": translated(phone_deed(line.kind)),
        "number": spoken_number(line.number),
        "href": phone_href(line.kind, line.number, line.extension),
        "extension": extension,
        "label": _words(line.label) if line.label else None,
        "beside": [_words(words) for words in phone_words(phone)],
    }


def _words(words: Words) -> dict[str, str | None]:
    return {"text": words.text, "lang": words.lang}


@lru_cache(maxsize=512)
def qr(address: str) -> str:
    """Give the drawing of a code as SVG; choosing its pattern takes some milliseconds, so it is kept."""
    drawn = io.BytesIO()
    segno.make(address, micro=False).save(drawn, kind="svg", xmldecl=False, border=2)
    return drawn.getvalue().decode()
