"""What words mean: kinds of help, groups and languages by the words people type, and abbreviations."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import TypeVar

from services_dir.catalog.kinds import WordKind
from services_dir.search import analyzer
from services_dir.search.document import option_term
from services_dir.search.forms import root
from services_dir.search.query import Facet
from services_dir.search.small_words import STOP_WORDS
from services_dir.search.vocabulary import INTERPRETER, Vocabulary, language_name

LONGEST = 5  # words of a phrase that is looked up
_GAP = 3  # words that may stand between those of a phrase

# Facets whose options are meant by words; that of a level is said by few ("state").
_MEANT = (Facet.CATEGORY, Facet.POPULATION, Facet.ACCESS)
_NAMED_IN = ("en", "es")
# Languages that people ask for where nobody may speak them.
_ASKED_FOR = (
    "am ar bn bo ckb fa fr gu ha he hi hmn ht hy id ig it ja ka km kmr ko ku lo mn mr ms my ne om pa pl ps "
    "pt ro ru rw si so sq sr sw ta te th ti tl fil tr uk ur uz vi wo yo yue zh zu"
).split()
_JOINED = re.compile(r",\s*|\s+(?:and|y)\s+")

SEVERAL = "|"  # between several meanings of a word
CHOICE = "/"  # between words of which each may stand in a phrase
_MOST_CHOICES = 1000

Key = tuple[str, ...]
HeldT = TypeVar("HeldT")


@dataclass(frozen=True)
class Meanings:
    """Phrases by their words as spelled, and by the sorted roots of their words.

    `slips` are words that are another one written otherwise ("2nite"); `apart` are the phrases whose words
    may stand apart, by sorted roots, under the root that the fewest of them share.
    """

    options: Mapping[Key, tuple[str, ...]]
    options_by_roots: Mapping[Key, tuple[str, ...]]
    others: Mapping[Key, tuple[Key, ...]]
    others_by_roots: Mapping[Key, tuple[Key, ...]]
    slips: Mapping[str, Key]
    apart: Mapping[str, tuple[Key, ...]]

    @classmethod
    def of(cls, vocabulary: Vocabulary, languages: Iterable[str] = ()) -> Meanings:
        """Build it from the vocabulary, and the codes of languages that somebody speaks."""
        options: dict[Key, dict[str, None]] = defaultdict(dict)
        by_roots: dict[Key, dict[str, None]] = defaultdict(dict)
        for phrase, option in (*_vocabulary_phrases(vocabulary), *_language_phrases(languages)):
            key = content(analyzer.terms(phrase))
            options[key].setdefault(option)
            by_roots[rooted(key)].setdefault(option)
        others: dict[Key, dict[Key, None]] = defaultdict(dict)
        others_by_roots: dict[Key, dict[Key, None]] = defaultdict(dict)
        slips: dict[str, Key] = {}
        for kind, typed, means in _words(vocabulary):
            one = content(typed)
            for meant in means.split(SEVERAL):
                other = content(analyzer.terms(meant))
                others[one].setdefault(other)
                if kind is WordKind.MISSPELLING and len(typed) == 1:
                    slips.setdefault(typed[0], tuple(analyzer.terms(meant)))
                if kind is WordKind.ABBREVIATION:
                    others[other].setdefault(one)
                if kind is WordKind.SYNONYM:
                    others_by_roots[rooted(one)].setdefault(other)
        return cls(
            options=_frozen(options),
            options_by_roots=_frozen(by_roots),
            others=_frozen(others),
            others_by_roots=_frozen(others_by_roots),
            slips=slips,
            apart=_by_rarest(key for key in others_by_roots if len(set(key)) > 1),
        )

    def options_of(self, words: Key) -> tuple[str, ...]:
        """Give the options that a phrase means: as spelled, or else in other forms and another order."""
        return self.options.get(words) or self.options_by_roots.get(rooted(words), ())

    def others_of(self, words: Key) -> tuple[Key, ...]:
        """Give other words for a phrase: what it stands for, or the letters that stand for it."""
        return self.others.get(words) or self.others_by_roots.get(rooted(words), ())

    def knows(self, words: Key) -> bool:
        """Tell whether a phrase means anything."""
        if words in self.others or words in self.options:
            return True
        roots = rooted(words)
        return roots in self.others_by_roots or roots in self.options_by_roots

    def words(self) -> Iterator[str]:
        """Give each word of a phrase that stands for something else."""
        phrases = (*self.options, *(key for key in self.others if key[0] not in self.slips))
        yield from dict.fromkeys(word for key in phrases for word in key)

    def phrases_in(self, words: Sequence[str]) -> Iterator[tuple[int, ...]]:
        """Give the positions of each phrase whose words are all there, in any order and not far apart."""
        at: dict[str, list[int]] = defaultdict(list)
        for position, word in enumerate(words):
            at[root(word)].append(position)
        for key in (key for one in at for key in self.apart.get(one, ()) if all(part in at for part in key)):
            for first in sorted(position for part in set(key) for position in at[part]):
                nearest = [next((place for place in at[part] if place >= first), None) for part in set(key)]
                found = sorted(place for place in nearest if place is not None)
                if len(found) == len(nearest) and found[-1] - first < len(found) + _GAP:
                    yield tuple(found)
                    break


def content(words: Sequence[str]) -> Key:
    """Give the words without the small ones, or all of them if they are nothing else."""
    return tuple(word for word in words if word not in STOP_WORDS) or tuple(words)


def rooted(words: Key) -> Key:
    """Give the roots of words in the order of the alphabet: "stolen wages" is "wages stolen"."""
    return tuple(sorted(map(root, words)))


def _frozen(held: Mapping[Key, Iterable[HeldT]]) -> dict[Key, tuple[HeldT, ...]]:
    return {key: tuple(values) for key, values in held.items()}


def _by_rarest(keys: Iterable[Key]) -> dict[str, tuple[Key, ...]]:
    """Give keys under the one of their roots that the fewest of them have."""
    phrases = list(keys)
    counts = Counter(one for key in phrases for one in set(key))
    found: dict[str, list[Key]] = defaultdict(list)
    for key in phrases:
        found[min(key, key=lambda one: (counts[one], one))].append(key)
    return {one: tuple(held) for one, held in found.items()}


def _words(vocabulary: Vocabulary) -> Iterator[tuple[WordKind, Key, str]]:
    """Give each word with what it means; "take/keep passport" is two of them."""
    for kind, word, means in vocabulary.words:
        choices = [part.split(CHOICE) for part in word.split()] if kind is WordKind.SYNONYM else [[word]]
        if prod(map(len, choices)) <= _MOST_CHOICES:
            for chosen in product(*choices):
                yield kind, tuple(analyzer.terms(" ".join(chosen))), means


def _vocabulary_phrases(vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    for facet in _MEANT:
        for slug, term in vocabulary.terms.get(facet, {}).items():
            if not term.is_retired:
                for phrase in vocabulary.search_words(facet, slug):
                    yield phrase, option_term(facet, slug)
    for slug, term in vocabulary.terms.get(Facet.CATEGORY, {}).items():
        for label in () if term.is_retired else term.labels.values():
            for part in _JOINED.split(label):  # "Housing and shelter": each of them means it
                yield part, option_term(Facet.CATEGORY, slug)


def _language_phrases(codes: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Give the names of languages that somebody speaks, and of others, for which there are interpreters."""
    spoken = set(codes)
    for code in (*sorted(spoken), *(code for code in _ASKED_FOR if code not in spoken)):
        for language in _NAMED_IN:
            yield (
                language_name(code, language),
                option_term(Facet.LANGUAGE, code if code in spoken else INTERPRETER),
            )
