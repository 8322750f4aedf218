"""All that words are understood by, put together: spelling, meanings, and places with their nicknames."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from services_dir.catalog.gazetteer import Gazetteer, PlaceEntry
from services_dir.search import analyzer
from services_dir.search.meanings import Key, Meanings, content
from services_dir.search.small_words import PEOPLE_WORDS, WEAK_WORDS
from services_dir.search.spelling import Layer, Spelling
from services_dir.search.vocabulary import Vocabulary


@dataclass(frozen=True)
class Lexicon:
    """Spelling, meanings, places, and which places somebody serves."""

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

    def place_of(self, key: Key) -> PlaceEntry | None:
        """Give the place that words name, or that they are another name of ("quiet corner")."""
        return self._named(key) or next(filter(None, map(self._named, self.meanings.others_of(key))), None)

    def find_place(self, text: str) -> PlaceEntry | None:
        """Give the place that was typed where a place is asked for: loosely, or by another name of it."""
        found = self.gazetteer.find_near(text)
        return found if found is not None else self.place_of(content(analyzer.terms(text)))

    def means_something(self, key: Key) -> bool:
        """Tell whether words are one word, or mean something, or name a place."""
        is_joined = len(key) == 2 and self.spelling.knows("".join(key))
        return is_joined or self.meanings.knows(key) or self._named(key) is not None

    def _named(self, key: Key) -> PlaceEntry | None:
        is_begun = bool(key) and key[0] in self.place_words
        return self.gazetteer.find(" ".join(key)) if is_begun else None
