"""Stock Whoosh and the arrays are given the same tree: the same programs, the same scores, the same order."""

from __future__ import annotations

import gc
import tempfile
import weakref
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from whoosh import index as whoosh_index
from whoosh import query as whoosh
from whoosh.matching import AndNotMatcher, DisjunctionMaxMatcher

from services_dir.search.columns import Snapshot
from services_dir.search.document import make_document
from services_dir.search.index import STATE, Generation, State, encode, fingerprint
from services_dir.search.tree import And, DisjunctionMax, Not, Or, Phrase, Term
from tests.support.programs import PLACES, WORDS, make_public

TOLERANCE = 1e-6
VOCABULARY = ("harbor", "home", "law", "light", "safe", "shelter")
WRITTEN = ("name", "description", "eligibility", "organization")

words = st.sampled_from(VOCABULARY)
texts = st.lists(words, min_size=1, max_size=12).map(" ".join)
# Long ones reach the lengths that Whoosh rounds, and a count that the arrays do not hold.
long_texts = st.tuples(words, words, st.sampled_from((90, 260, 700))).map(
    lambda made: " ".join([made[0], made[1]] + [made[0]] * made[2])
)
contents = st.fixed_dictionaries(
    {"name": texts, "organization": texts},
    optional={"description": texts | long_texts, "eligibility": texts},
)
changes = st.dictionaries(st.integers(0, 9), st.none() | contents, min_size=1, max_size=6)
# A commit: what is put or removed, whether all segments are merged, whether Whoosh alone writes it.
commits = st.lists(
    st.tuples(changes, st.sampled_from((False, False, False, True)), st.sampled_from((False, False, True))),
    min_size=1,
    max_size=5,
)
weights = st.sampled_from((0.5, 1.0, 1.2, 3.0))
fields = st.sampled_from((*WRITTEN, "phones"))
leaves = st.builds(Term, fields, words | st.just("nothing"), weights) | st.builds(
    Phrase, st.sampled_from(WRITTEN), st.lists(words, min_size=2, max_size=3).map(tuple), weights
)


def composed(parts):
    several = st.lists(parts, min_size=1, max_size=4).map(tuple)
    without = st.tuples(several, st.lists(parts, max_size=2)).map(
        lambda made: And((*made[0], *(Not(part) for part in made[1])))
    )
    return several.map(Or) | several.map(DisjunctionMax) | without


trees = st.recursive(leaves, composed, max_leaves=10)


class BestOfSame(DisjunctionMaxMatcher):
    """Whoosh takes the best score of two matchers even where they stand at different documents.

    Its documentation says what is meant: the best of those that match the same one.
    """

    def score(self):
        if self.a.is_active() and self.b.is_active() and self.a.id() != self.b.id():
            return (self.a if self.a.id() < self.b.id() else self.b).score()
        return super().score()


class BestOf(whoosh.DisjunctionMax):
    """Whoosh's, without that mistake."""

    def _matcher(self, subs, searcher, context):
        reader = searcher.reader()
        return self._tree_matcher(subs, BestOfSame, searcher, context, lambda q: q.estimate_size(reader))


class Without(AndNotMatcher):
    """Whoosh lets the first document pass, if what is left out begins before it."""

    def _find_first(self):
        if self.a.is_active() and self.b.is_active():
            self._find_next()


class AndNot(whoosh.AndNot):
    """Whoosh's, without that mistake."""

    def matcher(self, searcher, context=None):
        return Without(self.a.matcher(searcher, context), self.b.matcher(searcher))


def for_whoosh(tree):
    """Give a tree as a query of Whoosh."""
    match tree:
        case Term(field, text, weight):
            return whoosh.Term(field, text, boost=weight)
        case Phrase(field, terms, weight):
            return whoosh.Phrase(field, list(terms), boost=weight)
        case Or(parts):
            return whoosh.Or([for_whoosh(part) for part in parts])
        case DisjunctionMax(parts):
            return BestOf([for_whoosh(part) for part in parts])
        case And(parts):  # `Not` in Whoosh's own `And` adds 1 to every score
            wanted = whoosh.And([for_whoosh(part) for part in parts if not isinstance(part, Not)])
            left_out = [for_whoosh(part.part) for part in parts if isinstance(part, Not)]
            return AndNot(wanted, whoosh.Or(left_out)) if left_out else wanted


def write(generation, changed, *, clean=False, bare=False):
    """Commit changes of programs; `bare` with Whoosh's own codec, as another program would."""
    state = State(0, "none", fingerprint())
    documents = {number: content and document(number, content) for number, content in changed.items()}
    if bare:
        stock = whoosh_index.open_dir(str(generation.folder)).writer()
        fill(StockWriter(stock), documents)
        stock.update_document(id=STATE, state=encode(state))
        stock.commit(merge=False)
        return
    with generation.writing(state, clean=clean) as writer:
        fill(writer, documents)


class StockWriter:
    """Writes what ours writes, by what Whoosh documents and with its codec."""

    def __init__(self, writer):
        self._writer = writer

    def put(self, document):
        terms = {field: " ".join(words) for field, words in document.terms.items() if words}
        stored = {"card": encode(document.card), "facts": encode(document.facts)}
        self._writer.update_document(id=document.id, **terms, **stored)

    def remove(self, document_id):
        self._writer.delete_by_term("id", document_id)


def fill(writer, documents):
    for number, made in documents.items():
        if made is None:
            writer.remove(program_id(number))
        else:
            writer.put(made)


def document(number, content):
    return make_document(make_public(**content, id=program_id(number)), WORDS, PLACES)


def program_id(number):
    return f"00000000-0000-4000-9000-{number:012}"


def snapshot_of(generation, before=None):
    return Snapshot.build(generation, WORDS, PLACES, before=before)


def assert_same(generation, snapshot, tree):
    """Ask both, and compare."""
    found, scores = snapshot.evaluate(tree)
    numbers = np.array(found, dtype=np.int64)
    mine = dict(zip(found, scores[numbers].tolist(), strict=True))
    with whoosh_index.open_dir(str(generation.folder)).searcher() as searcher:
        hits = searcher.search(for_whoosh(tree), limit=None, optimize=False)
        theirs = {hit.docnum: hit.score for hit in hits}
    assert set(mine) == set(theirs), tree
    assert mine == pytest.approx(theirs, rel=TOLERANCE), tree
    for one, other in pairwise(theirs):  # in Whoosh's order
        assert mine[one] >= mine[other] * (1 - 2 * TOLERANCE), tree


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(commits, st.lists(trees, min_size=1, max_size=8))
def test_both_engines_find_and_score_the_same(history, asked):
    with tempfile.TemporaryDirectory() as folder:
        generation = Generation.create(Path(folder) / "generation")
        snapshot = None
        for changed, clean, bare in history:
            write(generation, changed, clean=clean, bare=bare)
            snapshot = snapshot_of(generation, snapshot)
            for tree in asked:
                assert_same(generation, snapshot, tree)


def test_a_new_commit_reads_only_its_own_segment_again(tmp_path):
    generation = Generation.create(tmp_path / "generation")
    write(generation, {number: {"name": "Safe House"} for number in range(8)})
    first = snapshot_of(generation)
    write(generation, {3: {"name": "Harbor House"}})
    second = snapshot_of(generation, first)

    assert [part.segment.size for part in second.parts] == [9, 2]
    assert second.parts[0].segment is first.parts[0].segment
    assert len(second.live) == 8
    assert_same(generation, second, Term("name", "home"))
    assert_same(generation, first, Term("name", "nothing"))  # goes on answering
    assert len(first.evaluate(Term("name", "safe"))[0]) == 8


def test_a_segment_without_arrays_is_read_and_gets_them_at_the_next_merge(tmp_path):
    generation = Generation.create(tmp_path / "generation")
    write(generation, {number: {"name": "Safe House"} for number in range(8)}, bare=True)
    snapshot = snapshot_of(generation)
    assert [part.segment.arrays for part in snapshot.parts] == [None]
    assert_same(generation, snapshot, Phrase("name", ("safe", "home")))

    write(generation, {3: {"name": "Harbor House"}})
    merged = snapshot_of(generation, snapshot)

    assert all(part.segment.arrays for part in merged.parts)
    assert_same(generation, merged, Or((Term("name", "home"), Term("name", "harbor", 2.0))))


def test_damaged_arrays_are_noticed_and_whoosh_is_asked(tmp_path):
    generation = Generation.create(tmp_path / "generation")
    write(generation, {number: {"name": "Safe House"} for number in range(8)})
    commit = generation.commit()
    file = next(generation.folder.glob("*.seg"))
    content = file.read_bytes()
    mark = content.index(b"SDARR")

    file.write_bytes(content[: mark + 20] + bytes([content[mark + 20] ^ 1]) + content[mark + 21 :])
    assert generation.open(commit, commit.segments[0]).arrays() is None
    assert_same(generation, snapshot_of(generation), Term("name", "home"))

    numbers = content.index(np.arange(8, dtype="<u4").tobytes(), mark)
    file.write_bytes(content[:numbers] + b"\xff" + content[numbers + 1 :])
    assert_same(generation, snapshot_of(generation), And((Term("name", "home"), Term("name", "safe"))))


def test_a_snapshot_goes_without_the_collector(tmp_path):
    generation = Generation.create(tmp_path / "generation")
    write(generation, {number: {"name": "Safe House"} for number in range(8)})
    gc.disable()
    try:
        snapshot = snapshot_of(generation)
        snapshot.evaluate(Or((Term("name", "safe"), Phrase("name", ("safe", "home")))))
        gone = weakref.ref(snapshot.terms)
        del snapshot
        assert gone() is None
    finally:
        gc.enable()


def test_what_is_kept_of_words_stays_within_its_limit(tmp_path):
    generation = Generation.create(tmp_path / "generation")
    write(generation, {number: {"name": "Safe House"} for number in range(8)})
    snapshot = Snapshot.build(generation, WORDS, PLACES, memory=2500)
    cache = snapshot.terms.cache
    for text in ("safe", *VOCABULARY):
        snapshot.evaluate(Term("name", "safe"))
        snapshot.evaluate(Term("name", text))
        assert 0 < cache.size <= 2500

    made = []
    cache.get(snapshot.mark, Term("name", "safe"), lambda: made.append(1))
    assert made == [], "what is used again and again stays"


def test_what_was_asked_for_lately_is_there_again_after_a_commit(tmp_path):
    generation = Generation.create(tmp_path / "generation")
    write(generation, {number: {"name": "Safe House"} for number in range(8)})
    first = snapshot_of(generation)
    asked = [Term("name", "safe"), Or((Term("name", "home"), Term("name", "harbor")))]
    for tree in asked:
        first.evaluate(tree)
    write(generation, {3: {"name": "Harbor House"}})
    second = snapshot_of(generation, first)

    assert second.terms.cache is first.terms.cache
    assert second.terms.cache.recent(second.mark) == asked[::-1]
    assert second.terms.cache.recent(first.mark) == []
    for tree in asked:
        assert_same(generation, second, tree)
