"""Hard words: explained on a page of their own, and linked where a page has them first."""

from __future__ import annotations

import pytest

from services_dir.web.glossary import ENTRIES
from tests.support.factories import make_program

pytestmark = pytest.mark.sqlite


@pytest.mark.parametrize("prefix", ["", "/es"])
def test_every_hard_word_is_explained(client, prefix):
    page = client.get(f"{prefix}/glossary").page

    for entry in ENTRIES:
        page.one("dt", id=entry.slug)
    assert len(page.all("dd")) == len(ENTRIES)


def test_the_first_place_of_a_word_leads_to_its_meaning_and_later_ones_do_not(client, session):
    make_program(
        session,
        slug="lawyers",
        description="We help with T visas & U visas.",
        eligibility="People who want a T visa.",
    )

    page = client.get("/programs/lawyers").page
    links = [
        (link.text, link.get("href")) for link in page.all("a") if "/glossary#" in (link.get("href") or "")
    ]

    assert links == [("T visas", "/glossary#t-visa"), ("U visas", "/glossary#u-visa")]
    assert "We help with T visas & U visas." in page.text


def test_in_spanish_the_meaning_is_in_spanish_and_the_text_stays_marked_as_english(client, session):
    make_program(session, slug="lawyers", description="Help with continued presence.")

    visit = client.get("/es/programs/lawyers")

    assert (
        '<span lang="en">Help with <a href="/es/glossary#continued-presence">continued presence</a>.</span>'
        in visit.text
    )


@pytest.mark.parametrize("text", ["A snap decision.", "Vista television", "It visas", "tanfields"])
def test_other_words_are_left_alone(client, session, text):
    make_program(session, slug="lawyers", description=text)

    page = client.get("/programs/lawyers").page

    assert [link for link in page.links if "/glossary#" in link] == []


def test_markup_in_a_text_stays_a_text(client, session):
    make_program(session, slug="lawyers", description="<b>T visa</b>")

    assert '&lt;b&gt;<a href="/glossary#t-visa">T visa</a>&lt;/b&gt;' in client.get("/programs/lawyers").text
