"""The terms of one commit: read from all segments, scored as Whoosh would, and kept while there is room."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable, Iterable
from dataclasses import dataclass
from functools import partial
from math import log
from threading import RLock
from time import thread_time
from typing import Any, TypeAlias

import numpy as np
from pyroaring import BitMap, FrozenBitMap

from services_dir.search.codec import LENGTHS
from services_dir.search.index import IndexUnusableError
from services_dir.search.matching import NOTHING, Matcher, Matches, Numbers, Scores
from services_dir.search.postings import FieldScores, Postings, adjoining
from services_dir.search.segments import Segment
from services_dir.search.tree import Phrase, Term, Tree

Mark: TypeAlias = tuple[str, int]  # a commit: the folder of its generation, and its number
_KEY_BYTES = 500  # of a key


@dataclass(frozen=True)
class Part:
    """A segment in a commit: the number of its first document, its programs, and what is deleted of it."""

    segment: Segment
    offset: int
    live: BitMap
    deleted: FrozenBitMap

    def is_deleted(self, number: int) -> bool:
        """Tell whether a document of the segment is deleted."""
        return number in self.deleted


class Terms:
    """Evaluates trees over the segments of one commit.

    Document count, frequencies and average lengths are sums over segments, deleted documents included,
    as in Whoosh; so scores hold for this commit alone. What was read of a segment is kept as long as it.
    """

    def __init__(
        self, mark: Mark, parts: tuple[Part, ...], size: int, live: FrozenBitMap, cache: Cache
    ) -> None:
        self.mark = mark
        self.cache = cache
        self._parts = parts
        self._size = size
        self._fields: dict[str, FieldScores] = {}
        self._live = live

    def renew(self, before: Mark, seconds: float) -> None:
        """Evaluate again what was asked for lately in the commit before, and drop the rest.

        It takes so many seconds of this thread's time at most.
        """
        until = thread_time() + seconds
        renewed = []
        for tree in self.cache.recent(before):
            if thread_time() > until:
                break
            self.cache.drop(before, tree)
            renewed.append(tree)
            _ = self._matcher().find(tree).bitmap
        for tree in reversed(renewed):  # so that it is known which was asked for last
            self._matcher().find(tree)
        self.cache.keep_only({self.mark, *(part.segment.id for part in self._parts)})

    def evaluate(self, tree: Tree) -> tuple[BitMap, Scores]:
        """Give the live documents that a tree finds, and their scores. Raises IndexUnusableError."""
        try:
            return self._matcher().evaluate(tree)
        except Exception as error:
            raise _unusable(error) from error

    def score(self, trees: Iterable[Tree]) -> Scores:
        """Give what each of some trees adds to the score of any document. Raises IndexUnusableError."""
        try:
            return self._matcher().score(trees)
        except Exception as error:
            raise _unusable(error) from error

    def _matcher(self) -> Matcher:
        # Made for each tree: kept, it would tie a knot that a frozen collector never opens.
        return Matcher(self._size, self._live, self._term, self._phrase, partial(self.cache.get, self.mark))

    def _term(self, term: Term) -> Matches:
        read = [self._postings(part, term.field, term.text) for part in self._parts]
        frequency = sum(postings.frequency for postings in read)
        if not frequency:
            return NOTHING
        scores = self._field(term.field).times(term.weight * (log(self._size / (frequency + 1)) + 1))
        found = [
            (postings.numbers + np.uint32(part.offset), postings.scores(scores))
            for part, postings in zip(self._parts, read, strict=True)
            if len(postings.numbers)
        ]
        if not found:
            return NOTHING
        if len(found) == 1:
            return Matches(*found[0])
        numbers, factors = zip(*found, strict=True)
        return Matches(np.concatenate(numbers), np.concatenate(factors))

    def _phrase(self, phrase: Phrase) -> Matches:
        """Give where a phrase stands; its score is that of its terms, as in Whoosh."""
        if not phrase.terms:
            return NOTHING
        found = [self._standing(part, phrase) + np.uint32(part.offset) for part in self._parts]
        numbers = np.concatenate([NOTHING.numbers, *found])
        if not len(numbers):
            return NOTHING
        terms = [self._term(Term(phrase.field, text)) for text in phrase.terms]
        scores = np.sum([matches.scores_at(numbers, self._size) for matches in terms], axis=0)
        return Matches(numbers, phrase.weight * scores)

    def _postings(self, part: Part, field: str, text: str) -> Postings:
        read = partial(part.segment.postings, field, text)
        found: Postings = self.cache.get(part.segment.id, (field, text), read)
        return found

    def _standing(self, part: Part, phrase: Phrase) -> Numbers:
        """Give the documents of a segment in which a phrase stands."""

        def find() -> Numbers:
            read = [self._postings(part, phrase.field, text) for text in phrase.terms]
            return adjoining(read, part.segment.size)

        found: Numbers = self.cache.get(part.segment.id, (phrase.field, phrase.terms), find)
        return found

    def _field(self, name: str) -> FieldScores:
        found = self._fields.get(name)
        if found is None:
            average = sum(part.segment.length(name) for part in self._parts) / self._size or 1.0
            arrays = [part.segment.arrays for part in self._parts if part.segment.arrays is not None]
            most = max((held.most(name) for held in arrays), default=0)
            found = self._fields[name] = FieldScores.of(average, most, LENGTHS)
        return found


class Cache:
    """Keeps what was made for owners, a commit or a segment, up to a number of bytes.

    What was not used for longest goes first.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.size = 0
        self._held: OrderedDict[tuple[Hashable, Hashable], Any] = OrderedDict()
        self._lock = RLock()

    def __len__(self) -> int:
        return len(self._held)

    def get(self, owner: Hashable, what: Hashable, make: Callable[[], Any]) -> Any:
        """Give what is held, made if it is not; what alone is too big is not kept."""
        key = (owner, what)
        with self._lock:
            found = self._held.get(key)
            if found is not None:
                self._held.move_to_end(key)
                return found
        made = make()
        with self._lock:
            if key not in self._held and _bytes_of(made) <= self.limit:
                self._held[key] = made
                self.size += _bytes_of(made)
            while self.size > self.limit:
                _key, gone = self._held.popitem(last=False)
                self.size -= _bytes_of(gone)
        return made

    def recent(self, owner: Hashable) -> list[Any]:
        """Give what is held for an owner, what was used last first."""
        with self._lock:
            return [what for one, what in reversed(self._held) if one == owner]

    def drop(self, owner: Hashable, what: Hashable) -> None:
        """Let something go."""
        with self._lock:
            gone = self._held.pop((owner, what), None)
            self.size -= _bytes_of(gone) if gone is not None else 0

    def keep_only(self, owners: Collection[Hashable]) -> None:
        """Let go what is held for anybody else."""
        with self._lock:
            for key in [key for key in self._held if key[0] not in owners]:
                self.drop(*key)


def _unusable(error: Exception) -> IndexUnusableError:
    return error if isinstance(error, IndexUnusableError) else IndexUnusableError("a term cannot be read")


def _bytes_of(made: Any) -> int:
    return int(made.nbytes) + _KEY_BYTES
