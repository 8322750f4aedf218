"""Counts of the facets: for each option the total if it were the only one chosen in its facet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from msgspec import Struct
from pyroaring import BitMap

from services_dir.search.columns import Snapshot
from services_dir.search.joining import NOBODY
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


def chosen_sets(snapshot: Snapshot, chosen: Mapping[Facet, tuple[str, ...]]) -> dict[Facet, BitMap]:
    """Give for each facet with a choice the programs that any chosen option answers for."""
    return {
        facet: BitMap.union(*(BitMap(snapshot.option(facet, value)) for value in values))
        for facet, values in chosen.items()
        if values
    }


def narrowed(base: BitMap, sets: Mapping[Facet, BitMap], but: Facet | None = None) -> BitMap:
    """Give what is left of some programs by the choices of all facets, or of all but one."""
    left = base.copy()
    for facet, found in sets.items():
        if facet is not but:
            left &= found
    return left


def count_facets(
    snapshot: Snapshot,
    base: BitMap,
    sets: Mapping[Facet, BitMap],
    chosen: Mapping[Facet, tuple[str, ...]],
    language: str,
) -> tuple[FacetCounts, ...]:
    """Count every option. Options that find nothing are left out unless they are chosen."""
    return tuple(
        _count(snapshot, facet, narrowed(base, sets, facet), chosen[facet], language) for facet in Facet
    )


def _count(
    snapshot: Snapshot, facet: Facet, base: BitMap, chosen: tuple[str, ...], language: str
) -> FacetCounts:
    rows = snapshot.rows(facet, language)
    others = {
        value: (snapshot.vocabulary.label(facet, value, language), NOBODY)
        for value in chosen
        if value not in rows
    }
    in_each = base.intersection_cardinality(snapshot.interpreters) if facet is Facet.LANGUAGE else 0
    shown = [
        FacetOption(value, label, count, value in chosen)
        for value, (label, held) in (*rows.items(), *others.items())
        if (count := in_each + base.intersection_cardinality(held)) or value in chosen
    ]
    if facet is Facet.LANGUAGE:
        shown.sort(key=lambda option: (-(option.count or 0), option.label))
    return FacetCounts(facet, tuple(shown))
