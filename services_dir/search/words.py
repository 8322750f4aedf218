"""What was typed in the box for words, as trees of terms: phrases, meanings, places, numbers, slips.

Nothing that is typed is an error, and nothing makes a tree large: words, alternatives and corrections
are bounded. The same text gives the same trees.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise

from services_dir.catalog.gazetteer import Gazetteer, PlaceEntry
from services_dir.catalog.kinds import Level, ProgramKind
from services_dir.search import analyzer
from services_dir.search.corrections import Corrector, Word, ages_in_words
from services_dir.search.document import AREAS, OPTIONS, PHONES, TEXTS, option_term
from services_dir.search.meanings import LONGEST, Key, Meanings
from services_dir.search.query import MAXIMUM_WORDS, Facet
from services_dir.search.small_words import PEOPLE_WORDS, STOP_WORDS, WEAK_WORDS
from services_dir.search.spelling import Layer, Spelling
from services_dir.search.stemming import stem
from services_dir.search.tree import And, DisjunctionMax, Or, Phrase, Term, Tree
from services_dir.search.vocabulary import ALL_SURVIVORS, INTERPRETER, Vocabulary

# How much a match counts that is not the typed word itself.
_NUMBER = 3.0
_OPTION = 1.5
_OTHER_WORDS = 0.8
_MEANT_IN_NAME = 2.5  # a name says less where it holds only what a word means
_JOINED = 0.9
_FOR_ALL = option_term(Facet.POPULATION, ALL_SURVIVORS)
# Groups that find a place with what is for everybody.
_OPEN_GROUPS = {option_term(Facet.POPULATION, group) for group in ("adults", "lgbtq", "men", "women")}
_INTERPRETERS = option_term(Facet.LANGUAGE, INTERPRETER)
# Where somebody begins who does not say what is needed.
_DOOR = option_term(Facet.CATEGORY, "crisis-hotline")
_DOOR_WEIGHT = 2.0
_ABOUT = "trafficking"  # what this directory is for
# The lines of the state, which know where to send people on.
_LINES = (option_term(Facet.LEVEL, Level.STATE), _DOOR)
# What is near, a program and for everybody goes before federal pages, laws and lines for some.
_CLOSE = Or(
    (
        Term(OPTIONS, option_term(Facet.LEVEL, Level.STATE), 1.6),
        Term(OPTIONS, option_term(Facet.LEVEL, Level.REGIONAL), 0.8),
        Term(OPTIONS, option_term(Facet.LEVEL, Level.LOCAL), 0.8),
        Term(OPTIONS, ProgramKind.PROGRAM.value, 1.2),
        Term(OPTIONS, _FOR_ALL, 1.6),
        And(tuple(Term(OPTIONS, text, 0.5) for text in _LINES)),
    )
)
_TIERS = (2.5, 1.7, 1.0, 0.5)
_PHRASE = 0.5
_MAY_STAND = 0.3
_IN_PHRASE = 0.3
_MAY_MEAN = 1.0

_MOST_OPTIONS = 6
_MOST_MEANT = 12  # of all phrases together
_MOST_PLACES = 3
_MANY = 3  # things asked for, of which words that mean nothing to us are not all needed

_QUOTES = str.maketrans(dict.fromkeys("“”„«»", '"'))
_PART = re.compile(r'(?<!\S)(-?)"([^"]*)"?|(\S+)')


@dataclass(frozen=True)
class Lexicon:
    """All that words are understood by: spelling, meanings, places, and which places somebody serves."""

    spelling: Spelling
    meanings: Meanings
    gazetteer: Gazetteer
    areas: Collection[str]
    place_words: Collection[str]  # with which names of places begin

    @classmethod
    def of(
        cls,
        layers: tuple[Layer, ...],
        vocabulary: Vocabulary,
        gazetteer: Gazetteer,
        *,
        languages: Iterable[str],
        areas: Collection[str],
    ) -> Lexicon:
        """Build it from the words in the texts of programs, the vocabulary, and the places."""
        meanings = Meanings.of(vocabulary, languages)
        places = (word for place in gazetteer.places.values() for word in analyzer.terms(place.name))
        small = (*WEAK_WORDS, *PEOPLE_WORDS)
        others = (word for word in (*meanings.words(), *places, *small) if word.isalpha() and len(word) > 2)
        spelling = Spelling((*layers, Layer.of(dict.fromkeys(others, 0))))
        begin = frozenset(name.partition(" ")[0] for name in gazetteer.names) | {"the"}
        return cls(spelling, meanings, gazetteer, areas, begin)

    def renewed(self, layers: tuple[Layer, ...], areas: Collection[str]) -> Lexicon:
        """Give the same for other texts, and other places that somebody serves."""
        return replace(self, spelling=Spelling((*layers, self.spelling.layers[-1])), areas=areas)


@dataclass(frozen=True)
class Understood:
    """What was typed: trees of which each is to be found, and those that must not be.

    `bonus` adds to the score of what is found. `place` is a place named among the words and `rest` the
    text without it; `suggestion` is the text as it may have been meant; `stems` are to be marked in texts.
    `phrases` are the words, as typed, that are asked for together; `is_need` tells whether one of them
    stands for other words.
    """

    wanted: tuple[Tree, ...] = ()
    unwanted: tuple[Tree, ...] = ()
    bonus: tuple[Tree, ...] = ()
    place: PlaceEntry | None = None
    rest: str = ""
    suggestion: str | None = None
    stems: frozenset[str] = frozenset()
    phrases: tuple[tuple[str, ...], ...] = ()
    is_cut: bool = False
    is_need: bool = False

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing is looked for and nothing left out."""
        return not self.wanted and not self.unwanted


def read(text: str, lexicon: Lexicon) -> Understood:
    """Understand what was typed."""
    return _Reading(text, lexicon).understood()


@dataclass
class _Reading:
    """One text while it is read."""

    text: str
    lexicon: Lexicon
    wanted: list[Tree] = field(default_factory=list)
    unwanted: list[Tree] = field(default_factory=list)
    bonus: list[Tree] = field(default_factory=list)
    places: list[tuple[PlaceEntry, tuple[str, ...]]] = field(default_factory=list)
    corrections: dict[str, str] = field(default_factory=dict)
    stems: set[str] = field(default_factory=set)
    room: int = _MOST_MEANT
    phrases: list[tuple[str, ...]] = field(default_factory=list)

    def understood(self) -> Understood:
        """Give what the text says."""
        rest, numbers = analyzer.split_numbers(self.text.translate(_QUOTES))
        rest = ages_in_words(rest)
        self.wanted += [_number(digits) for digits in numbers]
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
        self._take_run(run, rest)
        if self.wanted:
            self.bonus.append(_CLOSE)
        place, named = self.places[0] if self.places else (None, ())
        return Understood(
            wanted=tuple(self.wanted),
            unwanted=tuple(self.unwanted),
            bonus=tuple(self.bonus),
            place=place,
            rest=_without(self.text, named),
            suggestion=_replaced(self.text, self.corrections),
            stems=frozenset(self.stems),
            phrases=tuple(self.phrases),
            is_cut=room < 0,
            is_need=self.room < _MOST_MEANT,
        )

    def _take_exactly(self, words: Sequence[str], is_unwanted: bool) -> None:
        """Take quoted words as a phrase, and unwanted ones as they stand."""
        if not words:
            return
        if len(words) == 1:
            tree: Tree = _any_text(words[0])
        else:
            stems = tuple(map(stem, words))
            tree = Or(tuple(Phrase(name, stems, weight) for name, weight in TEXTS.items()))
        (self.unwanted if is_unwanted else self.wanted).append(tree)
        if not is_unwanted:
            self.stems.update(map(stem, words))

    def _take_run(self, typed: Sequence[str], rest: str) -> None:
        """Take words in any order: what means something together, and what is said around it."""
        corrector = Corrector(self.lexicon.spelling, self.lexicon.meanings)
        words = list(corrector.corrected(typed, is_open=not rest.endswith((" ", '"'))))
        self.corrections |= {
            word.typed: word.text for word in words if word.others and word.text != word.typed and word.typed
        }
        segments = self._segments(words)
        strong = self._strong(segments)
        self.wanted += [self._tree(one) for one in strong]
        if not strong and segments and not self.wanted:
            self.wanted.append(self._door(segments))
        self.phrases += [tuple(word.typed for word in one if word.typed) for one in strong]
        for segment in segments:
            if segment not in strong:
                self.bonus.append(self._leaning(segment))
        for one, other in pairwise(words):
            pair = (stem(one.text), stem(other.text))
            self.bonus += [Phrase(name, pair, _PHRASE * TEXTS[name]) for name in ("name", "description")]

    def _strong(self, segments: list[tuple[Word, ...]]) -> list[tuple[Word, ...]]:
        """Give what a program must hold: the need rather than the people in it or small words."""
        most = max(map(_strength, segments), default=0)
        strong = [one for one in segments if most and _strength(one) == most]
        strong = [one for one in strong if not self._is_for_interpreters(one)] or strong
        if len(strong) >= _MANY and any(len(one) > 1 for one in strong):
            strong = [one for one in strong if len(one) > 1 or self._means_something(one)]
        return strong

    def _is_for_interpreters(self, segment: tuple[Word, ...]) -> bool:
        return self.lexicon.meanings.options_of(tuple(word.text for word in segment)) == (_INTERPRETERS,)

    def _door(self, segments: list[tuple[Word, ...]]) -> Tree:
        """Give where somebody begins who does not say what is needed, and who says these words."""
        said = tuple(_any_text(word.text, _MAY_STAND) for one in segments for word in one)
        lines = And(tuple(Term(OPTIONS, text) for text in _LINES))
        return Or((*said, Term(OPTIONS, _DOOR, _DOOR_WEIGHT), lines, _any_text(_ABOUT, _MAY_STAND)))

    def _segments(self, words: Sequence[Word]) -> list[tuple[Word, ...]]:
        """Cut the words into the longest phrases that mean something, and single words."""
        meanings = self.lexicon.meanings
        found = list(meanings.phrases_in([word.text for word in words]))
        for start in range(len(words)):
            for end in range(start + 2, min(start + LONGEST, len(words)) + 1):
                if self._means_something(words[start:end]):
                    found.append(tuple(range(start, end)))
        taken: set[int] = set()
        chosen: list[tuple[int, ...]] = []
        for one in sorted(found, key=lambda one: (-len(one), one[-1] - one[0], one)):
            if taken.isdisjoint(one):
                chosen.append(one)
                taken.update(one)
        chosen += [(position,) for position in range(len(words)) if position not in taken]
        return [tuple(words[position] for position in one) for one in sorted(chosen)]

    def _means_something(self, words: Sequence[Word]) -> bool:
        key = tuple(word.text for word in words)
        is_joined = len(key) == 2 and self.lexicon.spelling.knows("".join(key))
        return is_joined or self.lexicon.meanings.knows(key) or self._place(key) is not None

    def _place(self, key: Key) -> PlaceEntry | None:
        return self.lexicon.gazetteer.find(" ".join(key)) if key[0] in self.lexicon.place_words else None

    def _leaning(self, segment: tuple[Word, ...]) -> Tree:
        """Give what adds to the score of a program that holds a word which none needs to hold."""
        key = tuple(word.text for word in segment)
        return Or((*(_any_text(word, _MAY_STAND) for word in key), *self._options(key, _MAY_MEAN)))

    def _tree(self, segment: tuple[Word, ...], weight: float = 1.0) -> Tree:
        """Give what stands for a phrase: its words, what it means, and the place of that name."""
        key = tuple(word.text for word in segment)
        meant = self._meant(key)
        parts: list[Tree] = [self._all_of(segment, weight, _IN_PHRASE if meant else 1.0)]
        parts += self._options(key, _OPTION * weight)
        for others in meant:
            self.stems.update(map(stem, others))
            parts.append(_all_texts(others, _OTHER_WORDS * weight))
            parts += self._options(others, _OPTION * _OTHER_WORDS * weight)
        if len(key) > 1:
            self.bonus += [_any_text(word.text, _MAY_STAND) for word in segment]
            joined = "".join(key)
            if self.lexicon.spelling.knows(joined):
                parts.append(_any_text(joined, _JOINED * weight))
        place = self._place(key)
        if place is not None and len(self.places) < _MOST_PLACES:
            self.places.append((place, tuple(word.typed for word in segment)))
            parts += self._areas(place)
        return Or(tuple(parts)) if len(parts) > 1 else parts[0]

    def _meant(self, key: Key) -> tuple[Key, ...]:
        """Give what a phrase stands for; of many phrases less and less, so that no text takes long."""
        meant = self.lexicon.meanings.others_of(key)[: self.room]
        self.room -= len(meant)
        return meant

    def _all_of(self, segment: tuple[Word, ...], weight: float, alone: float) -> Tree:
        """Give all words of a phrase; what each means `alone` counts less where the phrase means more."""
        trees: list[Tree] = []
        for word in segment:
            self.stems.add(stem(word.text))
            self.stems.update(stem(other) for other, _weight in word.others)
            if word.others:
                others = tuple(_any_text(other, weight * one) for other, one in word.others)
                trees.append(DisjunctionMax(others))
            elif len(segment) == 1:
                trees.append(_any_text(word.text, weight))
            else:
                trees.append(self._tree((word,), weight * alone))
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


def _number(digits: str) -> Tree:
    fields = (Term(PHONES, digits, _NUMBER), *(Term(name, digits, weight) for name, weight in TEXTS.items()))
    return Or(fields)


@lru_cache(maxsize=4096)
def _any_text(word: str, weight: float = 1.0, in_name: float = TEXTS["name"]) -> Tree:
    """Give a word in any text; one with digits may also be a number to call."""
    text = stem(word)
    terms = [Term(name, text, weight * boost) for name, boost in {**TEXTS, "name": in_name}.items()]
    if word.isdecimal():
        terms.append(Term(PHONES, word, weight * _NUMBER))
    return Or(tuple(terms))


@lru_cache(maxsize=4096)
def _all_texts(words: Key, weight: float) -> Tree:
    trees = tuple(_any_text(word, weight, _MEANT_IN_NAME) for word in words)
    return And(trees) if len(trees) > 1 else trees[0]


def _strength(segment: tuple[Word, ...]) -> int:
    """Give how much of a need a phrase says: 0 nothing, 1 who is part of it, 2 what is needed."""
    if len(segment) > 1:
        return 2
    text = segment[0].text
    return 0 if text in WEAK_WORDS or text in STOP_WORDS else 1 if text in PEOPLE_WORDS else 2


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
