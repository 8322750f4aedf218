"""Counts of the facets: for each option the total if it were the only one chosen in its facet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from msgspec import Struct
from pyroaring import BitMap, FrozenBitMap

from services_dir.search.columns import Snapshot
from services_dir.search.options import Counts
from services_dir.search.query import Facet


class FacetOption(Struct, frozen=True):
    """A value that can be chosen; `count` is None where counts are not known."""

    value: str
    label: str
    count: int | None
    chosen: bool


@dataclass(frozen=True)
class FacetCounts:
    """A facet and its options."""

    name: Facet
    options: tuple[FacetOption, ...]


def chosen_sets(
    snapshot: Snapshot, chosen: Mapping[Facet, tuple[str, ...]]
) -> dict[Facet, BitMap | FrozenBitMap]:
    """Give for each facet with a choice the programs that any chosen option answers for."""
    return {facet: _any_of(snapshot, facet, values) for facet, values in chosen.items() if values}


def _any_of(snapshot: Snapshot, facet: Facet, values: tuple[str, ...]) -> BitMap | FrozenBitMap:
    first, *others = (snapshot.option(facet, value) for value in values)
    return first.union(*others) if others else first


def narrowed(base: BitMap, sets: Mapping[Facet, BitMap | FrozenBitMap], but: Facet | None = None) -> BitMap:
    """Give what is left of some programs by the choices of all facets, or of all but one."""
    left = base
    for facet, found in sets.items():
        if facet is not but:
            left = left & found
    return left


def count_options(
    snapshot: Snapshot, base: BitMap, sets: Mapping[Facet, BitMap | FrozenBitMap]
) -> dict[Facet, Counts]:
    """Count every option, in the order of `Snapshot.countable`."""
    return {facet: held.counts(narrowed(base, sets, facet)) for facet, held in snapshot.countable.items()}


def count_facets(
    snapshot: Snapshot,
    base: BitMap,
    sets: Mapping[Facet, BitMap | FrozenBitMap],
    chosen: Mapping[Facet, tuple[str, ...]],
    language: str,
) -> tuple[FacetCounts, ...]:
    """Count every option. Options that find nothing are left out unless they are chosen."""
    return tuple(
        FacetCounts(facet, tuple(_shown(snapshot, facet, counts, chosen[facet], language)))
        for facet, counts in count_options(snapshot, base, sets).items()
    )


def _shown(
    snapshot: Snapshot, facet: Facet, counts: Counts, chosen: tuple[str, ...], language: str
) -> list[FacetOption]:
    """Give the options of a facet with their names, and behind them what was chosen and is none of them."""
    values = snapshot.countable[facet].values
    shown = [
        FacetOption(value, label, count, value in chosen)
        for value, label, count in zip(values, snapshot.labels(facet, language), counts.listed, strict=True)
        if count or value in chosen
    ]
    shown += [
        FacetOption(value, snapshot.vocabulary.label(facet, value, language), counts.other, chosen=True)
        for value in chosen
        if value not in values
    ]
    if facet is Facet.LANGUAGE:
        shown.sort(key=lambda option: (-(option.count or 0), option.label))
    return shown
