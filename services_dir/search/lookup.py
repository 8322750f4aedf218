"""The programs that hold the words: all of them, or where there is none, most of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from services_dir.errors import N_
from services_dir.search.columns import Snapshot, numbers_of
from services_dir.search.matching import Floats, Scores
from services_dir.search.query import Notice, notice
from services_dir.search.tree import And, Not, Or, Tree
from services_dir.search.words import Understood

_NONE_HAS_ALL = N_("No program has all of these words. These have most of them.")


@dataclass(frozen=True)
class Found:
    """Programs found by words, the scores if there were any words, and what is to be said of it."""

    programs: BitMap
    scores: AddedScores | None = None
    notices: tuple[Notice, ...] = ()


class AddedScores:
    """Scores added up, for those programs alone that are asked for: `scores[numbers]`, in ascending order."""

    def __init__(self, parts: Sequence[Scores]) -> None:
        self._parts = parts

    def __getitem__(self, numbers: NDArray[np.integer]) -> Floats:
        return np.sum([part[numbers] for part in self._parts], axis=0)


def look_up(snapshot: Snapshot, words: Understood, masked: BitMap) -> Found:
    """Find what was typed. Filters and places play no part in it, so that counts of facets stay honest."""
    if words.is_empty:
        return Found(BitMap(snapshot.live))
    without = tuple(Not(tree) for tree in words.unwanted)
    programs, scores = snapshot.evaluate(And((*words.wanted, *without)))
    programs -= masked
    if not words.wanted:
        return Found(programs)
    notices: tuple[Notice, ...] = ()
    if not programs and len(words.wanted) > 1:
        programs = _most(snapshot, words.wanted, without, masked)
        _anywhere, scores = snapshot.evaluate(Or(words.wanted))
        notices = (notice(_NONE_HAS_ALL),) if programs else ()
    return Found(programs, AddedScores((scores, snapshot.score(words.bonus))), notices)


def _most(snapshot: Snapshot, wanted: tuple[Tree, ...], without: tuple[Not, ...], masked: BitMap) -> BitMap:
    """Give the programs in which most of what was asked for is found."""
    held = np.zeros(snapshot.size, dtype=np.int64)
    for tree in wanted:
        programs, _scores = snapshot.evaluate(And((tree, *without)))
        held[numbers_of(programs - masked)] += 1
    most = int(held.max(initial=0))
    return BitMap(np.flatnonzero(held == most).tolist()) if most else BitMap()
