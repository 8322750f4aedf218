"""The catalog's own words: which there are, and which of them is near to what was typed."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice

from services_dir.search.stemming import stem
from services_dir.values import one_edit

VERSION = 1  # of what is kept in the index: stems and sounds
# Words of four letters have too many neighbours; longer ones than this nobody types.
_SHORTEST, _LONGEST = 4, 24
# In a longer word the same sound may be written with two letters wrong.
_SHORTEST_BY_SOUND = 6
_MOST_ALIKE = 50  # words of the same sound that are looked at
_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"ph", "f"),
        (r"^h|gh", ""),
        (r"sh|[tcs]i(?=[aeou])", "x"),
        (r"ck|ch|c(?![eiy])|qu?", "k"),
        (r"[cz]", "s"),
        (r"g(?=[eiy])", "j"),
        (r"v", "b"),
        (r"(?<=.)[aeiouyhw]", ""),
        (r"(.)\1+", r"\1"),
    )
)


@dataclass(frozen=True)
class Layer:
    """Words with the number of programs that hold them, and what is needed to find near ones."""

    counts: Mapping[str, int]
    ordered: tuple[str, ...]
    stems: frozenset[str]
    by_sound: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, counts: Mapping[str, int]) -> Layer:
        """Build it from words and in how many programs each stands."""
        return cls.of_known(counts, map(stem, counts), map(sound_of, counts))

    @classmethod
    def of_known(cls, counts: Mapping[str, int], stems: Iterable[str], sounds: Iterable[str]) -> Layer:
        """Build it from words of which stems and sounds are known, in the same order."""
        by_sound: dict[str, list[str]] = defaultdict(list)
        for word, key in zip(counts, sounds, strict=True):
            if key:
                by_sound[key].append(word)
        return cls(
            counts=dict(counts),
            ordered=tuple(sorted(counts)),
            stems=frozenset(stems),
            by_sound={key: tuple(words) for key, words in by_sound.items()},
        )

    def shared(self, word: str) -> int:
        """Give how many letters of a word's beginning some word here begins with."""
        return bisect_right(range(1, len(word) + 1), False, key=lambda most: not self._begins(word[:most]))

    def _begins(self, start: str) -> bool:
        at = bisect_left(self.ordered, start)
        return at < len(self.ordered) and self.ordered[at].startswith(start)


@dataclass(frozen=True)
class Spelling:
    """The words of all segments, and others that people may type: a layer for each."""

    layers: tuple[Layer, ...]

    def has(self, word: str) -> bool:
        """Tell whether there is a word in just this form."""
        return any(word in layer.counts for layer in self.layers)

    def knows(self, word: str) -> bool:
        """Tell whether there is a word in any of its forms."""
        form = stem(word)
        return any(word in layer.counts or form in layer.stems for layer in self.layers)

    def count(self, word: str) -> int:
        """Give the number of programs that hold a word in this form."""
        return sum(layer.counts.get(word, 0) for layer in self.layers)

    def starting(self, start: str, most: int) -> tuple[str, ...]:
        """Give the words that begin so, those in most programs first; of each layer 400 are looked at."""
        found = set()
        for layer in self.layers:
            first = bisect_left(layer.ordered, start)
            for word in layer.ordered[first : first + 400]:
                if not word.startswith(start):
                    break
                found.add(word)
        return tuple(sorted(found, key=lambda word: (-self.count(word), word))[:most])

    def near(self, word: str, count: int) -> tuple[str, ...]:
        """Give the words one letter away, or of the same sound and two or three away; the nearest first."""
        if not _SHORTEST <= len(word) <= _LONGEST or not word.isalpha():
            return ()
        candidates = set(one_edit(word, max(layer.shared(word) for layer in self.layers)))
        # The view looks up each candidate, not each word.
        found = {one: 1 for layer in self.layers for one in layer.counts.keys() & candidates}
        if len(word) >= _SHORTEST_BY_SOUND:
            key = sound(word)
            alike = (one for layer in self.layers for one in layer.by_sound.get(key, ()))
            most = min(3, len(word) // 3)
            for candidate in islice(alike, _MOST_ALIKE):
                apart = distance(word, candidate) if abs(len(word) - len(candidate)) <= most else most + 1
                if apart <= most:
                    found.setdefault(candidate, apart)
        ranked = sorted(found, key=lambda one: (found[one], one[0] != word[0], -self.count(one), one))
        return tuple(ranked[:count])


def sound_of(word: str) -> str:
    """Give the sound of a word that is long enough to be found by it, else nothing."""
    return sound(word) if len(word) >= _SHORTEST_BY_SOUND - 1 else ""


def sound(word: str) -> str:
    """Give roughly how a word sounds in English or Spanish: consonants, alike where they sound alike."""
    for pattern, replacement in _SOUNDS:
        word = pattern.sub(replacement, word)
    return word


def distance(one: str, other: str) -> int:
    """Count the letters to add, drop, change or swap with the next to make one word the other."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            steps = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if before and j > 1 and a == other[j - 2] and one[i - 2] == b:
                steps = min(steps, before[j - 2] + 1)
            row.append(steps)
        before, last = last, row
    return last[-1]
