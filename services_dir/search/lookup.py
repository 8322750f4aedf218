"""The programs that hold the words: all of them, or where there is none, most of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from services_dir.errors import N_
from services_dir.search.bitmaps import numbers_of
from services_dir.search.columns import Snapshot
from services_dir.search.matching import Floats, Scores
from services_dir.search.query import Notice, notice
from services_dir.search.tree import And, Not, Or, Tree
from services_dir.search.words import Understood

_NONE_HAS_ALL = N_("No program has all of these words. These have most of them.")
_FEW_HAVE_ALL = N_("Few programs have all of these words. After them come those that have most.")
_FEW, _MANY_WORDS = 3, 3  # fewer programs for so many things asked for are filled up
_ALL = 1000.0  # goes before any score


@dataclass(frozen=True)
class Found:
    """Programs found by words, the scores if there were any words, and what is to be said of it."""

    programs: BitMap
    scores: AddedScores | None = None
    notices: tuple[Notice, ...] = ()


class AddedScores:
    """Scores added up, for those programs alone that are asked for: `scores[numbers]`, in ascending order."""

    def __init__(self, parts: Sequence[Scores | Floats]) -> None:
        self._parts = parts

    def __getitem__(self, numbers: NDArray[np.integer]) -> Floats:
        total = self._parts[0][numbers]
        for part in self._parts[1:]:
            total += part[numbers]
        return total


def look_up(snapshot: Snapshot, words: Understood, masked: BitMap) -> Found:
    """Find what was typed. Filters and places play no part in it, so that counts of facets stay honest."""
    if words.is_empty:
        return Found(BitMap(snapshot.live) - masked)
    without = tuple(Not(tree) for tree in words.unwanted)
    programs, scores = snapshot.evaluate(And((*words.wanted, *without)))
    programs -= masked
    if not words.wanted:
        return Found(programs)
    parts: list[Scores | Floats] = [snapshot.score(words.bonus)] if words.bonus else []
    notices: tuple[Notice, ...] = ()
    many = _MANY_WORDS if programs and not words.is_need else 2
    if len(words.wanted) >= many and len(programs) < _FEW:
        held = _held(snapshot, words.wanted, without, masked)
        most = int(held.max(initial=0))
        if most:
            notices = (notice(_FEW_HAVE_ALL if programs else _NONE_HAS_ALL),)
            programs = BitMap(np.flatnonzero(held >= (most - 1 if programs else most)).tolist())
        _anywhere, scores = snapshot.evaluate(Or(words.wanted))
        parts.append(np.multiply(held, _ALL, dtype=np.float64))
    return Found(programs, AddedScores((scores, *parts)), notices)


def _held(
    snapshot: Snapshot, wanted: tuple[Tree, ...], without: tuple[Not, ...], masked: BitMap
) -> NDArray[np.int64]:
    """Give for each program how much of what was asked for it has."""
    held = np.zeros(snapshot.size, dtype=np.int64)
    for tree in wanted:
        programs, _scores = snapshot.evaluate(And((tree, *without)))
        held[numbers_of(programs - masked)] += 1
    return held
