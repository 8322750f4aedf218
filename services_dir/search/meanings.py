"""What words mean: kinds of help, groups and languages by the words people type, and abbreviations."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from services_dir.catalog.kinds import WordKind
from services_dir.search import analyzer
from services_dir.search.document import option_term
from services_dir.search.query import Facet
from services_dir.search.stemming import stem
from services_dir.search.vocabulary import Vocabulary, language_name

LONGEST = 5  # words of a phrase that is looked up

# Small words that no program has to hold: English, then Spanish.
STOP_WORDS = frozenset(
    (
        "a an and are as at be been by can could did do does for from had has have he her him his i if "
        "im in into is it its ive me my of on or our she so some than that the their them then there "
        "they this to us was we were what when where which who whom will with would you your al como "
        "con cual de del desde donde e el ella ellos en era es esta estan este esto estoy fue ha hay la "
        "las le les lo los mas mi mis muy para pero por porque que quien se ser si sin sobre son soy su "
        "sus te tengo tiene tu un una unas uno unos y ya yo"
    ).split()
)
# Said with many a need, and no need by themselves: looked for only where nothing else was typed.
WEAK_WORDS = frozenset(
    (
        "anybody anyone around ask available call dial find get getting give go got help helping how "
        "knows let like looking makes many me near nearby need needs no not now person people place "
        "please program programs service services someone somebody something speak speaks talk tell "
        "text tonight today want wants without wont doesnt dont cant ahora alguien algun alguna ayuda "
        "ayudar ayudarme busco cerca conseguir hablo hacer hoy lugar llamar necesita necesito nada "
        "obtener persona personas poder puede puedo quiere quiero servicio servicios tener"
    ).split()
)
# Facets whose options are meant by words; that of a level is said by few ("state").
_MEANT = (Facet.CATEGORY, Facet.POPULATION, Facet.ACCESS)
_NAMED_IN = ("en", "es")
_JOINED = re.compile(r",\s*|\s+(?:and|y)\s+")

Key = tuple[str, ...]


@dataclass(frozen=True)
class Meanings:
    """Phrases by their words as spelled, and by the sorted stems of their words."""

    options: Mapping[Key, tuple[str, ...]]
    options_by_stems: Mapping[Key, tuple[str, ...]]
    others: Mapping[Key, tuple[Key, ...]]
    others_by_stems: Mapping[Key, tuple[Key, ...]]

    @classmethod
    def of(cls, vocabulary: Vocabulary, languages: Iterable[str] = ()) -> Meanings:
        """Build it from the vocabulary, and the codes of languages that somebody speaks."""
        options: dict[Key, dict[str, None]] = defaultdict(dict)
        by_stems: dict[Key, dict[str, None]] = defaultdict(dict)
        for phrase, option in (*_vocabulary_phrases(vocabulary), *_language_phrases(languages)):
            key = content(analyzer.terms(phrase))
            options[key].setdefault(option)
            by_stems[stemmed(key)].setdefault(option)
        others: dict[Key, dict[Key, None]] = defaultdict(dict)
        others_by_stems: dict[Key, dict[Key, None]] = defaultdict(dict)
        for kind, word, means in vocabulary.words:
            one, other = content(analyzer.terms(word)), content(analyzer.terms(means))
            others[one].setdefault(other)
            if kind is WordKind.ABBREVIATION:
                others[other].setdefault(one)
            if kind is WordKind.SYNONYM:
                others_by_stems[stemmed(one)].setdefault(other)
        return cls(
            {key: tuple(held) for key, held in options.items()},
            {key: tuple(held) for key, held in by_stems.items()},
            {key: tuple(held) for key, held in others.items()},
            {key: tuple(held) for key, held in others_by_stems.items()},
        )

    def options_of(self, words: Key) -> tuple[str, ...]:
        """Give the options that a phrase means: as spelled, or else in other forms and another order."""
        return self.options.get(words) or self.options_by_stems.get(stemmed(words), ())

    def others_of(self, words: Key) -> tuple[Key, ...]:
        """Give other words for a phrase: what it stands for, or the letters that stand for it."""
        return self.others.get(words) or self.others_by_stems.get(stemmed(words), ())

    def knows(self, words: Key) -> bool:
        """Tell whether a phrase means anything."""
        return bool(self.others_of(words) or self.options_of(words))

    def words(self) -> Iterator[str]:
        """Give each word of a phrase that stands for something else."""
        yield from dict.fromkeys(word for key in (*self.options, *self.others) for word in key)


def content(words: Sequence[str]) -> Key:
    """Give the words without the small ones, or all of them if they are nothing else."""
    return tuple(word for word in words if word not in STOP_WORDS) or tuple(words)


def stemmed(words: Key) -> Key:
    """Give the stems of words in the order of the alphabet: "stolen wages" is "wages stolen"."""
    return tuple(sorted(map(stem, words)))


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
    for code in sorted(codes):
        for language in _NAMED_IN:
            yield language_name(code, language), option_term(Facet.LANGUAGE, code)
