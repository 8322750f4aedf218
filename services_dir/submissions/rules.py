"""Pure decisions about what is sent: words that point out something to coordinators, and doubtful texts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from services_dir.catalog.draft import Draft, to_builtins
from services_dir.catalog.kinds import Visibility
from services_dir.catalog.rules import looks_like_street
from services_dir.errors import N_
from services_dir.values import Labelled, sha256


class Flag(Labelled):
    """What coordinators must notice about a submission."""

    ADDRESS_IN_TEXT = "address_in_text", N_("A text may tell a confidential address")
    VICTIM_STORY = "victim_story", N_("A text may tell of a person who was harmed")
    SIMILAR = "similar", N_("There are similar listings")
    HOTLINE_SILENT = "hotline_silent", N_("A hotline does not answer")
    NUMBER_SILENT = "number_silent", N_("A number does not answer")
    WRONG_NUMBER = "wrong_number", N_("A number is wrong")
    WRONG_ADDRESS = "wrong_address", N_("An address is wrong")
    CLOSED = "closed", N_("It may be closed")
    ADDRESS_EXPOSED = "address_exposed", N_("An address that should be secret is shown")
    UNSAFE = "unsafe", N_("It may be unsafe or fake")
    OTHER = "other", N_("Something else is wrong")


# A person may come to harm while these wait: coordinators are told by mail at once.
URGENT = frozenset((Flag.HOTLINE_SILENT, Flag.ADDRESS_EXPOSED, Flag.UNSAFE))


@dataclass(frozen=True)
class Doubt:
    """A sentence that may tell too much: why, where it stands (a path of the draft), and as it was typed."""

    flag: Flag
    path: str
    sentence: str

    @property
    def mark(self) -> str:
        """Give what stands for this sentence in a form: who ticks it means this one and no later one."""
        return sha256(f"{self.flag}\0{self.sentence}")[:16]


_END = re.compile(r"(?<=[.!?])\s+|\n+")
# Words whose first letter is small are meant as they are; a name begins with a capital.
_PERSON = (
    r"(?:client|victim|survivor|resident|patient|guest|girl|boy|woman|man|daughter|son|sister|brother|niece"
    r"|friend|clienta?e?|v[íi]ctima|sobreviviente|paciente|hij[ao]|herman[ao]|sobrin[ao]|amig[ao]"
    r"|muchach[ao]|chic[ao]|niñ[ao]|mujer|hombre)"
)
_OWNER = r"(?:[Mm]y|[Oo]ur|[Hh]er|[Hh]is|[Oo]ne|[Aa]|[Tt]he|[Mm]i|[Nn]uestr[oa]|[Ss]u|[Uu]na?|[Ll]a|[Ee]l)"
_NAME = r"[A-ZÁÉÍÓÚÑ][a-záéíóúñ]+"
_HARMED = (
    r"(?:trafficked|raped|sold|forced|abused|beaten|kidnapped|rescued|exploited|assaulted|pregnant"
    r"|traficad[ao]|violad[ao]|vendid[ao]|obligad[ao]|forzad[ao]|abusad[ao]|golpead[ao]|secuestrad[ao]"
    r"|rescatad[ao]|explotad[ao]|embarazada)"
)
_STORIES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b{_OWNER} {_PERSON},? (?:named |called |llamad[ao] )?{_NAME}\b",
        rf"\b(?i:{_PERSON}),? {_NAME},? (?:who is |de )?\d{{1,2}}\b",
        rf"\b{_NAME}(?:,|,? age|,? aged|,? de) \d{{1,2}}(?:,| years| años| y/?o\b)",
        rf"\b(?i:she|he|ella|él) (?i:was|is|got|has been|had been|fue|está|estaba|ha sido) {_HARMED}",
        rf"\b(?:I|[Yy]o) (?:was|have been|fui|he sido) {_HARMED}",
        r"\b(?i:her|his|my|su|mi) (?i:trafficker|pimp|abuser|captor|tratante|proxeneta|abusador|captor)\b",
        r"\b(?i:my|our|mi|nuestr[oa]) (?i:client|victim|clienta|víctima) (?i:is|was|has|es|fue|tiene)\b",
        r"\b(?i:case|file|docket) ?(?i:number|no\.?|#) ?#?\w*\d",
        r"\b(?i:caso|expediente) ?(?i:número|núm\.?|no\.|#)? ?\d{3}",
        r"\b(?i:date of birth|DOB|born on|fecha de nacimiento|nacid[ao] el)\b",
        r"\b\d{3}-\d{2}-\d{4}\b",
        r"\bA[- ]?\d{8,9}\b",
    )
)
_PLACES = re.compile(
    r"\b(?:calle|avenida|av\.|callejón|carretera) +\w[\w.'-]*"
    r"|\b(?:corner|esquina) (?:of|de) \w+ (?:and|y|con) \w+"
    r"|\b(?:apt|apartment|apartamento|apto|suite)\.? *#?\d+",
    re.IGNORECASE,
)
# Texts of a place whose address may be known, and what is no text.
_SAID_OPENLY = frozenset(("street", "city", "state", "postal_code", "access_notes"))
_NO_TEXT = frozenset(
    ("id", "location_id", "slug", "url", "email", "number", "zone", "place", "town", "region")
)


def find_doubts(draft: Draft, message: str = "") -> list[Doubt]:
    """List sentences that may tell a confidential address, or tell of a person who was harmed.

    `message` is what the sender tells coordinators. Only a listing with a confidential place has an
    address to hide.
    """
    document = to_builtins(draft)
    is_secret = any(site.get("visibility") == Visibility.AREA_ONLY for site in document.get("sites", ()))
    texts = [*_texts(document), ("message", message)]
    return list(dict.fromkeys(doubt for path, text in texts for doubt in doubts_about(text, path, is_secret)))


def doubts_about(text: str, path: str, is_secret: bool) -> Iterator[Doubt]:
    """Give the doubtful sentences of one text; an address is doubtful where one must stay secret."""
    for sentence in filter(None, map(str.strip, _END.split(text))):
        if is_secret and (looks_like_street(sentence) or _PLACES.search(sentence)):
            yield Doubt(Flag.ADDRESS_IN_TEXT, path, sentence)
        if any(story.search(sentence) for story in _STORIES):
            yield Doubt(Flag.VICTIM_STORY, path, sentence)


def flags_of_report(chosen: Flag, *, is_hotline: bool) -> set[Flag]:
    """Give the flags of a problem report; a hotline that does not answer is urgent."""
    return {chosen} | ({Flag.HOTLINE_SILENT} if is_hotline and chosen is Flag.NUMBER_SILENT else set())


def join_flags(flags: Iterator[Flag] | set[Flag] | frozenset[Flag]) -> str:
    """Give flags as a submission keeps them, each once, in the order of the list."""
    held = set(flags)
    return ",".join(flag.value for flag in Flag if flag in held)


def read_flags(flags: str) -> list[Flag]:
    """Give the flags a submission keeps; words that are none are left out."""
    known = set(flags.split(","))
    return [flag for flag in Flag if flag.value in known]


def _texts(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Give each text of a document with its path; a part of a list is named by its identity."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, list):
        for index, item in enumerate(value):
            key = item.get("id", index) if isinstance(item, dict) else index
            yield from _texts(item, f"{path}.{key}")
    elif isinstance(value, dict):
        left_out = _NO_TEXT | (_SAID_OPENLY if value.get("visibility") == Visibility.PUBLIC else set())
        for name, item in value.items():
            if name not in left_out:
                yield from _texts(item, f"{path}.{name}" if path else name)
