"""What a sheet is for, as demand counts it: the kinds of help and the region of its programs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from services_dir import demand
from services_dir.catalog.gazetteer import Gazetteer
from services_dir.catalog.kinds import PlaceKind
from services_dir.catalog.public import PublicProgram
from services_dir.demand.models import Breakdown
from services_dir.demand.rules import Sums
from services_dir.search.vocabulary import Vocabulary

_WIDE = (PlaceKind.STATE, PlaceKind.NATION)


def count_sheet(
    programs: Sequence[PublicProgram], words: Vocabulary, places: Gazetteer, language: str, *, at: datetime
) -> None:
    """Count a sheet for each kind of help on it, for the one region that its local programs serve, if one."""
    served = {
        places.planning_region(area.place.key)
        for program in programs
        for area in program.all_areas
        if area.place.kind not in _WIDE
    }
    region = served.pop() if len(served) == 1 else None
    values = {
        Breakdown.CATEGORY: {
            words.with_ancestors(slug)[-1] for program in programs for slug in program.categories[:1]
        },
        Breakdown.REGION: (region,) if region else (),
        Breakdown.LANGUAGE: (language,),
    }
    demand.count(Sums(sheets=1), values, at=at)
