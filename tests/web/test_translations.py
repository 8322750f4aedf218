"""The catalogs: whole for visitors, compiled, and true to their placeholders."""

from __future__ import annotations

import gettext
import re

import pytest
from wtforms.i18n import messages_path

from tools import translations

_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
# Texts that are the same in English and in another language.
SAME = {
    "es": {
        "%(days)s: %(times)s (%(zone)s)",
        "%(number)s KB",
        "%(number)s MB",
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
}

each_language = pytest.mark.parametrize("language", translations.LANGUAGES)


@each_language
def test_every_text_for_visitors_is_translated(language):
    gaps = translations.missing(translations.gather(), translations.read(language))

    assert gaps == [], (
        f"run `make translations` and fill in services_dir/translations/{language}/LC_MESSAGES/messages.po"
    )


@each_language
def test_the_compiled_catalog_is_the_one_that_can_be_read(language):
    compiled = translations.po_file(language).with_suffix(".mo").read_bytes()

    assert compiled == translations.compiled(translations.read(language))


def texts(message) -> list[tuple[str, str]]:
    if isinstance(message.id, tuple):
        return [(message.id[min(n, 1)], text) for n, text in enumerate(message.string)]
    return [(message.id, message.string)]


@each_language
def test_a_translation_has_the_placeholders_of_its_source(language):
    for message in translations.read(language):
        for english, translated in texts(message):
            if message.id and translated:
                expected = sorted(_PLACEHOLDER.findall(english))
                assert sorted(_PLACEHOLDER.findall(translated)) == expected, english


@each_language
def test_a_translated_text_equals_its_english_one_only_if_listed(language):
    equal = {
        english
        for message in translations.read(language)
        for english, translated in texts(message)
        if message.id and english == translated
    }

    assert equal <= SAME[language], equal - SAME[language]


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


@pytest.mark.parametrize(
    ("kind", "status", "words"),
    [
        ("down", 503, "Este sitio está fuera de servicio"),
        ("bug", 500, "El error es nuestro."),
        ("conflict", 409, "Cambió mientras tanto"),
    ],
)
def test_failures_are_told_in_spanish(visitor, kind, status, words):
    page = visitor.get(f"/es/fails/{kind}", status=status).page

    assert words in page.text
    assert page.root.get("lang") == "es"
