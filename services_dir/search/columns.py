"""One commit of the index as arrays and bitmaps: what a search computes with.

A snapshot never changes and may be used by several threads. It keeps the reader it was made from
until nobody holds it any more. Terms are read through Whoosh's documented matcher.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from math import log
from threading import RLock
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap, FrozenBitMap

from services_dir.catalog.gazetteer import Gazetteer
from services_dir.catalog.hours import Timetable
from services_dir.catalog.kinds import ProgramKind
from services_dir.search.document import Card, Facts, SitePoint
from services_dir.search.index import IndexUnusableError, State, read_state
from services_dir.search.matching import NOTHING, Floats, Matcher, Matches, Scores
from services_dir.search.postings import Postings, adjoining, read_by_matcher
from services_dir.search.query import Facet
from services_dir.search.tree import Phrase, Term, Tree
from services_dir.search.vocabulary import ALL_SURVIVORS, INTERPRETER, Vocabulary
from services_dir.values import fold

# Words from some word of a name on, rank of its kind, the name, its slug or key, its program or -1.
Completion = tuple[str, int, str, str, int]


@dataclass(frozen=True)
class Sites:
    """Public sites of all programs: document, latitude and longitude in radians, and the facts themselves."""

    documents: NDArray[np.int64]
    latitudes: Floats
    longitudes: Floats
    points: tuple[SitePoint, ...]


@dataclass(frozen=True)
class Snapshot:
    """Everything that a search needs of one commit, by number of document."""

    mark: tuple[str, int]
    state: State
    vocabulary: Vocabulary
    gazetteer: Gazetteer
    size: int
    live: FrozenBitMap
    ids: Mapping[str, int]
    facts: Mapping[int, Facts]
    options: Mapping[Facet, Mapping[str, FrozenBitMap]]
    made_for: Mapping[str, FrozenBitMap]
    spoken: Mapping[str, FrozenBitMap]
    interpreters: FrozenBitMap
    kinds: Mapping[ProgramKind, FrozenBitMap]
    areas: Mapping[str, FrozenBitMap]
    exact: Mapping[str, FrozenBitMap]
    sites: Sites
    sited: FrozenBitMap
    timetables: Mapping[Timetable, FrozenBitMap]
    assured: NDArray[np.int64]
    _reader: Any
    _lock: RLock = field(default_factory=RLock)
    _ranks: dict[str, NDArray[np.int64]] = field(default_factory=dict)
    _completions: dict[str, list[Completion]] = field(default_factory=dict)

    @classmethod
    def build(
        cls, reader: Any, mark: tuple[str, int], vocabulary: Vocabulary, gazetteer: Gazetteer
    ) -> Snapshot:
        """Read all that is held in arrays from a reader, which the snapshot keeps.

        Raises IndexUnusableError if the reader gives anything but what was written.
        """
        try:
            return cls._build(reader, mark, vocabulary, gazetteer)
        except IndexUnusableError:
            raise
        except Exception as error:
            raise IndexUnusableError("the index cannot be read") from error

    @classmethod
    def _build(
        cls, reader: Any, mark: tuple[str, int], vocabulary: Vocabulary, gazetteer: Gazetteer
    ) -> Snapshot:
        size = reader.doc_count_all()
        gathered = _Gathered(vocabulary)
        for number, stored in reader.iter_docs():
            if "facts" in stored:
                gathered.take(number, stored["id"], msgspec.json.decode(stored["facts"], type=Facts))
        assured = np.zeros(size, dtype=np.int64)
        for number, facts in gathered.facts.items():
            assured[number] = facts.assured_on.toordinal() if facts.assured_on else 0
        return cls(
            mark=mark,
            state=read_state(reader),
            vocabulary=vocabulary,
            gazetteer=gazetteer,
            size=size,
            live=FrozenBitMap(gathered.facts),
            ids=gathered.ids,
            facts=gathered.facts,
            options=gathered.options(),
            made_for=_frozen(gathered.listed[Facet.POPULATION]),
            spoken=_frozen(gathered.listed[Facet.LANGUAGE]),
            interpreters=FrozenBitMap(gathered.interpreters),
            kinds=_frozen(gathered.kinds),
            areas=_frozen(gathered.areas),
            exact=_frozen(gathered.exact),
            sites=gathered.sites(),
            sited=FrozenBitMap(gathered.site_documents),
            timetables=_frozen(gathered.timetables),
            assured=assured,
            _reader=reader,
        )

    def option(self, facet: Facet, value: str) -> FrozenBitMap:
        """Give the programs that an option answers for; an option nobody has may still find some.

        Any language finds the interpreter lines, any group those that are for all survivors.
        """
        held = self.options[facet].get(value)
        if held is not None:
            return held
        if facet is Facet.LANGUAGE:
            return self.interpreters
        if facet is Facet.POPULATION:
            return self.made_for.get(ALL_SURVIVORS, _NOBODY)
        return _NOBODY

    def serving(self, keys: Iterable[str]) -> BitMap:
        """Give the programs that serve any of these places."""
        found = BitMap()
        for key in keys:
            found |= self.areas.get(key, _NOBODY)
        return found

    def evaluate(self, tree: Tree) -> tuple[BitMap, Scores]:
        """Give the programs that a tree finds, and their scores. Raises IndexUnusableError."""
        return Matcher(self.size, self.live, self._term, self._phrase).evaluate(tree)

    def card(self, number: int) -> Card:
        """Give the card of a program. Raises IndexUnusableError."""
        try:
            with self._lock:
                return msgspec.json.decode(self._reader.stored_fields(number)["card"], type=Card)
        except Exception as error:
            raise IndexUnusableError("a card cannot be read") from error

    def name_ranks(self, language: str) -> NDArray[np.int64]:
        """Give the place of each program in the order of names as shown in a language."""
        with self._lock:
            if language not in self._ranks:
                ranks = np.zeros(self.size, dtype=np.int64)
                names = {n: (fold(self.name(n, language)), key) for key, n in self.ids.items()}
                ordered = sorted(names, key=names.__getitem__)
                ranks[ordered] = np.arange(len(ordered))
                self._ranks[language] = ranks
            return self._ranks[language]

    def completions(self, language: str, make: Callable[[], list[Completion]]) -> list[Completion]:
        """Give the sorted completions in a language, made at the first request."""
        with self._lock:
            if language not in self._completions:
                self._completions[language] = make()
            return self._completions[language]

    def name(self, number: int, language: str) -> str:
        """Give the name of a program in a language, or the English one."""
        names = self.facts[number].names
        return names.get(language) or names["en"]

    def _term(self, term: Term) -> Matches:
        postings = self._postings(term.field, term.text)
        rarity = self._rarity(len(postings.numbers))
        scores = term.weight * rarity * postings.scores(self._average(term.field))
        return Matches(postings.numbers, scores)

    def _phrase(self, phrase: Phrase) -> Matches:
        """Give where a phrase stands; its score is that of its terms, as in Whoosh."""
        terms = [self._postings(phrase.field, text, positions=True) for text in phrase.terms]
        if not terms:
            return NOTHING
        numbers = adjoining(terms)
        parts = [self._term(Term(phrase.field, text)) for text in phrase.terms]
        scores = np.sum([part.scores_at(numbers, self.size) for part in parts], axis=0)
        return Matches(numbers, phrase.weight * scores)

    def _rarity(self, frequency: int) -> float:
        return log(self.size / (frequency + 1)) + 1

    def _average(self, name: str) -> float:
        """Give the average length of a field, deleted documents included, as Whoosh does."""
        return (self._reader.field_length(name) / self.size) or 1.0

    def _postings(self, name: str, text: str, *, positions: bool = False) -> Postings:
        try:
            with self._lock:
                return read_by_matcher(self._reader, name, text, positions=positions)
        except Exception as error:
            raise IndexUnusableError("a term cannot be read") from error


_NOBODY = FrozenBitMap()


class _Gathered:
    """Bitmaps and lists while they are being filled."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.ids: dict[str, int] = {}
        self.facts: dict[int, Facts] = {}
        self.listed: dict[Facet, dict[str, BitMap]] = {facet: defaultdict(BitMap) for facet in Facet}
        self.excluded: dict[str, BitMap] = defaultdict(BitMap)
        self.interpreters = BitMap()
        self.kinds: dict[ProgramKind, BitMap] = defaultdict(BitMap)
        self.areas: dict[str, BitMap] = defaultdict(BitMap)
        self.exact: dict[str, BitMap] = defaultdict(BitMap)
        self.timetables: dict[Timetable, BitMap] = defaultdict(BitMap)
        self.site_documents: list[int] = []
        self.points: list[SitePoint] = []

    def take(self, number: int, program_id: str, facts: Facts) -> None:
        """Enter the facts of one program."""
        self.ids[program_id] = number
        self.facts[number] = facts
        for facet, values in facts.options.items():
            for value in values:
                self.listed[facet][value].add(number)
        for value in facts.excluded:
            self.excluded[value].add(number)
        if facts.has_interpreter:
            self.interpreters.add(number)
        self.kinds[facts.kind].add(number)
        for key in facts.areas:
            self.areas[key].add(number)
        for text in filter(None, (*facts.known_as, *facts.numbers)):
            self.exact[text].add(number)
        self.timetables[facts.timetable].add(number)
        self.site_documents += [number] * len(facts.sites)
        self.points += facts.sites

    def options(self) -> dict[Facet, dict[str, FrozenBitMap]]:
        """Give what each option of each facet answers for (DESIGN: "What the facets mean")."""
        options = {facet: dict(values) for facet, values in self.listed.items()}
        for_all = self.listed[Facet.POPULATION].get(ALL_SURVIVORS, BitMap())
        groups = [*self.vocabulary.terms[Facet.POPULATION], *self.excluded]
        populations = options[Facet.POPULATION]
        for value in groups:
            if value != ALL_SURVIVORS:
                populations[value] = populations.get(value, BitMap()) | (
                    for_all - self.excluded.get(value, BitMap())
                )
        languages = options[Facet.LANGUAGE]
        for code in list(languages):
            languages[code] = languages[code] | self.interpreters
        languages[INTERPRETER] = self.interpreters
        return {facet: _frozen(values) for facet, values in options.items()}

    def sites(self) -> Sites:
        """Give the sites as arrays."""
        return Sites(
            np.array(self.site_documents, dtype=np.int64),
            np.radians([point.latitude for point in self.points], dtype=np.float64),
            np.radians([point.longitude for point in self.points], dtype=np.float64),
            tuple(self.points),
        )


def numbers_of(found: Any) -> NDArray[np.int64]:
    """Give the numbers in a bitmap in their order, as an array."""
    return np.frombuffer(found.to_array(), dtype=np.uint32).astype(np.int64)


def _frozen(held: Mapping[Any, BitMap]) -> dict[Any, FrozenBitMap]:
    return {key: FrozenBitMap(numbers) for key, numbers in held.items()}
