"""What is kept of a month: nobody can work a single search out of it, whatever is subtracted from what."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime

from hypothesis import example, given, settings
from hypothesis import strategies as st

from services_dir.demand import rules
from services_dir.demand.models import Breakdown, Measure
from services_dir.demand.rules import Sums

KINDS = ("housing", "legal-assistance", "health-care", "")
REGIONS = ("capitol", "south-central", "")
POSSIBLE = {Breakdown.CATEGORY: len(KINDS), Breakdown.REGION: len(REGIONS), Breakdown.LANGUAGE: 600}
PARTS = (Breakdown.CATEGORY, Breakdown.REGION, Breakdown.LANGUAGE)

# One search: its kinds of help, its region, its language, whether it found nothing.
one_search = st.tuples(
    st.sets(st.sampled_from(KINDS[:3]), max_size=2).map(frozenset),
    st.sampled_from(REGIONS),
    st.sampled_from(("en", "es", "vi")),
    st.booleans(),
)
SEARCH = (frozenset({"housing"}), "capitol", "en", False)


def exact_sums(searches):
    """Count searches as the pages do."""
    found: Counter[tuple[Breakdown, str]] = Counter()
    empty: Counter[tuple[Breakdown, str]] = Counter()
    for kinds, region, language, is_empty in searches:
        keys = [
            (Breakdown.ALL, ""),
            *((Breakdown.CATEGORY, kind) for kind in kinds or {""}),
            (Breakdown.REGION, region),
            (Breakdown.LANGUAGE, language),
        ]
        found.update(keys)
        empty.update(keys if is_empty else [])
    return {key: Sums(searches=number, empty=empty[key]) for key, number in found.items()}


class Attacker:
    """Somebody who knows all that is published of a month, how it is made, and that the sums belong together.

    A search stands once in the total and once among the regions, at least once among kinds of help and
    languages, and no sum is larger than that of all searches.
    """

    def __init__(self, kept, measure):
        self.shown = {key: sums.of(measure) for key, sums in kept.items()}

    def values(self, part, fixed):
        """What a breakdown shows, with one sum known instead of its figure."""
        held = {value: number for (kind, value), number in self.shown.items() if kind is part}
        return held | ({fixed[1]: fixed[2]} if fixed[0] is part else {})

    def wholes(self, part, fixed):
        """The least and the most searches there can be by one breakdown."""
        held = self.values(part, fixed)
        known = fixed[0] is part
        most = sum(held.values()) + 4 * (POSSIBLE[part] - known)
        if part is Breakdown.REGION:
            return sum(held.values()), most
        return held.pop("", 0) + max(held.values(), default=0), most

    def can_be(self, part, value, number):
        """Tell whether a sum can be this number without a contradiction."""
        fixed = (part, value, number)
        total = self.shown.get((Breakdown.ALL, ""), 0)
        totals = [number] if part is Breakdown.ALL else range(total, total + 5)
        bounds = [self.wholes(other, fixed) for other in PARTS]
        return any(all(least <= whole <= most for least, most in bounds) for whole in totals)

    def ruled_out(self):
        """The sums behind figures that cannot be, though they round to what is shown."""
        keys = {(Breakdown.ALL, "")} | {(Breakdown.CATEGORY, kind) for kind in KINDS}
        keys |= {(Breakdown.REGION, region) for region in REGIONS}
        keys |= {(Breakdown.LANGUAGE, language) for language in ("en", "es", "vi")}
        return [
            (part, value, number)
            for part, value in keys
            for number in range(self.shown.get((part, value), 0), self.shown.get((part, value), 0) + 5)
            if not self.can_be(part, value, number)
        ]


@settings(max_examples=60)
@given(st.lists(one_search, max_size=40))
@example([SEARCH] * 4)
@example([(frozenset({kind}), region, "en", True) for kind in KINDS[:3] for region in REGIONS] * 4)
@example([(frozenset(), region, "en", True) for region in REGIONS] * 4)
def test_subtracting_parts_from_totals_rules_none_of_the_five_sums_behind_a_figure_out(searches):
    kept = rules.rounded_month(exact_sums(searches), POSSIBLE)

    for measure in (Measure.SEARCHES, Measure.EMPTY):
        assert Attacker(kept, measure).ruled_out() == []


@settings(max_examples=30)
@given(st.lists(one_search, max_size=40), one_search)
def test_a_search_that_stands_alone_leaves_nothing(searches, single):
    kinds, region, _language, _is_empty = single
    rare = (kinds, region, "tlh", True)

    kept = rules.rounded_month(exact_sums([*searches, rare]), POSSIBLE)

    assert (Breakdown.LANGUAGE, "tlh") not in kept


@given(st.lists(one_search, max_size=40))
def test_every_figure_is_rounded_down_to_a_multiple_of_5(searches):
    exact = exact_sums(searches)

    for key, sums in rules.rounded_month(exact, POSSIBLE).items():
        for measure in Measure:
            assert sums.of(measure) % 5 == 0
            assert sums.of(measure) <= exact[key].of(measure)


def test_what_is_not_near_its_bound_is_no_more_than_rounded():
    kept = rules.rounded_month(exact_sums([SEARCH] * 12), POSSIBLE)

    assert {key: sums.searches for key, sums in kept.items()} == {
        (Breakdown.ALL, ""): 10,
        (Breakdown.CATEGORY, "housing"): 10,
        (Breakdown.REGION, "capitol"): 10,
        (Breakdown.LANGUAGE, "en"): 10,
    }


def test_a_total_that_would_tell_that_every_part_was_asked_for_is_lowered():
    searches = [(frozenset({"housing"}), region, "en", False) for region in REGIONS] * 4

    kept = rules.rounded_month(exact_sums(searches), POSSIBLE)

    assert kept[Breakdown.ALL, ""].searches == 5  # 10 would tell: of 4 + 4 + 4 at most 2 can be missing


def test_a_month_is_complete_once_its_last_minute_has_arrived():
    assert rules.last_complete(datetime(2026, 2, 1, 0, 9, tzinfo=UTC)) == date(2025, 12, 1)
    assert rules.last_complete(datetime(2026, 2, 1, 0, 10, tzinfo=UTC)) == date(2026, 1, 1)
