"""Phones and languages of a record."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from babel import Locale
from phonenumbers import Leniency, PhoneNumberMatcher

from services_dir.catalog.kinds import PhoneKind
from services_dir.catalog.rules import normal_number, split_extension
from services_dir.errors import N_
from services_dir.hsds.reading.context import Context, derived_uuid, is_uuid
from services_dir.hsds.reading.facts import read_attributes, records
from services_dir.hsds.reading.hours import read_kept_hours
from services_dir.hsds.reading.notes import Notes
from services_dir.hsds.reading.secrecy import is_private_number
from services_dir.hsds.reading.tabular import Record
from services_dir.hsds.reading.texts import NOTHING, line, said

_KINDS = {
    "voice": PhoneKind.VOICE,
    "cell": PhoneKind.VOICE,
    "mobile": PhoneKind.VOICE,
    "main": PhoneKind.VOICE,
    "office": PhoneKind.VOICE,
    "toll-free": PhoneKind.VOICE,
    "tollfree": PhoneKind.VOICE,
    "phone": PhoneKind.VOICE,
    "telephone": PhoneKind.VOICE,
    "video": PhoneKind.VOICE,
    "hotline": PhoneKind.HOTLINE,
    "crisis": PhoneKind.HOTLINE,
    "text": PhoneKind.TEXT,
    "sms": PhoneKind.TEXT,
    "fax": PhoneKind.FAX,
    "tty": PhoneKind.TTY,
    "tdd": PhoneKind.TTY,
    "textphone": PhoneKind.TTY,
    "relay": PhoneKind.RELAY,
    "whatsapp": PhoneKind.WHATSAPP,
}
_NOT_IN_KIND = re.compile(r"[^a-z]+")
_BETWEEN = re.compile(r"\s*(?:[,;/|\n]|\band\b|&)\s*", re.IGNORECASE)
_FURTHER_NAMES = {
    "asl": "ase",
    "american sign language": "ase",
    "sign language": "ase",
    "mandarin": "zh",
    "cantonese": "yue",
    "farsi": "fa",
    "haitian creole": "ht",
    "creole": "ht",
    "filipino": "fil",
    "tagalog": "tl",
    "dari": "prs",
    "hmong": "hmn",
    "spanish only": "es",
}

_PLAIN = re.compile(r"[\d\s()+./-]+")
_JOINS = re.compile(r"[():;,/|&+]|\b(?:or|and|o|y)\b", re.IGNORECASE)
_LONGEST_CELL = 300


def read_phones(
    phones: Any, owner: str, context: Context, notes: Notes, *, keeps_ids: bool = True
) -> list[dict[str, Any]]:
    """Give the documents of phones that can be dialled; what cannot be is noted and left out."""
    documents: list[dict[str, Any]] = []
    seen: set[tuple[Any, ...]] = set()
    for phone in records(phones, text_as="number"):
        for position, written in enumerate(_written(phone, notes)):
            document = _phone(phone, written, owner, context, notes, keeps_ids=keeps_ids and not position)
            same = (document["kind"], document["number"], document["extension"], document["label"])
            if same in seen:
                notes.drop(phone, "number", N_("The same number stands here twice; it is kept once."))
                continue
            seen.add(same)
            documents.append(document)
    return documents


@dataclass(frozen=True)
class _Written:
    """A number as it was written into a cell, with the words that stand beside it."""

    number: str
    extension: str
    words: str = ""


def _written(phone: Record, notes: Notes) -> list[_Written]:
    """Give the numbers that a cell holds: mostly one; some write several, or words beside them."""
    typed = said(phone, "number", "phone_number").strip("\"' ")
    if not typed:
        notes.drop(phone, "number", N_("This phone has no number; it was not kept."))
        return []
    if is_private_number(phone):
        notes.drop(phone, "number", N_("A number that is marked as not for the public was not kept."))
        return []
    found = _numbers_in(typed)
    if not found:
        message = N_("“{value}” is not a phone number we can dial; it was not kept.")
        notes.drop(phone, "number", message, value=typed)
    return found


@lru_cache(maxsize=200_000)
def _numbers_in(typed: str) -> list[_Written]:
    """Find the numbers in a text; the words beside them go with each."""
    number = normal_number(typed)
    if number is not None and _PLAIN.fullmatch(typed):
        return [_Written(number, "")]
    found = [
        (one.raw_string, number, extension)
        for one in PhoneNumberMatcher(typed[:_LONGEST_CELL], "US", leniency=Leniency.POSSIBLE)
        for bare, extension in [split_extension(one.raw_string)]
        if (number := normal_number(bare)) is not None
    ]
    if found:
        words = typed
        for raw, _number, _extension in found:
            words = words.replace(raw, " ")
        words = " ".join(_JOINS.sub(" ", words).split())
        return [_Written(number, extension, words) for _raw, number, extension in found]
    bare, extension = split_extension(typed)  # a number in letters, such as 860-555-HELP
    number = number or normal_number(bare)
    return [_Written(number, extension)] if number is not None else []


def _phone(
    phone: Record, written: _Written, owner: str, context: Context, notes: Notes, *, keeps_ids: bool
) -> dict[str, Any]:
    number, attributes = written.number, read_attributes(phone, context)
    extension = (
        attributes.fact("phone-extension") or said(phone, "extension").removesuffix(".0") or written.extension
    )
    kind = _kind(attributes.fact("phone-kind") or said(phone, "type") or written.words, number)
    if attributes.facts:
        label, instruction = attributes.fact("phone-label"), attributes.fact("phone-instruction")
    else:
        label, instruction = line(phone, notes, "description", "department", "name"), None
        label = label or written.words[:200] or None
    own = said(phone, "id")
    identity = (
        own if keeps_ids and is_uuid(own) else derived_uuid(owner, "phone", kind, number, label or "", own)
    )
    return {
        "id": identity,
        "kind": kind,
        "number": number,
        "extension": extension[:20] or None,
        "label": label,
        "language": _language_of(phone, notes),
        "instruction": instruction,
        "hours": read_kept_hours(attributes.fact("phone-hours")),
    }


def _kind(said_kind: str, number: str) -> PhoneKind:
    if number == "711":
        return PhoneKind.RELAY
    try:
        return PhoneKind(said_kind)
    except ValueError:
        pass
    words = _NOT_IN_KIND.split(said_kind.casefold())
    found = [_KINDS[word] for word in ("-".join(words), *words) if word in _KINDS]
    return found[0] if found else PhoneKind.VOICE


def _language_of(phone: Record, notes: Notes) -> str | None:
    held = phone.get("languages") or phone.get("language")
    if isinstance(held, str):
        return find_language(held)
    codes = [code for one in records(held) if (code := _code(one))]
    if len(codes) > 1:
        message = N_("A number keeps one language here; these were left out: {values}.")
        notes.hint(phone, "languages", message, values=", ".join(codes[1:]))
    return codes[0] if codes else None


def read_languages(record: Record, owner: str, notes: Notes) -> tuple[list[dict[str, Any]], str]:
    """Give the documents of languages that staff speak, and in words what is no language we know.

    Such words are most often about interpreters: “Language line”, “Accommodations possible”.
    """
    words: list[str] = []
    documents: dict[str, dict[str, Any]] = {}
    for spoken in records(record.get("languages"), text_as="name"):
        code = _code(spoken)
        if code is None:
            words.append(said(spoken, "name", "code"))
            _not_known(spoken, notes, words[-1])
            continue
        own = said(spoken, "id")
        identity = own if is_uuid(own) else derived_uuid(owner, "language", code)
        note = said(spoken, "note") or None
        documents.setdefault(code, {"id": identity, "code": code, "note": note})
    for word in _BETWEEN.split(said(record, "languages_text")):
        name = word.strip(" .")
        bare, _paren, note = name.partition("(")
        code = find_language(bare)
        if code is not None:
            note = note.removesuffix(")").strip(" .") or None
            document = {"id": derived_uuid(owner, "language", code), "code": code, "note": note}
            documents.setdefault(code, document)
        elif name and name.casefold() not in NOTHING:
            words.append(name)
            _not_known(record, notes, name)
    return list(documents.values()), "; ".join(dict.fromkeys(filter(None, words)))


def _not_known(part: Record, notes: Notes, name: str) -> None:
    notes.hint(part, "languages", N_("“{value}” is not a language we know; it stays in words."), value=name)


def _code(spoken: Record) -> str | None:
    code = said(spoken, "code").casefold().split("-")[0]
    if code in _codes():
        return code
    return find_language(said(spoken, "name")) or find_language(code)


@lru_cache(maxsize=10_000)
def find_language(name: str) -> str | None:
    """Give the ISO 639 code of a language by its English or Spanish name, or by its code."""
    folded = name.strip(" .").casefold()
    if folded in _codes():
        return folded
    return _FURTHER_NAMES.get(folded) or _names().get(folded)


@cache
def _names() -> dict[str, str]:
    names: dict[str, str] = {}
    for locale in ("es", "en"):
        for code, name in Locale(locale).languages.items():
            if "_" not in code and "-" not in code:
                names[name.casefold()] = code
    return names


@cache
def _codes() -> frozenset[str]:
    return frozenset(_names().values()) | frozenset(_FURTHER_NAMES.values())
