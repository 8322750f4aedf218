"""How many slips come back to the word that was meant: the commonest words, each with one letter wrong."""

from __future__ import annotations

import random
import string
from collections.abc import Iterator
from dataclasses import dataclass

from services_dir.search.corrections import Corrector
from services_dir.search.lexicon import Lexicon
from services_dir.search.spelling import Spelling
from services_dir.search.stemming import stem

_WORDS, _SHORTEST = 400, 5
_SEED = 20


@dataclass(frozen=True)
class Slip:
    """A word, how it was typed, and what was looked for."""

    word: str
    typed: str
    found: tuple[str, ...]

    @property
    def is_first(self) -> bool:
        """Tell whether the word, in any form, was taken first."""
        return bool(self.found) and stem(self.found[0]) == stem(self.word)

    @property
    def is_found(self) -> bool:
        """Tell whether the word, in any form, is among what was looked for."""
        return stem(self.word) in map(stem, self.found)


def measure_slips(lexicon: Lexicon) -> tuple[Slip, ...]:
    """Type each of the commonest words with a slip that is no other word."""
    corrector = Corrector(lexicon.spelling, lexicon.meanings)
    slips = []
    for word, typed in _typed(lexicon.spelling):
        words = list(corrector.corrected([typed], is_open=False))
        found = [one for held in words for one in (held.text, *(other for other, _weight in held.others))]
        slips.append(Slip(word, typed, tuple(dict.fromkeys(found))))
    return tuple(slips)


def report_slips(slips: tuple[Slip, ...]) -> Iterator[str]:
    """Give the shares that come back, and some that do not."""
    first = sum(slip.is_first for slip in slips) / len(slips)
    found = sum(slip.is_found for slip in slips) / len(slips)
    yield f"{'slips':<14}{len(slips):>8}{first:>9.3f} taken first{found:>10.3f} looked for"
    missed = ", ".join(f"{slip.typed} ({slip.word})" for slip in slips if not slip.is_found)
    yield f"not looked for: {missed or 'none'}"


def _typed(spelling: Spelling) -> Iterator[tuple[str, str]]:
    chance = random.Random(_SEED)
    counts = {word: spelling.count(word) for layer in spelling.layers for word in layer.counts}
    words = [word for word in counts if len(word) >= _SHORTEST and word.isalpha() and counts[word]]
    for word in sorted(words, key=lambda one: (-counts[one], one))[:_WORDS]:
        typed = next(one for one in _slips(word, chance) if not spelling.knows(one))
        yield word, typed


def _slips(word: str, chance: random.Random) -> Iterator[str]:
    while True:
        at, letter = chance.randrange(1, len(word)), chance.choice(string.ascii_lowercase)
        yield chance.choice(
            (
                word[:at] + letter + word[at:],
                word[:at] + word[at + 1 :],
                word[:at] + letter + word[at + 1 :],
                word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :],
            )
        )
