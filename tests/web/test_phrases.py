"""Phrases that many listings share are said in the language of the page; all else stays as it was written."""

from __future__ import annotations

import pytest

from services_dir.web.phrases import in_this_language


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Free and confidential", "Gratis y confidencial"),
        ("free.", "Gratis"),
        ("children, families", "niñas y niños, familias"),
        ("text HELP or BEFREE", "envíe HELP o BEFREE"),
        ("text AYUDA", "envíe AYUDA"),
        ("press 2", "oprima 2"),
        ("for Spanish press 2", "para español oprima 2"),
        ("for Spanish text AYUDA", "para español envíe AYUDA"),
        ("children, members of a made-up club", None),
        ("text us at noon", None),
        ("Free on Mondays", None),
        ("", None),
    ],
)
def test_a_text_of_shared_phrases_alone_is_translated(small_app, written, said):
    with small_app.test_request_context("/es/safety"):
        assert in_this_language(written) == said


def test_on_an_english_page_nothing_is_said_otherwise(small_app):
    with small_app.test_request_context("/safety"):
        assert in_this_language("Free and confidential") is None
