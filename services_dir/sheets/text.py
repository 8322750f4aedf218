"""A sheet as plain text, to copy or to send from the reader's own device."""

from __future__ import annotations

from collections.abc import Iterator

from services_dir.catalog.words import Words
from services_dir.sheets.pages import Entry, SheetPage, SheetPhone
from services_dir.values import spoken_number
from services_dir.web.languages import language_name, translated
from services_dir.web.phones import phone_deed


def sheet_text(page: SheetPage) -> str:
    """Give the sheet as text: a block for each program, then the advice."""
    blocks = ["\n".join(_lines(entry)) for entry in page.entries]
    return "\n\n".join([*blocks, page.call_first])


def phone_words(phone: SheetPhone) -> list[Words]:
    """Give what stands beside a number: extension aside, how to dial, in which language, when."""
    line = phone.line
    language = [Words(language_name(line.language))] if line.language else []
    return [*([line.instruction] if line.instruction else []), *language, *phone.hours]


def _lines(entry: Entry) -> Iterator[str]:
    yield entry.name.text
    if entry.organization:
        yield entry.organization.text
    yield from (caution.text for caution in entry.cautions)
    yield from (_phone(phone) for phone in entry.phones)
    yield from (line for line in (entry.no_phone, entry.more_phones) if line)
    yield from (f"{row.term}: {'; '.join(line.text for line in row.lines)}" for row in entry.rows)
    yield entry.confirmed


def _phone(phone: SheetPhone) -> str:
    line = phone.line
    number = spoken_number(line.number) + (f" x{line.extension}" if line.extension else "")
    label = f" ({line.label.text})" if line.label else ""
    beside = "; ".join(words.text for words in phone_words(phone))
    return f"{translated(phone_deed(line.kind))}: {number}{label}{f'. {beside}' if beside else ''}"
