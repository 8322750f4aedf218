"""The options of the facets: which programs each answers for, and how many of some programs those are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from pyroaring import BitMap, FrozenBitMap

from services_dir.search.query import Facet
from services_dir.search.vocabulary import ALL_SURVIVORS, INTERPRETER, Vocabulary

NOBODY = FrozenBitMap()
Options = Mapping[str, FrozenBitMap]


def options_of(
    vocabulary: Vocabulary,
    listed: Mapping[Facet, Options],
    excluded: Options,
    interpreters: FrozenBitMap,
) -> dict[Facet, Options]:
    """Give what each option of each facet answers for (DESIGN: "What the facets mean")."""
    options: dict[Facet, Options] = {facet: dict(held) for facet, held in listed.items()}
    populations = dict(listed[Facet.POPULATION])
    for_all = populations.get(ALL_SURVIVORS, NOBODY)
    for value in (*vocabulary.terms[Facet.POPULATION], *excluded):
        if value != ALL_SURVIVORS:
            populations[value] = FrozenBitMap(
                populations.get(value, NOBODY) | (for_all - excluded.get(value, NOBODY))
            )
    languages = {code: FrozenBitMap(held | interpreters) for code, held in listed[Facet.LANGUAGE].items()}
    languages[INTERPRETER] = interpreters
    options[Facet.POPULATION], options[Facet.LANGUAGE] = populations, languages
    return options


class Counts(NamedTuple):
    """How many programs each option of a facet answers for, and how many any other one that is chosen."""

    listed: list[int]
    other: int


@dataclass(frozen=True)
class Countable:
    """The options of a facet in the order in which they are shown, with what is counted for each.

    Programs for which every option answers are in `in_each` instead of in all sets: they are counted once.
    """

    values: tuple[str, ...]
    sets: tuple[FrozenBitMap, ...]
    in_each: FrozenBitMap

    @classmethod
    def of(cls, options: Options, known: Mapping[str, object], in_each: FrozenBitMap) -> Countable:
        """Take the options that the vocabulary knows in its order, then those that only programs have."""
        values = (*known, *sorted(set(options).difference(known)))
        return cls(values, tuple(options.get(value, NOBODY) - in_each for value in values), in_each)

    def counts(self, programs: BitMap) -> Counts:
        """Give for each option how many of some programs it answers for."""
        counts = list(map(programs.intersection_cardinality, self.sets))
        in_each = programs.intersection_cardinality(self.in_each)
        return Counts([count + in_each for count in counts] if in_each else counts, in_each)
