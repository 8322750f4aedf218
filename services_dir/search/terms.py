"""The terms of one commit: read from all segments, scored as Whoosh would, and kept while there is room."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import log
from threading import RLock
from typing import Any, Generic, Protocol, TypeAlias, TypeVar

import numpy as np
from pyroaring import BitMap, FrozenBitMap

from services_dir.search.codec import LENGTHS
from services_dir.search.index import IndexUnusableError
from services_dir.search.matching import NOTHING, Matcher, Matches, Numbers, Scores
from services_dir.search.postings import FieldScores, Postings, adjoining
from services_dir.search.segments import Segment
from services_dir.search.tree import Phrase, Term, Tree

# How many bytes of what was read and computed for words a process keeps; what was not used for longest goes
# first. Postings outlive a commit, scores do not: they depend on how many programs there are.
CACHE_BYTES = 64 * 1024 * 1024
POSTINGS_BYTES = 32 * 1024 * 1024
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
    as in Whoosh; so scores hold for this commit alone. What was read is kept in `postings`, which the next
    commit takes over.
    """

    def __init__(
        self, parts: tuple[Part, ...], size: int, live: FrozenBitMap, postings: PostingsCache | None = None
    ) -> None:
        self.postings: PostingsCache = Cache(POSTINGS_BYTES) if postings is None else postings
        self._parts = parts
        self._size = size
        self._fields: dict[str, FieldScores] = {}
        self._live = live
        self.cache: Cache[Tree, Matches] = Cache(CACHE_BYTES)

    def evaluate(self, tree: Tree) -> tuple[BitMap, Scores]:
        """Give the live documents that a tree finds, and their scores. Raises IndexUnusableError."""
        with _readable():
            return self._matcher().evaluate(tree)

    def score(self, trees: Iterable[Tree]) -> Scores:
        """Give what each of some trees adds to the score of any document. Raises IndexUnusableError."""
        with _readable():
            return self._matcher().score(trees)

    def _matcher(self) -> Matcher:
        # Made for each tree: kept, it would tie a knot that a frozen collector never opens.
        return Matcher(self._size, self._live, self._term, self._phrase, self.cache)

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
        key = (part.segment.id, field, text)
        found: Postings = self.postings.get(key, lambda: part.segment.postings(field, text))
        return found

    def _standing(self, part: Part, phrase: Phrase) -> Numbers:
        """Give the documents of a segment in which a phrase stands."""

        def find() -> Numbers:
            read = [self._postings(part, phrase.field, text) for text in phrase.terms]
            return adjoining(read, part.segment.size)

        found: Numbers = self.postings.get((part.segment.id, phrase.field, phrase.terms), find)
        return found

    def _field(self, name: str) -> FieldScores:
        found = self._fields.get(name)
        if found is None:
            average = sum(part.segment.length(name) for part in self._parts) / self._size or 1.0
            arrays = [part.segment.arrays for part in self._parts if part.segment.arrays is not None]
            most = max((held.most(name) for held in arrays), default=0)
            found = self._fields[name] = FieldScores.of(average, most, LENGTHS)
        return found


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except IndexUnusableError:
        raise
    except Exception as error:
        raise IndexUnusableError("a term cannot be read") from error


class Sized(Protocol):
    """What knows how many bytes it holds."""

    @property
    def nbytes(self) -> int:
        """Give them."""


KeyT = TypeVar("KeyT", bound=Hashable)
HeldT = TypeVar("HeldT", bound=Sized)


class Cache(Generic[KeyT, HeldT]):
    """Keeps what was made, up to a number of bytes; what was not used for longest goes first."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._held: OrderedDict[KeyT, HeldT] = OrderedDict()
        self._lock = RLock()
        self.size = 0

    def __len__(self) -> int:
        return len(self._held)

    def get(self, key: KeyT, make: Callable[[], Any]) -> Any:
        """Give what is held under a key, made if it is not; what alone is too big is not kept."""
        with self._lock:
            found = self._held.get(key)
            if found is not None:
                self._held.move_to_end(key)
                return found
        made = make()
        size = made.nbytes + _KEY_BYTES
        with self._lock:
            if key not in self._held and size <= self._limit:
                self._held[key] = made
                self.size += size
            while self.size > self._limit:
                _key, gone = self._held.popitem(last=False)
                self.size -= gone.nbytes + _KEY_BYTES
        return made


PostingsCache: TypeAlias = Cache[Any, Any]
