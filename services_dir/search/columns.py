"""One commit of the index as arrays and bitmaps: what a search computes with.

A snapshot never changes and may be used by several threads. It keeps the reader it was made from
until nobody holds it any more. Terms are read through Whoosh's documented matcher.
"""

from __future__ import annotations

from array import array
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
from services_dir.search.document import FIELDS, Card, Facts, SitePoint
from services_dir.search.index import IndexUnusableError, State, read_state
from services_dir.search.query import Facet
from services_dir.search.vocabulary import ALL_SURVIVORS, INTERPRETER, Vocabulary
from services_dir.values import fold

Floats = NDArray[np.float64]
# Words from some word of a name on, rank of its kind, the name, its slug or key, its program or -1.
Completion = tuple[str, int, str, str, int]

# BM25 as Whoosh counts it: how soon repetition stops to matter, how much a long text is held against it.
_K1 = 1.2
_B = 0.75


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
    _lengths: Mapping[str, NDArray[np.float64]]
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
            _lengths={name: _field_lengths(reader, name, gathered.facts, size) for name in FIELDS},
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

    def term(self, term: str) -> tuple[BitMap, Floats]:
        """Give the programs in which a term stands in any field, and each one's score for it.

        BM25 per field as in Whoosh (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009),
        weighted by field and added up. Scores are for every document number, 0 where the term is not.
        """
        scores = np.zeros(self.size)
        found = BitMap()
        for name, boost in FIELDS.items():
            numbers, weights, frequency = self._postings(name, term)
            if not numbers:
                continue
            lengths = self._lengths[name]
            average = (lengths.sum() / self.size) or 1.0
            rarity = log(self.size / (frequency + 1)) + 1
            at = np.frombuffer(numbers, dtype=np.uint32)
            counts = np.frombuffer(weights, dtype=np.float64)
            damping = counts + _K1 * ((1 - _B) + _B * lengths[at] / average)
            scores[at] += boost * rarity * counts * (_K1 + 1) / damping
            found |= BitMap(numbers)
        return found & self.live, scores

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

    def _postings(self, name: str, term: str) -> tuple[array[int], array[float], int]:
        try:
            with self._lock:
                return _read_postings(self._reader, name, term)
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


def _read_postings(reader: Any, name: str, term: str) -> tuple[array[int], array[float], int]:
    numbers, weights = array("I"), array("d")
    if (name, term) not in reader:
        return numbers, weights, 0
    matcher = reader.postings(name, term)
    while matcher.is_active():
        numbers.append(matcher.id())
        weights.append(matcher.weight())
        matcher.next()
    return numbers, weights, reader.doc_frequency(name, term)


def _field_lengths(reader: Any, name: str, numbers: Iterable[int], size: int) -> Floats:
    lengths = np.zeros(size)
    for number in numbers:
        lengths[number] = reader.doc_field_length(number, name) or 0  # None where it has no such text
    return lengths
