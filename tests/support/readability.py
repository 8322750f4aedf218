"""How easy a text is to read: Flesch-Kincaid for English, INFLESZ for Spanish.

English: grade = 0.39 words per sentence + 11.8 syllables per word - 15.59 (Kincaid, Fishburne, Rogers and
Chissom 1975, "Derivation of new readability formulas", Naval Technical Training Command). Syllables are
counted by rule, not looked up: groups of vowels, less letters that are not said, plus vowels said apart.

Spanish: score = 206.835 - 62.3 syllables per word - words per sentence (Szigriszt Pazos 1993, "Sistemas
predictivos de legilibilidad del mensaje escrito"), read on the INFLESZ scale (Barrio-Cantalejo and others
2008, Anales del Sistema Sanitario de Navarra 31): 55 and more is "normal", 65 "quite easy", 80 "very easy".
"""

from __future__ import annotations

import re

NORMAL = 55.0  # the least score that INFLESZ calls normal
GRADE = 8.0  # the highest grade of school that a text may need

_SENTENCE = re.compile(r"[.!?:;](?:\s|$)|\n")
_WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
_VOWELS = re.compile(r"[aeiouy]+")
# Endings of English words that are written and not said, and two vowels that are said apart or that are one.
_SILENT_E = re.compile(r"(?<![^aeiouy]l)e$")
_SILENT_ES = re.compile(r"(?<![cgsxz])(?<!ch)(?<!sh)(?<![^aeiouy]l)es$")
_SILENT_ED = re.compile(r"(?<![dt])ed$")
_SILENT_INSIDE = re.compile(r"(?<=[^aeiouy])e(?=(?:ly|ful|less|ment|body|thing|where|one|times)$)")
_APART = re.compile(r"i[aou]|ie[nt]|eo|ea$|ua|ue[nl]|yi|oi[nr]g|[^aeiouy]ism$")
_TOGETHER = re.compile(r"[cgstx]i(?:o|a)|qu[aei]|gua")
_KNOWN = {
    "coordinator": 5,
    "create": 2,
    "created": 3,
    "cooperate": 4,
    "every": 2,
    "people": 2,
    "quiet": 2,
    "real": 1,
}
_STRONG, _WEAK = "aáeéoóíú", "iuü"
_HARD = re.compile(r"(?<=[qg])u(?=[eéií])")  # in "quien" and "seguir" the u is not said


def grade(text: str) -> float:
    """Give the grade of school that an English text needs."""
    sentences, words = _counts(text)
    syllables = sum(english_syllables(word) for word in words)
    return 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59


def inflesz(text: str) -> float:
    """Give the ease of a Spanish text: the higher, the easier."""
    sentences, words = _counts(text)
    syllables = sum(spanish_syllables(word) for word in words)
    return 206.835 - 62.3 * syllables / len(words) - len(words) / sentences


def words_of(text: str) -> list[str]:
    """Give the words of a text; figures and signs are none."""
    return _WORD.findall(text)


def english_syllables(word: str) -> int:
    """Count the syllables of an English word."""
    lower = word.lower().replace("’", "'").removesuffix("'s")
    if "-" in lower:
        return sum(english_syllables(part) for part in lower.split("-") if part)
    if lower.removesuffix("s") in _KNOWN:
        return _KNOWN[lower.removesuffix("s")]
    said = lower
    for silent in (_SILENT_ES, _SILENT_ED, _SILENT_E):
        shorter = silent.sub("", lower)
        if shorter != lower and _VOWELS.search(shorter):
            said = shorter
            break
    said = _SILENT_INSIDE.sub("", said)
    return max(1, len(_VOWELS.findall(said)) + len(_APART.findall(said)) - len(_TOGETHER.findall(said)))


def spanish_syllables(word: str) -> int:
    """Count the syllables of a Spanish word: strong vowels stand apart, weak ones join their neighbour."""
    lower = re.sub(r"y(?![aeiouáéíóú])", "i", _HARD.sub("", word.lower()))
    count, before = 0, ""
    for letter in lower:
        kind = (
            "accented"
            if letter in "íú"
            else "strong"
            if letter in _STRONG
            else "weak"
            if letter in _WEAK
            else ""
        )
        joins = (kind == "weak" and before in ("strong", "weak")) or (kind == "strong" and before == "weak")
        if kind and not joins:
            count += 1
        before = kind
    return max(1, count)


def _counts(text: str) -> tuple[int, list[str]]:
    words = words_of(text)
    parts = [part for part in _SENTENCE.split(text) if _WORD.search(part)]
    return max(1, len(parts)), words or ["a"]
