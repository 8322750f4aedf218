"""One commit of the index as arrays and bitmaps: what a search computes with.

A snapshot never changes and may be used by several threads. Segments that an earlier snapshot has
read are used again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
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
from services_dir.search.joining import NOBODY, Ids, Joiner, Sites, name_ranks, options_of
from services_dir.search.matching import Scores
from services_dir.search.query import Facet
from services_dir.search.segment_files import Commit
from services_dir.search.segments import Segment
from services_dir.search.terms import Part, Terms
from services_dir.search.tree import Tree
from services_dir.search.vocabulary import ALL_SURVIVORS, Vocabulary
from services_dir.search.words import Lexicon

# Words from some word of a name on, rank of its kind, the name, its slug or key.
Completion = tuple[str, int, str, str]
# What an option is called, and the programs that it answers for; of a language without the interpreter lines,
# which answer for each: they are counted once.
Row = tuple[str, FrozenBitMap]
_CARDS, _FACTS = msgspec.json.Decoder(Card), msgspec.json.Decoder(ShownFacts)
_ATTEMPTS = 10
_LANGUAGES = ("en", "es")  # in which names are put in order before anybody asks


@dataclass(frozen=True)
class Snapshot:
    """Everything that a search needs of one commit, by number of document."""

    mark: tuple[str, int]
    state: State
    vocabulary: Vocabulary
    gazetteer: Gazetteer
    size: int
    live: FrozenBitMap
    ids: Ids
    options: Mapping[Facet, Mapping[str, FrozenBitMap]]
    made_for: Mapping[str, FrozenBitMap]
    spoken: Mapping[str, FrozenBitMap]
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
    _rows: dict[tuple[Facet, str], dict[str, Row]] = field(default_factory=dict)
    _completions: dict[str, list[Completion]] = field(default_factory=dict)

    @classmethod
    def build(
        cls,
        generation: Generation,
        vocabulary: Vocabulary,
        gazetteer: Gazetteer,
        *,
        before: Snapshot | None = None,
    ) -> Snapshot:
        """Open the newest commit of an index, and put together what the first search would else wait for.

        Segments of the snapshot `before` are not opened again, and what follows from the vocabulary and
        the places is made anew only where these are others. Raises IndexUnusableError if the index gives
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
            snapshot = cls._build(mark, vocabulary, gazetteer, parts, before)
            snapshot.make_ready(tuple(before._ranks) if before is not None else _LANGUAGES)
        except IndexUnusableError:
            raise
        except Exception as error:
            raise IndexUnusableError("the index cannot be read") from error
        return snapshot

    def make_ready(self, languages: Iterable[str]) -> None:
        """Put together now what the first search would otherwise wait for."""
        for language in languages:
            self.name_ranks(language)
            for facet in Facet:
                self.rows(facet, language)
        held: tuple[Mapping[Any, FrozenBitMap], ...] = (self.kinds, self.areas, self.timetables)
        for sets in (*self.options.values(), *held):
            for key in sets:
                sets.get(key)

    @property
    def is_intact(self) -> bool:
        """Tell whether all files that are mapped still are as long as they were.

        Reading from one that was cut off in place would end the process.
        """
        return all(part.segment.is_intact for part in self.parts)

    @classmethod
    def _build(
        cls,
        mark: tuple[str, int],
        vocabulary: Vocabulary,
        gazetteer: Gazetteer,
        parts: tuple[Part, ...],
        before: Snapshot | None,
    ) -> Snapshot:
        size = sum(part.segment.size for part in parts)
        join = Joiner(parts)
        listed = {facet: join.listed(facet) for facet in Facet}
        excluded = join.sets(lambda facts: facts.excluded)
        interpreters = join.one(lambda facts: facts.interpreters)
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
            options=options_of(vocabulary, listed, excluded, interpreters),
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
            terms=Terms(parts, size, join.live, before.terms.postings if before is not None else None),
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
            part = self._part(number)
            card, facts = part.segment.record(number - part.offset)
            return _CARDS.decode(card), _FACTS.decode(facts)
        except Exception as error:
            raise IndexUnusableError("a card cannot be read") from error

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

    def rows(self, facet: Facet, language: str) -> Mapping[str, Row]:
        """Give what can be chosen in a facet: its name in a language, and who answers for it."""
        with self._lock:
            if (facet, language) not in self._rows:
                held, terms = self.options[facet], self.vocabulary.terms.get(facet, {})
                counted_once = self.interpreters if facet is Facet.LANGUAGE else NOBODY
                self._rows[facet, language] = {
                    value: (
                        self.vocabulary.label(facet, value, language),
                        self.option(facet, value) - counted_once,
                    )
                    for value in (*terms, *sorted(set(held).difference(terms)))
                }
            return self._rows[facet, language]

    def completions(self, language: str, make: Callable[[], list[Completion]]) -> list[Completion]:
        """Give the sorted names of categories and places in a language, made at the first request."""
        with self._lock:
            if language not in self._completions:
                self._completions[language] = make()
            return self._completions[language]

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
        return next(part for part in reversed(self.parts) if part.offset <= number)


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
