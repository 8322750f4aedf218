"""Trees of terms for phrases: the words themselves, what they mean, and the place of that name."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from functools import lru_cache

from services_dir.catalog.gazetteer import PlaceEntry
from services_dir.catalog.kinds import Access, Level, ProgramKind
from services_dir.search import analyzer
from services_dir.search.document import AREAS, OPTIONS, PHONES, TEXTS, option_term, own_number
from services_dir.search.lexicon import Lexicon
from services_dir.search.meanings import Key
from services_dir.search.needs import Segment, Strength, key_of, strength
from services_dir.search.query import Facet
from services_dir.search.stemming import stem
from services_dir.search.tree import And, DisjunctionMax, Or, Phrase, Term, Tree
from services_dir.search.vocabulary import ALL_SURVIVORS

# How much a match counts that is not the typed word itself.
_NUMBER = 3.0
_OPTION = 1.5
_OTHER_WORDS = 0.8
_MEANT_IN_NAME = 2.5  # a name says less where it holds only what a word means
_JOINED = 0.9
_FOR_ALL = option_term(Facet.POPULATION, ALL_SURVIVORS)
# Groups that find a place with what is for everybody.
_OPEN_GROUPS = {
    option_term(Facet.POPULATION, group)
    for group in ("adults", "families-with-children", "lgbtq", "men", "women")
}
# Where somebody begins who does not say what is needed.
_DOOR = option_term(Facet.CATEGORY, "crisis-hotline")
_DOOR_WEIGHT = 2.0
_ABOUT = "trafficking"  # what this directory is for
# The lines of the state, which know where to send people on.
_LINES = (option_term(Facet.LEVEL, Level.STATE), _DOOR)
# What is near, for everybody and can be called goes before federal pages, laws and lines for some.
CLOSE = Or(
    (
        Term(OPTIONS, option_term(Facet.LEVEL, Level.STATE), 1.6),
        Term(OPTIONS, option_term(Facet.LEVEL, Level.REGIONAL), 0.8),
        Term(OPTIONS, option_term(Facet.LEVEL, Level.LOCAL), 0.8),
        Term(OPTIONS, ProgramKind.PROGRAM.value, 1.2),
        Term(OPTIONS, _FOR_ALL, 1.6),
        Term(OPTIONS, option_term(Facet.ACCESS, Access.PHONE), 0.7),
        And(tuple(Term(OPTIONS, text) for text in _LINES)),
    )
)
_TIERS = (2.5, 1.7, 1.0, 0.5)
_MAY_STAND, _MAY_MEAN = 0.3, 1.0  # small words and people
_AROUND_STANDS, _AROUND_MEANS = 1.0, 0.8  # what is not needed, but tells one program from another
_IN_PHRASE = 0.3

_MOST_OPTIONS = 6
_MOST_MEANT = 12  # of all phrases together
_MOST_PLACES = 3


@dataclass
class PhraseTrees:
    """Makes the trees of one text, and notes what they hold.

    `stems` are those of words that were typed or mean just the same, `meant` those of phrases that do;
    `bonus` is what parts of phrases add to a score.
    """

    lexicon: Lexicon
    stems: set[str] = field(default_factory=set)
    meant: set[frozenset[str]] = field(default_factory=set)
    places: list[tuple[PlaceEntry, Segment]] = field(default_factory=list)
    bonus: list[Tree] = field(default_factory=list)
    room: int = _MOST_MEANT

    @property
    def is_need(self) -> bool:
        """Tell whether a phrase stood for other words."""
        return self.room < _MOST_MEANT

    def tree(self, segment: Segment, weight: float = 1.0) -> Tree:
        """Give what stands for a phrase: its words, what it means, and the place of that name."""
        key = key_of(segment)
        place = self.lexicon.place_of(key)
        meant = self._meant(key) if place is None else ()
        parts: list[Tree] = [self._all_of(segment, weight, _IN_PHRASE if meant else 1.0)]
        parts += self._options(key, _OPTION * weight)
        for others in meant:
            self._note(others)
            parts.append(_all_texts(others, _OTHER_WORDS * weight))
            parts += self._options(others, _OPTION * _OTHER_WORDS * weight)
        if len(key) > 1:
            self.bonus += [any_text(word, _MAY_STAND) for word in key]
            joined = "".join(key)
            if self.lexicon.spelling.knows(joined):
                parts.append(any_text(joined, _JOINED * weight))
        if place is not None and len(self.places) < _MOST_PLACES:
            self.places.append((place, segment))
            name = tuple(analyzer.terms(place.name))
            if name != key:
                self._note(name)
                parts.append(_all_texts(name, weight))
            parts += self._areas(place)
        return Or(tuple(parts)) if len(parts) > 1 else parts[0]

    def door(self, segments: Collection[Segment]) -> Tree:
        """Give where somebody begins who does not say what is needed, and who says these words."""
        words = [word for one in segments for word in key_of(one)]
        self.stems.update(map(stem, words))
        said = tuple(any_text(word, _MAY_STAND) for word in words)
        lines = And(tuple(Term(OPTIONS, text) for text in _LINES))
        return Or((*said, Term(OPTIONS, _DOOR, _DOOR_WEIGHT), lines, any_text(_ABOUT, _MAY_STAND)))

    def leaning(self, segment: Segment) -> Tree:
        """Give what adds to the score of a program that holds a phrase which none needs to hold."""
        key = key_of(segment)
        is_telling = strength(segment) >= Strength.AROUND
        stands, means = (_AROUND_STANDS, _AROUND_MEANS) if is_telling else (_MAY_STAND, _MAY_MEAN)
        return Or((*(any_text(word, stands) for word in key), *self._options(key, means)))

    def _note(self, others: Key) -> None:
        stems = frozenset(map(stem, others))
        if len(stems) > 1:
            self.meant.add(stems)
        else:
            self.stems |= stems

    def _meant(self, key: Key) -> tuple[Key, ...]:
        """Give what a phrase stands for; of many phrases less and less, so that no text takes long."""
        meant = self.lexicon.meanings.others_of(key)[: self.room]
        self.room -= len(meant)
        return meant

    def _all_of(self, segment: Segment, weight: float, alone: float) -> Tree:
        """Give all words of a phrase; what each means `alone` counts less where the phrase means more."""
        trees: list[Tree] = []
        for word in segment:
            self.stems.add(stem(word.text))
            self.stems.update(stem(other) for other, _weight in word.others)
            if word.others:
                trees.append(DisjunctionMax(tuple(any_text(text, weight * one) for text, one in word.others)))
            elif len(segment) == 1:
                trees.append(any_text(word.text, weight))
            else:
                trees.append(self.tree((word,), weight * alone))
        return And(tuple(trees)) if len(trees) > 1 else trees[0]

    def _options(self, key: Key, weight: float) -> list[Tree]:
        """Give the options that a phrase means; what is for everybody is for each group as well."""
        options = self.lexicon.meanings.options_of(key)[:_MOST_OPTIONS]
        if not options:
            return []
        terms = [Term(OPTIONS, option, weight) for option in options]
        if _OPEN_GROUPS.issuperset(options):
            terms.append(Term(OPTIONS, _FOR_ALL, _MAY_STAND * weight))
        return [DisjunctionMax(tuple(terms))]

    def _areas(self, place: PlaceEntry) -> list[Tree]:
        """Give the areas by which a program serves a place; the nearest counts most."""
        tiers = self.lexicon.gazetteer.tiers(place.key)
        areas = [
            Term(AREAS, key, weight)
            for keys, weight in zip(tiers, _TIERS, strict=True)
            for key in sorted(keys)
            if key in self.lexicon.areas
        ]
        return [DisjunctionMax(tuple(areas))] if areas else []


def number_tree(digits: str) -> Tree:
    """Give a phone number: whose it is goes before those who only name it."""
    numbers = (Term(PHONES, digits, _NUMBER), Term(PHONES, own_number(digits), _NUMBER))
    return Or((*numbers, *(Term(name, digits, weight) for name, weight in TEXTS.items())))


@lru_cache(maxsize=4096)
def any_text(word: str, weight: float = 1.0, in_name: float = TEXTS["name"]) -> Tree:
    """Give a word in any text; one with digits may also be a number to call."""
    text = stem(word)
    terms = [Term(name, text, weight * boost) for name, boost in {**TEXTS, "name": in_name}.items()]
    if word.isdecimal():
        terms.append(Term(PHONES, word, weight * _NUMBER))
        terms.append(Term(PHONES, own_number(word), weight * _NUMBER))
    return Or(tuple(terms))


def phrase_tree(stems: tuple[str, ...], weight: float = 1.0, fields: Collection[str] = tuple(TEXTS)) -> Tree:
    """Give words that follow one another in some field."""
    return Or(tuple(Phrase(name, stems, weight * TEXTS[name]) for name in fields))


@lru_cache(maxsize=4096)
def _all_texts(words: Key, weight: float) -> Tree:
    trees = tuple(any_text(word, weight, _MEANT_IN_NAME) for word in words)
    return And(trees) if len(trees) > 1 else trees[0]
