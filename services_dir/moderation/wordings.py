"""Doubts about the words and addresses of a draft: advertising, hard reading, free mail, hidden websites."""

from __future__ import annotations

import re
from collections.abc import Iterator

from services_dir.catalog.draft import Draft, OrganizationDraft
from services_dir.catalog.rules import Problem
from services_dir.catalog.similar import host_of
from services_dir.errors import N_

# Read without effort by most adults: the public pages aim at this school grade.
HIGHEST_GRADE = 9.5
_FEWEST_WORDS = 30  # of fewer no grade can be told

_WORD = re.compile(r"[A-Za-z']+")
_SENTENCE_END = re.compile(r"[.!?]+(?:\s|$)|\n+")
_VOWELS = re.compile(r"[aeiouy]+")
_PROMOTIONAL = re.compile(
    r"\b(?:award[- ]winning|best[- ]in[- ]class|the best|leading provider|premier|world[- ]class|number one"
    r"|cutting[- ]edge|state[- ]of[- ]the[- ]art|unparalleled|unmatched|guaranteed?|act now|limited time"
    r"|don't miss|lowest prices?|donate now|risk[- ]free|miracle|proud(?:ly)? to)\b",
    re.IGNORECASE,
)
_FREE_MAIL = frozenset(
    (
        "gmail.com googlemail.com yahoo.com outlook.com hotmail.com live.com msn.com icloud.com me.com "
        "aol.com proton.me protonmail.com gmx.com gmx.net mail.com yandex.com zoho.com tutanota.com mail.ru"
    ).split()
)
_SHORTENERS = frozenset(
    (
        "bit.ly tinyurl.com t.co goo.gl ow.ly is.gd buff.ly rebrand.ly cutt.ly rb.gy shorturl.at tiny.cc "
        "lnkd.in s.id t.ly linktr.ee bl.ink"
    ).split()
)


def doubts_of(draft: Draft) -> list[Problem]:
    """List what a reviewer should look at twice; nothing of it keeps a draft from being published."""
    return list(_doubts(draft))


def reading_grade(text: str) -> float | None:
    """Give the American school grade for which an English text reads easily (Flesch-Kincaid); None if short.

    Kincaid and others, "Derivation of new readability formulas", 1975.
    """
    words = _WORD.findall(text)
    if len(words) < _FEWEST_WORDS:
        return None
    sentences = sum(bool(_WORD.search(part)) for part in _SENTENCE_END.split(text))
    syllables = sum(_syllables(word.lower()) for word in words)
    return 0.39 * len(words) / max(sentences, 1) + 11.8 * syllables / len(words) - 15.59


def _doubts(draft: Draft) -> Iterator[Problem]:
    for path, text in _texts(draft):
        found = _PROMOTIONAL.search(text)
        if found is not None:
            message = N_("“{value}” reads like advertising.")
            yield Problem(path, message, {"value": found.group()}, is_warning=True)
        is_english = path.split(".")[1] == "en"
        grade = reading_grade(text) if is_english else None
        if grade is not None and grade > HIGHEST_GRADE:
            message = N_(
                "This text reads like school grade {grade}. Shorter sentences and words help; aim at 8."
            )
            yield Problem(path, message, {"grade": round(grade)}, is_warning=True)
    for path, email in _emails(draft):
        host = email.rpartition("@")[2].lower()
        if host in _FREE_MAIL:
            message = N_("The mail address is with a free service ({value}): anybody can have one.")
            yield Problem(path, message, {"value": host}, is_warning=True)
    for path, url in _urls(draft):
        if host_of(url) in _SHORTENERS:
            message = N_("A short link hides where it leads: {value}")
            yield Problem(path, message, {"value": url}, is_warning=True)


def _texts(draft: Draft) -> Iterator[tuple[str, str]]:
    if isinstance(draft, OrganizationDraft):
        for language, text in draft.descriptions.items():
            yield f"descriptions.{language}", text
        return
    for language, said in draft.texts.items():
        for name in ("name", "description", "eligibility", "how_to_apply", "what_happens", "cost"):
            yield f"texts.{language}.{name}", getattr(said, name)


def _emails(draft: Draft) -> Iterator[tuple[str, str]]:
    if draft.email:
        yield "email", draft.email
    new = None if isinstance(draft, OrganizationDraft) else draft.new_organization
    if new is not None and new.email:
        yield "new_organization.email", new.email


def _urls(draft: Draft) -> Iterator[tuple[str, str]]:
    if draft.url:
        yield "url", draft.url
    if isinstance(draft, OrganizationDraft):
        return
    for link in draft.links:
        yield "links", link.url
    if draft.new_organization is not None and draft.new_organization.url:
        yield "new_organization.url", draft.new_organization.url


def _syllables(word: str) -> int:
    count = len(_VOWELS.findall(word))
    if word.endswith("e") and not word.endswith("le") and count > 1:
        count -= 1
    return max(count, 1)
