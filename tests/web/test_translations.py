"""The Spanish catalog: whole for visitors, compiled, and true to its placeholders."""

from __future__ import annotations

import gettext
import re

import pytest
from wtforms.i18n import messages_path

from tools import translations

_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
# Texts that are the same in both languages.
SAME = {
    "%(days)s: %(times)s (%(zone)s)",
    "9:00 am",
    "5:00 pm",
    "Fax",
    "Local",
    "No",
    "Regional",
    "TTY",
    "WhatsApp",
    "no",
}


def test_every_text_for_visitors_is_in_spanish():
    gaps = translations.missing(translations.gather(), translations.read("es"))

    assert gaps == [], (
        "run `make translations` and fill in services_dir/translations/es/LC_MESSAGES/messages.po"
    )


def test_the_compiled_catalog_is_the_one_that_can_be_read():
    compiled = translations.po_file("es").with_suffix(".mo").read_bytes()

    assert compiled == translations.compiled(translations.read("es"))


def texts(message) -> list[tuple[str, str]]:
    if isinstance(message.id, tuple):
        return [(message.id[min(n, 1)], text) for n, text in enumerate(message.string)]
    return [(message.id, message.string)]


def test_a_translation_has_the_placeholders_of_its_source():
    for message in translations.read("es"):
        for english, spanish in texts(message):
            if message.id and spanish:
                expected = sorted(_PLACEHOLDER.findall(english))
                assert sorted(_PLACEHOLDER.findall(spanish)) == expected, english


def test_a_spanish_text_equals_its_english_one_only_if_listed():
    equal = {
        english
        for message in translations.read("es")
        for english, spanish in texts(message)
        if message.id and english == spanish
    }

    assert equal <= SAME, equal - SAME


def test_the_catalog_of_the_forms_library_is_whole_where_we_lean_on_it():
    theirs = gettext.translation("wtforms", messages_path(), ["es"])

    for sentence in (
        "This field is required.",
        "Not a valid choice.",
        "Invalid email address.",
        "Invalid URL.",
    ):
        assert theirs.gettext(sentence) != sentence


@pytest.mark.parametrize(
    ("path", "words"), [("/es/safety", "Seguridad"), ("/es/nada", "Página no encontrada")]
)
def test_pages_are_in_spanish(visitor, path, words):
    page = visitor.get(path, status=404 if path.endswith("nada") else 200).page

    assert page.heading == words
    assert "Salir de este sitio" in page.text
    assert "Leave this site" not in page.text
