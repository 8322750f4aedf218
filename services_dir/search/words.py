"""What was typed in the box for words, as trees of terms: phrases, meanings, places, numbers, slips.

Nothing that is typed is an error, and nothing makes a tree large: words, alternatives and corrections
are bounded. The same text gives the same trees.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from services_dir.catalog.gazetteer import PlaceEntry
from services_dir.search import analyzer
from services_dir.search.corrections import Corrector, ages_in_words
from services_dir.search.lexicon import Lexicon
from services_dir.search.needs import Strength, key_of, needed, segments_of, strength
from services_dir.search.phrases import CLOSE, PhraseTrees, any_text, number_tree, phrase_tree
from services_dir.search.query import MAXIMUM_WORDS
from services_dir.search.small_words import STOP_WORDS
from services_dir.search.stemming import stem
from services_dir.search.tree import Tree

_TOGETHER = 0.5  # for words that follow one another as they were typed
_QUOTES = str.maketrans(dict.fromkeys("“”„«»", '"'))
_PART = re.compile(r'(?<!\S)(-?)"([^"]*)"?|(\S+)')


@dataclass(frozen=True)
class Understood:
    """What was typed: trees of which each is to be found, and those that must not be.

    `bonus` adds to the score of what is found. `place` is a place named among the words and `rest` the
    text without it; `suggestion` is the text as it may have been meant. Words with one of `stems` are to be
    marked in texts, and those of a phrase of `meant` where they stand together. `phrases` are the words, as
    typed, that are asked for together; `is_need` tells whether one of them stands for other words.
    """

    wanted: tuple[Tree, ...] = ()
    unwanted: tuple[Tree, ...] = ()
    bonus: tuple[Tree, ...] = ()
    place: PlaceEntry | None = None
    rest: str = ""
    suggestion: str | None = None
    stems: frozenset[str] = frozenset()
    meant: frozenset[frozenset[str]] = frozenset()
    phrases: tuple[tuple[str, ...], ...] = ()
    is_cut: bool = False
    is_need: bool = False

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing is looked for and nothing left out."""
        return not self.wanted and not self.unwanted


def read(text: str, lexicon: Lexicon) -> Understood:
    """Understand what was typed."""
    return _Reading(text, lexicon, PhraseTrees(lexicon)).understood()


@dataclass
class _Reading:
    """One text while it is read."""

    text: str
    lexicon: Lexicon
    trees: PhraseTrees
    wanted: list[Tree] = field(default_factory=list)
    unwanted: list[Tree] = field(default_factory=list)
    corrections: dict[str, str] = field(default_factory=dict)
    phrases: list[tuple[str, ...]] = field(default_factory=list)
    has_number: bool = False

    def understood(self) -> Understood:
        """Give what the text says."""
        rest, numbers = analyzer.split_numbers(self.text.translate(_QUOTES))
        rest = analyzer.join_letters(ages_in_words(rest))
        self.wanted += [number_tree(digits) for digits in numbers]
        self.has_number = bool(numbers)
        room = MAXIMUM_WORDS
        run: list[str] = []
        for match in _PART.finditer(rest):
            minus, quoted, plain = match[1], match[2], match[3]
            is_unwanted = bool(minus) or (plain or "").startswith("-")
            words = analyzer.terms(quoted if plain is None else plain)
            words, room = words[:room], room - len(words)
            if plain is None or is_unwanted:
                self._take_exactly(words, is_unwanted)
            else:
                run += words
            if room < 0:
                break
        self._take_run(run, is_open=not rest.endswith((" ", '"')))
        if self.wanted:
            self.trees.bonus.append(CLOSE)
        place, segment = self.trees.places[0] if self.trees.places else (None, ())
        return Understood(
            wanted=tuple(self.wanted),
            unwanted=tuple(self.unwanted),
            bonus=tuple(self.trees.bonus),
            place=place,
            rest=_without(self.text, [word.typed for word in segment]),
            suggestion=_replaced(self.text, self.corrections),
            stems=frozenset(self.trees.stems),
            meant=frozenset(self.trees.meant),
            phrases=tuple(self.phrases),
            is_cut=room < 0,
            is_need=self.trees.is_need,
        )

    def _take_exactly(self, words: Sequence[str], is_unwanted: bool) -> None:
        """Take quoted words as a phrase, and unwanted ones as they stand."""
        if not words:
            return
        stems = tuple(map(stem, words))
        tree = phrase_tree(stems) if len(words) > 1 else any_text(words[0])
        (self.unwanted if is_unwanted else self.wanted).append(tree)
        if not is_unwanted:
            self.trees.stems.update(stems)

    def _take_run(self, typed: Sequence[str], *, is_open: bool) -> None:
        """Take words in any order: what means something together, and what is said around it."""
        corrector = Corrector(self.lexicon.spelling, self.lexicon.meanings)
        words = list(corrector.corrected(typed, is_open=is_open))
        self.corrections |= {
            word.typed: word.text for word in words if word.others and word.text != word.typed and word.typed
        }
        segments = segments_of(words, self.lexicon)
        wanted = needed(segments, self.lexicon)
        if self.has_number:  # "unknown caller" beside it is no need
            wanted = [one for one in wanted if self.lexicon.means_something(key_of(one))]
        self.wanted += [self.trees.tree(one) for one in wanted]
        if not wanted and segments and not self.wanted:
            self.wanted.append(self.trees.door(segments))
        self.phrases += [tuple(word.typed for word in one if word.typed) for one in wanted]
        others = [one for one in segments if one not in wanted]
        self.trees.bonus += [self.trees.leaning(one) for one in others if strength(one) is not Strength.ABOUT]
        self.trees.bonus += [self.trees.tree(one) for one in others if strength(one) is Strength.ABOUT]
        telling = {
            word.text for segment in segments if strength(segment) > Strength.PEOPLE for word in segment
        }
        for one, other in pairwise(words):
            if not telling.issuperset((one.text, other.text)):
                continue
            pair = (stem(one.text), stem(other.text))
            self.trees.bonus.append(phrase_tree(pair, _TOGETHER, ("name", "description")))


def _without(text: str, words: Collection[str]) -> str:
    """Give a text without some words, and without a small word that then ends it ("shelter in")."""
    kept = [part for part in text.split() if not words or not set(analyzer.terms(part)) & set(words)]
    while words and kept and set(analyzer.terms(kept[-1])) <= STOP_WORDS:
        kept.pop()
    return " ".join(kept)


def _replaced(text: str, corrections: Mapping[str, str]) -> str | None:
    """Give a text with words replaced; None if there is nothing to replace."""
    if not corrections:
        return None
    parts = []
    for part in text.split():
        terms = analyzer.terms(part)
        parts.append(corrections.get(terms[0], part) if len(terms) == 1 else part)
    return " ".join(parts)
