"""What lies in a segment is what was written, whoever wrote it, or it is not used at all."""

from __future__ import annotations

import gc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from whoosh import index as whoosh_index
from whoosh.reading import SegmentReader

from services_dir.search.codec import count_small
from services_dir.search.columns import Snapshot
from services_dir.search.document import encode, make_document
from services_dir.search.index import STATE, Generation, IndexUnusableError, State, fingerprint
from services_dir.search.query import Facet
from services_dir.search.segment_files import SegmentFiles
from services_dir.search.tree import Phrase, Term
from tests.support.programs import PLACES, WORDS, make_public, make_site, write_index

HEAD = State(0, "none", fingerprint())


def programs(count=6):
    return [
        make_public(
            f"Harbor {number} House",
            description="Safe harbor for all. " * (number + 1),
            categories=("housing",),
            languages=("es",) if number % 2 else (),
            sites=(make_site("town/mill", latitude=41.0 + number, longitude=-72.0),),
        )
        for number in range(count)
    ]


def documents(held):
    return [make_document(program, WORDS, PLACES) for program in held]


def open_snapshot(generation, before=None):
    return Snapshot.build(generation, WORDS, PLACES, before=before)


def told(snapshot):
    """Give all that a snapshot says of its programs."""
    keys = {key: snapshot.ids[key] for key in snapshot.ids}
    ranks = snapshot.name_ranks("en")
    return {
        key: (
            snapshot.read(number),
            snapshot.name(number, "es"),
            snapshot.organization(number),
            int(snapshot.assured[number]),
            sorted(keys, key=lambda one: ranks[keys[one]]).index(key),
            number in snapshot.option(Facet.LANGUAGE, "es"),
            number in snapshot.exact(snapshot.name(number, "en").lower()),
            [float(x) for x in snapshot.sites.latitudes[snapshot.sites.documents == number]],
        )
        for key, number in keys.items()
    }


def test_a_segment_that_another_program_wrote_says_the_same(tmp_path):
    held = programs()
    ours = open_snapshot(write_index(tmp_path / "ours", held))
    generation = Generation.create(tmp_path / "stock")
    writer = whoosh_index.open_dir(str(generation.folder)).writer()
    writer.add_document(id=STATE, state=encode(HEAD))
    for document in documents(held):
        terms = {field: " ".join(words) for field, words in document.terms.items() if words}
        stored = {"card": encode(document.card), "facts": encode(document.facts)}
        writer.add_document(id=document.id, **terms, **stored)
    writer.commit()
    stock = open_snapshot(generation)

    assert told(stock) == told(ours)
    with generation.writing(HEAD) as merging:  # the merge writes our files
        merging.remove(held[0].id)
    merged = open_snapshot(generation, stock)
    assert all(part.segment.arrays for part in merged.parts)
    assert set(merged.ids) == {program.id for program in held[1:]}
    assert merged.card(merged.ids[held[1].id]) == ours.card(ours.ids[held[1].id])


def test_an_index_built_with_little_memory_is_the_same(tmp_path, monkeypatch):
    held = programs(30)
    at_once = open_snapshot(write_index(tmp_path / "at-once", held))
    monkeypatch.setattr("services_dir.search.index._MEMORY", 5000)
    in_runs = open_snapshot(write_index(tmp_path / "in-runs", held))

    for tree in (Term("description", "safe"), Term("name", "harbor"), Phrase("name", ("harbor", "3"))):
        found, scores = at_once.evaluate(tree)
        again, same = in_runs.evaluate(tree)
        assert found
        assert [at_once.name(n, "en") for n in found] == [in_runs.name(n, "en") for n in again]
        numbers, others = np.array(found, dtype=np.int64), np.array(again, dtype=np.int64)
        assert scores[numbers].tolist() == same[others].tolist()


def spoil(generation, at):
    """Turn one bit of the only segment, where something begins."""
    file = next(generation.folder.glob("*.seg"))
    content = bytearray(file.read_bytes())
    content[content.index(at) + len(at)] ^= 1
    file.write_bytes(content)


def test_a_card_that_is_not_what_was_written_is_not_shown(tmp_path):
    held = programs(2)
    generation = write_index(tmp_path / "generation", held)
    spoil(generation, b'"slug":"' + held[0].slug.encode()[:-1])
    snapshot = open_snapshot(generation)

    assert snapshot.card(snapshot.ids[held[1].id]).slug == held[1].slug
    with pytest.raises(IndexUnusableError):
        snapshot.card(snapshot.ids[held[0].id])


def test_facts_that_are_not_what_was_written_are_not_used(tmp_path):
    held = programs(2)
    generation = write_index(tmp_path / "generation", held)
    spoil(generation, held[0].id.encode() + held[1].id.encode()[:-1])

    with pytest.raises(IndexUnusableError):
        open_snapshot(generation)


def test_no_reader_of_whoosh_stays_open(tmp_path):
    generation = write_index(tmp_path / "generation", programs())
    snapshot = open_snapshot(generation)
    snapshot.evaluate(Term("name", "harbor"))
    with generation.writing(HEAD) as writer:
        writer.put(documents(programs(1))[0])
    after = open_snapshot(generation, snapshot)

    gc.collect()
    assert [held for held in gc.get_objects() if isinstance(held, SegmentReader)] == []
    assert len(after.live) == 7


def test_segments_are_merged_from_their_arrays(tmp_path, monkeypatch):
    held = programs()
    generation = write_index(tmp_path / "generation", held)
    before = open_snapshot(generation)
    monkeypatch.delattr(SegmentFiles, "reader")  # Whoosh's
    with generation.writing(HEAD, clean=True) as writer:
        writer.remove(held[0].id)
    after = open_snapshot(generation)

    assert [part.segment.size for part in after.parts] == [len(held)]  # with what the commit says of itself
    assert set(after.ids) == {program.id for program in held[1:]}
    for program in held[1:]:
        assert after.read(after.ids[program.id]) == before.read(before.ids[program.id])
    assert [after.name(n, "en") for n in after.evaluate(Phrase("name", ("harbor", "3")))[0]] == [
        "Harbor 3 House"
    ]


def test_what_did_not_change_is_used_again_after_a_commit(tmp_path):
    generation = write_index(tmp_path / "generation", programs())
    first = open_snapshot(generation)
    first.evaluate(Term("name", "harbor"))
    with generation.writing(HEAD) as writer:
        writer.put(documents(programs(1))[0])
    second = open_snapshot(generation, first)

    assert second.parts[0].segment is first.parts[0].segment
    assert second.lexicon.meanings is first.lexicon.meanings
    assert second.terms.cache.recent(first.parts[0].segment.id) == [("name", "harbor")]


@given(st.lists(st.integers(1, 50), min_size=150, max_size=150))
def test_segments_stay_few_and_large_ones_are_seldom_written_again(commits):
    sizes, written = [100_000], 0
    for size in commits:
        sizes.sort()
        count = count_small(sizes)
        merged = sum(sizes[:count])
        written += merged
        sizes = [*sizes[count:], merged + size]
        assert len(sizes) <= 10

    assert max(sizes) >= 100_000
    assert written < 100_000
