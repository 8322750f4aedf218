"""Which of the words typed a program must hold: they are cut into phrases, and the phrases weighed."""

from __future__ import annotations

from collections.abc import Sequence, Set
from enum import IntEnum
from functools import lru_cache

from services_dir.search.corrections import Word
from services_dir.search.document import option_term
from services_dir.search.lexicon import Lexicon
from services_dir.search.meanings import LONGEST, Key
from services_dir.search.query import Facet
from services_dir.search.small_words import (
    ABOUT_WORDS,
    AROUND_WORDS,
    ASKING_WORDS,
    CASE_WORDS,
    PEOPLE_WORDS,
    SPEAKING_WORDS,
    STOP_WORDS,
    TOLD_WORDS,
    WEAK_WORDS,
)
from services_dir.search.vocabulary import INTERPRETER

_INTERPRETERS = option_term(Facet.LANGUAGE, INTERPRETER)
_ENGLISH = frozenset(("english", "ingles"))

Segment = tuple[Word, ...]  # words that mean something together, or one word


class Strength(IntEnum):
    """How much of a need a phrase says."""

    NOTHING = 0
    PEOPLE = 1  # who is part of it, or what it is a case of
    ABOUT = 2  # that somebody was trafficked: all of this catalog is for them
    AROUND = 3  # where, or with what, it happens
    NEED = 4


def key_of(segment: Segment) -> Key:
    """Give the words of a phrase as they are looked up."""
    return tuple(word.text for word in segment)


def strength(segment: Segment) -> Strength:
    """Tell how much of a need a phrase says."""
    return _strength(key_of(segment))


@lru_cache(maxsize=4096)
def _strength(key: Key) -> Strength:
    if ABOUT_WORDS.issuperset(key):
        return Strength.ABOUT
    if len(key) > 1:
        return Strength.NEED
    text = key[0]
    if text in WEAK_WORDS or text in STOP_WORDS:
        return Strength.NOTHING
    if _is_in(PEOPLE_WORDS, text) or text in CASE_WORDS:
        return Strength.PEOPLE
    return Strength.AROUND if _is_in(AROUND_WORDS, text) else Strength.NEED


def _is_in(words: Set[str], text: str) -> bool:
    return text in words or text.removesuffix("s") in words


def segments_of(words: Sequence[Word], lexicon: Lexicon) -> list[Segment]:
    """Cut the words into the longest phrases that mean something, and single words."""
    found = list(lexicon.meanings.phrases_in([word.text for word in words]))
    for start in range(len(words)):
        for end in range(start + 2, min(start + LONGEST, len(words)) + 1):
            if lexicon.means_something(key_of(tuple(words[start:end]))):
                found.append(tuple(range(start, end)))
    taken: set[int] = set()
    chosen: list[tuple[int, ...]] = []
    for one in sorted(found, key=lambda one: (-len(one), one[-1] - one[0], one)):
        if taken.isdisjoint(one):
            chosen.append(one)
            taken.update(one)
    chosen += [(position,) for position in range(len(words)) if position not in taken]
    return [tuple(words[position] for position in one) for one in sorted(chosen)]


def needed(segments: Sequence[Segment], lexicon: Lexicon) -> list[Segment]:
    """Give what a program must hold.

    A need rather than the people in it or small words; where somebody tells what happened, that rather
    than where or with what; and what means something to the tables rather than what does not.
    """
    most = max(map(strength, segments), default=Strength.NOTHING)
    if most is Strength.NOTHING:
        return []
    held = [one for one in segments if strength(one) >= min(most, Strength.ABOUT)]
    if most is Strength.NEED:
        held = [one for one in held if strength(one) is not Strength.ABOUT]
    held = [one for one in held if not _is_of_language(one, lexicon)] or held
    if any(_is_told(one, lexicon) for one in held):
        held = [one for one in held if strength(one) is Strength.NEED]
    if any(strength(one) is Strength.NEED and _is_known_need(one, lexicon) for one in held):
        held = [one for one in held if len(one) > 1 or lexicon.means_something(key_of(one))]
    return held


def _is_of_language(segment: Segment, lexicon: Lexicon) -> bool:
    """Tell whether a phrase says which language somebody speaks, or not: "no hablo inglés"."""
    key = key_of(segment)
    is_english = not _ENGLISH.isdisjoint(key) and not SPEAKING_WORDS.isdisjoint(key)
    return is_english or lexicon.meanings.options_of(key) == (_INTERPRETERS,)


def _is_told(segment: Segment, lexicon: Lexicon) -> bool:
    """Tell whether a phrase tells what happened: by itself, or in more words than one and an asking one."""
    key = key_of(segment)
    told = sum(word not in ASKING_WORDS for word in key) > 1 or not TOLD_WORDS.isdisjoint(key)
    return told and _is_known_need(segment, lexicon)


def _is_known_need(segment: Segment, lexicon: Lexicon) -> bool:
    key = key_of(segment)
    return lexicon.meanings.knows(key) and lexicon.place_of(key) is None
