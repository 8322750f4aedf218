"""Doubts about the words and addresses of a draft."""

from __future__ import annotations

import pytest

from services_dir.catalog.draft import LinkDraft
from services_dir.moderation.wordings import doubts_of, reading_grade
from tests.support.factories import draft_organization, draft_program

PLAIN = (
    "You can call us day or night. We find a safe bed for you. You do not need papers. "
    "We speak Spanish too. It costs nothing. Tell us what you need, and we help you find it."
)
HARD = (
    "The organization's multidisciplinary professionals facilitate comprehensive rehabilitation "
    "opportunities for all participants who demonstrate appropriate eligibility, coordinating individualized "
    "psychotherapeutic interventions alongside administrative representation "
    "throughout immigration proceedings, notwithstanding jurisdictional considerations affecting eligibility "
    "determinations."
)


def sentences(draft):
    return [doubt.sentence for doubt in doubts_of(draft)]


def test_a_plain_draft_raises_no_doubt():
    assert sentences(draft_program(description=PLAIN, email="help@lantern.example.org")) == []


@pytest.mark.parametrize("text", ["An award-winning team.", "We are THE BEST.", "Act now!"])
def test_advertising_is_pointed_out(text):
    assert any("reads like advertising" in said for said in sentences(draft_program(description=text)))


def test_hard_reading_is_pointed_out_in_english():
    assert reading_grade(PLAIN) < 5
    assert reading_grade(HARD) > 15
    assert reading_grade("Too short to tell.") is None
    assert any("school grade" in said for said in sentences(draft_program(description=HARD)))


@pytest.mark.parametrize(
    ("draft", "words"),
    [
        (draft_program(email="lantern@gmail.com"), "free service"),
        (draft_program(new_organization=draft_organization(email="x@Yahoo.com")), "free service"),
        (draft_program(url="https://bit.ly/3abc"), "short link"),
        (draft_program(links=(LinkDraft(label="More", url="https://tinyurl.com/x"),)), "short link"),
        (draft_organization(url="https://bit.ly/3abc"), "short link"),
    ],
)
def test_addresses_that_anybody_can_have_are_pointed_out(draft, words):
    assert any(words in said for said in sentences(draft))
