"""What the engines are asked: questions of several kinds, none of them twice in a run.

Words stand in quotation marks, so that our engine looks for them alone, as its peers do, and not also for
what they mean. How common a word is, is measured on the listings themselves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from random import Random

from services_dir.catalog.gazetteer import Gazetteer
from services_dir.catalog.kinds import PlaceKind
from services_dir.search.analyzer import stems
from services_dir.search.document import SPELLED, TEXTS, Document
from services_dir.search.query import Facet, SearchQuery

# Facets of which every engine counts the same: the others have meanings of their own here (an interpreter
# line answers for every language, what is for all survivors for every group). Those are counted, too.
COMPARED = (Facet.CATEGORY, Facet.LEVEL, Facet.ACCESS)

_SEED = 7
_TRIES = 200
# Share of the listings that hold a word.
_BANDS = {"very common": (0.2, 0.8), "common": (0.1, 0.2), "middling": (0.03, 0.1), "rare": (0.0, 0.003)}
_LEAST_RARE = 2
_COMMON_OPTION = 0.1  # share of the listings that have an option which is chosen in a question
_SHORTEST = 4
_SMALL = frozenset(
    "also from have into only other that their them they this were when which with your".split()
)

VERY, COMMON, MIDDLING, RARE = _BANDS


@dataclass(frozen=True)
class Kind:
    """A kind of question: which words, whether a place is named, and how many facets are chosen."""

    name: str
    bands: tuple[str, ...] = ()
    has_place: bool = False
    filters: int = 0


KINDS = (
    Kind("one very common word", (VERY,)),
    Kind("one common word", (COMMON,)),
    Kind("one middling word", (MIDDLING,)),
    Kind("one rare word", (RARE,)),
    Kind("two words", (VERY, COMMON)),
    Kind("two common words", (VERY, VERY)),
    Kind("three words", (VERY, COMMON, COMMON)),
    Kind("three common words", (VERY, VERY, VERY)),
    Kind("two words, two filters", (VERY, COMMON), filters=2),
    Kind("one word, place", (COMMON,), has_place=True),
    Kind("no word, two filters", filters=2),
    Kind("no word, place, filter", has_place=True, filters=1),
)


@dataclass(frozen=True)
class Word:
    """A word as people type it, and the term by which it is found."""

    typed: str
    stem: str


@dataclass(frozen=True)
class Question:
    """What is asked: words that must all be found, a place that must be served, options of facets."""

    kind: str
    words: tuple[Word, ...] = ()
    place: str = ""
    areas: tuple[str, ...] = ()
    chosen: tuple[tuple[Facet, str], ...] = ()

    @property
    def key(self) -> tuple[object, ...]:
        """Give what makes it the same question, whatever the order of its words."""
        return frozenset(word.stem for word in self.words), self.place, frozenset(self.chosen)

    def query(self, *, quoted: bool = True) -> SearchQuery:
        """Give it as our engine reads it."""
        words = (f'"{word.typed}"' if quoted else word.typed for word in self.words)
        options = {facet.value: (value,) for facet, value in self.chosen}
        return SearchQuery(q=" ".join(words), place=self.place, **options)


@dataclass
class Answer:
    """What an engine answers: how many listings, the counts of the facets that all count alike, and how
    many stored cards it gave: those of the best 20.
    """

    total: int
    counts: dict[Facet, dict[str, int]]
    cards: int

    def same_as(self, other: Answer) -> bool:
        """Tell whether both found and counted the same."""
        numbers = (self.total, self.cards) == (other.total, other.cards)
        return numbers and all(self._held(f) == other._held(f) for f in COMPARED)

    def _held(self, facet: Facet) -> dict[str, int]:
        return {value: count for value, count in self.counts[facet].items() if value and count}


@dataclass
class Questions:
    """Makes questions, none of them twice."""

    words: Mapping[str, list[Word]]
    options: Mapping[Facet, list[str]]
    places: list[tuple[str, tuple[str, ...]]]
    random: Random = field(default_factory=lambda: Random(_SEED))
    _asked: set[tuple[object, ...]] = field(default_factory=set)

    @classmethod
    def of(cls, documents: Iterable[Document], gazetteer: Gazetteer) -> Questions:
        """Find out which words and options the documents hold, and how often."""
        held: Counter[str] = Counter()
        typed: Counter[str] = Counter()
        options: dict[Facet, Counter[str]] = {facet: Counter() for facet in COMPARED}
        count = 0
        for document in documents:
            count += 1
            held.update({term for name in TEXTS for term in document.terms[name]})
            typed.update(document.terms[SPELLED])
            for facet, counted in options.items():
                counted.update(document.facts.options[facet])
        words = _words(held, typed)
        random = Random(_SEED)
        bands = {
            name: _between(words, held, low * count, high * count) for name, (low, high) in _BANDS.items()
        }
        for band in bands.values():
            random.shuffle(band)
        towns = [place for place in gazetteer.places.values() if place.kind is PlaceKind.TOWN]
        return cls(
            bands,
            {
                facet: [value for value, n in counted.most_common() if n > count * _COMMON_OPTION]
                for facet, counted in options.items()
            },
            [
                (place.name, tuple(sorted(k for keys in gazetteer.tiers(place.key) for k in keys)))
                for place in towns
            ],
        )

    def of_kind(self, kind: Kind, avoid: set[str] | None = None) -> Iterator[Question]:
        """Give questions of a kind until there is no new one; `avoid` holds words, and gets those used."""
        while True:
            made = self._new(kind, avoid or set())
            if made is None:
                return
            self._asked.add(made.key)
            if avoid is not None:
                avoid.update(word.stem for word in made.words)
            yield made

    def some(self, kind: Kind, count: int) -> list[Question]:
        """Give up to so many questions of a kind."""
        return list(islice(self.of_kind(kind), count))

    def touching(self, questions: Iterable[Question]) -> list[Question]:
        """Give other questions in which each of their words is asked for."""
        words = dict.fromkeys(word for question in questions for word in question.words)
        companions = self.words[COMMON]
        found = []
        for word in words:
            for companion in companions:
                made = Question(
                    "touch", (word, companion), chosen=((Facet.ACCESS, self.options[Facet.ACCESS][0]),)
                )
                if companion != word and made.key not in self._asked:
                    self._asked.add(made.key)
                    found.append(made)
                    break
        return found

    def _new(self, kind: Kind, avoid: set[str]) -> Question | None:
        for _ in range(_TRIES):
            words = tuple(self.random.choice(self.words[band]) for band in kind.bands if self.words[band])
            place, areas = self.random.choice(self.places) if kind.has_place else ("", ())
            facets = self.random.sample(COMPARED, kind.filters)
            chosen = tuple((facet, self.random.choice(self.options[facet])) for facet in facets)
            made = Question(kind.name, words, place, areas, chosen)
            stems_ = {word.stem for word in words}
            if len(stems_) == len(kind.bands) and not stems_ & avoid and made.key not in self._asked:
                return made
        return None


def _words(held: Counter[str], typed: Counter[str]) -> dict[str, Word]:
    """Give for each stem the commonest word that is found by it and that people would type."""
    words: dict[str, Word] = {}
    for text, _count in typed.most_common():
        if text.isalpha() and len(text) >= _SHORTEST and text not in _SMALL:
            [stem] = stems(text)
            if stem in held:
                words.setdefault(stem, Word(text, stem))
    return words


def _between(words: Mapping[str, Word], held: Counter[str], least: float, most: float) -> list[Word]:
    least = max(least, _LEAST_RARE)
    return [word for stem, word in words.items() if least <= held[stem] < max(most, least + 1)]
