"""From text to terms. One function for what is indexed and what is typed, so that both agree.

Nothing else knows how a term is made; `stemming` gives the forms of a word one shape.
"""

from __future__ import annotations

import re

from services_dir.search.stemming import stem
from services_dir.values import fold

# Part of the fingerprint: another value means that every index is built anew.
VERSION = 4

_WORD = re.compile(r"[a-z0-9]+(?:['\u2019][a-z0-9]+)*")
_DOTTED = re.compile(r"\b(?:[a-z]\.){2,}(?:[a-z]\b)?")  # U.S. and L.S.C.
_SIGNED = re.compile(r"(?<![\w&])([a-z]) ?& ?([a-z])(?![\w&])")  # L&M and Q & A
_PAIR = re.compile(r"\b([A-Z])[\w'\u2019]+ (?:&|and|y) ([A-Z])[\w'\u2019]+")  # Lawrence & Memorial
# Short codes in groups (2-1-1, 555-733), and seven digits and more, however they are grouped.
_NUMBER = re.compile(
    r"(?<![\w.-])(?P<code>\d-\d-\d|\d{3}[- ]\d{3}|\d\d-\d{3})(?![\w.-]| ?\d)"
    r"|(?<![\w.-])\+?\(?\d[\d\s().\-]{5,}\d(?![\w-])"
)
_TOLL_FREE = re.compile(
    r"(?<![\w-])(?:\+?1[-. ])?(8\d\d)(?:[-.]([a-z0-9-]*[a-z][a-z0-9-]*)"
    r"|[-. ](\d{3}[-. ][a-z]{4}|(?=[\d-]*[a-z])[a-z\d]+(?:-[a-z\d]+)+)(?!\w))"
)
# With the 1 before it there is no doubt, however the seven are grouped: 1800RUNAWAY, 1 800 RUN AWAY.
_LONG_DISTANCE = re.compile(
    r"(?<![\w-])\+?1[-. ]?(8\d\d)[-. ]?((?=[\d .-]*[a-z])[a-z\d](?:[-. ]?[a-z\d]){6})(?![a-z\d])"
)
_CAPITAL = re.compile(r"(?<![\w'\u2019])(?!The\b|[A-Z]{2})([A-Z])")  # "HHS" is letters already
_SHORTEST_ACRONYM = 3
_KEYPAD = str.maketrans("abcdefghijklmnopqrstuvwxyz", "22233344455566677778889999")
_LONGEST = 64


def terms(text: str) -> list[str]:
    """Give the terms of a text in their order: words in lower case without accents."""
    together = _DOTTED.sub(lambda match: match[0].replace(".", "") + " ", fold(text))
    return [_bare(word) for word in _WORD.findall(join_letters(together))]


def stems(text: str) -> list[str]:
    """Give the terms under which a text is indexed: the stem of each word, in their order."""
    return [stem(term) for term in terms(text)]


def join_letters(text: str) -> str:
    """Give a text in lower case with letters that have a sign between them as one word: "l & m" is "lm"."""
    return _SIGNED.sub(r"\1\2", text) if "&" in text else text


def initials(text: str) -> list[str]:
    """Give the letters by which names of two parts are called: "lm" for Lawrence & Memorial."""
    return [(one + other).lower() for one, other in _PAIR.findall(text)]


def acronyms(name: str) -> list[str]:
    """Give the letters by which a name of several words is called: "gld" for Greater Lowell Defenders."""
    found = ("".join(_CAPITAL.findall(part)).lower() for part in name.split(","))
    return [letters for letters in found if len(letters) >= _SHORTEST_ACRONYM]


def query_terms(text: str) -> list[str]:
    """Give the words of what was typed, each once; a phone number in any notation is one of them."""
    rest, numbers = split_numbers(text)
    return list(dict.fromkeys([*numbers, *terms(rest)]))


def split_numbers(text: str) -> tuple[str, list[str]]:
    """Give a text without the phone numbers in it, in whatever notation, and the digits of each."""
    found: list[str] = []

    def take(match: re.Match[str]) -> str:
        digits = national_digits(match[0])
        if match["code"] is None and len(digits) not in (3, 7, 10):
            return match[0]
        found.append(digits)
        return " "

    return _NUMBER.sub(take, _spelled_out(fold(text))), found


def _spelled_out(text: str) -> str:
    """Give a text with the letters of a toll-free number as digits: 1-800-RUNAWAY."""

    def dial(match: re.Match[str]) -> str:
        letters = next(filter(None, match.groups()[1:]))
        digits = re.sub("[-. ]", "", letters).translate(_KEYPAD)
        return f"{match[1]}-{digits[:7]}" if len(digits) >= 7 else match[0]

    return _LONG_DISTANCE.sub(dial, _TOLL_FREE.sub(dial, text))


def typed_number(text: str) -> str | None:
    """Give the digits if one phone number was typed, among words too ("who is 860-555-0100")."""
    plain = _spelled_out(fold(text)).strip()
    if not plain or not all(c.isdecimal() or c in "+()-. " for c in plain):
        _rest, numbers = split_numbers(text)
        return numbers[0] if len(numbers) == 1 else None
    digits = national_digits(plain)
    return digits if len(digits) >= 3 else None


def national_digits(number: str) -> str:
    """Give the digits of a number without the country code that is left out in national use."""
    digits = "".join(c for c in number if c in "0123456789")
    return digits[1:] if len(digits) == 11 and digits.startswith("1") else digits


def number_terms(number: str) -> list[str]:
    """Give the terms under which a stored number is found: its digits, and those dialled locally."""
    digits = national_digits(number)
    return [digits, digits[3:]] if len(digits) == 10 else [digits]


def _bare(word: str) -> str:
    return word.replace("'", "").replace("\u2019", "")[:_LONGEST]
