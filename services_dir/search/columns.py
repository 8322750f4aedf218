"""One commit of the index as arrays and bitmaps: what a search computes with.

A snapshot never changes and may be used by several threads. Segments that an earlier snapshot has
read are used again.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from operator import attrgetter
from threading import RLock
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap, FrozenBitMap

from services_dir.catalog.gazetteer import Gazetteer
from services_dir.catalog.hours import Timetable
from services_dir.catalog.kinds import ProgramKind
from services_dir.search.bitmaps import bitmap_where
from services_dir.search.document import Card, ShownFacts
from services_dir.search.index import Generation, IndexUnusableError, State, read_state
from services_dir.search.joining import Ids, Joiner, Sites, name_ranks
from services_dir.search.lexicon import Lexicon
from services_dir.search.matching import Scores
from services_dir.search.options import NOBODY, Countable, Options, options_of
from services_dir.search.outlines import Outlines
from services_dir.search.query import Facet
from services_dir.search.segment_files import Commit
from services_dir.search.segments import Segment
from services_dir.search.terms import Cache, Mark, Part, Terms
from services_dir.search.tree import Tree
from services_dir.search.vocabulary import ALL_SURVIVORS, Vocabulary
from services_dir.settings import SEARCH_MEMORY

# Words from some word of a name on, rank of its kind, the name, its slug or key.
Completion = tuple[str, int, str, str]
_CARDS, _FACTS = msgspec.json.Decoder(Card), msgspec.json.Decoder(ShownFacts)
_OFFSET = attrgetter("offset")
_ATTEMPTS = 10
_RENEWING = 0.1  # seconds for what was asked for lately, before a commit answers
_LANGUAGES = ("en", "es")  # in which names are put in order before anybody asks


@dataclass(frozen=True)
class Snapshot:
    """Everything that a search needs of one commit, by number of document."""

    mark: Mark
    state: State
    vocabulary: Vocabulary
    gazetteer: Gazetteer
    size: int
    live: FrozenBitMap
    ids: Ids
    options: Mapping[Facet, Options]
    countable: Mapping[Facet, Countable]
    made_for: Options
    spoken: Options
    interpreters: FrozenBitMap
    kinds: Mapping[ProgramKind, FrozenBitMap]
    areas: Mapping[str, FrozenBitMap]
    sites: Sites
    sited: FrozenBitMap
    timetables: Mapping[Timetable, FrozenBitMap]
    assured: NDArray[np.int64]
    parts: tuple[Part, ...]
    terms: Terms
    lexicon: Lexicon
    _lock: RLock = field(default_factory=RLock)
    _ranks: dict[str, NDArray[np.int64]] = field(default_factory=dict)
    _stale: dict[int, FrozenBitMap] = field(default_factory=dict)
    _labels: dict[tuple[Facet, str], tuple[str, ...]] = field(default_factory=dict)
    _completions: dict[str, list[Completion]] = field(default_factory=dict)
    _lines: list[tuple[tuple[int, Card], ...]] = field(default_factory=list)
    _outlines: list[Outlines | None] = field(default_factory=list)

    @classmethod
    def build(
        cls,
        generation: Generation,
        vocabulary: Vocabulary,
        gazetteer: Gazetteer,
        *,
        before: Snapshot | None = None,
        memory: int = SEARCH_MEMORY,
    ) -> Snapshot:
        """Open the newest commit of an index, and put together what the first search would else wait for.

        What is read and computed for words takes at most `memory` bytes, as long as one snapshot follows
        another. Segments of the snapshot `before` are not opened again, and what follows from the vocabulary
        and the places is made anew only where these are others. Raises IndexUnusableError if the index gives
        anything but what was written.
        """
        for _attempt in range(_ATTEMPTS):  # a file may be merged away between reading its name and opening it
            commit = generation.commit()
            try:
                parts = _parts(generation, commit, before)
                break
            except Exception as error:
                if generation.commit().number == commit.number:
                    raise IndexUnusableError("a segment cannot be read") from error
        else:
            raise IndexUnusableError("the index changes too fast to be read")
        try:
            mark = (generation.folder.name, commit.number)
            cache = before.terms.cache if before is not None else Cache(memory)
            snapshot = cls._build(mark, vocabulary, gazetteer, parts, before=before, cache=cache)
            if before is not None and before.gazetteer is gazetteer:
                snapshot._outlines.extend(before._outlines)
            snapshot.make_ready(before)
        except IndexUnusableError:
            raise
        except Exception as error:
            raise IndexUnusableError("the index cannot be read") from error
        return snapshot

    def make_ready(self, before: Snapshot | None) -> None:
        """Put together now what the first search would wait for: what was asked of the snapshot before."""
        for language in before._ranks if before is not None else _LANGUAGES:
            self.name_ranks(language)
            for facet in Facet:
                self.labels(facet, language)
        held: tuple[Mapping[Any, FrozenBitMap], ...] = (self.kinds, self.areas, self.timetables)
        for sets in (*self.options.values(), *held):
            for key in sets:
                sets.get(key)
        if before is not None:
            for ordinal in before._stale:
                self.assured_before(date.fromordinal(ordinal))
            self.terms.renew(before.mark, _RENEWING)

    @property
    def is_intact(self) -> bool:
        """Tell whether all files that are mapped still are as long as they were.

        Reading from one that was cut off in place would end the process.
        """
        return all(part.segment.is_intact for part in self.parts)

    @classmethod
    def _build(
        cls,
        mark: Mark,
        vocabulary: Vocabulary,
        gazetteer: Gazetteer,
        parts: tuple[Part, ...],
        *,
        before: Snapshot | None,
        cache: Cache,
    ) -> Snapshot:
        size = sum(part.segment.size for part in parts)
        join = Joiner(parts)
        listed = {facet: join.listed(facet) for facet in Facet}
        excluded = join.sets(lambda facts: facts.excluded)
        interpreters = join.one(lambda facts: facts.interpreters)
        options = options_of(vocabulary, listed, excluded, interpreters)
        sites = join.sites()
        areas = join.sets(lambda facts: facts.areas)
        return cls(
            mark=mark,
            state=read_state((part.segment.facts.state, part.is_deleted) for part in parts),
            vocabulary=vocabulary,
            gazetteer=gazetteer,
            size=size,
            live=join.live,
            ids=Ids(parts, join.live),
            options=options,
            countable={
                facet: Countable.of(
                    held, vocabulary.terms.get(facet, {}), interpreters if facet is Facet.LANGUAGE else NOBODY
                )
                for facet, held in options.items()
            },
            made_for=listed[Facet.POPULATION],
            spoken=listed[Facet.LANGUAGE],
            interpreters=interpreters,
            kinds=join.sets(lambda facts: facts.kinds),
            areas=areas,
            sites=sites,
            sited=FrozenBitMap(BitMap(np.unique(sites.documents).tolist())),
            timetables=join.sets(lambda facts: facts.timetables),
            assured=np.concatenate([np.empty(0, np.int64), *(part.segment.facts.assured for part in parts)]),
            parts=parts,
            terms=Terms(mark, parts, size, join.live, cache),
            lexicon=_lexicon(
                parts, vocabulary, gazetteer, languages=listed[Facet.LANGUAGE], areas=areas, before=before
            ),
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
            return self.made_for.get(ALL_SURVIVORS, NOBODY)
        return NOBODY

    def serving(self, keys: Iterable[str]) -> BitMap:
        """Give the programs that serve any of these places."""
        found = BitMap()
        for key in keys:
            found |= self.areas.get(key, NOBODY)
        return found

    def evaluate(self, tree: Tree) -> tuple[BitMap, Scores]:
        """Give the programs that a tree finds, and their scores. Raises IndexUnusableError."""
        return self.terms.evaluate(tree)

    def score(self, trees: Iterable[Tree]) -> Scores:
        """Give what each of some trees adds to the score of any program. Raises IndexUnusableError."""
        return self.terms.score(trees)

    def exact(self, text: str) -> BitMap:
        """Give the programs of which a text is the whole name, as terms, or a number."""
        found = BitMap()
        for part in self.parts:
            found |= part.segment.facts.known_as(text).shift(part.offset)
        return found & self.live

    def card(self, number: int) -> Card:
        """Give the card of a program. Raises IndexUnusableError."""
        return self.read(number)[0]

    def read(self, number: int) -> tuple[Card, ShownFacts]:
        """Give the card and some facts of a program, which lie together. Raises IndexUnusableError."""
        try:
            card, facts = self.stored(number)
            return _CARDS.decode(card), _FACTS.decode(facts)
        except Exception as error:
            raise IndexUnusableError("a card cannot be read") from error

    def stored(self, number: int) -> tuple[bytes, bytes]:
        """Give the card and the facts of a program as they are stored. Raises DamagedError."""
        part = self._part(number)
        return part.segment.records.read(number - part.offset)

    def name_ranks(self, language: str) -> NDArray[np.int64]:
        """Give the place of each program in the order of names as shown in a language."""
        with self._lock:
            if language not in self._ranks:
                segments = [(part.offset, part.segment) for part in self.parts]
                self._ranks[language] = name_ranks(segments, self.size, language)
            return self._ranks[language]

    def assured_before(self, day: date) -> FrozenBitMap:
        """Give the programs that were last confirmed before a day; kept for the day asked for last."""
        ordinal = day.toordinal()
        with self._lock:
            if ordinal not in self._stale:
                self._stale.clear()
                is_stale = (self.assured > 0) & (self.assured < ordinal)
                self._stale[ordinal] = FrozenBitMap(bitmap_where(is_stale))
            return self._stale[ordinal]

    def labels(self, facet: Facet, language: str) -> tuple[str, ...]:
        """Give what the options of a facet are called in a language, in their order."""
        with self._lock:
            if (facet, language) not in self._labels:
                label = partial(self.vocabulary.label, facet, language=language)
                self._labels[facet, language] = tuple(map(label, self.countable[facet].values))
            return self._labels[facet, language]

    def completions(self, language: str, make: Callable[[], list[Completion]]) -> list[Completion]:
        """Give the sorted names of categories and places in a language, made at the first request."""
        with self._lock:
            if language not in self._completions:
                self._completions[language] = make()
            return self._completions[language]

    def lines(self, read: Callable[[], tuple[tuple[int, Card], ...]]) -> tuple[tuple[int, Card], ...]:
        """Give the cards of the lines that are always in reach, read at the first request."""
        with self._lock:
            if not self._lines:
                self._lines.append(read())
            return self._lines[0]

    def outlines(self, draw: Callable[[], Outlines | None]) -> Outlines | None:
        """Give the shapes of the places of this snapshot, drawn at the first request."""
        with self._lock:
            if not self._outlines:
                self._outlines.append(draw())
            return self._outlines[0]

    def sited_towns(self) -> dict[str, BitMap]:
        """Give the programs with a public site by the name of its town. Raises IndexUnusableError."""
        towns: dict[str, BitMap] = {}
        try:
            for part in self.parts:
                for name, held in part.segment.towns().items():
                    towns[name] = towns.get(name, BitMap()) | (held & part.live).shift(part.offset)
        except Exception as error:
            raise IndexUnusableError("the sites cannot be read") from error
        return towns

    def names_starting(self, start: str, language: str) -> Iterator[tuple[int, str]]:
        """Give the programs of whose names, as shown in a language, some word goes on as a text begins."""
        for part in self.parts:
            for number, name in part.segment.facts.names_starting(start, language):
                if number in part.live:
                    yield part.offset + number, name

    def organizations_starting(self, start: str) -> Iterator[tuple[str, BitMap]]:
        """Give the organizations with a word in their name that begins so, each with its programs."""
        for part in self.parts:
            for name, held in part.segment.facts.organizations_starting(start):
                yield name, (held & part.live).shift(part.offset)

    def name(self, number: int, language: str) -> str:
        """Give the name of a program in a language, or the English one."""
        part = self._part(number)
        return part.segment.facts.name(number - part.offset, language)

    def organization(self, number: int) -> str:
        """Give the name of the organization that answers for a program."""
        part = self._part(number)
        return part.segment.facts.organization(number - part.offset)

    def _part(self, number: int) -> Part:
        return self.parts[bisect_right(self.parts, number, key=_OFFSET) - 1]


def _parts(generation: Generation, commit: Commit, before: Snapshot | None) -> tuple[Part, ...]:
    """Give the segments of a commit, and open those that are new."""
    known = {part.segment.id: part.segment for part in before.parts} if before is not None else {}
    parts = []
    offset = 0
    for entry in commit.segments:
        segment = known.get(entry.segment_id()) or Segment(generation.open(commit, entry))
        if not segment.is_intact:
            raise IndexUnusableError("a segment is cut off")
        deleted = FrozenBitMap(entry.deleted_docs())
        parts.append(Part(segment, offset, segment.facts.numbers - deleted, deleted))
        offset += segment.size
    ids = {part.segment.id for part in parts}
    for part in parts:
        part.segment.forget_others(ids)
    return tuple(parts)


def _lexicon(
    parts: tuple[Part, ...],
    vocabulary: Vocabulary,
    gazetteer: Gazetteer,
    *,
    languages: Collection[str],
    areas: Collection[str],
    before: Snapshot | None,
) -> Lexicon:
    """Give all that words are understood by; what comes from the tables is used again while they last."""
    layers = tuple(part.segment.spelling() for part in parts)
    if (
        before is not None
        and before.gazetteer is gazetteer
        and set(before.spoken) == set(languages)
        and before.vocabulary == vocabulary
    ):
        return before.lexicon.renewed(layers, areas)
    return Lexicon.of(layers, vocabulary, gazetteer, languages=languages, areas=areas)
