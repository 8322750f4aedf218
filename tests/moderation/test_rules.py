"""Pure decisions of moderation."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from services_dir.moderation.rules import hides_by_replacing, is_claimed_by_other, rebase
from tests.support.factories import NOON, draft_hidden_site, draft_organization, draft_program, draft_site

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("claimed_by", "until", "expected"),
    [(None, None, False), (1, NOON + HOUR, False), (2, NOON + HOUR, True), (2, NOON - HOUR, False)],
)
def test_a_claim_of_somebody_else_counts_until_it_runs_out(claimed_by, until, expected):
    assert is_claimed_by_other(claimed_by, until, 1, NOON) is expected


def test_what_the_sender_left_alone_follows_the_published_version():
    base = draft_program(area_words="Here", email="a@example.org")
    current = replace(base, area_words="There", url="https://example.org/")
    proposed = replace(base, email="b@example.org")

    rebased = rebase(base, current, proposed)

    assert rebased.draft == replace(current, email="b@example.org")
    assert rebased.conflicts == ()


def with_text(draft, language="en", **changes):
    text = draft.texts.get(language) or draft.texts["en"]
    return replace(draft, texts=draft.texts | {language: replace(text, **changes)})


def test_each_text_is_followed_on_its_own():
    base = draft_program(name="Lantern House")
    current = with_text(base, cost="Free")
    proposed = with_text(with_text(base, eligibility="Anybody"), "es", name="Casa Farol")

    rebased = rebase(base, current, proposed)

    assert rebased.draft.texts["en"] == replace(current.texts["en"], eligibility="Anybody")
    assert rebased.draft.texts["es"] == proposed.texts["es"]
    assert rebased.conflicts == ()


def test_one_text_changed_on_both_sides_is_a_conflict_and_a_language_taken_away_stays_away():
    base = with_text(draft_program(name="Lantern House"), "es", name="Casa Farol")
    current = with_text(base, cost="Free")
    proposed = with_text(replace(base, texts={"en": base.texts["en"]}), cost="Five dollars")

    rebased = rebase(base, current, proposed)

    assert rebased.conflicts == ("texts",)
    assert rebased.draft.texts == {"en": replace(base.texts["en"], cost="Five dollars")}


def test_a_text_changed_in_a_language_that_was_taken_away_is_a_conflict():
    base = with_text(draft_program(name="Lantern House"), "es", name="Casa Farol")
    current = replace(base, texts={"en": base.texts["en"]})

    rebased = rebase(base, current, with_text(base, "es", cost="Gratis"))

    assert rebased.conflicts == ("texts",)
    assert rebased.draft.texts == current.texts


def test_the_same_change_on_both_sides_is_no_conflict():
    base = draft_program(area_words="Here")
    both = replace(base, area_words="There")

    assert rebase(base, both, both).conflicts == ()


def test_a_public_place_that_goes_while_a_confidential_one_comes_is_noticed():
    site = draft_site()
    old = draft_program(sites=(site,))

    assert hides_by_replacing(old, replace(old, sites=(draft_hidden_site(),)))
    assert not hides_by_replacing(old, replace(old, sites=(site.without_address(),)))
    assert not hides_by_replacing(old, replace(old, sites=(site, draft_hidden_site())))
    assert not hides_by_replacing(None, old)
    assert not hides_by_replacing(draft_organization(), draft_organization())
